"""Ping-pong between cells that overlap is one stay; travel is not."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings

from folkmoot.engines.mobility.stays import compiled, pingpong
from folkmoot.engines.mobility.stays.reading import of_table
from folkmoot.engines.mobility.stays.tests import plainly
from folkmoot.engines.mobility.stays.tests.plainly import at
from folkmoot.engines.mobility.stays.tests.test_cell import EVENTS

CHAIN = pa.table({"cell_id": ["A", "B", "C", "D"], "neighbour": ["B", "C", "D", "E"]})


@pytest.fixture(scope="module")
def duckdb() -> Any:
    import ibis

    return ibis.duckdb.connect()


def smooth(backend: Any, cells: str | list[Any], pairs: pa.Table = CHAIN, every: float = 120) -> list[plainly.Row]:
    """Rows after smoothing, of events in these cells at even times or of events as given."""
    import ibis

    events = [("x", at(every * k), cell) for k, cell in enumerate(cells)] if isinstance(cells, str) else cells
    found = compiled.runs(of_table(plainly.table(events)))
    return plainly.rows(backend.to_pyarrow(pingpong.smooth(ibis.memtable(found), ibis.memtable(pairs))))


def shown(rows: list[plainly.Row]) -> list[tuple[Any, ...]]:
    return [(row[3], row[4], row[5]) for row in rows]


def test_to_and_fro_between_neighbours_is_one_stay_where_most_time_was_spent(duckdb: Any) -> None:
    assert shown(smooth(duckdb, "AABAABAAB")) == [("A", 9, "stay")]
    assert shown(smooth(duckdb, "BBABBABBA")) == [("B", 9, "stay")]


def test_to_and_fro_between_cells_far_apart_is_not(duckdb: Any) -> None:
    assert {row[2] for row in shown(smooth(duckdb, "ACACACAC"))} == {"move"}


def test_back_too_late_is_no_bounce(duckdb: Any) -> None:
    assert len(smooth(duckdb, "ABA", every=301)) == 3
    assert len(smooth(duckdb, "ABA", every=300)) == 1


def test_a_train_that_bounces_at_every_hand_over_does_not_stay_beyond_its_neighbours(duckdb: Any) -> None:
    rows = smooth(duckdb, "ABABCBCDCDED", every=60)
    assert rows[0][1] == at(0)
    assert max((row[2] - row[1]).total_seconds() for row in rows) < 11 * 60
    assert {row[3] for row in rows} != {rows[0][3]}


def test_what_lasts_by_itself_stays_itself(duckdb: Any) -> None:
    assert shown(smooth(duckdb, "AAAAAAABBBBBBBB")) == [("A", 7, "stay"), ("B", 8, "stay")]


def test_a_long_visit_next_door_is_no_bounce(duckdb: Any) -> None:
    assert [row[0] for row in shown(smooth(duckdb, "AAAAAAABBBBBBBBAAAAAA"))] == ["A", "B", "A"]


@settings(max_examples=10)
@given(EVENTS)
def test_without_neighbours_nothing_changes(duckdb: Any, events: list[Any]) -> None:
    none = pa.table({"cell_id": pa.array([], pa.string()), "neighbour": pa.array([], pa.string())})
    assert smooth(duckdb, events, none) == plainly.runs(events)


@settings(max_examples=10)
@given(EVENTS)
def test_no_event_is_lost_and_rows_do_not_overlap(duckdb: Any, events: list[Any]) -> None:
    rows = smooth(duckdb, events)
    assert sum(row[4] for row in rows) == len(events)
    for user in "xyz":
        mine = [row for row in rows if row[0] == user]
        assert all(one[2] <= two[1] for one, two in pairwise(mine))


def test_neighbours_are_those_within_the_distance_both_ways() -> None:
    cells = pa.table({"cell_id": ["A", "B", "C"], "latitude": [51.0, 51.008, 51.1], "longitude": [0.0, 0.0, 0.0]})
    found = {(row["cell_id"], row["neighbour"]) for row in pingpong.neighbours(cells, metres=1000).to_pylist()}
    assert found == {("A", "B"), ("B", "A")}
