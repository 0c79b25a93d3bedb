"""A day cut in two and joined is the day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility.stays import compiled, days
from folkmoot.engines.mobility.stays.reading import of_table
from folkmoot.engines.mobility.stays.tests import plainly
from folkmoot.engines.mobility.stays.tests.plainly import at
from folkmoot.engines.mobility.stays.tests.test_cell import EVENTS, MOMENTS

MIDNIGHT = at(7200)


@pytest.fixture(scope="module")
def duckdb() -> Any:
    import ibis

    return ibis.duckdb.connect()


def runs(events: list[Any]) -> Any:
    import ibis

    return ibis.memtable(compiled.runs(of_table(plainly.table(events))))


def split(events: list[Any], at_: datetime) -> tuple[list[Any], list[Any]]:
    return [event for event in events if event[1] < at_], [event for event in events if event[1] >= at_]


@settings(max_examples=15)
@given(EVENTS, MOMENTS.map(at))
def test_days_joined_are_one(duckdb: Any, events: list[Any], midnight: datetime) -> None:
    first, second = split(events, midnight)
    assert plainly.rows(duckdb.to_pyarrow(days.join(runs(first), runs(second)))) == plainly.runs(events)


@settings(max_examples=8)
@given(EVENTS, st.tuples(MOMENTS.map(at), MOMENTS.map(at)))
def test_joining_again_changes_nothing(duckdb: Any, events: list[Any], cuts: tuple[datetime, datetime]) -> None:
    import ibis

    first, rest = split(events, min(cuts))
    second, third = split(rest, max(cuts))
    once = ibis.memtable(duckdb.to_pyarrow(days.join(runs(first), runs(second))))
    again = ibis.memtable(duckdb.to_pyarrow(days.join(once, runs(second))))
    assert plainly.rows(duckdb.to_pyarrow(again)) == plainly.rows(duckdb.to_pyarrow(once))
    assert plainly.rows(duckdb.to_pyarrow(days.join(again, runs(third)))) == plainly.runs(events)


def test_two_short_runs_about_midnight_are_a_stay_that_stays_open(duckdb: Any) -> None:
    first, second = [("x", at(6900), "A"), ("x", at(7190), "A")], [("x", at(7300), "A"), ("x", at(7550), "A")]
    assert {row[5] for row in plainly.rows(duckdb.to_pyarrow(runs(first)))} == {"move"}
    assert plainly.rows(duckdb.to_pyarrow(days.join(runs(first), runs(second)))) == [
        ("x", at(6900), at(7550), "A", 4, "stay", True)
    ]


def test_a_day_computed_again_with_late_events_gives_what_it_would_have_been(duckdb: Any) -> None:
    yesterday, today = [("x", at(6000), "A")], [("x", at(7300), "A"), ("x", at(9000), "B")]
    late = [*today, ("x", at(8000), "A")]
    joined = days.join(runs(yesterday), runs(late[::-1]))
    assert plainly.rows(duckdb.to_pyarrow(joined)) == plainly.runs([*yesterday, *late])
