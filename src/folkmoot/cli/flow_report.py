"""report.html of an analysis: one page that stands alone, charts each with their table, for a meeting at nine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from folkmoot.foundation import charts

if TYPE_CHECKING:
    from folkmoot.engines.flow.calibrate import Calibration
    from folkmoot.engines.flow.evidence import LogConstraint, Stays, Wait, Waits
    from folkmoot.engines.flow.logs import LogRead

MOST = 8
ROLES = ("case", "activity", "timestamp", "start", "resource", "lifecycle", "instance")


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
    sections = [_in_short(read, found, constraint), _waiting(waited, constraint, calibration), _stays(found)]
    if calibration:
        sections.append(_arrivals(calibration))
    sections.append(_log(read))
    page = charts.standalone_page(
        f"Patient flow in {name}", lede, sections, made=f"Made from {name} by folkmoot flow analyse."
    )
    head, body = page.split("<body", 1)
    body = body.replace(" %", "\u00a0%")  # a number keeps its sign
    path.write_text(f"{head}<body{body}", encoding="utf-8")


def _in_short(read: LogRead, found: Stays, constraint: LogConstraint | None) -> charts.Section:
    figures = [
        ("Cases", f"{read.log.cases:,}"),
        ("Events", f"{len(read.log):,}"),
        ("Rows set aside", f"{len(read.rejected):,}"),
    ]
    if len(found.hours):
        scale, unit = _scale(found)
        figures.append(("Mean stay", f"{found.summary()['mean_hours'] / scale:.1f} {unit}"))
    if constraint:
        figures.append((f"of resamples put {constraint.name} first", f"{100 * constraint.confidence:.0f} %"))
    return charts.Section("In short", key_figures=figures)


def _scale(found: Stays) -> tuple[float, str]:
    return (24.0, "days") if found.summary()["median_hours"] > 72 else (1.0, "hours")


def _waiting(waited: Waits, constraint: LogConstraint | None, calibration: Calibration | None) -> charts.Section:
    name = constraint.name if constraint else ""
    upper = "" if waited.separable else " (upper figure)"
    verb = "Hours waited" if waited.separable else "Hours passed before events"
    paragraphs = list(waited.statements)
    if calibration and calibration.delays:
        paragraphs.append(calibration.delays)
    paragraphs += [
        f"Of the {w.wait_hours:,.0f} hours before {w.name}, {w.wait_hours_open:,.0f} fell into hours of the week in which "
        f"{w.name} is seen at work; the rest is nights and days off."
        for w in waited.resources
        if w.name == name and w.wait_hours_open is not None and w.wait_hours_open < 0.98 * w.wait_hours
    ]
    drawn = [_queueing(waited.resources, name)] if any(w.queue_hours for w in waited.resources) else []
    drawn += [
        charts.pareto(
            f"{verb}, by {what}{upper}",
            _bars(rows, name),
            unit="hours",
            decimals=0,
            label_heading=what.capitalize(),
            summary=_summary(rows),
        )
        for what, rows in (("resource", waited.resources), ("activity", waited.activities))
    ]
    head = ["Events", "Hours waited"] if waited.separable else ["Events", "Hours, lower", "Hours, upper"]
    shown = [w for w in waited.resources if w.wait_hours > 0][:MOST]
    with_open = any(w.wait_hours_open is not None and w.wait_hours_open < 0.98 * w.wait_hours for w in shown)
    with_queue = ["Of these, queueing"] if any(w.queue_hours is not None for w in shown) else []
    table = charts.table(
        f"{verb}, by resource",
        ("Resource", *head, *(["Of these, open"] if with_open else []), *with_queue, "Share"),
        [_row(w, waited.separable, with_open) for w in shown],
    )
    return charts.Section("What holds patients up", paragraphs, drawn, [table])


def _queueing(rows: Sequence[Wait], stressed: str) -> charts.Chart:
    queued = sorted((w for w in rows if w.queue_hours), key=lambda w: -(w.queue_hours or 0.0))[:MOST]
    bars = [charts.Bar(w.name, w.queue_hours or 0.0, stressed=w.name == stressed) for w in queued]
    return charts.pareto(
        "Hours queued while nobody was free, by resource", bars, unit="hours", decimals=0, label_heading="Resource"
    )


def _bars(rows: Sequence[Wait], stressed: str) -> list[charts.Bar]:
    waited = [w for w in rows if w.wait_hours > 0]
    bars = [charts.Bar(w.name, w.wait_hours, stressed=w.name == stressed) for w in waited[:MOST]]
    if rest := waited[MOST:]:
        bars.append(charts.Bar(f"{len(rest)} others", sum(w.wait_hours for w in rest)))
    return bars


def _summary(rows: Sequence[Wait]) -> str:
    shares = [w.share for w in rows if w.wait_hours > 0]
    if not shares:
        return "Nobody is seen to wait."
    enough = next((k for k in range(1, len(shares)) if sum(shares[:k]) >= 0.8), len(shares))
    alone = f"{rows[0].name} alone holds {100 * shares[0]:.0f} %"
    return (
        f"{alone}."
        if enough == 1
        else f"{alone}; the first {enough} of {len(shares)} hold {100 * sum(shares[:enough]):.0f} %."
    )


def _row(w: Wait, separable: bool, with_open: bool) -> tuple[str, ...]:
    hours = [f"{w.wait_hours:,.0f}"] if separable else [f"{w.wait_hours_low:,.0f}", f"{w.wait_hours:,.0f}"]
    opened = [f"{w.wait_hours_open or 0.0:,.0f}"] if with_open else []
    queued = [] if w.queue_hours is None else [f"{w.queue_hours:,.0f}"]
    return (w.name, f"{w.events:,}", *hours, *opened, *queued, f"{100 * w.share:.1f} %")


def _stays(found: Stays) -> charts.Section:
    s = found.summary()
    left_out = (
        (found.open_cases, "still open"), (found.never_admitted, "never admitted"),
        (found.backwards, "that ended before they began"),
    )  # fmt: skip
    paragraphs = [found.statement]
    if any(count for count, _ in left_out):
        paragraphs.append("Left out: " + ", ".join(f"{count:,} cases {why}" for count, why in left_out if count) + ".")
    if not s["count"]:
        return charts.Section("How long patients stay", [*paragraphs, "No stay has both begun and ended."])
    scale, unit = _scale(found)
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
    return charts.Section(
        "How patients come, and what was learned",
        [s for s in calibration.statements if s not in (calibration.delays, calibration.found.statement)],
        drawn,
        [table],
    )


def _fit(distance: float) -> str:
    if distance != distance:
        return "too few"
    return f"{'fits' if distance <= 0.1 else 'does not fit'} ({distance:.2f})"


def _log(read: LogRead) -> charts.Section:
    used = [(role, column) for role in ROLES if (column := getattr(read.mapping, role))]
    tables = [charts.table("Which column is what", ("Role", "Column"), used, numeric_from=9)]
    rows = [(reason, f"{count:,}") for reason, count in read.rejected.counts()]
    if rows:
        tables.append(charts.table("Rows set aside, all in rejected.csv", ("Reason", "Rows"), rows))
    paragraphs = [
        f"{read.rows:,} rows were read: {len(read.log):,} became events of {read.log.cases:,} cases, {read.paired:,} were "
        f"starts joined to their completions, {len(read.rejected):,} were set aside with their reason.",
        " ".join(said for said in read.statements if "was taken for" not in said),
    ]
    return charts.Section("The log and how it was read", paragraphs, tables=tables)
