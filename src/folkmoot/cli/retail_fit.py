"""`folkmoot retail fit`: the law that observed flows follow, with intervals and how well it fits."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli.retail_source import Areas, AsJson, Centres, Cost, Crs, Flows, Town, Unit, source
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.retail import Calibration, HoldOut, SetAside


@in_sentences
def fit(
    areas: Areas = None,
    centres: Centres = None,
    cost: Cost = None,
    flows: Flows = None,
    town: Town = None,
    decay: Annotated[str, typer.Option(help="auto (lower AIC), exponential or power.")] = "auto",
    by_class: Annotated[bool, typer.Option("--by-class", help="A β for every class of centre.")] = False,
    variables: Annotated[str, typer.Option(help="Further columns of centres with exponents: 'parking,shops'.")] = "",
    least_cost: Annotated[float, typer.Option(help="Power decay: nearer than this counts as this.")] = 0.0,
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    check: Annotated[bool, typer.Option("--check", help="Also leave out each centre in turn and foretell it.")] = False,
    unit: Unit = "minutes",
    crs: Crs = "EPSG:4326",
    out: Annotated[Path | None, typer.Option("--out", help="Write the calibration to this JSON file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate Huff's law on flows by maximum likelihood."""
    from folkmoot.engines.retail import fit as calibrate
    from folkmoot.engines.retail import hold_out

    further = tuple(name.strip() for name in variables.split(",") if name.strip())
    market = source(town, areas, centres, cost, flows, unit=unit, crs=crs).market(variables=further, spending=False)
    if decay not in ("auto", "exponential", "power"):
        raise ValueError(f"There is no decay “{decay}”; choose auto, exponential or power.")
    found = calibrate(
        market,
        decay=decay,  # type: ignore[arg-type]
        beta_by_class=by_class,
        variables=further,
        least_cost=least_cost,
        level=level,
    )
    held = None
    if check:
        held = hold_out(market, decay=found.law.decay, beta_by_class=by_class, variables=further, least_cost=least_cost)
        # What is calibrated carries the sentence on to every forecast made with it.
        found = replace(found, statements=(*found.statements, held.statement))
    text = json.dumps(asdict(found), ensure_ascii=False, allow_nan=False)
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        whole = {**asdict(found), "hold_out": asdict(held)} if held else asdict(found)
        typer.echo(json.dumps(whole, ensure_ascii=False, allow_nan=False))
        return
    show(found)
    if held is not None:
        show_hold_out(held)
    if out is not None:
        typer.echo(f"Written: {out}")


def show(found: Calibration) -> None:
    """A calibration for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    say(found.statements, found.set_aside)
    table = Table(title=f"{found.status.capitalize()}: {found.law.decay} decay, costs in {found.unit}")
    for column in ("parameter", "value", "low", "high", "by information", "dispersed", "by area", "by centre"):
        table.add_column(column, justify="left" if column == "parameter" else "right")
    for p in found.parameters:
        errors = (p.error_information, p.error_dispersed, p.error_by_area, p.error_by_centre)
        table.add_row(
            p.name,
            f"{p.value:.4f}",
            f"{p.low:.4f}",
            f"{p.high:.4f}",
            *("–" if e is None else f"{e:.4f}" for e in errors),
        )
    if found.fit is not None:
        table.caption = f"Low and high: {found.level:.0%} interval, the widest of the four kinds of standard error."
    console.print(table)
    if found.fit is not None:
        fit = found.fit
        console.print(
            f"Deviance explained {fit.deviance_explained:.1%}, SRMSE {fit.srmse:.3f}, R² {fit.r_squared:.3f}, dispersion "
            f"{fit.dispersion:.2f}; mean trip {fit.mean_cost_observed:.2f} {found.unit} observed, "
            f"{fit.mean_cost_fitted:.2f} fitted."
        )


def show_hold_out(held: HoldOut) -> None:
    """How each centre would have been foretold without it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Each centre left out and foretold from the others")
    for column in ("centre", "observed", "foretold", "error, %"):
        table.add_column(column, justify="left" if column == "centre" else "right")
    for one in held.centres:
        table.add_row(one.name, f"{one.observed:,.0f}", f"{one.foretold:,.0f}", f"{one.error_percent:+.1f}")
    Console().print(table)
    for code, reason in held.left_aside:
        typer.echo(f"Not foretold: {code}. {reason}")


def say(statements: tuple[str, ...], set_aside: tuple[SetAside, ...] = ()) -> None:
    """What has to be said beside the numbers."""
    for sentence in statements:
        typer.echo(f"• {sentence}")
    for one in set_aside:
        first = f" (the first: {one.first})" if one.first else ""
        typer.echo(f"Set aside: {one.count:,} × {one.reason}{first}")
