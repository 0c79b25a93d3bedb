"""`folkmoot retail predict` and `equilibrium`: who would come, what others would lose, and what follows in the long run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli.retail_fit import say
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
    New,
    NewCost,
    Seed,
    Town,
    Unit,
    calibration,
    new_centre,
    source,
)
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.retail import Equilibrium, Interval, Prediction

Elsewhere = Annotated[
    str, typer.Option(help="Does a new centre also draw on what is spent elsewhere? responds or fixed.")
]


@in_sentences
def predict(
    areas: Areas = None,
    centres: Centres = None,
    cost: Cost = None,
    flows: Flows = None,
    town: Town = None,
    fit_file: FitFile = None,
    alpha: Alpha = None,
    beta: Beta = None,
    decay: Form = "exponential",
    new: New = None,
    new_cost: NewCost = None,
    about: Annotated[str | None, typer.Option(help="Describe the visitors of this existing centre.")] = None,
    elsewhere: Elsewhere = "responds",
    unit: Unit = "minutes",
    crs: Crs = "EPSG:4326",
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for centres.csv, visitors.csv, catchment.csv.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turnover of every centre; with a new one, its visitors and what it takes from the others.

    Without --fit and without --alpha and --beta, the law is calibrated on the flows at hand; if there are none, the
    textbook law is assumed and everything says that it is uncalibrated.
    """
    from folkmoot.engines.retail import predict as forecast

    if elsewhere not in ("responds", "fixed"):
        raise ValueError(f"--elsewhere {elsewhere} is not understood; say responds or fixed.")
    given = source(town, areas, centres, cost, flows, unit=unit, crs=crs)
    market = given.market()
    law = calibration(market, fit_file, alpha, beta, decay)
    proposed = new_centre(new, given, market, new_cost) if new else None
    found = forecast(market, law, proposed, about=about, elsewhere=elsewhere, seed=seed)  # type: ignore[arg-type]
    if out is not None:
        _write(found, out)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, allow_nan=False))
        return
    _show(found)
    if out is not None:
        typer.echo(
            f"Written: {', '.join(str(out / name) for name in ('centres.csv', 'visitors.csv', 'catchment.csv'))}"
        )


