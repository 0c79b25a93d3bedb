"""What is wrong with an event beside the cells and the device's other events (multimno's semantic checks).

A cell must be in the list (code 1) and there on the local day (2). A device at two places in one instant is at neither (5).
A jump of more than 10 km faster than 55 m/s is impossible: an event from and to which the device jumps, while the two around
it agree, is in the wrong place (3); otherwise both ends of the jump are suspicious (4), for nobody can say which is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import LONDON, local_day
from folkmoot.engines.mobility.quality.checked import Checked
from folkmoot.engines.mobility.quality.rules import JUMP_METRES, JUMP_METRES_PER_SECOND, Rules
from folkmoot.engines.mobility.schema import SemanticError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from folkmoot.engines.mobility.where.cells import Cells


def semantic(
    events: ir.Table,
    cells: Cells | None = None,
    *,
    period: tuple[date, date] | None = None,
    zone: str = LONDON,
    jump_metres: float = JUMP_METRES,
    jump_metres_per_second: float = JUMP_METRES_PER_SECOND,
) -> Checked:
    """Check events that `syntactic` accepted. Without `period`, where cells have dates, the events are asked for theirs."""
    import ibis

    from folkmoot.engines.mobility.quality.neighbours import judged

    before = Checked(events.mutate(verdict=ibis.literal(0, "int16")), Rules())
    return judged(located(before, cells, period=period, zone=zone), jump_metres, jump_metres_per_second)


def located(before: Checked, cells: Cells | None, *, period: tuple[date, date] | None, zone: str) -> Checked:
    """Adds at_lat and at_lon, the event's own or its cell's, and `beside`: 0, or the rule its cell breaks (codes 1 and 2)."""
    import ibis

    table: Any = before.tagged
    unknown = before.rules.plus(SemanticError.CELL_ID_NON_EXISTENT, "there is no such cell")
    rules = unknown.plus(SemanticError.CELL_ID_NOT_VALID, "the cell was not there on that day")
    own = {"latitude", "longitude"} <= set(table.columns)
    if cells is None or "cell_id" not in table.columns:
        nothing = ibis.null("float64")
        lat, lon = (table.latitude, table.longitude) if own else (nothing, nothing)
        placed = table.mutate(at_lat=lat, at_lon=lon, beside=ibis.literal(0, "int16"))
        return replace(before, tagged=placed, rules=rules)
    joined = _joined(table, cells, period, zone)
    lat, lon = joined.cell_lat, joined.cell_lon
    has_cell = joined.cell_id.notnull()
    placed = joined.mutate(
        at_lat=joined.latitude.fill_null(lat) if own else lat,
        at_lon=joined.longitude.fill_null(lon) if own else lon,
        beside=ibis.cases(
            (has_cell & joined.known_.isnull(), len(unknown)), (has_cell & lat.isnull(), len(rules)), else_=0
        ).cast("int16"),
    )
    return replace(before, tagged=placed.select(*table.columns, "at_lat", "at_lon", "beside"), rules=rules)


def _joined(table: Any, cells: Cells, period: tuple[date, date] | None, zone: str) -> Any:
    """The events with cell_lat and cell_lon (null where the cell was not there) and known_ (null where there is none)."""
    import ibis

    from folkmoot.engines.mobility.quality.days import period_of
    from folkmoot.engines.mobility.where.cells import FIRST, LAST
    from folkmoot.engines.mobility.where.versions import table as versions

    held = versions(cells)
    columns: dict[str, Any] = {
        "id_": held["cell_id"], "cell_lat": cells.latitude.tolist(), "cell_lon": cells.longitude.tolist(),
    }  # fmt: skip
    if not ((cells.valid_from > FIRST).any() or (cells.valid_to < LAST).any()):
        rows = ibis.memtable(columns)
        return table.left_join(rows, table.cell_id == rows.id_).mutate(known_=rows.id_)
    rows = ibis.memtable({**columns, "first_day": held["first_day"], "last_day": held["last_day"]})
    known = ibis.memtable({"known_": sorted(set(held["cell_id"]))})
    span = period or period_of(table.filter(table.verdict == 0), zone=zone)
    dated = table.mutate(day_=local_day(table.timestamp, first=span[0], last=span[1], zone=zone))
    here = [dated.cell_id == rows.id_, dated.day_ >= rows.first_day, dated.day_ <= rows.last_day]
    beside = dated.left_join(rows, here)
    return beside.left_join(known, beside.cell_id == known.known_)
