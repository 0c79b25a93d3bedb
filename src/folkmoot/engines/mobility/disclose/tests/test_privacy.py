"""Differential privacy: the noise is what ε asks for, and ε is spent once."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from folkmoot.engines.mobility.disclose import read
from folkmoot.engines.mobility.disclose.privacy import MEASURE, Budget, _bounded, noisy, read_budget, write_budget
from folkmoot.engines.mobility.disclose.tests.attacks import seen
from folkmoot.engines.mobility.errors import MobilityError

pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
KEYS = ("origin", "destination")
MANY = tuple(f"z{i}" for i in range(60))


def test_every_cell_has_noise_of_the_scale_asked_for_and_the_empty_ones_too(tmp_path: Path) -> None:
    made, after = noisy(
        seen([("z1", "z2", 500)]), KEYS, domain={"origin": MANY, "destination": MANY}, epsilon=0.5,
        budget=Budget(1.0), name="day", at="2026-03-02", most_cells=2, most_trips=1,
    )  # fmt: skip
    values = made.table[MEASURE].to_numpy()
    assert len(values) == 3600
    empty = np.delete(values, 60 + 2)
    # Half of the noise is cut off at 0; of the other half the mean of a geometric with ratio exp(-1/4) remains.
    ratio = np.exp(-0.5 / 2)
    assert np.mean(empty) == pytest.approx(ratio / (1 - ratio**2), rel=0.2)
    assert abs(values[62] - 500) < 60
    assert after.remaining == 0.5
    made.write(tmp_path / "day")
    assert read(tmp_path / "day").manifest["policy"]["epsilon"] == pytest.approx(0.5)


def test_a_device_counts_in_so_many_cells_and_trips_and_no_more() -> None:
    rows = pa.table({"origin": list("abcde"), "destination": ["x"] * 5, "user_id": ["u"] * 5, "trips": [1, 9, 3, 1, 5]})
    kept = _bounded(rows, KEYS, most_cells=3, most_trips=4).to_pylist()
    assert {row["origin"]: row["trips"] for row in kept} == {"b": 4, "e": 4, "c": 3}


def test_a_budget_is_spent_once_and_does_not_come_back(tmp_path: Path) -> None:
    kept = tmp_path / "budget.json"
    write_budget(kept, Budget(1.0), before=None)
    first = read_budget(kept)
    write_budget(kept, first.spend("Monday", 0.7, "now"), before=first)
    with pytest.raises(MobilityError, match="in the meantime"):
        write_budget(kept, first.spend("again", 0.7, "now"), before=first)
    with pytest.raises(MobilityError, match=r"0\.3 of 1 is left"):
        read_budget(kept).spend("Tuesday", 0.31, "now")
    assert read_budget(kept).spend("Tuesday", 0.3, "now").remaining == 0
    kept.write_text("{")
    with pytest.raises(MobilityError, match="without it nothing may be released"):
        read_budget(kept)


def test_the_domain_is_fixed_beforehand() -> None:
    with pytest.raises(MobilityError, match="not in its domain"):
        noisy(
            seen([("q", "z2", 5)]),
            KEYS,
            domain={"origin": MANY, "destination": MANY},
            epsilon=1,
            budget=Budget(1),
            name="d",
            at="",
        )
