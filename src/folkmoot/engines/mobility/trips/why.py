"""Why people travel, as far as the two ends of a trip tell: HBW, HBO, NHB, or unknown.

HBW: home-based work, between home and work in either direction. HBO: home-based other, one end at home. NHB: not home-based.
Unknown: the device has no home label; its trips stay, since leaving them out would hide everybody without nights in the data.

>>> PURPOSES
('HBW', 'HBO', 'NHB', 'unknown')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.trips.distance import haversine, metres_of, placed

if TYPE_CHECKING:
    import ibis.expr.types as ir

PURPOSES = ("HBW", "HBO", "NHB", "unknown")
NEAR_METRES = 500.0
"""An end of a trip this near to the home's or the work's antenna is there. Assumed, as the shortest trip."""


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """Trips whose purpose cannot be known, because their device has no home."""

    trips: int
    unknown: int

    @property
    def share(self) -> float:
        """Share of all trips; 0 without trips."""
        return self.unknown / self.trips if self.trips else 0.0

    @property
    def statement(self) -> str:
        """The share as a sentence."""
        return (
            f"{self.unknown:,} of {self.trips:,} trips ({100 * self.share:.0f} %) are of devices without a home label: their "
            "purpose is unknown, and they are counted."
        )


def purpose(
    trips: ir.Table, places: ir.Table, *, cells: ir.Table | None = None, near_metres: float = NEAR_METRES
) -> ir.Table:
    """`trips` with `purpose`, one row each as before.

    `places` are the labels of devices (user_id, home_cell, work_cell). An end is at home in the home's cell or, where `cells`
    are given, within `near_metres` of it.
    """
    found: Any = _at_places(trips, places, cells, near_metres)
    home = found.from_home | found.to_home
    work = (found.from_home & found.to_work) | (found.to_home & found.from_work)
    import ibis

    why = ibis.cases((~found.labelled, "unknown"), (work, "HBW"), (home, "HBO"), else_="NHB")
    named: Any = found.mutate(purpose=why).drop("labelled", "from_home", "to_home", "from_work", "to_work")
    return named


def tours(
    trips: ir.Table, places: ir.Table, *, cells: ir.Table | None = None, near_metres: float = NEAR_METRES
) -> ir.Table:
    """`trips` with `tour`: 1 from the first departure from home, 2 from the next, 0 before; null without a home."""
    import ibis

    found: Any = _at_places(trips, places, cells, near_metres)
    upto = ibis.cumulative_window(
        group_by="user_id", order_by=["departed", "arrived", "origin_cell", "destination_cell"]
    )
    number = ibis.ifelse(found.from_home, 1, 0).sum().over(upto).cast("int64")
    named: Any = found.mutate(tour=ibis.ifelse(found.labelled, number, None)).drop(
        "labelled", "from_home", "to_home", "from_work", "to_work"
    )
    return named


def unlabelled(trips: ir.Table) -> Unlabelled:
    """How many trips have no known purpose; this runs the query."""
    import ibis

    table: Any = trips
    row = (
        table.agg(trips=table.count(), unknown=ibis.ifelse(table.purpose == "unknown", 1, 0).sum())
        .to_pyarrow()
        .to_pylist()[0]
    )
    return Unlabelled(int(row["trips"]), int(row["unknown"] or 0))


def _at_places(trips: ir.Table, places: ir.Table, cells: ir.Table | None, near_metres: float) -> Any:
    near = metres_of(near_metres, what="The reach of a home")
    labels: Any = places.select(labelled_user="user_id", home_cell="home_cell", work_cell="work_cell")
    left: Any = trips
    joined = left.left_join(labels, left.user_id == labels.labelled_user).drop("labelled_user")
    ends = {"from_home": ("origin_cell", "home_cell"), "to_home": ("destination_cell", "home_cell"),
            "from_work": ("origin_cell", "work_cell"), "to_work": ("destination_cell", "work_cell")}  # fmt: skip
    if cells is not None:
        for column in ("origin_cell", "destination_cell", "home_cell", "work_cell"):
            joined = placed(joined, cells, column, prefix=f"{column}__")
    at = {name: _same_place(joined, *pair, near if cells is not None else None) for name, pair in ends.items()}
    marked = joined.mutate(labelled=joined.home_cell.notnull(), **at)
    return marked.select(*trips.columns, "labelled", *ends)


def _same_place(joined: Any, end: str, place: str, near: int | None) -> Any:
    same = (joined[end] == joined[place]).fill_null(False)
    if near is None:
        return same
    metres = haversine(
        joined[f"{end}__latitude"], joined[f"{end}__longitude"],
        joined[f"{place}__latitude"], joined[f"{place}__longitude"],
    )  # fmt: skip
    return same | (metres < near).fill_null(False)
