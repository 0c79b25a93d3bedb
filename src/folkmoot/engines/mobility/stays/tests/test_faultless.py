"""The quick way gives the stays and the counts of the slow one, whatever is wrong with the events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility import where
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.stays import faultless, from_events
from folkmoot.engines.mobility.stays.from_events import stays_of
from folkmoot.engines.mobility.stays.rule import Rule
from folkmoot.engines.mobility.stays.tests import plainly
from folkmoot.store.movement import keeper, session
from folkmoot.town import movement

DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)
# Near, 9 km off, and 60 km off; D was moved at the turn of the day, E is not there yet.
CELLS = where.cells.of(
    {
        "cell_id": ["A", "B", "C", "D", "D", "E"],
        "latitude": [51.45, 51.53, 52.00, 51.45, 51.60, 51.45],
        "longitude": [-2.60, -2.60, -2.60, -2.61, -2.61, -2.62],
        "valid_date_start": [None, None, None, None, "2026-03-03", "2026-03-04"],
        "valid_date_end": [None, None, None, "2026-03-02", None, None],
    }
)


def rule(threads: int | None, *, check: bool = True) -> Rule:
    return Rule((DAY, DAY + timedelta(days=1)), LONDON, check, 3600.0, 600.0, threads)


def table(rows: list[tuple[Any, Any, Any]]) -> pa.Table:
    users, seconds, cells = zip(*rows, strict=True) if rows else ((), (), ())
    at = [None if second is None else MORNING + timedelta(seconds=second) for second in seconds]
    return pa.table(
        {
            "user_id": pa.array(users, pa.string()),
            "timestamp": pa.array(at, pa.timestamp("us", "UTC")),
            "cell_id": pa.array(cells, pa.string()),
        }
    )


@pytest.fixture(scope="module")
def backend() -> Iterator[Any]:
    with session(threads=1) as opened:
        yield opened


def found(backend: Any, events: pa.Table, folder: Path, cells: Any = CELLS, *, of: Any = rule) -> tuple[Any, Any]:
    """(stays, counts) of the expressions and of the loops."""
    made: list[Any] = []
    given = backend.create_table("given", events, overwrite=True)
    for threads in (None, 2):
        keep = keeper(backend, folder / str(threads))
        try:
            stayed = stays_of(given, cells, of(threads), keep=keep, told=lambda part, parts: None)
            made.append((plainly.rows(stayed.stays.to_pyarrow()), stayed.found))
        except MobilityError as error:
            made.append((str(error), None))
    return made[0], made[1]


SECONDS = st.sampled_from([0, 1, 60, 170, 300, 1_000, 4_000, 9_000, 90_000, 200_000, None])
CELL = st.sampled_from(["A", "B", "C", "D", "E", "?", "", None])
USER = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz", "", None])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(USER, SECONDS, CELL), max_size=80))
def test_any_events_give_the_rows_of_the_expressions(rows: list[Any], backend: Any, tmp_path: Path) -> None:
    slow, quick = found(backend, table(rows), tmp_path)
    assert quick == slow


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ([("x", 0, "A"), ("x", 60, "B"), ("x", 300, "A")], []),  # 9 km is no jump
        ([("x", 0, "A"), ("x", 600, "C")], ["x"]),  # 61 km in ten minutes is
        ([("x", 0, "A"), ("x", 3_000, "C")], []),  # in fifty it is not
        ([("x", 0, "A"), ("x", 0, "A")], ["x"]),
        ([("x", 0, "A"), ("x", 0, "B")], ["x"]),
        ([("x", 0, "A"), ("x", 60, "?")], ["x"]),
        ([("x", 0, "A"), ("x", 60, "E")], ["x"]),
        ([("x", 0, "A"), ("x", None, "A")], ["x"]),
        ([("x", 0, "A"), ("x", 300_000, "A")], ["x"]),
        ([("x", 0, "A"), ("y", 0, "?")], ["y"]),
        ([(None, 0, "A"), ("y", 0, "A")], []),
    ],
)
def test_a_device_is_looked_at_closely_for_a_reason(rows: list[Any], others: list[str], backend: Any) -> None:
    made = faultless.search(backend.create_table("some", table(rows), overwrite=True), CELLS, rule(1))
    assert made.others.to_pylist() == others
    assert made.events == sum(user is not None and user not in others for user, _, _ in rows)


def test_a_town_with_every_fault_in_it_gives_the_same_stays_and_counts(backend: Any, tmp_path: Path) -> None:
    town = movement.build(seed=2, residents=2_500)
    bad = movement.faults(town, rate=0.01, seed=3)
    cells = where.cells.of(town["cells"])

    def of(threads: int | None) -> Rule:
        return Rule((DAY, DAY), LONDON, True, 43_200.0, 600.0, threads)

    for events in (bad.events, bad.text):
        slow, quick = found(backend, events, tmp_path, cells, of=of)
        assert len(slow[1]["rejected"]) >= 6
        assert quick == slow


def test_parts_of_devices_together_are_the_whole(backend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    rows = [
        (None if user == 40 else f"u{user}", int(second), cell)
        for user, second, cell in zip(
            rng.integers(0, 41, 3_000),
            rng.integers(0, 80_000, 3_000),
            rng.choice(["A", "B", "?"], 3_000, p=[0.6, 0.39, 0.01]),
        )
    ]
    whole = found(backend, table(rows), tmp_path)
    monkeypatch.setattr(from_events, "LOOPED", 900)
    monkeypatch.setattr(from_events, "PART", 500)
    dealt = found(backend, table(rows), tmp_path)
    assert (tmp_path / "2" / "stays-faultless-3.parquet").exists()
    assert dealt == whole
    assert whole[0] == whole[1]


def test_without_checks_all_devices_take_the_quick_way(backend: Any, tmp_path: Path) -> None:
    rows = [
        ("x", 0, "A"),
        ("x", 700, "A"),
        ("x", 700, "?"),
        ("y", 0, "C"),
        ("y", 1, "A"),
        (None, 4, "A"),
        ("y", 9, None),
    ]
    slow, quick = found(backend, table(rows), tmp_path, of=lambda threads: rule(threads, check=False))
    assert quick == slow


def test_events_with_coordinates_of_their_own_take_the_slow_way() -> None:
    rng = np.random.default_rng(1)
    events = ibis.memtable(table([("x", 0, "A")]).append_column("lat", pa.array(rng.random(1))))
    assert not faultless.possible(events)
    assert faultless.possible(ibis.memtable(table([("x", 0, "A")])))
