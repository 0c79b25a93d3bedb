"""`folkmoot town movement`: write a place's movement to a folder, in the shapes that `folkmoot mobility` and `roads` read.

Events go out as they are made, so the size of the place is bounded by the disk, not by memory, to parts such as
events/date=2026-03-02/part-00000.parquet. What an analyst would be given lies beside them; files that begin with `truth_`
are the answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    import pyarrow as pa

    from folkmoot.town.movement import Batch, World

PART_ROWS, BATCH_ROWS = 2_000_000, 500_000
AS_CSV = ("cells", "population", "stations")
AS_GEOJSON = {"zones": "zone_id", "ways": "way_id", "rail": "rail_id"}


@in_sentences
def movement(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made if it does not exist.")],
    residents: Annotated[int, typer.Option(help="How many people live there, 500 to some millions.")] = 20_000,
    days: Annotated[int, typer.Option(help="How many days.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    first_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")] = datetime(2026, 3, 2),  # noqa: DTZ001
    share: Annotated[float, typer.Option(help="The part of the residents who carry a phone of this operator.")] = 0.5,
    event_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day with a match at the stadium.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the manifest as one JSON object, nothing else.")
    ] = False,
) -> None:
    """Build residents' days and what a mobile network saw of them, with the truth, and write all of it."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Table

    from folkmoot.town.movement import stream, world

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise typer.BadParameter(f"“{out}” is not an empty folder; name a new one.", param_hint="--out")
    notes = Console(stderr=True)
    match = event_day.date() if event_day else None
    asked = {"seed": seed, "residents": residents, "days": days, "first_day": first_day.date().isoformat()}
    asked |= {"share": share, "event_day": match.isoformat() if match else None}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=as_json or not notes.is_terminal) as progress:
        laying = progress.add_task(f"Laying out a place of {residents:,} residents", total=1)
        made = world(seed, residents, days, first_day.date(), share, match)
        out.mkdir(parents=True, exist_ok=True)
        entries = place(made, out)
        progress.update(laying, completed=1)
        living = progress.add_task("Living the days", total=days * len(made.blocks))
        written = Written(out)
        for batch in stream(made, BATCH_ROWS):
            written.take(batch)
            progress.update(living, advance=int(batch.last), description=f"Living {batch.day:%A %-d %B}")
        entries |= written.close()
    manifest = {**asked, "tables": entries}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(manifest))
        return
    table = Table("table", "rows", "files", title=f"Movement of {residents:,} residents, seed {seed}, in {out}")
    for name, entry in entries.items():
        files = list(entry["sha256"])
        table.add_row(name, f"{entry['rows']:,}", files[0] if len(files) == 1 else f"{len(files)} files, {files[0]} …")
    Console().print(table)


def place(made: World, out: Path) -> dict[str, Any]:
    """Write what is known before anybody moves; returns the manifest's entries."""
    import pyarrow.csv
    import pyarrow.parquet

    entries = {}
    for name, table in sorted(made.tables.items()):
        if name in AS_GEOJSON:
            path = out / f"{name}.geojson"
            path.write_text(geojson(table, made.tables["stations"] if name == "rail" else None), encoding="utf-8")
        elif name in AS_CSV:
            path = out / f"{name}.csv"
            pyarrow.csv.write_csv(table, path)
        else:
            path = out / f"{name}.parquet"
            pyarrow.parquet.write_table(table, path, compression="zstd")
        entries[name] = entry(out, len(table), table.column_names, [path])
    return entries


def geojson(table: pa.Table, points: pa.Table | None = None) -> str:
    """A table with a column `wkb` as a FeatureCollection, one feature a line; `points` have lon and lat, as stations do."""
    from shapely import from_wkb
    from shapely.geometry import mapping

    lines = []
    for row in table.to_pylist():
        shape = mapping(from_wkb(row.pop("wkb")))
        lines.append(json.dumps({"type": "Feature", "properties": row, "geometry": shape}, ensure_ascii=False))
    for row in points.to_pylist() if points is not None else []:
        place = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        lines.append(json.dumps({"type": "Feature", "properties": row, "geometry": place}, ensure_ascii=False))
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


class Written:
    """The files that grow while the days are lived: events in parts, late events, stays and trips."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.rows = dict.fromkeys(("events", "late", "truth_stays", "truth_trips"), 0)
        self.files: dict[str, list[Path]] = {name: [] for name in self.rows}
        self.columns: dict[str, list[str]] = {}
        self._writers: dict[str, Any] = {}
        self._part: tuple[date | None, int, int] = (None, 0, 0)

    def take(self, batch: Batch) -> None:
        """Write one batch, its events to a new part when the day changes or the part is full."""
        day, number, rows = self._part
        if day != batch.day or rows >= PART_ROWS:
            number = number + 1 if day == batch.day else 0
            self._finish("events")
            self._begin("events", f"events/date={batch.day}/part-{number:05d}.parquet", batch.events)
            day, rows = batch.day, 0
        self._part = (day, number, rows + len(batch.events))
        self._write("events", batch.events)
        for name, table in (("late", batch.late), ("truth_stays", batch.stays), ("truth_trips", batch.trips)):
            if name not in self._writers:
                self._begin(name, f"{name}.parquet", table)
            self._write(name, table)

    def close(self) -> dict[str, Any]:
        """Close all files; returns the manifest's entries."""
        for name in list(self._writers):
            self._finish(name)
        return {name: entry(self.out, self.rows[name], self.columns[name], self.files[name]) for name in self.rows}

    def _begin(self, name: str, file: str, table: pa.Table) -> None:
        import pyarrow.parquet

        path = self.out / file
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files[name].append(path)
        self.columns[name] = table.column_names
        self._writers[name] = pyarrow.parquet.ParquetWriter(path, table.schema, compression="zstd")

    def _write(self, name: str, table: pa.Table) -> None:
        if len(table):
            self._writers[name].write_table(table)
            self.rows[name] += len(table)

    def _finish(self, name: str) -> None:
        if name in self._writers:
            self._writers.pop(name).close()


def entry(out: Path, rows: int, columns: list[str], paths: Iterable[Path]) -> dict[str, Any]:
    """What the manifest says of one table."""
    return {
        "rows": rows,
        "columns": columns,
        "sha256": {path.relative_to(out).as_posix(): sha256(path) for path in paths},
    }


def sha256(path: Path) -> str:
    """Of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
