"""`folkmoot mobility check`: what is wrong with events of a mobile network, before anybody counts them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.quality import Report

SHOWN = 12


@in_sentences
def check(
    events: Annotated[
        Path, typer.Argument(help="Parquet of events: user_id, timestamp (UTC), cell_id or coordinates.")
    ],
    cells: Annotated[Path | None, typer.Option(help="CSV or Parquet of cells: cell_id, latitude, longitude…")] = None,
    opt_out: Annotated[
        Path | None, typer.Option(help="CSV or Parquet with a column user_id: whose events are not to be used.")
    ] = None,
    first: Annotated[str | None, typer.Option(help="First local day of the events, as 2026-03-02.")] = None,
    last: Annotated[str | None, typer.Option(help="Last local day, included.")] = None,
    network: Annotated[bool, typer.Option("--network", help="Reject events without mcc or plmn.")] = False,
    zone: Annotated[str, typer.Option(help="Time zone of local days.")] = "Europe/London",
    out: Annotated[
        Path | None, typer.Option(help="Folder for accepted.parquet, rejected.parquet, report.json.")
    ] = None,
    memory: Annotated[str | None, typer.Option(help="DuckDB's memory, as 12GB; it spills to disk beyond.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")] = False,
) -> None:
    """Check every event by itself, beside the cells and beside the device's other events; nothing is lost.

    Exit status 1 when no event could be accepted.
    """
    from folkmoot.engines.mobility import quality, where
    from folkmoot.store.movement import parquet, session

    period = _period(first, last)
    _zone(zone)
    if out is not None and out.exists() and not out.is_dir():
        raise ValueError(f"“{out}” is a file; name a folder for the results.")
    given = None if cells is None else where.cells.read(cells)
    with (
        tempfile.TemporaryDirectory(prefix="folkmoot-check-") as kept,
        session(memory=memory) as opened,
        _steps(as_json) as said,
    ):
        said("Reading the events")
        table = parquet(opened, events)
        read, opted_out, listed = int(table.count().to_pyarrow().as_py()), 0, 0
        if opt_out is not None:
            said("Taking out who opted out")
            names = _opted_out(opt_out, table)
            listed = len(names)
            table, gone = quality.without(table, opened.create_table("opt_out", names, temp=True))
            opted_out = int(gone.count().to_pyarrow().as_py())
        said(f"Checking {read - opted_out:,} events")
        checked = quality.check(table, given, period=period, zone=zone, network=network, what=events.name)
        checked.tagged.to_parquet(Path(kept) / "tagged.parquet")
        checked = checked.stored(parquet(opened, Path(kept) / "tagged.parquet"))
        said("Counting")
        found = quality.report(
            checked, read=read, opted_out=opted_out, opt_out_listed=listed, cells=given, period=period, zone=zone
        )
        if out is not None:
            said("Writing")
            out.mkdir(parents=True, exist_ok=True)
            checked.accepted.to_parquet(out / "accepted.parquet")
            checked.rejected.to_parquet(out / "rejected.parquet")
            (out / "report.json").write_text(
                json.dumps(found.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8"
            )
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        show(found, out)
    if found.read and not found.accepted:
        raise typer.Exit(1)


def show(found: Report, out: Path | None = None) -> None:
    """A report for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(
        f"[bold]{found.accepted:,}[/bold] of {found.read:,} events accepted, {found.rejected:,} rejected, "
        f"{found.opted_out:,} of people who opted out; {found.devices:,} devices"
        + (f", {found.first} to {found.last}." if found.first else ".")
    )
    for warning in found.warnings:
        console.print(f"• {warning}", style="yellow", highlight=False)
    if found.errors:
        errors = Table(title="Rejected")
        for column in ("stage", "code", "name", "reason"):
            errors.add_column(column)
        for column in ("events", "% of read"):
            errors.add_column(column, justify="right")
        for each in found.errors:
            errors.add_row(
                each.stage, str(each.code), each.name, each.reason, f"{each.events:,}", f"{100 * each.share:.2f}"
            )
        console.print(errors)
    if found.days:
        days = Table(title="Days")
        for column in ("day", "hours", "read", "accepted", "rejected, %"):
            days.add_column(column, justify="left" if column == "day" else "right")
        kept = [day for day in found.days if day.accepted]
        for day in kept[:SHOWN]:
            lost = 100 * (day.read - day.accepted) / day.read
            days.add_row(day.day, str(day.hours), f"{day.read:,}", f"{day.accepted:,}", f"{lost:.2f}")
        if len(kept) < len(found.days):
            lost_days = sum(day.read for day in found.days if not day.accepted)
            days.caption = f"{lost_days:,} events on {len(found.days) - len(kept):,} other days were all rejected"
        elif len(kept) > SHOWN:
            days.caption = f"and {len(kept) - SHOWN:,} more days, in --json and in report.json"
        console.print(days)
    _worst_cells(console, found)
    if out is not None:
        console.print(
            f"Written: {', '.join(str(out / n) for n in ('accepted.parquet', 'rejected.parquet', 'report.json'))}"
        )


def _worst_cells(console: Any, found: Report) -> None:
    from rich.table import Table

    worst = sorted((c for c in found.cells if c.read > c.accepted), key=lambda c: (c.accepted - c.read, c.cell_id))
    if not worst:
        return
    cells = Table(title="Cells with the most rejected events")
    for column in ("cell", "read", "accepted"):
        cells.add_column(column, justify="left" if column == "cell" else "right")
    for cell in worst[:SHOWN]:
        cells.add_row(cell.cell_id, f"{cell.read:,}", f"{cell.accepted:,}")
    console.print(cells)


def _period(first: str | None, last: str | None) -> tuple[date, date] | None:
    if (first is None) != (last is None):
        raise ValueError("Give both --first and --last, or neither.")
    if first is None or last is None:
        return None
    days = []
    for name, text in (("--first", first), ("--last", last)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            raise ValueError(f"{name} {text} is not a date; write it as 2026-03-02.") from None
    return days[0], days[1]


def _zone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"There is no time zone “{name}”; write it as Europe/London.") from None


def _opted_out(path: Path, events: Any) -> Any:
    """The list as an Arrow table of user_id, bytes where the events have bytes (the list then has them in hexadecimal)."""
    import pyarrow as pa

    from folkmoot.engines.mobility.schema import EVENT
    from folkmoot.engines.mobility.where import table as sheet

    columns, first_row = sheet.read(path)
    name = "user_id" if "user_id" in columns else EVENT.renames(columns).get("user_id")
    if name is None:
        raise ValueError(
            f"“{path.name}” has no column user_id; it has {', '.join(columns)}. Rename the one that names people."
        )
    ours = EVENT.renames(events.columns).get("user_id", "user_id")
    held: list[Any] = [value for value in columns[name] if not sheet.empty(value)]
    if ours in events.columns and events[ours].type().is_binary():
        for row, value in enumerate(held):
            try:
                held[row] = value if isinstance(value, bytes) else bytes.fromhex(value)
            except ValueError:
                raise ValueError(
                    f"Row {row + first_row} of “{path.name}”, “{value}”, is not hexadecimal; the events name people by "
                    "bytes, so the list must give them in hexadecimal."
                ) from None
        return pa.table({"user_id": pa.array(held, pa.binary())})
    return pa.table({"user_id": pa.array([str(value) for value in held], pa.string())})


@contextmanager
def _steps(quiet: bool) -> Iterator[Any]:
    """Says on standard error what is being done, where a person looks on."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    notes = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=quiet or not notes.is_terminal) as progress:
        bar = progress.add_task("Starting", total=None)
        yield lambda what: progress.update(bar, description=what)
