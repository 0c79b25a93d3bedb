"""What commands about movement read beside events: numbers by zone, each wrong row named."""

from pathlib import Path

import pytest

from folkmoot.cli.mobility_source import by_zone


def written(folder: Path, text: str) -> Path:
    path = folder / "activity.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_numbers_by_zone_are_read(tmp_path: Path) -> None:
    assert by_zone(written(tmp_path, "\ufeffzone_id,weight,note\nE1,12.5,x\nE2,0,\n")) == {"E1": 12.5, "E2": 0.0}
    assert by_zone(None) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zone,weight\nE1,1\n", "needs the columns zone_id and weight; it has zone, weight"),
        ("", "it has none"),
        ("zone_id,weight\nE1,1\nE1,2\n", "Row 3 .* zone E1 again"),
        ("zone_id,weight\nE1,many\n", "Row 2 .* “many” is not a number"),
        ("zone_id,weight\nE1\n", "Row 2 .* is not a number"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        by_zone(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"There is no file “.*gone\.csv”"):
        by_zone(tmp_path / "gone.csv")
