"""Sites that may stand in several sizes: one place, one column of travel, a candidate for each size."""

from pathlib import Path

from folkmoot.services.places import uploads
from folkmoot.services.places.uploads import travel
from folkmoot.services.places.uploads.layers import Given


def _given(folder: Path, name: str, text: str, kind: str) -> Given:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return getattr(uploads, kind)(uploads.layer(path))


def test_every_size_is_a_candidate_with_the_travel_of_its_place(tmp_path: Path) -> None:
    sites = _given(
        tmp_path, "sites.csv",
        "site,name,size,lon,lat,capacity\nM,Mill,small,-0.5,53,500\nM,Mill,large,-0.5,53,900\nQ,Quay,,-0.4,53,400\n",
        "sites",
    ).table  # fmt: skip
    areas = _given(tmp_path, "areas.csv", "area,lon,lat,people\nA,-0.5,53,10\nB,-0.4,53,20\n", "areas").table
    assert sites["site"].to_pylist() == ["M (small)", "M (large)", "Q"]
    assert sites["name"].to_pylist() == ["Mill (small)", "Mill (large)", "Quay"]
    minutes = tmp_path / "minutes.csv"
    minutes.write_text("area,M,Q\nA,1,8\nB,8,2\n", encoding="utf-8")
    assert travel.from_file(minutes, areas, sites).minutes.tolist() == [[1, 1, 8], [8, 8, 2]]
