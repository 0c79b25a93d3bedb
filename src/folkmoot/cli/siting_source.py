"""Where a siting problem comes from on the command line: OR-Library, TSPLIB, or three tables. One of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from folkmoot.engines.siting.problem import Problem
    from folkmoot.engines.siting.reading.problems import SetAside

Orlib = Annotated[Path | None, typer.Option("--orlib", help="An OR-Library p-median graph, such as pmed1.txt.")]
Tsplib = Annotated[Path | None, typer.Option("--tsplib", help="TSPLIB points; cost is the floor of the distance.")]
Demand = Annotated[Path | None, typer.Option("--demand", help="CSV: area, demand (or demand_SERVICE …), group.")]
Sites = Annotated[
    Path | None, typer.Option("--sites", help="CSV: site, status, opening_cost, capacity, size (a row for each size).")
]
Cost = Annotated[Path | None, typer.Option("--cost", help="Travel: CSV, wide or long, or npz (cost, areas, sites).")]
Goal = Annotated[
    str, typer.Option("--objective", help="p-median, capacitated-p-median, uflp, cflp, lscp, mclp or p-center.")
]
P = Annotated[int | None, typer.Option("--p", help="How many sites to open.")]
Radius = Annotated[float | None, typer.Option("--radius", help="An area counts as covered within this cost.")]
MaxCost = Annotated[float | None, typer.Option("--max-cost", help="Nobody may be further than this.")]
Keep = Annotated[list[str] | None, typer.Option("--must-open", help="A site that must be open; repeat for more.")]
Shut = Annotated[list[str] | None, typer.Option("--must-close", help="A site that must be closed; repeat for more.")]
Slack = Annotated[
    float | None,
    typer.Option("--equity-slack", help="No group's mean may be worse than with the existing sites by more than this."),
]
Suppressed = Annotated[float | None, typer.Option("--suppressed", help="What to count a suppressed small count as.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output and nothing else.")]


@dataclass(frozen=True)
class Source:
    """The problem, what was set aside, what had to be assumed."""

    problem: Problem
    set_aside: tuple[SetAside, ...] = ()
    statements: tuple[str, ...] = ()


def source(
    *,
    orlib: Path | None,
    tsplib: Path | None,
    demand: Path | None,
    sites: Path | None,
    cost: Path | None,
    objective: str,
    p: int | None,
    radius: float | None,
    max_cost: float | None,
    must_open: list[str] | None,
    must_close: list[str] | None,
    equity_slack: float | None,
    suppressed: float | None,
) -> Source:
    """The problem that the options name."""
    from folkmoot.engines.siting import reading

    given = [path for path in (orlib, tsplib, demand) if path is not None]
    if len(given) != 1:
        raise typer.BadParameter("Give one of --orlib FILE, --tsplib FILE, or --demand FILE with --cost FILE.")
    if not given[0].exists():
        raise ValueError(f"There is no file “{given[0]}”.")
    if demand is not None:
        if cost is None:
            raise typer.BadParameter("--demand needs --cost FILE, the travel from areas to sites.")
        read = reading.tables(
            demand, sites, cost, objective=objective, p=p, radius=radius, max_cost=max_cost,
            equity_slack=equity_slack, suppressed=suppressed, must_open=must_open or (), must_close=must_close or (),
        )  # fmt: skip
        return Source(read.problem, read.set_aside, read.statements)
    if sites or cost or equity_slack is not None:
        raise typer.BadParameter("--sites, --cost and --equity-slack go with --demand.")
    limits = {
        "radius": radius,
        "max_cost": max_cost,
        "must_open": frozenset(must_open or ()),
        "must_close": frozenset(must_close or ()),
    }
    if orlib is not None:
        return Source(reading.orlib(orlib, objective=objective, p=p, **limits))
    return Source(reading.tsplib(tsplib, objective=objective, p=p, **limits))