@in_sentences
def equilibrium(
    areas: Areas = None,
    centres: Centres = None,
    cost: Cost = None,
    flows: Flows = None,
    town: Town = None,
    fit_file: FitFile = None,
    alpha: Alpha = None,
    beta: Beta = None,
    decay: Form = "exponential",
    new: New = None,
    new_cost: NewCost = None,
    costs: Annotated[str, typer.Option(help="Cost per m²: present (turnover today), given, or pounds.")] = "present",
    unit: Unit = "minutes",
    crs: Crs = "EPSG:4326",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Which centres grow, shrink or die in the long run (Harris and Wilson 1978), with and without a new one."""
    from folkmoot.engines.retail import equilibrium as settle

    given = source(town, areas, centres, cost, flows, unit=unit, crs=crs)
    market = given.market()
    law = calibration(market, fit_file, alpha, beta, decay)
    proposed = new_centre(new, given, market, new_cost) if new else None
    try:
        paid: str | float = costs if costs in ("present", "given") else float(costs)
    except ValueError:
        raise ValueError(f"--costs {costs} is not understood; say present, given, or a number of pounds.") from None
    found = settle(market, law, proposed, costs=paid, seed=seed)  # type: ignore[arg-type]
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, allow_nan=False))
        return
    _show_rest(found)


def _span(interval: Interval, form: str = ",.0f", factor: float = 1.0) -> str:
    low, high = format(factor * interval.low, form), format(factor * interval.high, form)
    return f"{format(factor * interval.value, form)} ({low} to {high})"


def _show(found: Prediction) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    say(found.statements, found.set_aside)
    kind = f"{found.level:.0%} intervals" if found.status == "calibrated" else "ranges over what was assumed"
    table = Table(title=f"{found.status.capitalize()} forecast, a year; {kind} in brackets")
    changed = any(one.change is not None for one in found.centres)
    columns = [
        "centre",
        "m²",
        "turnover, £ m",
        "£ a m²",
        "visitors",
        *(["change, £ m", "change, %"] if changed else []),
    ]
    for column in columns:
        table.add_column(column, justify="left" if column == "centre" else "right")
    for c in found.centres:
        row = [
            f"[bold]{c.name}[/bold]" if c.is_new else c.name, f"{c.floor_space_m2:,.0f}",
            _span(c.turnover, ".2f", 1e-6), f"{c.turnover_per_m2:,.0f}", _span(c.visitors),
        ]  # fmt: skip
        if changed:
            row += (
                [_span(c.change, "+.2f", 1e-6), _span(c.change_percent, "+.1f")]
                if c.change and c.change_percent
                else ["new", ""]
            )
        table.add_row(*row)
    console.print(table)
    console.print(
        f"Spent elsewhere: £ {_span(found.elsewhere, ',.2f', 1e-6)} million; by areas that reach no centre: "
        f"£ {found.unserved / 1e6:,.2f} million."
    )
    if found.visitors is not None:
        _show_visitors(found)
    if found.access:
        access = Table(title=f"Access, {found.unit} a trip")
        for column in ("group", "people", "mean before", "mean after", "nearest before", "nearest after", "worth"):
            access.add_column(column, justify="left" if column == "group" else "right")
        for a in found.access:
            access.add_row(
                a.group, f"{a.population:,.0f}", f"{a.mean_cost_before:.2f}", _span(a.mean_cost, ".2f"),
                f"{a.nearest_before:.2f}", f"{a.nearest:.2f}", _span(a.benefit, ".2f") if a.benefit else "–",
            )  # fmt: skip
        access.caption = "Worth: the fall in the cost of every trip that people would find as good as the wider choice."
        console.print(access)


def _show_visitors(found: Prediction) -> None:
    from rich.console import Console
    from rich.table import Table

    who = found.visitors
    assert who is not None
    table = Table(title=f"Visitors of {who.name}: {_span(who.visitors)} residents")
    for column in ("", "group", "share, %", "of everybody, %", "index"):
        table.add_column(column, justify="right" if column in ("share, %", "of everybody, %", "index") else "left")
    before = ""
    for g in who.mix:
        label = {"imd_decile": "IMD decile (1 most deprived)"}.get(g.kind, g.kind)
        table.add_row(
            label if g.kind != before else "", g.group, _span(g.share, ".1f", 100.0), f"{100 * g.of_everybody:.1f}",
            f"{g.index:.0f}",
        )  # fmt: skip
        before = g.kind
    console = Console()
    console.print(table)
    half, most = len(who.areas_within(0.5)), len(who.areas_within(0.8))
    console.print(f"Half of them come from {half} areas, 80 % from {most}, all from {len(who.catchment)}.")


def _show_rest(found: Equilibrium) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    say(found.statements)
    added = any(one.is_new for one in found.centres)
    table = Table(title=f"{found.status.capitalize()} balance, α = {found.alpha:.3f}: floor space in m²")
    columns = ["centre", "now", *(["without the new one", "with it"] if added else ["in the long run"])]
    for column in (*columns, "change, %", "", "survives in"):
        table.add_column(column, justify="left" if column in ("centre", "") else "right")
    for c in found.centres:
        size = f"{c.with_m2:,.0f} ({c.with_low_m2:,.0f} to {c.with_high_m2:,.0f})"
        sizes = [f"{c.without_m2:,.0f}", size] if added else [size]
        change = "" if c.is_new else f"{c.change_percent:+.1f}"
        table.add_row(c.name, f"{c.now_m2:,.0f}", *sizes, change, c.verdict, f"{c.survives_in:.0%}")
    table.caption = "In brackets, and “survives in”: over the laws that the calibration or the assumption allows."
    console.print(table)
    said = "reached" if found.converged else "NOT reached"
    console.print(
        f"Balance {said} in {found.steps:,} steps; {found.residual:.1e} of all spending is out of balance. "
        f"{'One balance only.' if found.unique else f'{found.ends} balances from {found.starts} starts.'}"
    )


def _write(found: Prediction, out: Path) -> None:
    from folkmoot.store import write_csv

    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"“{out}” is a file; name a folder for the results.", param_hint="--out")
    out.mkdir(parents=True, exist_ok=True)

    def three(interval: Interval | None) -> list[object]:
        return ["", "", ""] if interval is None else [interval.value, interval.low, interval.high]

    spans = [
        f"{name}{end}" for name in ("turnover", "visitors", "change", "change_percent") for end in ("", "_low", "_high")
    ]
    write_csv(
        out / "centres.csv",
        ["status", "code", "name", "centre_class", "floor_space_m2", "is_new", *spans],
        [
            [
                found.status, c.code, c.name, c.centre_class, c.floor_space_m2, c.is_new,
                *three(c.turnover), *three(c.visitors), *three(c.change), *three(c.change_percent),
            ]
            for c in found.centres
        ],
    )  # fmt: skip
    who = found.visitors
    write_csv(
        out / "visitors.csv",
        ["status", "kind", "group", "share", "share_low", "share_high", "of_everybody", "index"],
        [[found.status, g.kind, g.group, *three(g.share), g.of_everybody, g.index] for g in (who.mix if who else ())],
    )
    write_csv(
        out / "catchment.csv",
        [
            "status",
            "code",
            "name",
            "visitors",
            "probability",
            "probability_low",
            "probability_high",
            "cumulative",
            "band",
        ],
        [
            [found.status, a.code, a.name, a.visitors, *three(a.probability), a.cumulative, a.band]
            for a in (who.catchment if who else ())
        ],
    )
