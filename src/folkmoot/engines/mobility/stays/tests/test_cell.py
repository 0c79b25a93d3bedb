"""Runs of events in one cell, on DuckDB: row by row what they are by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility.stays import cell
from folkmoot.engines.mobility.stays.tests import plainly
from folkmoot.engines.mobility.stays.tests.plainly import at

MOMENTS = st.one_of(
    st.integers(0, 14_400).map(float),
    st.floats(0, 14_400, allow_nan=False).map(lambda s: round(s, 6)),
    st.sampled_from([0.0, 600.0, 599.999999, 600.000001, 3600.0, 3600.000001, 4200.0]),
)
EVENTS = st.lists(st.tuples(st.sampled_from("xyz"), MOMENTS.map(at), st.sampled_from("ABC")), max_size=40)


@pytest.fixture(scope="module")
def duckdb() -> Any:
    import ibis

    return ibis.duckdb.connect()


def found(backend: Any, events: list[tuple[str, datetime, str]], **limits: float) -> list[plainly.Row]:
    import ibis

    return plainly.rows(backend.to_pyarrow(cell.runs(ibis.memtable(plainly.table(events)), **limits)))


@settings(max_examples=25)
@given(EVENTS)
def test_runs_are_what_they_are_by_hand(duckdb: Any, events: list[Any]) -> None:
    assert found(duckdb, events) == plainly.runs(events)


def test_a_run_of_exactly_the_least_time_is_a_stay_and_a_microsecond_less_is_not(duckdb: Any) -> None:
    for second, state in ((600.0, "stay"), (599.999999, "move")):
        rows = found(duckdb, [("x", at(0), "A"), ("x", at(second), "A")])
        assert [row[5] for row in rows] == [state]


def test_a_gap_of_exactly_the_limit_is_none_and_a_microsecond_more_is(duckdb: Any) -> None:
    assert len(found(duckdb, [("x", at(0), "A"), ("x", at(3600), "A")])) == 1
    rows = found(duckdb, [("x", at(0), "A"), ("x", at(3600.000001), "A")])
    assert [row[5] for row in rows] == ["move", "unknown", "move"]


def test_rows_that_say_nothing_are_passed_over(duckdb: Any) -> None:
    import ibis

    whole = plainly.table([("x", at(0), "A"), ("x", at(900), "A")])
    blank = pa.table(
        {"user_id": ["x", None, "x"], "timestamp": [at(300), at(300), None], "cell_id": [None, "A", "A"]},
        schema=whole.schema,
    )
    rows = plainly.rows(duckdb.to_pyarrow(cell.runs(ibis.memtable(pa.concat_tables([whole, blank])))))
    assert rows == [("x", at(0), at(900), "A", 2, "stay", True)]
