"""`folkmoot siting uncertain`: the plan when demand is not known, how often each site is chosen, and what is regretted."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import siting_source as given
from folkmoot.cli.sentences import in_sentences
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.siting.plan import Plan
    from folkmoot.engines.siting.uncertain import Stress


@in_sentences
def uncertain(
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
    plan: Annotated[Path | None, typer.Option("--plan", help="A plan to try; the best one if left out.")] = None,
    count: Annotated[int, typer.Option("--draws", help="How many draws of demand.", min=1)] = 100,
    spread: Annotated[float, typer.Option(help="Coefficient of variation of each area by itself.", min=0)] = 0.2,
    together: Annotated[float, typer.Option(help="Coefficient of variation that all areas share.", min=0)] = 0.0,
    shape: Annotated[str, typer.Option(help="gamma or lognormal.")] = "gamma",
    time_limit: Annotated[float | None, typer.Option(help="Seconds for all of it.", min=0)] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same draws.")] = 0,
    as_json: given.AsJson = False,
) -> None:
    """Solve again under drawn demand: how often each site is in the best plan, and how much this one is regretted."""
    import numpy as np

    from folkmoot.engines.siting.record import plan_of
    from folkmoot.engines.siting.solve import solve
    from folkmoot.engines.siting.uncertain import draws, stress

    with Watch(seconds=time_limit, quiet=as_json) as watch:
        found = given.source(
            orlib=orlib, tsplib=tsplib, demand=demand, sites=sites, cost=cost, objective=objective, p=p,
            radius=radius, max_cost=max_cost, must_open=must_open, must_close=must_close,
            equity_slack=equity_slack, suppressed=suppressed,
        )  # fmt: skip
        if plan is None:
            tried = solve(found.problem, should_stop=watch.stop, progress=watch.tell, seed=seed)
        else:
            tried = plan_of(json.loads(plan.read_text(encoding="utf-8")))
            if tried.fingerprint != found.problem.fingerprint:
                raise ValueError(
                    f"“{plan}” is a plan for another problem: costs, demand or limits are not those given."
                )
        if tried.value is None:
            raise ValueError("There is no plan to try. " + " ".join(tried.explanation))
        rng = np.random.Generator(np.random.Philox(key=seed))
        drawn = draws(found.problem.demand, count, rng, spread=spread, together=together, shape=shape)
        tested = stress(
            found.problem, tried.open, drawn, seed=seed, should_stop=watch.stop,
            progress=lambda done, of: watch.note(f"Solving again with other demand: {done} of {of}"),
        )  # fmt: skip
        seconds = watch.seconds
    if not tested.draws:
        raise ValueError("Not one draw could be solved in the time allowed. Give more --time-limit, or fewer sites.")
    if as_json:
        typer.echo(json.dumps(summary(tried, tested, count, seconds, list(found.statements)), ensure_ascii=False))
        return
    for sentence in found.statements:
        typer.echo(f"• {sentence}")
    typer.echo(
        f"{tested.draws} of {count} draws solved, {tested.proved} of them proved. Regret of this plan: mean "
        f"{tested.mean_regret:.2%}, worst {tested.worst_regret:.2%}."
    )
    kept = set(tried.open)
    for code, share in tested.chosen:
        typer.echo(f"  {share:6.1%}  {code}{'  (in the plan)' if code in kept else ''}")


def summary(tried: Plan, tested: Stress, count: int, seconds: float, statements: list[str]) -> dict[str, Any]:
    """The trial as one JSON object."""
    return {
        "status": str(tried.status), "objective": tried.value, "open": list(tried.open),
        "draws": tested.draws, "asked": count, "proved": tested.proved,
        "chosen": [{"site": code, "share": share} for code, share in tested.chosen],
        "mean_regret": _finite(tested.mean_regret), "worst_regret": _finite(tested.worst_regret),
        "statements": statements, "seconds": round(seconds, 3),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
