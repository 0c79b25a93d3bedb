"""Distances between cells, as expressions that give the same whole metres on every backend.

Haversine on the mean sphere (Sinnott 1984): within 0.6 % of the ellipsoid, less than a cell's place is off a device's.
Sines differ in the last bit between backends, so metres are rounded to whole ones at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import CELL

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from folkmoot.engines.mobility.where import Cells

MEAN_RADIUS_METRES = 6_371_008.8


def haversine(latitude: Any, longitude: Any, other_latitude: Any, other_longitude: Any) -> Any:
    """Whole metres over the ground between two places in WGS 84 degrees, half a metre rounded up."""
    import ibis

    up = (other_latitude - latitude).radians() / 2
    along = (other_longitude - longitude).radians() / 2
    chord = up.sin() * up.sin() + latitude.radians().cos() * other_latitude.radians().cos() * along.sin() * along.sin()
    # Rounding may carry the sum of squares of antipodes past 1. Not `least`: it passes over a null, which must stay one.
    metres = 2 * MEAN_RADIUS_METRES * ibis.ifelse(chord > 1.0, 1.0, chord).sqrt().asin()
    return (metres + 0.5).floor().cast("int64")


def between_cells(table: ir.Table, cells: ir.Table, origin: str, destination: str, *, into: str) -> ir.Table:
    """`table` with whole metres between the cells of two columns `into` a new one; null where a cell is not known.

    Of a cell that moved, the latest place counts.
    """
    other: Any = table
    for end in (origin, destination):
        other = placed(other, cells, end, prefix=f"{end}__")
    metres = haversine(
        other[f"{origin}__latitude"], other[f"{origin}__longitude"],
        other[f"{destination}__latitude"], other[f"{destination}__longitude"],
    )  # fmt: skip
    found: Any = other.mutate(**{into: metres}).drop(
        *(f"{end}__{name}" for end in (origin, destination) for name in ("latitude", "longitude"))
    )
    return found


def placed(table: ir.Table, cells: ir.Table, column: str, *, prefix: str, at: str | None = None) -> ir.Table:
    """`table` with latitude and longitude of the cell in `column`, named with `prefix`; null where it is not known.

    With `at` the place is that of the cell on this day (in UTC), from valid_date_start to valid_date_end, both included;
    otherwise the latest. Never more rows than before, if the days of one cell do not overlap (`where.cells` refuses those).
    """
    import ibis

    CELL.check(cells.columns, what="cells")
    dated = "valid_date_start" in cells.columns and "valid_date_end" in cells.columns
    known: Any = cells.filter(cells.cell_id.notnull())
    since: Any = known.valid_date_start.cast("date") if dated else ibis.null("date")
    until: Any = known.valid_date_end.cast("date") if dated else ibis.null("date")
    known = known.select(
        **{
            f"{prefix}cell": known.cell_id,
            f"{prefix}latitude": known.latitude.cast("float64"),
            f"{prefix}longitude": known.longitude.cast("float64"),
            f"{prefix}since": since,
            f"{prefix}until": until,
        }
    )
    cell, first, last = (known[f"{prefix}{name}"] for name in ("cell", "since", "until"))
    left: Any = table
    same: list[Any] = [left[column] == cell]
    if at is not None and dated:
        day = left[at].date()
        same += [first.isnull() | (day >= first), last.isnull() | (day <= last)]
    else:
        order = [
            first.isnull().asc(),
            first.desc(),
            known[f"{prefix}latitude"].asc(),
            known[f"{prefix}longitude"].asc(),
        ]
        known = known.mutate(
            **{f"{prefix}latest": ibis.row_number().over(ibis.window(group_by=f"{prefix}cell", order_by=order))}
        )
        known = known.filter(known[f"{prefix}latest"] == 0).drop(f"{prefix}latest")
        same = [left[column] == known[f"{prefix}cell"]]
    joined: Any = left.left_join(known, same).drop(f"{prefix}cell", f"{prefix}since", f"{prefix}until")
    return joined


def positions(cells: Cells) -> pa.Table:
    """Where antennas are and look, by the keys that `where.versions.keyed` writes into events: each key once.

    cell_id, latitude, longitude, and for `corridors` azimuth_angle, horizontal_beam_width, power and cell_type.
    """
    import numpy as np
    import pyarrow as pa

    from folkmoot.engines.mobility.where.versions import keys

    first: dict[str, int] = {}
    for row, key in enumerate(keys(cells)):
        first.setdefault(key, row)
    rows = np.array(list(first.values()), dtype=np.int64)
    beam = np.where(cells.directional, cells.beam_width, 360.0)[rows]
    return pa.table(
        {
            "cell_id": pa.array(list(first), pa.string()),
            "latitude": cells.latitude[rows],
            "longitude": cells.longitude[rows],
            "azimuth_angle": np.nan_to_num(cells.azimuth[rows]),
            "horizontal_beam_width": np.where(np.isnan(beam), 360.0, beam),
            "power": np.where(np.isnan(cells.power), 10.0, cells.power)[rows],
            "cell_type": pa.array(np.where(cells.small[rows], "microcell", "macrocell").tolist(), pa.string()),
        }
    )


def metres_of(value: float, *, what: str) -> int:
    """A parameter in metres, checked: whole, not negative."""
    if not value >= 0:
        raise MobilityError(f"{what} is {value} metres; give 0 or more.")
    return int(value)
