"""`folkmoot flow analyse` and `calibrate`: what a log shows by itself, and how well it predicts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.flow.calibrate import Calibration
    from folkmoot.engines.flow.evidence import LogConstraint, Stays, Waits
    from folkmoot.engines.flow.logs import LogRead

Text = str | None
Log = Annotated[Path, typer.Argument(help="CSV (also .gz), XES or OCEL 2.0 JSON.")]
Column = "Column of the {}."
BACKWARDS_STAY = "The last discharge of the case comes before its first admission (a negative stay)."
WHOLE_ROW = "row as it stood"


@in_sentences
def analyse(
    log: Log,
    out: Annotated[Path, typer.Option("--out", help="Folder for log.parquet, rejected.csv and report.html.")],
    case: Annotated[Text, typer.Option(help=Column.format("case"))] = None,
    activity: Annotated[Text, typer.Option(help=Column.format("activity"))] = None,
    timestamp: Annotated[Text, typer.Option(help=Column.format("time (of completion)"))] = None,
    start: Annotated[Text, typer.Option(help=Column.format("start, where there is one"))] = None,
    resource: Annotated[Text, typer.Option(help=Column.format("team, person or department"))] = None,
    lifecycle: Annotated[Text, typer.Option(help="Column saying start or complete.")] = None,
    instance: Annotated[Text, typer.Option(help="Column joining a start to its completion.")] = None,
    object_type: Annotated[Text, typer.Option(help="OCEL: the type of object that is a case.")] = None,
    sep: Annotated[Text, typer.Option(help="Separator of columns, such as ';'.")] = None,
    admission: Annotated[Text, typer.Option(help="Activity that begins a stay, such as 'Admission*'.")] = None,
    discharge: Annotated[Text, typer.Option(help="Activity that ends a stay, such as 'Release*'.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of times without an offset.")] = "Europe/London",
    day_first: Annotated[bool | None, typer.Option("--dayfirst/--monthfirst", help="How to read 03/04/2026.")] = None,
    time_format: Annotated[Text, typer.Option(help="Format of times, such as '%d.%m.%Y %H.%M'.")] = None,
    keep: Annotated[Text, typer.Option(help="Further columns to keep as text: 'Age,Ward'.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="All of the above in a TOML file.")] = None,
    seed: Annotated[int, typer.Option(help="For the resamples behind the confidence.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Stays, waiting by team, the likely constraint and what was set aside. Flags win over the TOML file."""
    import numpy as np

    from folkmoot.cli.flow_report import write_report
    from folkmoot.engines.flow.calibrate import calibrate as learn
    from folkmoot.engines.flow.evidence import constraint_of, stays, waits
    from folkmoot.engines.flow.logs import Mapping, read_log
    from folkmoot.store import write_csv, write_events

    given = Mapping(
        case=case, activity=activity, timestamp=timestamp, start=start, resource=resource, lifecycle=lifecycle,
        instance=instance, sep=sep, dayfirst=day_first, admission=admission, discharge=discharge,
        object_type=object_type, time_format=time_format, keep=keep,
    )  # fmt: skip
    wanted = Mapping.from_toml(mapping).with_given(given) if mapping else given
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"“{out}” is a file; name a folder for the results.", param_hint="--out")
    with _steps(as_json) as step:
        step("Reading the log")
        read = read_log(log, wanted, zone=zone)
        step("Measuring stays and waits")
        found = stays(read.log, admission=wanted.admission, discharge=wanted.discharge)
        if found.backwards:
            read = read.without(found.backward_cases, BACKWARDS_STAY)
            found = stays(read.log, admission=found.admission, discharge=found.discharge)
        waited = waits(read.log, found)
        constraint = constraint_of(waited, np.random.Generator(np.random.Philox(key=seed)))
        step("Writing the results")
        out.mkdir(parents=True, exist_ok=True)
        about = {"zone": read.log.zone, "day_resolution": read.log.day_resolution, "source": log.name}
        write_events(read.log.table, out / "log.parquet", about=about)
        write_csv(out / "rejected.csv", *_rejected(read))
        calibration = learn(read.log, found) if len(found.hours) else None
        write_report(out / "report.html", log.name, read, found, waited, constraint, calibration)
    result = summary(read, found, waited, constraint, calibration)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    _show(result, out)


def summary(
    read: LogRead, found: Stays, waited: Waits, constraint: LogConstraint | None, calibration: Calibration | None
) -> dict[str, Any]:
    """The analysis as one JSON object."""
    rejected = [{"reason": reason, "count": count} for reason, count in read.rejected.counts()]
    learned = calibration.statements if calibration else (found.statement,)
    used = {name: value for name, value in asdict(read.mapping).items() if value is not None}
    used |= {"admission": found.admission, "discharge": found.discharge}
    return {
        "cases": read.log.cases,
        "events": len(read.log),
        "rows": read.rows,
        "paired": read.paired,
        "rejected": rejected,
        "stays": {
            **found.summary(),
            "open_cases": found.open_cases,
            "never_admitted": found.never_admitted,
            "definition": found.statement,
        },
        "separable": waited.separable,
        "resources": [asdict(w) for w in waited.resources],
        "constraint": asdict(constraint) if constraint else None,
        "mapping": used,
        "statements": list(dict.fromkeys([*read.statements, *waited.statements, *learned])),
    }


