"""Matrices are read, written and compared; every bad file is refused with its row."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.engines.mobility.disclose.tests.attacks import released
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.od import Matrix, compare, desire_lines, read_matrix, write_omx

A, B = (
    np.array(values, dtype=float)
    for values in ([[1, 10, 20], [5, 2, 0], [8, 4, 3]], [[0, 12, 18], [5, 2, 1], [9, 4, 3]])
)
ZONES = ("x", "y", "z")
MIDDLES = {"x": (-2.6, 51.4), "y": (-2.5, 51.4), "z": (-2.6, 51.5)}


def test_omx_gives_back_what_was_written_and_other_readers_find_its_parts(tmp_path: Path) -> None:
    import h5py

    write_omx(tmp_path / "m.omx", {"car": A, "hgv": B}, ZONES)
    back = read_matrix(tmp_path / "m.omx", trips="hgv")
    assert back.zones == ZONES
    np.testing.assert_array_equal(back.trips, B)
    with h5py.File(tmp_path / "m.omx") as file:
        assert bytes(file.attrs["OMX_VERSION"]) == b"0.2"
        assert file.attrs["SHAPE"].tolist() == [3, 3]
    with pytest.raises(MobilityError, match="holds car, hgv"):
        read_matrix(tmp_path / "m.omx")
    (tmp_path / "no.omx").write_text("no")
    with pytest.raises(MobilityError, match="not an HDF5 file"):
        read_matrix(tmp_path / "no.omx")


def test_hours_are_added_up_and_totals_of_a_release_are_no_cells(tmp_path: Path) -> None:
    (tmp_path / "od.csv").write_text("origin,destination,hour,trips\n,,,99\nx,,,50\nx,y,8,10\nx,y,9,5\ny,x,8,3\n")
    found = read_matrix(tmp_path / "od.csv")
    assert found.zones == ("x", "y")
    assert found.trips[0, 1] == 15
    assert np.isnan(found.trips[1, 1])
    assert found.total == 18


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("origin,destination,trips\nx,y,-3\n", "Row 2"),
        ("origin,destination,trips\nx,y,3\nx,z,\n", "Row 3"),
        ("origin,destination,trips\nx,y,many\n", "not made of numbers"),
        ("from_zone,destination,trips\nx,y,1\n", "no column origin"),
        ("origin,destination,trips\n,y,1\n", "no row with an origin"),
        ("", "cannot be read"),
    ],
)
def test_a_bad_matrix_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "od.csv").write_text(text)
    with pytest.raises(MobilityError, match=sentence):
        read_matrix(tmp_path / "od.csv")


def test_two_matrices_compared_by_hand() -> None:
    found = compare(Matrix(ZONES, A), Matrix(ZONES, B), centroids=MIDDLES, screenlines={"river": ["z"]})
    x, y = np.array([10, 20, 5, 0, 8, 4.0]), np.array([12, 18, 5, 1, 9, 4.0])
    assert found.cells == 6
    assert found.r_squared == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    assert found.rmse == pytest.approx(np.sqrt(10 / 6))
    assert found.geh_below_5 == 1.0
    line = found.screenlines[0]
    assert (line.out_first, line.out_second, line.back_first, line.back_second) == (12, 13, 20, 19)
    assert found.mean_km_first == pytest.approx(found.mean_km_second, rel=0.05)
    assert sum(first for _, first, _ in found.lengths) == pytest.approx(1)


def test_cells_of_one_matrix_only_are_said_and_not_compared() -> None:
    some = A.copy()
    some[0, 1] = np.nan
    found = compare(Matrix(ZONES, some), Matrix(("y", "x", "z"), A[np.ix_([1, 0, 2], [1, 0, 2])]))
    assert (found.cells, found.only_second, found.r_squared) == (5, 1, pytest.approx(1))
    assert "10 trips" in found.statements[0]
    with pytest.raises(MobilityError, match="no cell in common"):
        compare(Matrix(("p", "q"), A[:2, :2]), Matrix(ZONES, A))


@given(st.integers(0, 1000))
def test_a_matrix_is_like_itself(seed: int) -> None:
    trips = np.random.default_rng(seed).poisson(20, (4, 4)).astype(float)
    zones = tuple("abcd")
    found = compare(Matrix(zones, trips), Matrix(zones, trips))
    assert found.rmse == 0
    assert found.geh_median == 0
    assert found.slope == pytest.approx(1)


def test_only_released_numbers_are_drawn() -> None:
    made = released([("x", "y", 20), ("y", "x", 4), ("x", "x", 30), ("x", "z", 50)], zones=ZONES)
    drawn = desire_lines(made, MIDDLES)
    assert [feature["properties"]["destination"] for feature in drawn["features"]] == ["z", "y"]
    assert desire_lines(made, MIDDLES, most=1)["left_out"] == 1
    with pytest.raises(TypeError, match="Only what disclose releases"):
        desire_lines(made.table, MIDDLES)  # type: ignore[arg-type]
