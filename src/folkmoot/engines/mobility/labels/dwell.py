"""Home and work of devices, by where the nights and the working hours of weekdays are dwelled.

Stays in, one row for each device out; the cell is null where its support is too thin, with the support of the best
candidate left beside it. No device drops out: one never seen at night has nulls throughout.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.labels.support import NIGHT, WORKING_HOURS, Support
from folkmoot.engines.mobility.labels.windows import clipped

if TYPE_CHECKING:
    import ibis.expr.types as ir

NEEDED = ("user_id", "start", "end", "cell_id", "state")


def staying(stays: ir.Table) -> ir.Table:
    """The rows in which a device stays at a known cell."""
    if gone := [name for name in NEEDED if name not in stays.columns]:
        raise MobilityError(
            f"Stays have no column {', '.join(gone)}; labels need {', '.join(NEEDED)}. Stays by coordinates need the cell "
            "or zone of each stay as cell_id first."
        )
    found: Any = stays.filter((stays.state == "stay") & stays.cell_id.notnull() & stays.user_id.notnull())
    return found


def home(
    stays: ir.Table,
    *,
    first: date,
    last: date,
    night: tuple[int, int] = NIGHT,
    min_nights: int | None = None,
    min_share: float | None = None,
    zone: str = LONDON,
) -> ir.Table:
    """user_id, home_cell, home_nights (nights seen there), home_share (of all night dwell), for every device of `stays`.

    `first` and `last` are local dates of the data. Thresholds left out are `Support.of(first, last)`.
    """
    asked = Support.of(first, last, min_nights=min_nights, min_share=min_share)
    best: Any = _most(clipped(staying(stays), night, first=first, last=last, zone=zone))
    kept = (best.windows >= asked.min_nights) & (best.share >= asked.min_share)
    found = best.select(
        "user_id", home_cell=kept.ifelse(best.cell_id, None), home_nights=best.windows, home_share=best.share
    )
    return _every_device(stays, found)


def work(
    stays: ir.Table,
    homes: ir.Table,
    *,
    first: date,
    last: date,
    hours: tuple[int, int] = WORKING_HOURS,
    min_days: int | None = None,
    min_share: float | None = None,
    cells: ir.Table | None = None,
    apart_metres: float = 1_000.0,
    zone: str = LONDON,
) -> ir.Table:
    """user_id, work_cell, work_days (weekdays seen there), work_share (of working hours dwelled anywhere).

    Work is another place than home: another cell and, where `cells` say where cells are, `apart_metres` away or more, so that
    a neighbouring sector that also covers the home is not taken for work. Without a home no work can be told apart.
    """
    asked = Support.of(first, last, min_work_days=min_days, min_share=min_share)
    inside: Any = clipped(staying(stays), hours, first=first, last=last, zone=zone)
    # 1 January 1970 was a Thursday: day 4 is the first Monday.
    weekdays = inside.filter((inside.window + 3) % 7 < 5)
    dwelled: Any = _by_cell(weekdays)
    known: Any = homes.filter(homes.home_cell.notnull()).select(home_user="user_id", home_cell="home_cell")
    beside: Any = dwelled.inner_join(known, dwelled.user_id == known.home_user)
    away: Any = beside.filter(beside.cell_id != beside.home_cell)
    if cells is not None:
        from folkmoot.engines.mobility.trips.distance import between_cells

        away = between_cells(away, cells, "home_cell", "cell_id", into="apart")
        away = away.filter(away.apart.isnull() | (away.apart >= apart_metres))
    best: Any = _first(away)
    kept = (best.windows >= asked.min_work_days) & (best.share >= asked.min_share)
    found = best.select(
        "user_id", work_cell=kept.ifelse(best.cell_id, None), work_days=best.windows, work_share=best.share
    )
    return _every_device(stays, found)


def places(
    stays: ir.Table,
    *,
    first: date,
    last: date,
    cells: ir.Table | None = None,
    night: tuple[int, int] = NIGHT,
    hours: tuple[int, int] = WORKING_HOURS,
    min_nights: int | None = None,
    min_work_days: int | None = None,
    min_share: float | None = None,
    zone: str = LONDON,
) -> ir.Table:
    """Home and work of every device, one row each: the columns of `home` and of `work`."""
    homes: Any = home(stays, first=first, last=last, night=night, min_nights=min_nights, min_share=min_share, zone=zone)
    works: Any = work(
        stays, homes, first=first, last=last, hours=hours, min_days=min_work_days, min_share=min_share, cells=cells,
        zone=zone,
    )  # fmt: skip
    works = works.rename(work_user="user_id")
    found: Any = homes.left_join(works, homes.user_id == works.work_user).drop("work_user")
    return found


def _by_cell(cut: Any) -> Any:
    """Seconds and windows of every device and cell, with the device's share of its seconds."""
    import ibis

    # Two steps of sums in place of a distinct count, which is dear on Spark.
    once = cut.group_by("user_id", "cell_id", "window").agg(seconds=cut.seconds.sum())
    cells = once.group_by("user_id", "cell_id").agg(seconds=once.seconds.sum().cast("int64"), windows=once.count())
    total = cells.seconds.sum().over(ibis.window(group_by="user_id")).cast("float64")
    return cells.mutate(share=cells.seconds.cast("float64") / total)


def _first(dwelled: Any) -> Any:
    import ibis

    order = ibis.window(
        group_by="user_id", order_by=[dwelled.seconds.desc(), dwelled.windows.desc(), dwelled.cell_id.asc()]
    )
    ranked = dwelled.mutate(place=ibis.row_number().over(order))
    return ranked.filter(ranked.place == 0).drop("place")


def _most(cut: Any) -> Any:
    return _first(_by_cell(cut))


def _every_device(stays: ir.Table, found: Any) -> ir.Table:
    everybody: Any = stays.filter(stays.user_id.notnull()).select(device="user_id").distinct()
    joined = everybody.left_join(found, everybody.device == found.user_id).drop("user_id")
    named: Any = joined.rename(user_id="device")
    return named
