"""Trips from what a release publishes."""

from pathlib import Path

import pytest

from folkmoot.engines.traffic import TrafficError, read_od


def test_totals_and_outside_of_a_release_are_left_out_and_counted(tmp_path: Path) -> None:
    (tmp_path / "od.csv").write_text("origin,destination,trips\n,,90\na,,60\na,b,50\nb,outside,30\n")
    with pytest.raises(TrafficError, match="Row 2"):
        read_od(tmp_path / "od.csv", ["a", "b"])
    (tmp_path / "manifest.json").write_text("{}")
    found = read_od(tmp_path / "od.csv", ["a", "b"], hour_share=0.2, occupancy=1.25)
    assert found.trips.tolist() == [[0, 8], [0, 0]]
    assert any("2 rows are totals" in said for said in found.statements)
    assert any("1 rows with 30 trips" in said for said in found.statements)
    assert any("1.25 to a vehicle" in said for said in found.statements)
    with pytest.raises(TrafficError, match="People to a vehicle"):
        read_od(tmp_path / "od.csv", ["a", "b"], occupancy=0)
