"""One run of one contender in a process of its own: `python -m benchmarks.mobility_stays NAME EVENTS.parquet OUT`.

Prints seconds of CPU (the system's part of it too) and of the clock, the peak of the process's memory in MB, rows and
stays. What is compiled or imported on first use is warmed on a small file first and not timed; reading the Parquet is timed
for all but trackintel.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

RADIUS_METRES, MIN_STAY, MAX_GAP, THREADS = 150.0, 600.0, 3600.0, 2


def sort(events: Path) -> Callable[[], Any]:
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    connection.execute("SET TimeZone = 'UTC'")
    query = f"CREATE TABLE ordered AS SELECT user_id, timestamp, cell_id FROM '{events}' ORDER BY ALL"
    return lambda: connection.execute(query)


def cells(events: Path) -> Callable[[], Any]:
    from folkmoot.engines.mobility.stays import compiled
    from folkmoot.engines.mobility.stays.reading import of_parquet

    return lambda: compiled.runs(
        of_parquet([events]), max_gap_seconds=MAX_GAP, min_stay_seconds=MIN_STAY, threads=THREADS
    )


def expression(events: Path) -> Callable[[], Any]:
    import ibis

    from folkmoot.engines.mobility.stays.cell import runs

    opened = ibis.duckdb.connect(threads=THREADS, preserve_insertion_order=False)
    opened.raw_sql("SET TimeZone = 'UTC'")
    found = runs(opened.read_parquet(events), max_gap_seconds=MAX_GAP, min_stay_seconds=MIN_STAY)
    return lambda: opened.create_table("stays", found)


def coordinates(events: Path) -> Callable[[], Any]:
    from folkmoot.engines.mobility.stays import radius
    from folkmoot.engines.mobility.stays.reading import of_parquet

    rule = radius.peers(RADIUS_METRES, MIN_STAY, MAX_GAP)
    return lambda: radius.stays(of_parquet([events]), rule, threads=THREADS)


def fastmob(events: Path) -> Callable[[], Any]:
    """Its quickest way in of those tried: an Arrow table as it is read; it orders by index itself."""
    import pyarrow.parquet as pq
    from fastmob.preprocessing import stay_locations

    names = {"datetime_col": "timestamp", "lat_col": "latitude", "lng_col": "longitude", "uid_col": "user_id"}
    limits = {
        "minutes_for_a_stop": MIN_STAY / 60, "spatial_radius_km": RADIUS_METRES / 1000,
        "no_data_for_minutes": MAX_GAP / 60,
    }  # fmt: skip
    columns = ["user_id", "timestamp", "latitude", "longitude"]
    return lambda: stay_locations(pq.read_table(events, columns=columns), **limits, **names)


def trackintel(events: Path) -> Callable[[], Any]:
    """Its positionfixes are made beforehand, untimed."""
    import geopandas as gpd
    import pyarrow.parquet as pq
    import trackintel as ti

    table = pq.read_table(events).to_pandas()
    fixes = gpd.GeoDataFrame(
        {"user_id": [who.hex() for who in table["user_id"]], "tracked_at": table["timestamp"]},
        geometry=gpd.points_from_xy(table["longitude"], table["latitude"]), crs=4326,
    )  # fmt: skip
    found = ti.Positionfixes(fixes)
    return lambda: found.generate_staypoints(
        dist_threshold=RADIUS_METRES, time_threshold=MIN_STAY / 60, gap_threshold=MAX_GAP / 60, include_last=True
    )[1]


CONTENDERS = {each.__name__: each for each in (sort, cells, expression, coordinates, fastmob, trackintel)}


def main(name: str, events: str, out: str) -> None:
    from benchmarks.mobility_events import write

    if name == "write":
        write(Path(out), int(events))
        return
    if name == "agreement":
        print(json.dumps(agreement(Path(events), Path(out))))
        return
    warnings.simplefilter("ignore")
    contender = CONTENDERS[name]
    with TemporaryDirectory() as folder:
        small = Path(folder) / "small.parquet"
        write(small, 2_000)
        contender(small)()
    run = contender(Path(events))
    before, cpu, wall = resource.getrusage(resource.RUSAGE_SELF), time.process_time(), time.perf_counter()
    found = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_SELF)
    system = after.ru_stime - before.ru_stime
    peak = after.ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "system": system, "wall": wall, "peak": peak, "rows": _rows(found)}))
    if name in ("coordinates", "fastmob") and out != "-":
        import pyarrow.parquet as pq

        pq.write_table(found, out)


def _rows(found: Any) -> int:
    """How many stays there are; a sort has none."""
    if "state" in getattr(found, "column_names", getattr(found, "columns", ())):
        stays = found["state"]
        return sum(state == "stay" for state in (stays.to_pylist() if hasattr(stays, "to_pylist") else stays.execute()))
    return 0 if type(found).__name__ == "DuckDBPyConnection" else len(found)


def agreement(ours: Path, theirs: Path) -> float:
    """The time that both say a device stays, as a share of the time that either says."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"""
        CREATE VIEW ours AS SELECT user_id, epoch_us("start") AS a, epoch_us("end") AS b
        FROM '{ours}' WHERE state = 'stay';
        CREATE VIEW theirs AS SELECT user_id, epoch_us("timestamp") AS a, epoch_us(leaving_datetime) AS b FROM '{theirs}';
    """)
    both, one, other = connection.execute("""
        SELECT (SELECT sum(least(o.b, t.b) - greatest(o.a, t.a)) FROM ours o JOIN theirs t USING (user_id)
                WHERE o.a < t.b AND t.a < o.b),
               (SELECT sum(b - a) FROM ours), (SELECT sum(b - a) FROM theirs)
    """).fetchall()[0]
    return float(both) / float(one + other - both)


if __name__ == "__main__":
    main(*sys.argv[1:])
