"""The expressions on Spark: the rows of DuckDB and of the loops, one by one, with times below the second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from folkmoot.engines.mobility.stays import cell, compiled, days, pingpong
from folkmoot.engines.mobility.stays.reading import of_table
from folkmoot.engines.mobility.stays.tests import plainly

pytestmark = pytest.mark.filterwarnings("ignore")
PAIRS = pa.table({"cell_id": ["A", "C"], "neighbour": ["B", "B"]})


def _events(seed: int, first: float, last: float) -> pa.Table:
    rng = np.random.default_rng(seed)
    return plainly.table(
        (f"u{rng.integers(30)}", plainly.at(rng.integers(first * 1000, last * 1000) / 1000), "ABC"[rng.integers(3)])
        for _ in range(1_500)
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[pa.Table, pa.Table], tuple[Path, Path], Path]:
    folder = tmp_path_factory.mktemp("events")
    tables = (_events(1, 0, 20_000), _events(2, 20_000, 40_000))
    paths = (folder / "first.parquet", folder / "second.parquet")
    for table, path in zip(tables, paths):
        pq.write_table(table, path)
    pq.write_table(PAIRS, folder / "pairs.parquet")
    return tables, paths, folder / "pairs.parquet"


def test_runs_days_and_ping_pong_are_the_same_on_spark(spark: Any, both: Any) -> None:
    import ibis

    from folkmoot.store.movement import parquet

    tables, paths, pairs = both
    first, second = (cell.runs(parquet(spark, path)) for path in paths)
    wanted = plainly.rows(compiled.runs(of_table(tables[0])))
    assert plainly.rows(spark.to_pyarrow(first)) == wanted
    assert any(row[1].microsecond for row in wanted)
    joined = days.join(first, second)
    whole = compiled.runs(of_table(pa.concat_tables(tables)))
    assert plainly.rows(spark.to_pyarrow(joined)) == plainly.rows(whole)
    here = ibis.duckdb.connect().to_pyarrow(pingpong.smooth(ibis.memtable(whole), ibis.memtable(PAIRS)))
    there = spark.to_pyarrow(pingpong.smooth(joined, parquet(spark, pairs)))
    assert plainly.rows(there) == plainly.rows(here)
    assert 0 < here.num_rows < whole.num_rows
