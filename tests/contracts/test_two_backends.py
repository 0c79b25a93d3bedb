"""The same expressions give the same rows on DuckDB and on Spark: from events to suppressed counts, row by row.

The town's events have sub-second times, ping-pong, silences, cells that move and two people's nights over the change of
clocks on 29 March 2026. Each stage is compared sorted and exactly; probabilities of modes to nine digits, since the
logarithms of two machines differ in the last.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from folkmoot.engines.mobility import disclose, footfall, labels, trips, where
from folkmoot.engines.mobility.od.placing import placed
from folkmoot.engines.mobility.stays import cell
from folkmoot.store import movement as store
from folkmoot.town import movement as town

PERIOD = {"first": date(2026, 3, 28), "last": date(2026, 3, 29)}
POLICY = disclose.Policy(k=5, secret=b"sixteen bytes ok")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Events, cells and which zone a cell is, as Parquet files that both backends read."""
    folder = tmp_path_factory.mktemp("town")
    made = town.build(seed=3, residents=1_000, days=2, first_day=PERIOD["first"])
    cells = where.cells.of(made["cells"].to_pydict())
    zones = where.zones.of(dict(zip(made["zones"]["zone_id"].to_pylist(), _polygons(made["zones"]))))
    cell_zone = where.footprint(cells, zones, prior=_people(made["zones"]), **PERIOD).cell_zone()
    tables = {"events": made["events"], "cells": trips.positions(cells), "cell_zone": cell_zone}
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: folder / f"{name}.parquet" for name in tables} | {"antennas": cells, "zones": zones}


def _people(zones: pa.Table) -> dict[str, float]:
    return dict(zip(zones["zone_id"].to_pylist(), map(float, zones["residents"].to_pylist())))


def _polygons(zones: pa.Table) -> list[Any]:
    from shapely import from_wkb

    return list(from_wkb(zones["wkb"].to_pylist()))


def stages(session: Any, inputs: dict[str, Any], folder: Any) -> dict[str, pa.Table]:
    """Every stage on one backend; each reads what the one before has written, as a run from day to day does."""
    found: dict[str, pa.Table] = {}

    def kept(name: str, expression: Any) -> Any:
        found[name] = in_utc(expression.to_pyarrow())
        pq.write_table(found[name], folder / f"{session.name}-{name}.parquet")
        return store.parquet(session, folder / f"{session.name}-{name}.parquet")

    events, cells, cell_zone = (store.parquet(session, inputs[name]) for name in ("events", "cells", "cell_zone"))
    stays = kept("stays", cell.runs(where.versions.keyed(events, inputs["antennas"], **PERIOD)))
    places = kept("places", labels.places(stays, **PERIOD, cells=cells))
    made = kept("trips", trips.purpose(trips.between(stays, cells), places, cells=cells))
    kept("modes", trips.mode(made, stays, trips_corridor(session, folder, inputs), trips.heavy(made, places, days=2)))
    even = where.footprint(inputs["antennas"], inputs["zones"], **PERIOD)
    put = placed(made, places, even, inputs["zones"], residents=None, activity=None)
    found["homes"] = put.homes
    pq.write_table(put.zones, folder / f"{session.name}-ends.parquet")
    ends = store.parquet(session, folder / f"{session.name}-ends.parquet")
    kept("placed", trips.contributions(made, ends, hour=True, **PERIOD))
    rows = kept("contributions", trips.contributions(made, cell_zone, hour=True, purpose=True, **PERIOD))
    kept("tallies", disclose.tallies(rows, ["origin", "destination", "hour"]))
    served = footfall.areas(cell_zone)
    kept("presence", footfall.presence(stays, served, **PERIOD))
    kept("visits", footfall.roles(footfall.visits(stays, served), places, served))
    return found


def in_utc(table: pa.Table) -> pa.Table:
    """Instants with their zone: read back on Spark they have none, being in the session's, which is UTC."""
    kinds = [pa.timestamp("us", "UTC") if pa.types.is_timestamp(each.type) else each.type for each in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, kinds))))


def trips_corridor(session: Any, folder: Any, inputs: dict[str, Any]) -> Any:
    """Cells along a railway from west to east through the town."""
    cells = pq.read_table(inputs["cells"])
    west, east = min(cells["longitude"].to_pylist()), max(cells["longitude"].to_pylist())
    line = {"type": "LineString", "coordinates": [[west, 53.05], [east, 53.05]]}
    pq.write_table(trips.corridors(cells, None, {"features": [{"geometry": line}]}), folder / "corridors.parquet")
    return store.parquet(session, folder / "corridors.parquet")


@pytest.fixture(scope="module")
def both(
    spark: Any, inputs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    folder = tmp_path_factory.mktemp("stages")
    with store.session(threads=2) as here:
        return stages(here, inputs, folder), stages(spark, inputs, folder)


def ordered(table: pa.Table, *, without: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    names = sorted(set(table.column_names) - set(without))
    return sorted(zip(*(table[name].to_pylist() for name in names)), key=repr)


EXACT = ("stays", "places", "trips", "homes", "placed", "contributions", "tallies", "presence", "visits")


@pytest.mark.parametrize("stage", EXACT)
def test_a_stage_gives_the_same_rows_on_both_backends(both: Any, stage: str) -> None:
    duckdb, spark = (held[stage] for held in both)
    assert len(duckdb) > 50
    assert sorted(duckdb.column_names) == sorted(spark.column_names)
    assert ordered(duckdb) == ordered(spark)


def test_modes_are_the_same_on_both_backends(both: Any) -> None:
    chances = tuple(f"p_{name}" for name in trips.MODES)
    key = ("user_id", "departed")
    duckdb, spark = (held["modes"].to_pandas().sort_values(list(key)).reset_index(drop=True) for held in both)
    assert (duckdb["mode"] == spark["mode"]).all()
    for name in chances:
        assert abs(duckdb[name] - spark[name]).max() < 1e-9


def test_the_days_compared_hold_what_makes_backends_differ(both: Any, inputs: dict[str, Any]) -> None:
    events = pq.read_table(inputs["events"])
    micros = events["timestamp"].cast(pa.int64()).to_numpy()
    assert (micros % 1_000_000 != 0).mean() > 0.9
    hours = {row["hour"] for row in both[0]["contributions"].to_pylist()}
    # Departures after one o'clock on the 29th are an hour later by the clock on the wall than in UTC.
    assert len(hours) > 12
    assert {row["state"] for row in both[0]["stays"].to_pylist()} == {"stay", "move", "unknown"}


def test_distinct_devices_and_primary_suppression_are_the_same_on_both_backends(both: Any) -> None:
    judged = []
    for held in both:
        raw = disclose.count(held["contributions"], ["origin", "destination", "hour"])
        counted = {
            row[:3]: row[3:] for row in ordered(raw.table.select(["origin", "destination", "hour", "devices", "trips"]))
        }
        judged.append((counted, disclose.threshold(raw, POLICY)))
    assert judged[0][0] == judged[1][0]
    first, second = (verdicts(each) for _, each in judged)
    assert first == second
    assert len(set(first.values())) > 1


def verdicts(judged: Any) -> dict[Any, Any]:
    """{cell: the reason it is blank, or None}."""
    keys = list(zip(*(judged.raw.table[name].to_pylist() for name in judged.raw.keys)))
    return dict(zip(keys, judged.reasons))
