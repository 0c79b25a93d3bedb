"""`folkmoot mobility stays`: events in; where each device stayed, moved, and was not heard of, out."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.stays.reading import Events

TEXT = (".csv", ".csv.gz", ".txt", ".txt.gz")


@in_sentences
def stays(
    events: Annotated[Path, typer.Argument(help="Events: a Parquet file, a folder of them, or CSV (.csv, .txt, .gz).")],
    mode: Annotated[str, typer.Option(help="cell: runs of one cell. radius: stays on coordinates.")] = "cell",
    cells: Annotated[
        Path | None, typer.Option(help="Cells with coordinates (CSV): takes ping-pong between near ones out.")
    ] = None,
    backend: Annotated[str, typer.Option(help="duckdb: this machine. spark: many.")] = "duckdb",
    min_stay: Annotated[float, typer.Option(help="Seconds from which on it is a stay.", min=0)] = 600.0,
    max_gap: Annotated[float, typer.Option(help="Seconds of silence after which nothing is known.", min=0)] = 3600.0,
    radius: Annotated[float, typer.Option(help="Metres of the circle of a stay on coordinates.")] = 200.0,
    near: Annotated[float, typer.Option(help="Metres within which cells are taken to overlap.", min=0)] = 1000.0,
    threads: Annotated[int, typer.Option(help="Threads; 0 for as many as there are processors.", min=0)] = 0,
    out: Annotated[Path, typer.Option("--out", help="Where to write the stays (Parquet).")] = Path("stays.parquet"),
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output and nothing else.")
    ] = False,
) -> None:
    """Where each device stayed, between which instants, and where nothing is known of it.

    Rows are user_id, start, end, cell_id (or latitude, longitude), events, state (stay, move, unknown) and open.
    """
    if mode not in ("cell", "radius"):
        raise ValueError(f"--mode {mode} is not understood; say cell or radius.")
    if backend not in ("duckdb", "spark"):
        raise ValueError(f"There is no backend “{backend}”; say duckdb or spark.")
    if mode == "radius" and backend == "spark":
        raise ValueError(
            "Stays on coordinates are computed on this machine only; leave --backend away, or use --mode cell."
        )
    if mode == "radius" and cells is not None:
        raise ValueError("--cells is for --mode cell: coordinates know no ping-pong. Leave it away.")
    begun = time.perf_counter()
    workers = threads or os.cpu_count() or 1
    limits = {"max_gap_seconds": max_gap, "min_stay_seconds": min_stay}
    with _progress("Reading events", quiet=as_json) as tell:
        if backend == "spark":
            rows = _by_expression(events, cells, near, limits, workers)
            read: int | None = None
        else:
            source = read_events(events)
            read = source.rows
            rows = _compiled(source, mode, cells, near, radius, limits, workers)
        counts = _write(rows, out, tell)
    told = {
        "events": read, "mode": mode, "backend": backend, **counts, "out": str(out),
        "seconds": round(time.perf_counter() - begun, 3),
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console(highlight=False)
    heard = "" if read is None else f"{read:,} events of "
    console.print(
        f"{heard}{counts['devices']:,} devices: {counts['stay']:,} stays, {counts['move']:,} moves, "
        f"{counts['unknown']:,} gaps; {counts['open']:,} may go on after the data end."
    )
    console.print(f"Written: {out}", markup=False)


def read_events(path: Path) -> Events:
    """Events of a Parquet file, a folder, or a file of text whose columns have names."""
    from folkmoot.engines.mobility.stays.reading import of_parquet, of_table

    if not path.exists():
        raise ValueError(f"There is no file “{path}”. Check the path.")
    if path.name.lower().endswith(TEXT):
        return of_table(_text(path), what=path.name)
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"“{path}” is a folder without Parquet files.")
    from pyarrow.lib import ArrowInvalid

    try:
        return of_parquet(files)
    except ArrowInvalid:
        raise ValueError(
            f"“{path.name}” is not a Parquet file, or was cut short. Write it again, or give CSV with names of columns."
        ) from None


def _text(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.csv as csv

    from folkmoot.engines.mobility.schema import EVENT

    # Times stay text here: with or without a zone, the engine reads both.
    names = {name: pa.string() for name in ("user_id", "cell_id", "timestamp")}
    kinds = {other: kind for name, kind in names.items() for other in (name, *EVENT.aliases.get(name, ()))}
    options = csv.ConvertOptions(column_types=kinds, strings_can_be_null=True, null_values=["", "NULL", "null", "NaN"])
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            found = csv.read_csv(file, convert_options=options)
    except (pa.lib.ArrowInvalid, OSError, EOFError) as error:
        raise ValueError(f"“{path.name}” cannot be read as CSV: {error}. Check that row, or the whole file.") from None
    return found


def _compiled(
    source: Events, mode: str, cells: Path | None, near: float, radius: float, limits: dict[str, float], threads: int
) -> Iterator[Any]:
    from folkmoot.engines.mobility.stays import compiled
    from folkmoot.engines.mobility.stays.radius import Rule, parts

    if mode == "radius":
        yield from parts(source, Rule(radius, limits["min_stay_seconds"], limits["max_gap_seconds"]), threads=threads)
    elif cells is None:
        yield from compiled.parts(source, **limits, threads=threads)
    else:
        import ibis

        from folkmoot.engines.mobility.stays.pingpong import smooth
        from folkmoot.store.movement import session

        # Runs are few, so that what smooths them may be an expression.
        found = compiled.runs(source, **limits, threads=threads)
        with session("duckdb", threads=threads) as opened:
            smoothed = smooth(ibis.memtable(found), ibis.memtable(_neighbours(cells, near)), **limits)
            yield from opened.to_pyarrow_batches(smoothed)


def _by_expression(
    path: Path, cells: Path | None, near: float, limits: dict[str, float], threads: int
) -> Iterator[Any]:
    import ibis

    from folkmoot.engines.mobility.schema import EVENT
    from folkmoot.engines.mobility.stays.cell import runs
    from folkmoot.engines.mobility.stays.pingpong import smooth
    from folkmoot.store.movement import parquet, session

    if path.name.lower().endswith(TEXT):
        raise ValueError("Spark reads Parquet here; convert the text first, or leave --backend away.")
    with session("spark", threads=threads) as opened:
        table = parquet(opened, path)
        table = table.rename(EVENT.renames(table.columns))
        EVENT.check(table.columns, what=path.name)
        found = runs(table, **limits)
        if cells is not None:
            found = smooth(found, ibis.memtable(_neighbours(cells, near)), **limits)
        yield from opened.to_pyarrow_batches(found)


def _neighbours(path: Path, metres: float) -> Any:
    import pyarrow as pa
    import pyarrow.csv as csv

    from folkmoot.engines.mobility.schema import CELL
    from folkmoot.engines.mobility.stays.pingpong import neighbours

    if not path.exists():
        raise ValueError(f"There is no file “{path}”. Check the path.")
    found = csv.read_csv(path, convert_options=csv.ConvertOptions(column_types={"cell_id": pa.string()}))
    renames = CELL.renames(found.column_names)
    CELL.check([*found.column_names, *renames], what=path.name)
    return neighbours(pa.table({name: found[renames.get(name, name)] for name in CELL.required}), metres=metres)


def _write(batches: Iterable[Any], out: Path, tell: Any) -> dict[str, int]:
    """Write the rows as they come; the file appears when it is whole. Returns how many of which there are."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if not out.parent.is_dir():
        raise ValueError(f"There is no folder “{out.parent}” to write into. Make it, or choose another --out.")
    counts = {"rows": 0, "devices": 0, "stay": 0, "move": 0, "unknown": 0, "open": 0}
    folder = Path(tempfile.mkdtemp(prefix=".stays-", dir=out.parent))
    try:
        part, writer = folder / "part", None
        for batch in batches:
            writer = writer or pq.ParquetWriter(part, batch.schema, compression="zstd")
            writer.write_batch(batch)
            counts["rows"] += batch.num_rows
            for row in pc.value_counts(batch.column("state")).to_pylist():
                counts[row["values"]] += row["counts"]
            ended = pc.sum(batch.column("open").cast(pa.int64())).as_py() or 0
            # Every device has one row that is open, its last.
            counts["open"] += ended
            counts["devices"] += ended
            tell(f"{counts['rows']:,} rows")
        if writer is None:
            raise ValueError("There is not one event with a device, a time and a place. Check the columns of the file.")
        writer.close()
        part.replace(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return counts


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        bar = progress.add_task(what, total=None)
        yield lambda said: progress.update(bar, description=said)
