"""`folkmoot siting solve`: the plan, its bound and its proof, also when time runs out or Ctrl-C is pressed."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import siting_source as given
from folkmoot.cli.sentences import in_sentences
from folkmoot.cli.siting_watch import Watch
from folkmoot.store.sheets import write_csv

if TYPE_CHECKING:
    from folkmoot.cli.siting_source import Source
    from folkmoot.engines.siting.plan import Plan


@in_sentences
def solve(
    orlib: given.Orlib = None,
    tsplib: given.Tsplib = None,
    demand: given.Demand = None,
    sites: given.Sites = None,
    cost: given.Cost = None,
    objective: given.Goal = "p-median",
    p: given.P = None,
    radius: given.Radius = None,
    max_cost: given.MaxCost = None,
    must_open: given.Keep = None,
    must_close: given.Shut = None,
    equity_slack: given.Slack = None,
    suppressed: given.Suppressed = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds; the plan found by then is given.", min=0)] = None,
    gap: Annotated[float, typer.Option(help="Be content within this share of the best, such as 0.01.", min=0)] = 0.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write the plan with its certificate.")] = None,
    as_json: given.AsJson = False,
) -> None:
    """Choose the sites to open. The plan has a lower bound and a gap, and never says optimal without a proof."""
    from folkmoot.engines.siting.record import record_of
    from folkmoot.engines.siting.solve import solve as best

    with Watch(seconds=time_limit, quiet=as_json) as watch:
        found = given.source(
            orlib=orlib, tsplib=tsplib, demand=demand, sites=sites, cost=cost, objective=objective, p=p,
            radius=radius, max_cost=max_cost, must_open=must_open, must_close=must_close,
            equity_slack=equity_slack, suppressed=suppressed,
        )  # fmt: skip
        plan = best(found.problem, gap=gap, should_stop=watch.stop, progress=watch.tell, seed=seed)
        seconds = watch.seconds
    if out is not None:
        out.write_text(json.dumps(record_of(plan, found.problem), ensure_ascii=False), encoding="utf-8")
        if found.set_aside:
            write_csv(aside_of(out), ("table", "line", "code", "reason"), [astuple(row) for row in found.set_aside])
    if as_json:
        typer.echo(json.dumps(summary(plan, found, seconds), ensure_ascii=False))
    else:
        _show(plan, found, seconds, watch.interrupted, out)
    if plan.value is None:
        raise typer.Exit(1)


def aside_of(out: Path) -> Path:
    """Where the rows that are not in the problem lie, beside its plan."""
    return out.with_name(f"{out.stem}.set-aside.csv")


def summary(plan: Plan, found: Source, seconds: float) -> dict[str, Any]:
    """The plan as one JSON object without its assignment."""
    from folkmoot.engines.siting.record import record_of

    whole = record_of(plan)
    names = ("status", "objective", "bound", "gap", "open", "kind", "fingerprint", "work", "explanation")
    return {
        **{name: whole[name] for name in names},
        "seconds": round(seconds, 3),
        "certificate": plan.certificate.kind,
        "set_aside": len(found.set_aside),
        "statements": list(found.statements),
    }


def _show(plan: Plan, found: Source, seconds: float, interrupted: bool, out: Path | None) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for sentence in found.statements:
        console.print(f"• {sentence}", markup=False)
    if interrupted:
        console.print("Stopped by Ctrl-C; this is the plan found so far.")
    problem = found.problem
    console.print(f"{problem.n:,} areas, {problem.m:,} candidate sites, {plan.objective}.")
    if plan.value is None:
        console.print(
            f"[bold]{plan.status}[/bold]: " + ("there is no such plan." if plan.proved_infeasible else "no plan yet.")
        )
    else:
        better = "above" if plan.objective.maximises else "below"
        console.print(
            f"[bold]{plan.status}[/bold]: value {plan.value:,.10g}; no plan can be {better} {plan.bound:,.10g} "
            f"(gap {plan.gap:.3%}); {seconds:.2f} s."
        )
        if plan.objective.maximises and problem.total.sum():
            console.print(f"That is {plan.value / float(problem.total.sum()):.2%} of all demand.")
        console.print(f"Open ({len(plan.open)}): {', '.join(plan.open)}", markup=False)
        proof = "can be replayed by `folkmoot siting verify`" if plan.replayable else "rests on the solver HiGHS"
        console.print(f"The proof of the bound {proof}.")
    for sentence in plan.explanation:
        console.print(f"• {sentence}", markup=False)
    if out is not None:
        aside = f", {aside_of(out)}" if found.set_aside else ""
        console.print(f"Written: {out}{aside}", markup=False)
