"""`folkmoot flow simulate` and `folkmoot flow focus`: what an order, and each of the five steps, is worth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.flow_source import scenario as hospital
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.flow import Comparison, FiveSteps, Interval

Log = Annotated[Path | None, typer.Option("--log", help="A hospital's log: CSV, XES or OCEL.")]
Town = Annotated[Path | None, typer.Option("--town", help="A folder made by `folkmoot town build`.")]
Columns = Annotated[Path | None, typer.Option("--mapping", help="Which column of the log is what, as TOML.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output and nothing else.")]


@in_sentences
def simulate(
    policy: Annotated[str, typer.Option(help="The order to try.")] = "index-ageing",
    against: Annotated[str, typer.Option(help="The order to compare with.")] = "fcfs",
    log: Log = None,
    town: Town = None,
    mapping: Columns = None,
    days: Annotated[int | None, typer.Option(help="Length of each history; default: as long as the input.")] = None,
    replications: Annotated[int, typer.Option(min=2, help="Independent histories.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Compare two orders on the same patients, with intervals, tail, lateness, equity and the bound."""
    import numpy as np

    from folkmoot.engines.flow import Scenario, bootstrap, compare
    from folkmoot.engines.flow.policy import get

    get(policy), get(against)
    source, statements = hospital(log, town, mapping)
    weeks = None if days is None else max(1, round(days / 7))

    def make(number: int) -> Scenario:
        return bootstrap(source, np.random.Generator(np.random.Philox(key=[seed, number])), weeks=weeks)

    with _progress("Simulating", as_json) as report:
        found = compare(
            make, [against, policy, "clairvoyant"], against=against, seeds=range(1, replications + 1), progress=report
        )
    if as_json:
        typer.echo(json.dumps({**plain(found), "statements": statements}, allow_nan=True))
        return
    _say(statements)
    _show_policies(found)


@in_sentences
def focus(
    log: Log = None,
    town: Town = None,
    mapping: Columns = None,
    replications: Annotated[int, typer.Option(min=2, help="Independent histories.")] = 6,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 1,
    as_json: AsJson = False,
) -> None:
    """The five focusing steps: identify, exploit, subordinate, elevate, repeat, each with what it is worth."""
    from folkmoot.engines.flow import five_steps, histories

    source, statements = hospital(log, town, mapping)
    with _progress("Working through the five steps", as_json) as report:
        found = five_steps(source, make=histories(source, seed), seeds=range(1, replications + 1), progress=report)
    if as_json:
        typer.echo(json.dumps({**plain(found), "statements": statements}, allow_nan=True))
        return
    _say(statements)
    _show_steps(found)


def plain(result: Any) -> dict[str, Any]:
    """A result as JSON can hold it; NaN (an interval of a single history) becomes null."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [clean(v) for v in value]
        return None if isinstance(value, float) and value != value else value

    cleaned: dict[str, Any] = clean(asdict(result))
    return cleaned


class _progress:
    """A bar on standard error that engines report to; silent when only JSON is wanted."""

    def __init__(self, what: str, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._bar = Progress(console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._bar.add_task(what, total=None)

    def __enter__(self) -> Any:
        self._bar.start()
        return lambda done, total: self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _say(statements: list[str]) -> None:
    for sentence in statements:
        typer.echo(f"• {sentence}")


def _change(interval: Interval) -> str:
    return f"{interval.value:+.1f} % ({interval.low:+.1f}, {interval.high:+.1f})"


def _show_policies(found: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"Mean stay against {found.baseline}: {found.seeds} histories, {found.patients:,} patients",
        caption="95 % intervals over histories. The clairvoyant order knows every duration; nobody can do that.",
    )
    for column in ("order", "mean, h", "change", "p95, h", "p99, h", "longest, h", "late, %", "above bound, %"):
        table.add_column(column, justify="left" if column in ("order", "change") else "right")
    for o in found.outcomes:
        table.add_row(
            o.name, f"{o.mean.value:.1f}", "baseline" if o.name == found.baseline else _change(o.change),
            f"{o.p95:.0f}", f"{o.p99:.0f}", f"{o.longest:.0f}", f"{o.late:.0f}", f"{o.gap:.0f}",
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(
        f"No order can bring the mean below {found.outcomes[0].bound:.1f} hours (lower bound for these patients)."
    )
    waits = Table(title="Mean hours waited on the critical path, by group")
    waits.add_column("group")
    for o in found.outcomes:
        waits.add_column(o.name, justify="right")
    for number, group in enumerate(found.outcomes[0].groups):
        waits.add_row(group.label, *(f"{o.groups[number].mean_wait:.1f}" for o in found.outcomes))
    console.print(waits)


def _show_steps(found: FiveSteps) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(
        f"[bold]1 Identify:[/bold] {found.constraint.name} "
        f"(first in {100 * found.constraint.confidence:.0f} % of resamples). {found.constraint.evidence}"
    )
    ladder = Table(title=f"2–4 Each step on top of those above: {found.seeds} histories, 95 % intervals")
    columns = ("step", "mean, h", "this step", "all so far", "late, %", "p99, h", "bound, h", "gap, %")
    for column in columns:
        ladder.add_column(column, justify="left" if column == "step" else "right", no_wrap=column != "step")
    for step in (*found.steps, *found.ablation):
        ladder.add_row(
            step.name, f"{step.mean_hours.value:.1f}", _change(step.worth), _change(step.total), f"{step.late:.0f}",
            f"{step.p99:.0f}", f"{step.bound_hours:.1f}", f"{step.gap:.0f}", end_section=step is found.steps[-1],
        )  # fmt: skip
    console.print(ladder)
    for step in found.steps:
        console.print(f"  {step.name}: {step.action}.")
    ways = Table(title=f"Ways of elevating {found.constraint.name}, each alone")
    for column in ("way", "staff-hours a week", "change of the mean stay", "bed-hours saved a week"):
        ways.add_column(column, justify="left" if column == "way" else "right")
    for way in found.elevations:
        ways.add_row(
            way.action, f"{way.extra_staff_hours_a_week:.0f}", _change(way.change), f"{way.saved_bed_hours_a_week:.0f}"
        )
    console.print(ways)
    console.print(f"[bold]5 Repeat:[/bold] with all of that, the constraint is {found.next_constraint.name}.")
