"""`folkmoot mobility compare`: how alike two matrices are."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.od import Comparison


@in_sentences
def compare(
    first: Annotated[Path, typer.Argument(help="CSV or Parquet (origin, destination, trips) or OMX.")],
    second: Annotated[Path, typer.Argument(help="The matrix to hold it against.")],
    zones: Annotated[Path | None, typer.Option(help="Zones as GeoJSON, for the lengths of trips.")] = None,
    screenlines: Annotated[
        Path | None, typer.Option(help='JSON: {"river": ["zone", …]}, the zones on one side of each line.')
    ] = None,
    first_trips: Annotated[str | None, typer.Option(help="Column or matrix of trips in the first file.")] = None,
    second_trips: Annotated[str | None, typer.Option(help="The same in the second file.")] = None,
    within: Annotated[bool, typer.Option("--within", help="Count trips within a zone too.")] = False,
    absent_is_none: Annotated[
        bool, typer.Option("--absent-is-none", help="A pair that is not in a table has 0 trips; otherwise it is blank.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")] = False,
) -> None:
    """Hold two origin–destination matrices against one another: r², GEH, lengths of trips, screenlines."""
    from folkmoot.engines.mobility import where
    from folkmoot.engines.mobility.od import compare as hold
    from folkmoot.engines.mobility.od import read_matrix

    absent = 0.0 if absent_is_none else math.nan
    one, other = (
        read_matrix(path, trips=column, absent=absent)
        for path, column in ((first, first_trips), (second, second_trips))
    )
    middles = None
    if zones is not None:
        held = where.zones.read(zones)
        middles = {
            code: (shape.centroid.x, shape.centroid.y) for code, shape in zip(held.zone_id, held.degrees, strict=True)
        }
    lines = None if screenlines is None else _lines(screenlines)
    found = hold(one, other, centroids=middles, screenlines=lines, within=within)
    if as_json:
        typer.echo(json.dumps(_plain(asdict(found)), ensure_ascii=False, allow_nan=False))
    else:
        show(found)


def _lines(path: Path) -> dict[str, list[str]]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"There is no file “{path}”. Check the path.") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        held = None
    if not isinstance(held, dict) or not all(isinstance(side, list) for side in held.values()):
        raise ValueError(f'“{path.name}” is no JSON object of lists, as {{"river": ["zone", …]}}.')
    return {name: [str(zone) for zone in side] for name, side in held.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def show(found: Comparison) -> None:
    """A comparison for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for sentence in found.statements:
        console.print(f"• {sentence}")
    table = Table("", "first", "second", title=f"{found.cells:,} pairs with a number in both")
    table.add_row("trips", f"{found.total_first:,.0f}", f"{found.total_second:,.0f}")
    if found.mean_km_first is not None and found.mean_km_second is not None:
        table.add_row("mean length, km", f"{found.mean_km_first:.2f}", f"{found.mean_km_second:.2f}")
    for edge, one, other in found.lengths:
        table.add_row(f"from {edge:g} km", f"{one:.1%}", f"{other:.1%}")
    for line in found.screenlines:
        table.add_row(f"{line.name}, out", f"{line.out_first:,.0f}", f"{line.out_second:,.0f}")
        table.add_row(f"{line.name}, back", f"{line.back_first:,.0f}", f"{line.back_second:,.0f}")
    console.print(table)
    overlap = "" if found.coincidence is None else f"; coincidence of lengths {found.coincidence:.3f}"
    console.print(
        f"r² {found.r_squared:.4f}, slope {found.slope:.4f}, RMSE {found.rmse:,.1f}, mean absolute error "
        f"{found.mean_absolute_error:,.1f}; GEH below 5 in {found.geh_below_5:.1%}, median {found.geh_median:.2f}{overlap}."
    )
