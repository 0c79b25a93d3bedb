"""`folkmoot siting alternatives`: plans nearly as good as the best that differ from it, each with its reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import siting_source as given
from folkmoot.cli.sentences import in_sentences
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.siting.alternatives import Alternatives


@in_sentences
def alternatives(
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
    count: Annotated[int, typer.Option(help="How many alternatives.", min=1)] = 3,
    within: Annotated[float, typer.Option(help="How much worse than the best, as a share.", min=0)] = 0.02,
    time_limit: Annotated[float | None, typer.Option(help="Seconds for all of it.", min=0)] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plans.")] = 0,
    as_json: given.AsJson = False,
) -> None:
    """The best plan, and plans within a share of it that differ most: what is exchanged, who gains, who loses."""
    from folkmoot.engines.siting.alternatives import alternatives as others
    from folkmoot.engines.siting.solve import solve

    with Watch(seconds=time_limit, quiet=as_json) as watch:
        found = given.source(
            orlib=orlib, tsplib=tsplib, demand=demand, sites=sites, cost=cost, objective=objective, p=p,
            radius=radius, max_cost=max_cost, must_open=must_open, must_close=must_close,
            equity_slack=equity_slack, suppressed=suppressed,
        )  # fmt: skip
        best = solve(found.problem, should_stop=watch.stop, progress=watch.tell, seed=seed)
        if best.value is None:
            raise ValueError("There is no plan. " + " ".join(best.explanation))
        made = others(found.problem, best, count=count, within=within, seed=seed, should_stop=watch.stop)
        seconds = watch.seconds
    if as_json:
        typer.echo(json.dumps(summary(made, seconds, list(found.statements)), ensure_ascii=False))
        return
    for sentence in (*found.statements, *made.statements):
        typer.echo(f"• {sentence}")
    typer.echo(f"Best ({best.status}): {best.value:,.10g}, gap {best.gap:.3%}. Open: {', '.join(best.open)}")
    for number, each in enumerate(made.plans, start=1):
        proof = "; proved that no plan differs more" if each.proved else ""
        typer.echo(f"\n{number}. Differs in {each.distance} sites{proof}. {each.reason}")
        typer.echo(f"   Open: {', '.join(each.plan.open)}")


def summary(made: Alternatives, seconds: float, statements: list[str]) -> dict[str, Any]:
    """The alternatives as one JSON object."""
    return {
        "status": str(made.best.status),
        "objective": made.best.value,
        "bound": made.best.bound,
        "gap": made.best.gap,
        "open": list(made.best.open),
        "alternatives": [
            {
                "objective": each.plan.value,
                "extra": each.extra,
                "distance": each.distance,
                "proved": each.proved,
                "opened": list(each.opened),
                "closed": list(each.closed),
                "open": list(each.plan.open),
                "gained": each.travel.everybody.gained,
                "lost": each.travel.everybody.lost,
                "reason": each.reason,
            }
            for each in made.plans
        ],
        "statements": [*statements, *made.statements],
        "seconds": round(seconds, 3),
    }
