"""The compiled loops: the rows of the expression and of pencil and paper, whatever pseudonyms, order and batches are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.engines.mobility.stays import cell, compiled, reading
from folkmoot.engines.mobility.stays.pseudonyms import Numbers
from folkmoot.engines.mobility.stays.reading import of_table
from folkmoot.engines.mobility.stays.tests import plainly
from folkmoot.engines.mobility.stays.tests.test_cell import EVENTS


@given(EVENTS)
def test_compiled_runs_are_what_they_are_by_hand(events: list[Any]) -> None:
    assert plainly.rows(compiled.runs(of_table(plainly.table(events)))) == plainly.runs(events)


@given(EVENTS, st.randoms())
def test_the_order_of_events_is_nothing(events: list[Any], random: Any) -> None:
    shuffled = random.sample(events, len(events))
    first, second = (plainly.rows(compiled.runs(of_table(plainly.table(each)))) for each in (events, shuffled))
    assert first == second


@pytest.fixture(scope="module")
def many() -> pa.Table:
    rng = np.random.default_rng(5)
    n, users = 60_000, 900
    return pa.table(
        {
            "user_id": pa.array([b"%016d" % k for k in rng.integers(users, size=n)], pa.binary()),
            "timestamp": pa.array(
                1_790_000_000_000_000 + rng.integers(86_400_000_000, size=n), pa.timestamp("us", "UTC")
            ),
            "cell_id": pa.array([f"c{k}" for k in rng.integers(3, size=n)]),
        }
    )


def test_the_expression_and_the_loops_give_the_same_rows_in_buckets_and_threads(
    many: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ibis

    from folkmoot.engines.mobility.stays import gathered

    wanted = plainly.rows(ibis.duckdb.connect().to_pyarrow(cell.runs(ibis.memtable(many))))
    assert {row[5] for row in wanted} == {"stay", "move", "unknown"}
    monkeypatch.setattr(gathered, "BUCKET", 4_000)
    monkeypatch.setattr(reading, "ROWS", 7_001)
    for threads in (1, 2):
        assert plainly.rows(compiled.runs(of_table(many), threads=threads)) == wanted


@settings(max_examples=40)
@given(st.lists(st.lists(st.binary(max_size=40), max_size=30), max_size=4))
def test_pseudonyms_have_one_number_each_whatever_their_length(batches: list[list[bytes]]) -> None:
    numbers = Numbers()
    given_ = [(batch, numbers.of(pa.array(batch, pa.binary())).tolist()) for batch in batches]
    values = numbers.values.to_pylist()
    assert len(set(values)) == len(values) == len(numbers)
    for batch, found in given_:
        assert [values[k] for k in found] == batch


def test_pseudonyms_that_differ_late_are_told_apart_and_tables_grow() -> None:
    ids = [b"the same sixteen bytes and more" + b"%06d" % k for k in range(30_000)]
    numbers = Numbers()
    assert numbers.of(pa.array(ids, pa.binary())).tolist() == list(range(30_000))
    assert numbers.of(pa.array(ids[::-1], pa.large_binary())).tolist() == list(range(30_000))[::-1]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.int64(), pa.dictionary(pa.int32(), pa.string())])
def test_pseudonyms_may_be_of_any_kind(kind: Any) -> None:
    events = plainly.table([("7", plainly.at(0), "A"), ("12", plainly.at(9), "B"), ("7", plainly.at(700), "A")])
    cast = events.set_column(0, "user_id", events["user_id"].cast(kind))
    found = compiled.runs(of_table(cast))
    assert {str(row["user_id"]): row["events"] for row in found.to_pylist()} == {"7": 2, "12": 1}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/London"])
def test_instants_of_any_unit_and_zone_are_the_same_instants(unit: str, zone: str | None) -> None:
    events = plainly.table([("x", plainly.at(0), "A"), ("x", plainly.at(700), "A")])
    other = events["timestamp"].cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit, zone))
    assert plainly.rows(compiled.runs(of_table(events.set_column(1, "timestamp", other)))) == [
        ("x", plainly.at(0), plainly.at(700), "A", 2, "stay", True)
    ]


def test_no_events_are_no_rows_of_the_right_kind() -> None:
    found = compiled.runs(of_table(plainly.table([])))
    assert (found.num_rows, found.schema.field("start").type) == (0, pa.timestamp("us", "UTC"))
