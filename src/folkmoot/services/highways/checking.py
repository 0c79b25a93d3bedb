"""Every event of a data set checked: accepted, or kept aside with its reason. Runs on files and gives counts.

Events as CSV are read as text, line by line, so that what cannot be read as a row is kept too. The period is that of the
days that hold a thousandth of the events or more: a clock that ran wild does not stretch it, its events are kept aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from folkmoot.engines.mobility import MobilityError
from folkmoot.services.highways import folders
from folkmoot.services.highways.actions.audited import record
from folkmoot.services.highways.models import Dataset, State
from folkmoot.services.highways.sources import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

type Progress = Callable[[str, int, int], None]
STEPS = ("Reading the events", "Taking away who opted out", "Checking every event", "Keeping aside what is wrong")
SHARE_OF_A_DAY = 0.001
TOTALS = ("read", "unreadable", "opted_out", "accepted", "rejected")
"""Counts of the whole file, which the database keeps; those of hours and cells stay with the events, and go with them."""


@dataclass(frozen=True)
class Found:
    """What the check counted, the period of the data, and what keeps them from being used, if anything."""

    report: Mapping[str, Any]
    first: date | None
    last: date | None
    problem: str = ""


def check(dataset: Dataset, progress: Progress | None = None) -> Found:
    """Check the events of a data set; its accepted and rejected rows are written beside them."""
    from folkmoot.engines.mobility import quality
    from folkmoot.engines.mobility.where import cells
    from folkmoot.store import movement

    tell = _teller(progress)
    place = folders.dataset(dataset)
    tell(0)
    came, path, known = (folders.part(dataset, part) for part in ("events", "opt_outs", "cells"))
    if came is None or known is None:
        raise MobilityError("The events or the cells of these data are gone. Bring them in again.")
    unreadable = 0
    if came.suffix == ".csv":
        came, unreadable = as_parquet(came, place)
    working = place / "working" / "check"
    try:
        with movement.session() as backend:
            keep = movement.keeper(backend, working)
            events = movement.parquet(backend, came)
            read, listed = _rows(events), 0
            tell(1)
            if path is not None:
                names = _listed(backend, path)
                listed = _rows(names)
                events = keep(quality.without(events, names)[0], "opted_in")
            left = _rows(events)
            tell(2)
            antennas, days = cells.read(known), period(events)
            checked = quality.check(events, antennas, period=days, what=came.name)
            checked = checked.stored(keep(checked.tagged, "checked"))
            tell(3)
            told = quality.report(
                checked, read=read, opted_out=read - left, opt_out_listed=listed, cells=antennas, period=days
            )
            _write(checked.accepted.select(*_kept(checked.accepted)), place / "accepted.parquet")
            _write(checked.rejected, place / "rejected.parquet")
    finally:
        folders.remove(working)
    whole = {**told.to_dict(), "unreadable": unreadable}
    (place / "report.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    problem = "" if told.accepted else "Not one event passed the checks, so nothing can be made of these data."
    return Found({name: whole[name] for name in TOTALS}, *days, problem)


def details(dataset: Dataset) -> dict[str, Any]:
    """The whole report: rules, days, hours, warnings. Empty where there is none, or where it was deleted."""
    path = folders.part(dataset, "report")
    return json.loads(path.read_text(encoding="utf-8")) if path else {}


def as_parquet(came: Path, place: Path) -> tuple[Path, int]:
    """CSV as Parquet, all columns as text, and how many lines could not be read as rows; those are kept in a file."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    wrong: list[str] = []

    def aside(row: Any) -> str:
        wrong.append(str(row.text))
        return "skip"

    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(columns(came), pa.string()), strings_can_be_null=False)
    made = place / "events.parquet"
    part = made.with_suffix(".part")
    try:
        reader = pa.csv.open_csv(
            came, convert_options=options, parse_options=pa.csv.ParseOptions(invalid_row_handler=aside)
        )
        with pq.ParquetWriter(part, reader.schema, compression="zstd") as out:
            for batch in reader:
                out.write_batch(batch)
    except pa.ArrowInvalid as error:
        part.unlink(missing_ok=True)
        raise MobilityError(f"The events cannot be read as CSV: {error}.") from None
    (place / "unreadable.txt").write_text("\n".join(wrong), encoding="utf-8")
    part.replace(made)
    came.unlink()
    return made, len(wrong)


def period(events: Any) -> tuple[date, date]:
    """First and last of the days that hold a thousandth of the events or more."""
    from folkmoot.engines.mobility.quality import days_touched

    found = days_touched(events)
    if not found:
        raise MobilityError("There is no event with an instant. Check the column timestamp.")
    least = SHARE_OF_A_DAY * sum(found.values())
    usual = [day for day, many in found.items() if many >= least]
    return usual[0], usual[-1]


@transaction.atomic
def checked(dataset: Dataset, found: Found) -> None:
    """Keep what was found."""
    rows = Dataset.objects.for_organisation(dataset.organisation_id).filter(pk=dataset.pk, state=State.CHECKING)
    state = State.FAILED if found.problem else State.CHECKED
    changed = rows.update(
        state=state, report={**found.report, "problem": found.problem}, first_day=found.first, last_day=found.last,
        checked_at=timezone.now(),
    )  # fmt: skip
    if changed:
        record("check", dataset, "system:worker", {"state": str(state)}, {"state": str(State.CHECKING)})


@transaction.atomic
def failed(dataset: Dataset, because: str) -> None:
    """Keep why the data cannot be used."""
    rows = Dataset.objects.for_organisation(dataset.organisation_id).filter(pk=dataset.pk, state=State.CHECKING)
    if rows.update(state=State.FAILED, report={"problem": because}):
        record("check", dataset, "system:worker", {"state": str(State.FAILED)}, {"state": str(State.CHECKING)})


def _teller(progress: Progress | None) -> Callable[[int], None]:
    return lambda step: progress(STEPS[step], step, len(STEPS)) if progress else None


def _rows(table: Any) -> int:
    return int(table.count().to_pyarrow().as_py())


def _listed(backend: Any, path: Path) -> Any:
    """The opt-out list as a table."""
    import ibis
    import pyarrow as pa
    import pyarrow.csv

    from folkmoot.store import movement

    if path.suffix == ".parquet":
        return movement.parquet(backend, path)
    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(columns(path), pa.string()))
    return ibis.memtable(pa.csv.read_csv(path, convert_options=options))


def _kept(accepted: Any) -> list[str]:
    there = ("user_id", "timestamp", "cell_id", "latitude", "longitude", "loc_error")
    return [name for name in accepted.columns if name in there]


def _write(table: Any, path: Path) -> None:
    part = path.with_suffix(".part")
    table.to_parquet(str(part))
    part.replace(path)
