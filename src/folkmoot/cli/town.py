"""`folkmoot town`: write the synthetic town to a folder, for demonstrations, tests and benchmarks.

Every table becomes a Parquet file, the small ones also CSV to read by eye, and `manifest.json` says how many rows each
has and the SHA-256 of each file, so that two people can tell whether they hold the same town.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import town_movement

if TYPE_CHECKING:
    from folkmoot.town import Town

app = typer.Typer(help="The synthetic town: demo, test and benchmark data.", no_args_is_help=True)

AS_CSV = (
    "places", "wards", "resources", "shifts", "rounds", "truth",
    "areas", "centres", "travel_minutes", "shopping_flows", "centre_candidates", "siting_candidates", "retail_truth",
)  # fmt: skip


class Scale(StrEnum):
    """How large a town."""

    demo = "demo"
    test = "test"
    bench = "bench"


@app.callback()
def town() -> None:
    """The synthetic town: demo, test and benchmark data."""


@app.command()
def build(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made if it does not exist.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    scale: Annotated[Scale, typer.Option(help="demo to look at, test for tests, bench for benchmarks.")] = Scale.demo,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the manifest as one JSON object, nothing else.")
    ] = False,
) -> None:
    """Build a town and write it as Parquet, CSV of the small tables and a manifest."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Table

    from folkmoot.town import build as build_town

    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"“{out}” is a file; name a folder to write the town to.", param_hint="--out")
    notes = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=as_json or not notes.is_terminal) as progress:
        progress.add_task(f"Building the {scale} town of seed {seed}", total=None)
        made = build_town(seed=seed, scale=scale.value)
        progress.add_task(f"Writing {len(made.tables)} tables to {out}", total=None)
        manifest = write(made, out)
    if as_json:
        typer.echo(json.dumps(manifest))
        return
    table = Table("table", "rows", "files", title=f"Town of seed {seed}, scale {scale}, in {out}")
    for name, entry in manifest["tables"].items():
        table.add_row(name, f"{entry['rows']:,}", ", ".join(entry["sha256"]))
    Console().print(table)


def write(made: Town, out: Path) -> dict[str, Any]:
    """Write every table and the manifest; returns the manifest. The manifest is written last, when all is there."""
    import pyarrow.csv
    import pyarrow.parquet

    out.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, Any] = {"seed": made.seed, "scale": made.scale, "digest": made.digest(), "tables": {}}
    for name in sorted(made.tables):
        table = made.tables[name]
        files = [out / f"{name}.parquet"]
        pyarrow.parquet.write_table(table, files[0], compression="zstd")
        if name in AS_CSV:
            files.append(out / f"{name}.csv")
            pyarrow.csv.write_csv(table, files[1])
        manifest["tables"][name] = {
            "rows": len(table),
            "columns": table.column_names,
            "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


app.command("movement")(town_movement.movement)
