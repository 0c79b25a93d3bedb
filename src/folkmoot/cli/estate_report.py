"""report.html of an estate plan: assumptions first, then the plan, the frontier, the value and its trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from folkmoot.cli.estate_source import proper
from folkmoot.foundation import charts

if TYPE_CHECKING:
    from folkmoot.cli.estate_plan import Result
    from folkmoot.engines.estate import Ratios

MOST_LINES = 60
LOUD = ("ACCESS", "TENURE")


def write_report(path: Path, found: Result) -> None:
    """Write the report."""
    sections = [_short(found), _assumed(found)]
    sections += [_limits(found)] if found.asked.breaches else []
    sections += [_plan(found)] if found.plan.objective is not None else []
    sections += [_frontier(found)] if found.frontier.points else []
    sections += [_value(found), _ratios(found)] if found.appraisal else []
    sections.append(_read(found))
    page = charts.standalone_page(
        f"The estate of {found.given.name}", _lede(found), sections, made="Made by folkmoot estate plan."
    )
    path.write_text(page, encoding="utf-8")


def pounds(value: float) -> str:
    """Pounds as a report says them: millions to two places, less to the pound."""
    sign = "−" if value < 0 else ""
    return f"{sign}£{abs(value) / 1e6:,.2f} m" if abs(value) >= 1e6 else f"{sign}£{abs(value):,.0f}"


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.1f}\u00a0%"


def _lede(found: Result) -> str:
    plan = found.plan
    if plan.objective is None:
        return f"No plan was found within the limits ({plan.status})."
    if not plan.steps:
        return f"{found.instead} Nothing closes: no named site is known to have room elsewhere for its work.".strip()
    closing = f"{len(plan.closed)} {'site closes' if len(plan.closed) == 1 else 'sites close'}"
    opening = f" and {len(plan.opened)} open{'s' if len(plan.opened) == 1 else ''}" if plan.opened else ""
    return f"{found.instead} {closing}{opening}: {plan.sites_today} sites become {plan.sites_after}.".strip()


def _short(found: Result) -> charts.Section:
    plan, value = found.plan, found.appraisal
    figures = [("Sites today", f"{plan.sites_today}")]
    if plan.sites_after is not None:
        figures.append(("Sites after", f"{plan.sites_after}"))
    if found.frontier.fewest is not None:
        figures.append(("Fewest possible", f"{found.frontier.fewest}"))
    if value:
        figures.append(("Net present value", pounds(value.npv)))
    if value and value.bcr is not None:
        figures.append(("Benefit–cost ratio", f"{value.bcr:.2f}"))
    gap = "unknown" if plan.gap is None else f"{100 * plan.gap:.2f}\u00a0%"
    loud = [said for said in found.programme.statements if said.startswith(LOUD)]
    proof = (
        f"Within the limits and the assumptions no plan has a better net present value than this by more than {gap} "
        f"(status: {plan.status}; {plan.proof})."
        if plan.objective is not None
        else f"Status: {plan.status}."
    )
    return charts.Section("In short", [proof, *loud], key_figures=figures)


def _assumed(found: Result) -> charts.Section:
    settings = found.programme.settings.assumptions
    rows = [
        (_words(one.name), _figure(one.value, one.unit), f"{one.low:g} to {one.high:g}", "stated" if one.given else "assumed",
         one.why, one.source)
        for one in sorted(settings, key=lambda one: one.given)
    ]  # fmt: skip
    defaults = sum(not one.given for one in settings)
    return charts.Section(
        "What is assumed",
        [f"{defaults} of {len(settings)} figures are planning defaults, not of this trust. State them in plan.toml."],
        tables=[
            charts.table(
                "Figures not in the data",
                ("Figure", "Value", "Range", "Standing", "What it is", "Source"),
                rows,
                numeric_from=9,
            )
        ],
    )


def _figure(value: float, unit: str) -> str:
    if unit == "1 or 0":
        return "yes" if value else "no"
    if unit.startswith("£"):
        return f"£{value:,.0f}{unit[1:]}"
    return f"{value:g}" if unit == "share" else f"{value:g} {unit}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(" m2", " m²").capitalize()


def _limits(found: Result) -> charts.Section:
    rows = [(breach.sentence, breach.way) for breach in found.asked.breaches]
    named = len([site for site in found.programme.sites if site.is_open])
    others = found.programme.others
    return charts.Section(
        "Why the limit cannot be met",
        [
            "Each way below would be enough; the amounts are the least that would do.",
            f"Only {named} of {named + others} sites are places in the data. The other {others} have no row of their own and "
            "are never closed as if they were one place: naming them in plan.toml is what opens the way further down.",
        ],
        tables=[charts.table("What would have to give way", ("Limit", "Way"), rows, numeric_from=9)],
    )


def _plan(found: Result) -> charts.Section:
    names = {site.code: proper(site.name) for site in found.programme.sites}
    rows = [
        (str(s.calendar_year), s.action.capitalize(), f"{s.site} {names[s.site]}",
         "; ".join(f"{m.service}, {m.m2:,.0f} m², to {names[m.taker]}" for m in s.moves) or "–")
        for s in found.plan.steps
    ]  # fmt: skip
    paragraphs = [
        "In the order in which it can be done: a site closes once its work has moved to a site that stays open."
    ]
    if found.plan.checked:
        paragraphs.append("Checked by separate code: " + "; ".join(found.plan.checked) + ".")
    tables = (
        [charts.table("Year by year", ("Year", "Step", "Site", "Its work goes to"), rows, numeric_from=9)]
        if rows
        else []
    )
    return charts.Section("The plan", paragraphs, tables=tables)


def _frontier(found: Result) -> charts.Section:
    points = [p for p in found.frontier.points if p.cost is not None]
    wanted = found.frontier.at(found.programme.max_sites) if found.programme.max_sites else None
    series = [charts.Series("Cheapest estate", [(float(p.sites), -(p.cost or 0.0) / 1e6) for p in points])]
    if wanted is not None and wanted.cost is not None:
        label = f"Fewer than {wanted.sites + 1}"
        series.append(charts.Series(label, [(float(wanted.sites), -wanted.cost / 1e6)]))
    best = min(points, key=lambda p: p.cost or 0.0)
    chart = charts.line_chart(
        "Net present value by number of sites",
        series,
        unit="£ m",
        x_label="Sites",
        decimals=2,
        summary=f"The best value is at {best.sites} sites, {pounds(-(best.cost or 0.0))}.",
    )
    timed = any(p.mean_minutes is not None for p in points)
    head = (
        "Sites",
        "Net present value",
        "At most (bound)",
        "Status",
        *(("Mean min", "Worst min") if timed else ()),
        "Closes",
    )
    rows = [
        (f"{p.sites}{' (asked for)' if p.wanted else ''}", "–" if p.cost is None else pounds(-p.cost),
         "–" if p.bound is None else pounds(-p.bound), p.status,
         *((f"{p.mean_minutes:.1f}", f"{p.worst_minutes:.1f}") if timed and p.mean_minutes is not None and p.worst_minutes
           is not None else ("–", "–") if timed else ()),
         f"{len(p.closed)} sites" if len(p.closed) > 6 else ", ".join(p.closed) or "nothing")
        for p in found.frontier.points
    ]  # fmt: skip
    return charts.Section(
        "Sites against cost" + (" and access" if timed else ""),
        list(found.frontier.statements),
        [chart] if len(points) > 1 else [],
        [charts.table("The frontier", head, rows)],
    )


def _value(found: Result) -> charts.Section:
    value = found.appraisal
    assert value is not None
    rows = [
        ("Spent once: capital and moving", pounds(-value.costs)), ("Saved: running costs, backlog", pounds(value.benefits)),
        ("Net present value", pounds(value.npv)), ("Apart: receipts", pounds(value.receipts)),
        ("Apart: transfers and finance costs not counted", pounds(value.transfers)),
    ]  # fmt: skip
    first = [y for y in value.years if y.year < found.programme.years]
    by_year = [
        (
            str(y.calendar_year),
            *(pounds(float(amount.pounds)) for _, amount in y.by_kind),
            f"{y.factor:.4f}",
            pounds(y.present),
        )
        for y in first
    ]
    kinds = [kind.capitalize() for kind, _ in first[0].by_kind]
    trace = [
        (c.site, c.item, c.kind, f"{found.programme.start_year + c.first}–{found.programme.start_year + c.last}",
         str(c.amount), f"{c.sources[0].file}, row {c.sources[0].row}, {c.sources[0].column}",
         ", ".join(c.assumptions) or "–")
        for c in found.plan.lines[:MOST_LINES]
    ]  # fmt: skip
    more = len(found.plan.lines) - len(trace)
    return charts.Section(
        "What it is worth",
        [*value.statements, *(s.sentence for s in value.switching)],
        tables=[
            charts.table("Present value", ("", "£ of today"), rows),
            charts.table(
                "Costs (savings with a minus) in the years of the plan", ("Year", *kinds, "Factor", "Present"), by_year
            ),
            charts.table(
                "Where each pound comes from"
                + (f" (first {len(trace)}; {more} more in cashflow.csv)" if more > 0 else ""),
                ("Site", "Item", "Class", "Years", "A year", "Read from", "Assumed"),
                trace,
                numeric_from=9,
            ),
        ],
    )


def _ratios(found: Result) -> charts.Section:
    def column(r: Ratios) -> list[str]:
        per = "unknown" if r.cost_per_m2 is None else f"£{r.cost_per_m2:,.0f}"
        backlog = [pounds(float(amount.pounds)) for _, amount in r.backlog]
        return [
            f"{r.sites}", f"{r.gia_m2:,.0f}", _share(r.non_clinical_share), _share(r.unused_share),
            pounds(float(r.running_cost.pounds)), per, *backlog,
        ]  # fmt: skip

    names = [
        "Named sites", "Gross internal area, m²", "Non-clinical (mark: at most 35 %)", "Empty or under-used (mark: 2.5 %)",
        "Running cost a year", "Running cost per m²", *(f"Backlog, {risk} risk" for risk, _ in found.before.backlog),
    ]  # fmt: skip
    rows = list(zip(names, column(found.before), column(found.after), strict=True))
    return charts.Section(
        "Carter ratios",
        [
            "Of the named sites. The difference in backlog is released with the sites that close; it is not a saving in cash."
        ],
        tables=[charts.table("Before and after", ("", "Before", "After"), rows)],
    )


def _read(found: Result) -> charts.Section:
    said = [one for one in found.programme.statements if not one.startswith(LOUD)]
    return charts.Section("How the data were read", said)
