"""`folkmoot estate plan`: the frontier, a schedule within the limits, and its value, in files and on the screen."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.estate_source import Given, from_eric, from_town, proper
from folkmoot.cli.sentences import in_sentences
from folkmoot.cli.siting_watch import Watch

if TYPE_CHECKING:
    from folkmoot.engines.estate import Appraisal, Frontier, Plan, Programme, Ratios

NEAR = 0.0005
"""A plan may end within one part in two thousand of its bound: it is then called feasible, with that gap."""


@dataclass(frozen=True)
class Result:
    """All that was found. `plan` is within the limits, or, where none can be, the best with the fewest sites there are."""

    given: Given
    programme: Programme
    asked: Plan
    plan: Plan
    instead: str
    frontier: Frontier
    appraisal: Appraisal | None
    before: Ratios
    after: Ratios
    seconds: float


@in_sentences
def plan(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for plan.json, plan.csv, cashflow.csv, frontier.csv, report.html.")
    ],
    sites: Annotated[Path | None, typer.Option("--sites", help="ERIC site file, 2014-15 or 2016-17.")] = None,
    org: Annotated[str | None, typer.Option(help="Organisation code, such as RCB.")] = None,
    trusts: Annotated[Path | None, typer.Option(help="ERIC trust file; else the one beside the site file.")] = None,
    max_sites: Annotated[
        int | None, typer.Option(help="At most so many sites at the end; 69 is fewer than 70.")
    ] = None,
    inputs: Annotated[Path | None, typer.Option(help="plan.toml; `folkmoot estate template` writes one.")] = None,
    travel: Annotated[Path | None, typer.Option(help="CSV of area, population, imd_decile, site, minutes.")] = None,
    town: Annotated[Path | None, typer.Option(help="Folder of a synthetic town, instead of ERIC.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds; then the best known, with its bound.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Which sites to close or open, in which year, at what cost, and how close to the best that is."""
    if (town is None) == (sites is None):
        raise ValueError("Give either --sites with --org, or --town.")
    if sites is not None and org is None:
        raise ValueError("Give --org, the code of the organisation; `folkmoot estate sites` lists them.")
    if out.exists() and not out.is_dir():
        raise ValueError(f"“{out}” is a file; name a folder for the results.")
    given = (
        from_town(town, inputs, max_sites) if town else from_eric(sites, org or "", trusts, inputs, travel, max_sites)
    )  # type: ignore[arg-type]
    with Watch(seconds=time_limit, quiet=as_json) as watch:
        found = work_out(given, watch)
    out.mkdir(parents=True, exist_ok=True)
    result = summary(found)
    _write(found, result, out)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, allow_nan=False))
        return
    _show(found, out)


def work_out(given: Given, watch: Watch) -> Result:
    """Frontier, schedule, value and ratios. Where the limit cannot be met, the schedule with the fewest sites instead."""
    from folkmoot.engines.estate import appraise, frontier, ratios
    from folkmoot.engines.estate import plan as schedule

    programme = given.programme
    watch.tell("Planning", None, 0.0)
    asked = schedule(
        programme, should_stop=watch.stop, near=NEAR, progress=lambda v, b: watch.tell("Planning (£ thousand)", v, b)
    )
    watch.tell("Drawing the frontier", None, 0.0)
    curve = frontier(
        programme, should_stop=watch.stop, progress=lambda n, of: watch.tell(f"Frontier, {n} of {of} sizes", None, 0.0)
    )
    best, instead, used = asked, "", programme
    if asked.status == "infeasible" and curve.fewest is not None and programme.max_sites is not None:
        for size in range(curve.fewest, programme.open_today + 1):
            used = replace(programme, max_sites=size)
            best = schedule(used, should_stop=watch.stop, near=NEAR)
            if best.objective is not None:
                instead = (
                    f"At most {programme.max_sites} sites cannot be reached with what is known. The plan shown reaches "
                    f"{best.sites_after}, the fewest that can be scheduled."
                )
                break
            if best.status == "unknown":
                break
    value = appraise(best, used) if best.objective is not None else None
    chosen = best if best.objective is not None else None
    return Result(
        given,
        programme,
        asked,
        best,
        instead,
        curve,
        value,
        ratios(programme),
        ratios(programme, chosen),
        watch.seconds,
    )