def _rejected(read: LogRead) -> tuple[list[str], list[list[object]]]:
    """The rows set aside as a table: number, reason, and every column that any of them fills."""
    table = read.rejected.table.to_pydict()
    fields = [{name or WHOLE_ROW: cell for name, cell in json.loads(text).items()} for text in table["fields"]]
    columns = list(dict.fromkeys(name for row in fields for name in row))
    rows = [
        [number, reason, *(row.get(name, "") for name in columns)]
        for number, reason, row in zip(table["row"], table["reason"], fields)
    ]
    return ["row", "reason", *columns], rows


@in_sentences
def calibrate(
    log: Log,
    split: Annotated[float, typer.Option(help="Learn from the first part, up to this share of admissions.")] = 0.7,
    admission: Annotated[Text, typer.Option(help="Activity that begins a stay.")] = None,
    discharge: Annotated[Text, typer.Option(help="Activity that ends a stay.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of times without an offset.")] = "Europe/London",
    mapping: Annotated[Path | None, typer.Option(help="Which column is what, in a TOML file.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Learn from the first part of a log and say how well that predicts the stays of the later part."""
    from folkmoot.engines.flow.calibrate import calibrate as learn
    from folkmoot.engines.flow.calibrate import predict
    from folkmoot.engines.flow.evidence import stays
    from folkmoot.engines.flow.logs import Mapping, read_log

    wanted = Mapping.from_toml(mapping) if mapping else Mapping()
    admission, discharge = admission or wanted.admission, discharge or wanted.discharge
    read = read_log(log, wanted, zone=zone)
    found = predict(read.log, split=split, admission=admission, discharge=discharge, seed=seed)
    learned = learn(read.log, stays(read.log, admission=admission, discharge=discharge))
    said = list(dict.fromkeys([*learned.statements, *found.statements]))
    if as_json:
        typer.echo(json.dumps({**asdict(found), "statements": said}, ensure_ascii=False))
        return
    for sentence in said:
        typer.echo(f"• {sentence}")
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Learned from {found.learned_from} stays, tested on {found.tested_on} later ones")
    for column in ("", "predicted, h", "observed, h", "error"):
        table.add_column(column, justify="right" if column else "left")
    rows = [("mean", found.mean_predicted, found.mean_observed)]
    rows += [(f"{100 * level:.0f} % stay at most", a, b) for level, a, b in found.quantiles]
    for name, a, b in rows:
        table.add_row(name, f"{a:.1f}", f"{b:.1f}", f"{100 * (a / b - 1):+.1f} %" if b else "")
    console = Console()
    console.print(table)
    console.print(
        f"Kolmogorov's distance: {found.distance:.3f} predicted, {found.distance_of_earlier_stays:.3f} by taking the "
        f"earlier stays as they were, {found.noise:.3f} to be expected from chance alone."
    )


class _steps:
    """A spinner on standard error that says what is being done; silent when only JSON is wanted."""

    def __init__(self, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Any:
        self._bar.start()
        return lambda what: self._bar.update(self._task, description=what)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _show(result: dict[str, Any], out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for sentence in result["statements"]:
        console.print(f"• {sentence}", highlight=False)
    console.print(f"\n{result['cases']:,} cases, {result['events']:,} events, {result['rows']:,} rows read.")
    for entry in result["rejected"]:
        console.print(f"Set aside: {entry['count']:,} × {entry['reason']}")
    s = result["stays"]
    console.print(
        f"{s['count']:,} stays: mean {s['mean_hours']:.1f} h, median {s['median_hours']:.1f} h, 95 % within "
        f"{s['p95_hours']:.1f} h; {s['open_cases']:,} still open, {s['never_admitted']:,} never admitted."
    )
    table = Table(title="Time before events, by resource")
    for column in ("resource", "events", "hours, lower", "hours, upper", "share"):
        table.add_column(column, justify="left" if column == "resource" else "right")
    for w in result["resources"][:15]:
        table.add_row(
            w["name"], f"{w['events']:,}", f"{w['wait_hours_low']:,.0f}", f"{w['wait_hours']:,.0f}", f"{w['share']:.1%}"
        )
    console.print(table)
    if result["constraint"]:
        c = result["constraint"]
        console.print(f"[bold]{c['name']}[/bold] (first in {c['confidence']:.0%} of resamples). {c['evidence']}")
    console.print(f"\nWritten: {out / 'report.html'}, {out / 'log.parquet'}, {out / 'rejected.csv'}")
