"""Trips between stays: departed at the end of one, arrived at the start of the next.

Two stays of one device follow each other; what lies between them is one of four, in this order, and each is counted:

- `same`: the same cell, heard of in between or not;
- `near`: nearer than `min_distance_metres`: the same place seen from another antenna, not a trip;
- `silence`: another place, but nothing was heard for longer than `max_silence_seconds` somewhere since the last stay (or
  since the device was first heard), so nobody knows when and how often it moved;
- `trip`: everything else.

No running sum: moves are dropped unless a silence ends in them, so the row before a stay says whether the chain was broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import seconds
from folkmoot.engines.mobility.trips.distance import haversine, metres_of, placed

if TYPE_CHECKING:
    import ibis.expr.types as ir

MIN_DISTANCE_METRES = 500.0
"""Nearer than this, two cells are one place. Assumed: about the spacing of sites in a town."""
MAX_SILENCE_SECONDS = 7_200
"""The longest gap within a move (default of eurostat/multimno v1.0)."""
NEEDED = ("user_id", "start", "end", "cell_id", "state")


def between(
    stays: ir.Table,
    cells: ir.Table,
    *,
    min_distance_metres: float = MIN_DISTANCE_METRES,
    max_silence_seconds: int = MAX_SILENCE_SECONDS,
) -> ir.Table:
    """Trips: user_id, departed, arrived, origin_cell, destination_cell, distance_metres (whole metres).

    `stays` have user_id, start, end, cell_id and state (stay, move, unknown), as `stays.cell.runs` gives them; several days
    joined are one table, so a trip over midnight is one trip. A trip from or to a cell that `cells` does not know has a null
    distance and is kept.
    """
    pairs: Any = judged(stays, cells, min_distance_metres=min_distance_metres, max_silence_seconds=max_silence_seconds)
    found: Any = pairs.filter(pairs.verdict == "trip").drop("verdict")
    return found


def verdicts(
    stays: ir.Table,
    cells: ir.Table,
    *,
    min_distance_metres: float = MIN_DISTANCE_METRES,
    max_silence_seconds: int = MAX_SILENCE_SECONDS,
) -> ir.Table:
    """verdict (trip, near, same, silence), pairs, unplaced (of which a cell's position is not known): nothing is lost."""
    pairs: Any = judged(stays, cells, min_distance_metres=min_distance_metres, max_silence_seconds=max_silence_seconds)
    found: Any = pairs.group_by("verdict").agg(
        pairs=pairs.count(), unplaced=pairs.distance_metres.isnull().cast("int64").sum()
    )
    return found


def judged(stays: ir.Table, cells: ir.Table, *, min_distance_metres: float, max_silence_seconds: int) -> ir.Table:
    """Every pair of following stays with its verdict."""
    import ibis

    if gone := [name for name in NEEDED if name not in stays.columns]:
        raise MobilityError(
            f"Stays have no column {', '.join(gone)}; trips need {', '.join(NEEDED)}. Stays by coordinates need the cell or "
            "zone of each stay as cell_id first."
        )
    nearest = metres_of(min_distance_metres, what="The shortest trip")
    pairs: Any = _pairs(stays, max_silence_seconds)
    pairs = placed(pairs, cells, "origin_cell", prefix="o_", at="departed")
    pairs = placed(pairs, cells, "destination_cell", prefix="d_", at="arrived")
    pairs = pairs.mutate(
        distance_metres=haversine(pairs.o_latitude, pairs.o_longitude, pairs.d_latitude, pairs.d_longitude)
    )
    verdict = ibis.cases(
        (pairs.origin_cell == pairs.destination_cell, "same"),
        ((pairs.distance_metres < nearest).fill_null(False), "near"),
        (pairs.broken, "silence"),
        else_="trip",
    )
    found: Any = pairs.select(
        "user_id", "departed", "arrived", "origin_cell", "destination_cell", "distance_metres", verdict=verdict
    )
    return found


def _pairs(stays: ir.Table, max_silence_seconds: int) -> Any:
    import ibis

    rows: Any = stays.filter(stays.state.isin(["stay", "move"]) & stays.user_id.notnull() & stays.cell_id.notnull())
    rows = rows.select("user_id", "start", "end", "cell_id", "state")
    order = ["start", "end", "cell_id", "state"]
    following = ibis.window(group_by="user_id", order_by=order)
    silence = seconds(rows.start) - seconds(rows.end.lag().over(following))
    heard = rows.mutate(broken=(silence > max_silence_seconds).fill_null(False))
    kept = heard.filter((heard.state == "stay") | heard.broken)
    chained = kept.mutate(
        before=kept.state.lag().over(following),
        departed=kept.end.lag().over(following),
        origin_cell=kept.cell_id.lag().over(following),
    )
    arrivals = chained.filter((chained.state == "stay") & chained.before.notnull())
    return arrivals.select(
        "user_id",
        departed="departed",
        arrived="start",
        origin_cell="origin_cell",
        destination_cell="cell_id",
        broken=arrivals.broken | (arrivals.before != "stay"),
    )