def summary(found: Result) -> dict[str, Any]:
    """Everything as one JSON object; money in pence under `pence`."""
    plan, value = found.plan, found.appraisal
    return {
        "name": found.given.name,
        "status": found.asked.status,
        "objective": found.asked.objective,
        "bound": found.asked.bound,
        "gap": found.asked.gap,
        "max_sites": found.programme.max_sites,
        "sites_today": found.asked.sites_today,
        "instead": found.instead,
        "breaches": [asdict(one) for one in found.asked.breaches],
        "assumptions": [asdict(one) for one in found.programme.settings.assumptions],
        "statements": list(found.programme.statements),
        "plan": {k: v for k, v in asdict(plan).items() if k not in ("lines", "breaches", "statements")},
        "frontier": asdict(found.frontier),
        "value": None if value is None else {k: v for k, v in asdict(value).items() if k != "lines"},
        "cashflow": [asdict(line) for line in plan.lines],
        "ratios": {"before": asdict(found.before), "after": asdict(found.after)},
        "site_count": asdict(found.given.count) if found.given.count else None,
        "seconds": found.seconds,
    }


def _write(found: Result, result: dict[str, Any], out: Path) -> None:
    from folkmoot.cli.estate_report import write_report
    from folkmoot.store import write_csv

    text = json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1)
    (out / "plan.json").write_text(text + "\n", encoding="utf-8")
    write_csv(
        out / "plan.csv",
        ["order", "year", "action", "site", "name", "service", "moves_to", "m2"],
        [
            [s.order, s.calendar_year, s.action, s.site, s.name, m.service if m else "", m.taker if m else "",
             f"{m.m2:.1f}" if m else ""]
            for s in found.plan.steps
            for m in (s.moves or (None,))
        ],
    )  # fmt: skip
    start = found.programme.start_year
    write_csv(
        out / "cashflow.csv",
        ["site", "item", "class", "first_year", "last_year", "pounds_a_year", "pounds", "file", "row", "column",
         "assumptions", "formula"],
        [
            [c.site, c.item, c.kind, start + c.first, start + c.last, c.amount.pounds, c.total.pounds,
             c.sources[0].file, c.sources[0].row, c.sources[0].column, " ".join(c.assumptions), c.formula]
            for c in found.plan.lines
        ],
    )  # fmt: skip
    write_csv(
        out / "frontier.csv",
        ["sites", "present_value_cost", "bound", "gap", "status", "cheapest_with_at_most", "mean_minutes", "worst_minutes",
         "wanted", "closed", "opened"],
        [
            [p.sites, *("" if v is None else f"{v:.2f}" for v in (p.cost, p.bound)), "" if p.gap is None else f"{p.gap:.6f}",
             p.status, *("" if v is None else f"{v:.2f}" for v in (p.at_most, p.mean_minutes, p.worst_minutes)), p.wanted,
             " ".join(p.closed), " ".join(p.opened)]
            for p in found.frontier.points
        ],
    )  # fmt: skip
    write_report(out / "report.html", found)


def _show(found: Result, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from folkmoot.cli.estate_report import pounds

    console = Console()
    for said in found.programme.statements:
        console.print(f"• {said}", highlight=False, markup=False)
    assumed = sum(not one.given for one in found.programme.settings.assumptions)
    console.print(f"• {assumed} figures are defaults of ours, not this trust's; report.html lists them first.")
    if found.asked.breaches:
        console.print(f"\n[bold]{found.instead or 'The limits cannot all be met.'}[/bold] It would take one of these:")
        for breach in found.asked.breaches:
            console.print(f"  {breach.sentence} ({breach.way})", highlight=False)
    plan = found.plan
    if plan.objective is None:
        console.print(f"No plan: {plan.status}.")
    else:
        table = Table(title=f"{found.given.name}: {plan.sites_today} sites today, {plan.sites_after} after")
        for column in ("year", "action", "site", "name", "its work goes to"):
            table.add_column(column)
        for s in plan.steps:
            goes = "; ".join(f"{m.service} {m.m2:,.0f} m² → {m.taker}" for m in s.moves)
            table.add_row(str(s.calendar_year), s.action, s.site, proper(s.name), goes)
        console.print(table)
        gap = "unknown" if plan.gap is None else f"{plan.gap:.2%}"
        console.print(
            f"{plan.status.capitalize()}: net present value {pounds(-plan.objective)}, gap {gap} ({plan.proof})."
        )
    if found.appraisal and found.appraisal.bcr is not None:
        console.print(f"Benefit–cost ratio {found.appraisal.bcr:.2f}.")
    console.print(
        f"Written to {out}: report.html, plan.json, plan.csv, cashflow.csv, frontier.csv ({found.seconds:.1f} s)"
    )
