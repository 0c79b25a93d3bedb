"""`folkmoot retail place`: the best site and floor space for a new centre, and how sure that is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli.retail_fit import say
from folkmoot.cli.retail_predict import Elsewhere, _span
from folkmoot.cli.retail_source import (
    Alpha,
    Areas,
    AsJson,
    Beta,
    Centres,
    Cost,
    Crs,
    FitFile,
    Flows,
    Form,
    Seed,
    Town,
    Unit,
    calibration,
    source,
    table,
)
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.retail import Placement


@in_sentences
def place(
    areas: Areas = None,
    centres: Centres = None,
    cost: Cost = None,
    flows: Flows = None,
    town: Town = None,
    candidates: Annotated[
        Path | None, typer.Option(help="Sites: candidate_id, lon, lat, largest_m2, running_cost_per_m2, centre_class.")
    ] = None,
    candidate_cost: Annotated[Path | None, typer.Option(help="Area code, candidate_id, minutes (or km).")] = None,
    fit_file: FitFile = None,
    alpha: Alpha = None,
    beta: Beta = None,
    decay: Form = "exponential",
    objective: Annotated[str, typer.Option(help="profit, turnover or benefit (to residents).")] = "profit",
    margin: Annotated[
        float | None, typer.Option(help="Share of turnover kept after goods and sales; for profit.")
    ] = None,
    floor_spaces: Annotated[str, typer.Option(help="Floor spaces to try: '2000,5000'; default: a refined row.")] = "",
    most_loss: Annotated[float | None, typer.Option(help="No centre may lose more than this per cent.")] = None,
    least_to_deprived: Annotated[
        float | None, typer.Option(help="At least this share of the benefit to IMD deciles 1 to 3.")
    ] = None,
    least_turnover_per_m2: Annotated[float | None, typer.Option(help="Pounds a year.")] = None,
    elsewhere: Elsewhere = "responds",
    show: Annotated[int, typer.Option(min=1, help="How many options to print.")] = 12,
    unit: Unit = "minutes",
    crs: Crs = "EPSG:4326",
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Write all options to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rank sites × floor spaces by one objective, within limits, under every law the calibration allows."""
    from folkmoot.engines.retail import Limits, candidates_from_table
    from folkmoot.engines.retail import place as rank

    given = source(town, areas, centres, cost, flows, unit=unit, crs=crs)
    market = given.market()
    sites = table(candidates) if candidates else given.tables.get("centre_candidates")
    if sites is None:
        raise typer.BadParameter("Give the candidate sites with --candidates.")
    minutes = table(candidate_cost) if candidate_cost else given.tables.get("candidate_minutes")
    law = calibration(market, fit_file, alpha, beta, decay)
    try:
        sizes = [float(part) for part in floor_spaces.split(",") if part.strip()] or None
    except ValueError:
        raise ValueError(f"“{floor_spaces}” is not a row of floor spaces such as 2000,5000.") from None
    found = rank(
        market, law, candidates_from_table(sites, market, minutes if candidates is None or candidate_cost else None, crs=crs),
        floor_spaces=sizes, objective=objective, margin=margin, elsewhere=elsewhere, seed=seed,  # type: ignore[arg-type]
        limits=Limits(most_loss, least_to_deprived, least_turnover_per_m2),
    )  # fmt: skip
    if out is not None:
        _write(found, out)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, allow_nan=False))
        return
    _show(found, show)
    if out is not None:
        typer.echo(f"Written: {out}")


def _show(found: Placement, count: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    say(found.statements)
    best_of: dict[str, object] = {}
    for option in found.options:
        best_of.setdefault(option.code, option)
    table = Table(title=f"{found.status.capitalize()}: the best floor space of each site, by {found.objective}")
    for column in ("site", "m²", "turnover, £ m", "profit, £ m", f"benefit, {found.unit}", "hardest hit, %", "best in"):
        table.add_column(column, justify="left" if column == "site" else "right")
    sure = dict(found.best_site_in)
    for option in found.options:
        if best_of.get(option.code) is not option or table.row_count >= count:
            continue
        style = "dim" if option.breaks else ""
        table.add_row(
            option.name, f"{option.floor_space_m2:,.0f}", _span(option.turnover, ".2f", 1e-6),
            _span(option.profit, ".3f", 1e-6) if option.profit else "–",
            _span(option.benefit, ".3f") if option.benefit else "–",
            f"{option.hardest_hit} −{option.hardest_hit_percent.value:.1f}",
            f"{sure[option.code]:.0%}", style=style,
        )  # fmt: skip
    table.caption = "Benefit is for a resident and trip. “Best in”: the share of laws under which the site is best."
    console.print(table)
    broken = [option for option in found.options if option.breaks]
    if broken:
        console.print(
            f"{len(broken)} of {len(found.options)} options break a limit, such as: {' '.join(broken[0].breaks)}"
        )


def _write(found: Placement, out: Path) -> None:
    from folkmoot.store import write_csv

    head = ["status", "code", "name", "lon", "lat", "floor_space_m2"]
    for name in ("turnover", "profit", "benefit", "hardest_hit_percent"):
        head += [name, f"{name}_low", f"{name}_high"]
    rows: list[list[object]] = []
    for o in found.options:
        row: list[object] = [found.status, o.code, o.name, o.lon, o.lat, o.floor_space_m2]
        for interval in (o.turnover, o.profit, o.benefit, o.hardest_hit_percent):
            row += ["", "", ""] if interval is None else [interval.value, interval.low, interval.high]
        rows.append([*row, o.hardest_hit, o.best_in, o.regret, " ".join(o.breaks)])
    write_csv(out, [*head, "hardest_hit", "best_in", "regret", "breaks"], rows)
