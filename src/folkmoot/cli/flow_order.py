"""`folkmoot flow order`: one ordered list per team at a moment, with the reason for every rank."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.flow import Entry, Scenario, Worklist


@in_sentences
def order(
    log: Annotated[Path | None, typer.Argument(help="A hospital's log: CSV, XES or OCEL.")] = None,
    at: Annotated[
        str, typer.Option("--at", help="The moment, such as 2014-03-01T09:00 (local unless with a zone).")
    ] = "",
    policy: Annotated[str, typer.Option(help="The order.")] = "index-ageing",
    town: Annotated[Path | None, typer.Option("--town", help="A folder made by `folkmoot town build`.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Which column of the log is what, as TOML.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of times without one.")] = "Europe/London",
    discharge: Annotated[str | None, typer.Option(help="Activity that ends a stay, such as 'Release*'.")] = None,
    resource: Annotated[str | None, typer.Option(help="Only this team.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Lines shown per team; --json has all.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """In which order each team should take its patients at a moment. Order is advice; clinical priority comes first."""
    from folkmoot.engines.flow import Worklist
    from folkmoot.engines.flow.policy import get

    moment = _moment(at, zone)
    get(policy)
    scenario, statements = _census(log, town, moment, discharge, mapping)
    lists = Worklist(scenario, policy=policy)
    names = [resource] if resource else [r.id for r in scenario.resources]
    ranked = {name: entries for name in names if (entries := lists.ranked(name))}
    if as_json:
        typer.echo(json.dumps(_plain(ranked, lists, moment, policy, statements)))
        return
    for sentence in statements:
        typer.echo(f"• {sentence}")
    for name, entries in ranked.items():
        _show(name, entries, most, scenario)


def _moment(text: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"“{text}” is not a moment. Write it like 2014-03-01T09:00, or with a zone: 2014-03-01T09:00+01:00.",
            param_hint="--at",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _census(
    log: Path | None, town: Path | None, moment: datetime, discharge: str | None, mapping: Path | None
) -> tuple[Scenario, tuple[str, ...]]:
    if (log is None) == (town is None):
        raise typer.BadParameter("Give either a LOG or --town FOLDER, one of the two.")
    if town is not None:
        from folkmoot.cli.flow_source import from_town
        from folkmoot.engines.flow import census, simulate

        whole = from_town(town)
        return census(simulate(whole, "fcfs"), whole.hours(moment)), ("The town's patients, taken so far in turn.",)
    assert log is not None
    from folkmoot.engines.flow.evidence import stays
    from folkmoot.engines.flow.log_census import census_of_log
    from folkmoot.engines.flow.logs import Mapping, read_log

    read = read_log(log, Mapping.from_toml(mapping) if mapping else None)
    found = stays(read.log, discharge=discharge)
    pattern = discharge or found.discharge
    taken = census_of_log(read.log.table, moment, discharge=pattern)
    return taken.scenario, (*read.statements, *taken.statements)


def _plain(
    ranked: dict[str, list[Entry]], lists: Worklist, moment: datetime, policy: str, statements: tuple[str, ...]
) -> dict[str, object]:
    scenario = lists.scenario
    return {
        "at": moment.isoformat(),
        "policy": policy,
        "patients": len(scenario.patients),
        "resources": [
            {
                "resource": name,
                "in_hand": [{"task": task, "patient": who, "code": code} for task, who, code in lists.in_hand(name)],
                "waiting": [
                    {
                        "position": e.position,
                        "patient": e.patient_id,
                        "task": e.code,
                        "clinical_priority": e.clinical_priority,
                        "colour": e.colour,
                        "buffer_used": round(e.penetration, 4),
                        "planned_discharge": scenario.at(e.due).isoformat(),
                        "waited_hours": round(e.waited_hours, 3),
                        "work_hours": round(e.work_hours, 3),
                        "frees_bed_in_hours": round(e.frees_bed_in_hours, 3),
                        "why": e.why,
                    }
                    for e in entries
                ],
            }
            for name, entries in ranked.items()
        ],
        "statements": list(statements),
    }


def _show(name: str, entries: list[Entry], most: int, scenario: Scenario) -> None:
    from rich.console import Console
    from rich.table import Table

    title = next(r.name for r in scenario.resources if r.id == name)
    table = Table(title=f"{title}: {len(entries)} waiting", title_justify="left", show_lines=True)
    table.add_column("#", justify="right")
    table.add_column("patient")
    table.add_column("task")
    table.add_column("why", ratio=1)
    for entry in entries[:most]:
        table.add_row(str(entry.position), entry.patient_id, entry.code, entry.why)
    console = Console()
    console.print(table)
    if len(entries) > most:
        console.print(f"and {len(entries) - most} more; --json has them all.")
