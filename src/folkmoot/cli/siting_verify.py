"""`folkmoot siting verify`: recompute the value from the sites and the bound from the certificate; believe neither."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.cli import siting_source as given
from folkmoot.cli.sentences import in_sentences


@in_sentences
def verify(
    plan: Annotated[Path, typer.Argument(help="A plan written by `folkmoot siting solve --out`.")],
    orlib: given.Orlib = None,
    tsplib: given.Tsplib = None,
    demand: given.Demand = None,
    sites: given.Sites = None,
    cost: given.Cost = None,
    objective: Annotated[str | None, typer.Option("--objective", help="As in `solve`; the plan's if left out.")] = None,
    p: given.P = None,
    radius: given.Radius = None,
    max_cost: given.MaxCost = None,
    must_open: given.Keep = None,
    must_close: given.Shut = None,
    equity_slack: given.Slack = None,
    suppressed: given.Suppressed = None,
    as_json: given.AsJson = False,
) -> None:
    """Exit status 0 only if value and bound both hold for the problem given here; 1 if not."""
    from folkmoot.engines.siting.record import plan_of
    from folkmoot.engines.siting.verify import verify as check

    if not plan.exists():
        raise ValueError(f"There is no file “{plan}”.")
    try:
        record = json.loads(plan.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"“{plan}” is not JSON: {error}.") from None
    claimed = plan_of(record)
    found = given.source(
        orlib=orlib, tsplib=tsplib, demand=demand, sites=sites, cost=cost,
        objective=objective or str(claimed.objective), p=p, radius=radius, max_cost=max_cost, must_open=must_open,
        must_close=must_close, equity_slack=equity_slack, suppressed=suppressed,
    )  # fmt: skip
    verdict = check(found.problem, plan_of(record, found.problem))
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "holds": verdict.holds,
                    "value": verdict.value,
                    "bound": verdict.bound if verdict.bound is not None and math.isfinite(verdict.bound) else None,
                    "statements": list(verdict.statements),
                },
                ensure_ascii=False,
            )
        )
    else:
        for sentence in verdict.statements:
            typer.echo(f"• {sentence}")
    raise typer.Exit(0 if verdict.holds else 1)
