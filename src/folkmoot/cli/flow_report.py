"""report.html of an analysis: one page that stands alone, charts each with their table, for a meeting at nine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from folkmoot.foundation import charts

if TYPE_CHECKING:
    from folkmoot.engines.flow.calibrate import Calibration
    from folkmoot.engines.flow.evidence import LogConstraint, Stays, Waits
    from folkmoot.engines.flow.logs import LogRead

MOST = 12


def write_report(
    path: Path,
    name: str,
    read: LogRead,
    found: Stays,
    waited: Waits,
    constraint: LogConstraint | None,
    calibration: Calibration | None,
) -> None:
    """Write the report of the log called `name`."""
    lede = constraint.evidence if constraint else "No patient is seen to wait in this log."
    sections = [_waiting(waited, constraint), _stays(found)]
    if calibration:
        sections.append(_arrivals(calibration))
    sections.append(_log(read, found, waited))
    page = charts.standalone_page(
        f"Patient flow in {name}", lede, sections, made=f"Made from {name} by folkmoot flow analyse."
    )
    path.write_text(page, encoding="utf-8")


def _waiting(waited: Waits, constraint: LogConstraint | None) -> charts.Section:
    top = [w for w in waited.resources if w.wait_hours > 0][:MOST]
    rest = [w for w in waited.resources if w.wait_hours > 0][MOST:]
    unit = "hours"
    title = (
        "Hours waited, by resource" if waited.separable else "Hours passed before events, by resource (upper figure)"
    )
    bars = [charts.Bar(w.name, w.wait_hours, stressed=bool(constraint and w.name == constraint.name)) for w in top]
    if rest:
        bars.append(charts.Bar(f"{len(rest)} others", sum(w.wait_hours for w in rest)))
    drawn = charts.pareto(title, bars, unit=unit, decimals=0, label_heading="Resource")
    paragraphs = list(waited.statements)
    if constraint:
        paragraphs.insert(
            0,
            f"{constraint.name} comes first in {100 * constraint.confidence:.0f} % of resamples of the cases"
            + ("." if waited.separable else ", by the upper and by the lower figure."),
        )
    rows = [
        (w.name, f"{w.events:,}", f"{w.wait_hours_low:,.0f}", f"{w.wait_hours:,.0f}", f"{100 * w.share:.1f} %")
        for w in top
    ]
    by_activity = [
        (w.name, f"{w.events:,}", f"{w.wait_hours_low:,.0f}", f"{w.wait_hours:,.0f}", f"{100 * w.share:.1f} %")
        for w in waited.activities[:MOST]
    ]
    head = ("Events", "Hours, lower", "Hours, upper", "Share")
    return charts.Section(
        "What holds patients up",
        paragraphs,
        [drawn],
        [
            charts.table("Time before events, by resource", ("Resource", *head), rows),
            charts.table(f"The {len(by_activity)} activities with most", ("Activity", *head), by_activity),
        ],
    )


def _stays(found: Stays) -> charts.Section:
    s = found.summary()
    paragraphs = [found.statement]
    if found.open_cases or found.never_admitted or found.backwards:
        paragraphs.append(
            f"Left out: {found.open_cases:,} cases still open, {found.never_admitted:,} never admitted, "
            f"{found.backwards:,} that ended before they began."
        )
    if not s["count"]:
        return charts.Section("Stays", [*paragraphs, "No stay has both begun and ended."])
    days = bool(s["median_hours"] > 72)
    scale, unit = (24.0, "days") if days else (1.0, "hours")
    drawn = charts.histogram(
        "Length of stay",
        (found.hours / scale).tolist(),
        unit=unit,
        upper=float(s["p95_hours"]) / scale * 1.4,
        markers=[("median", s["median_hours"] / scale), ("95 %", s["p95_hours"] / scale)],
    )
    figures = [
        ("Stays", f"{s['count']:,}"),
        ("Mean", f"{s['mean_hours'] / scale:.1f} {unit}"),
        ("Median", f"{s['median_hours'] / scale:.1f} {unit}"),
        ("95 % within", f"{s['p95_hours'] / scale:.1f} {unit}"),
    ]
    return charts.Section("How long patients stay", paragraphs, [drawn], key_figures=figures)


def _arrivals(calibration: Calibration) -> charts.Section:
    rate = calibration.arrivals.rate.reshape(7, 24)
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    by_day = charts.bar_chart(
        "Arrivals by day of the week",
        [charts.Bar(day, float(row.sum())) for day, row in zip(names, rate)],
        unit="patients",
        decimals=1,
        label_heading="Day",
    )
    drawn = [by_day]
    if not calibration.log.day_resolution:
        drawn.append(
            charts.line_chart(
                "Arrivals by hour of the day",
                [
                    charts.Series("Monday to Friday", [(hour, float(rate[:5, hour].mean())) for hour in range(24)]),
                    charts.Series("Weekend", [(hour, float(rate[5:, hour].mean())) for hour in range(24)]),
                ],
                unit="patients an hour",
                x_label="Hour of the day",
            )
        )
    rows = [
        (f.name, f"{f.count:,}", f"{f.median_hours:.2f}", f"{f.mean_hours:.2f}", _fit(f.distance))
        for f in calibration.gaps[:MOST]
    ]
    table = charts.table(
        "Time before the commonest activities",
        ("Activity", "Events", "Median, hours", "Mean, hours", "Lognormal"),
        rows,
    )
    return charts.Section("How patients come, and what was learned", list(calibration.statements[2:]), drawn, [table])


def _fit(distance: float) -> str:
    if distance != distance:
        return "too few"
    return f"{'fits' if distance <= 0.1 else 'does not fit'} ({distance:.2f})"


def _log(read: LogRead, found: Stays, waited: Waits) -> charts.Section:
    rows = [(reason, f"{count:,}") for reason, count in read.rejected.counts()]
    tables = [charts.table("Rows set aside", ("Reason", "Rows"), rows)] if rows else []
    paragraphs = [
        f"{read.rows:,} rows were read: {len(read.log):,} became events of {read.log.cases:,} cases, {read.paired:,} were "
        f"starts joined to their completions, {len(read.rejected):,} were set aside with their reason.",
        *read.statements,
    ]
    return charts.Section("The log and how it was read", paragraphs, tables=tables)
