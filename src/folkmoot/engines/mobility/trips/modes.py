"""How a trip was made: probabilities of road, rail and slow (on foot or by cycle), with heavy goods kept apart.

Bayes with evidence taken as independent: mode shares of the trip's length come first, then its speed, then how many of the
cells passed on the way lie along the railway. Whether a device is heavy goods is asked of the device: driving most of the
day, many stops, no home. The four probabilities of a trip sum to 1:

    p_heavy = P(heavy | device),   p_m = (1 − p_heavy) · P(m | length, speed, cells passed)

Every number is in `Beliefs`, named and assumed; none is estimated here.
"""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import seconds
from folkmoot.engines.mobility.trips.beliefs import Beliefs, Speed

if TYPE_CHECKING:
    import ibis.expr.types as ir

MODES = ("road", "rail", "slow", "heavy")
SURE = 0.6
"""Least probability with which a trip is called by its likely mode."""
_LEAST = 1e-6
_SHORTEST_SECONDS, _SHORTEST_METRES = 60, 100


def mode(
    trips: ir.Table,
    stays: ir.Table | None = None,
    corridors: ir.Table | None = None,
    devices: ir.Table | None = None,
    *,
    rail_share_of_cells: float | None = None,
    beliefs: Beliefs | None = None,
    sure: float = SURE,
) -> ir.Table:
    """`trips` with p_road, p_rail, p_slow, p_heavy (sum 1), passed, passed_rail (cells on the way) and the likely mode.

    `stays` (with their moves) and `corridors` tell which cells were passed; without them speed and length decide alone.
    `rail_share_of_cells` is the chance that a cell passed by road lies in the railway's corridor all the same: the share of
    all cells that do, counted by the caller. `devices` are the rows of `heavy`. The mode is “unknown” below `sure`, and for
    trips without a distance.
    """
    import ibis

    held = beliefs or Beliefs()
    table: Any = trips
    if stays is not None and corridors is not None:
        table = _passed(table, stays, corridors)
    else:
        none = ibis.literal(0, "int64")
        table = table.mutate(passed=none, passed_rail=none)
    if devices is not None:
        there: Any = devices.select(heavy_user="user_id", p_heavy="p_heavy")
        table = table.left_join(there, table.user_id == there.heavy_user).drop("heavy_user")
        table = table.mutate(p_heavy=table.p_heavy.fill_null(held.heavy_share))
    else:
        table = table.mutate(p_heavy=ibis.literal(0.0))
    table = _posterior(table, held, _chance(rail_share_of_cells))
    return most_likely(table, sure=sure)


def most_likely(trips: ir.Table, *, sure: float = SURE) -> ir.Table:
    """`trips` with `mode`: the one with probability `sure` or more and above one half; else unknown."""
    import ibis

    table: Any = trips
    # Above one half no two can hold at once.
    least = max(sure, 0.5 + 1e-9)
    likely = [((table[f"p_{name}"] >= least).fill_null(False), name) for name in MODES]
    found: Any = table.mutate(mode=ibis.cases(*likely, else_="unknown"))
    return found


def heavy(trips: ir.Table, places: ir.Table, *, days: int, beliefs: Beliefs | None = None) -> ir.Table:
    """user_id, driving_hours, stops (both a day), p_heavy: the probability that a device is a heavy goods vehicle.

    Driving is time between stays; `days` is the length of the data. Devices without trips have no row.
    """
    import ibis

    held = beliefs or Beliefs()
    table: Any = trips
    driven = seconds(table.arrived) - seconds(table.departed)
    used = (
        table.mutate(driven=driven).group_by("user_id").agg(driven=lambda t: t.driven.sum(), trips=lambda t: t.count())
    )
    labels: Any = places.select(labelled_user="user_id", home_cell="home_cell")
    used = used.left_join(labels, used.user_id == labels.labelled_user)
    used = used.select(
        "user_id",
        driving_hours=used.driven.cast("float64") / (3_600.0 * days),
        stops=used.trips.cast("float64") / float(days),
        homeless=used.home_cell.isnull(),
    )
    odds: Any = ibis.literal(log(held.heavy_share / (1 - held.heavy_share)))
    for seen, if_heavy, if_person in (
        (used.driving_hours >= held.driving_hours, held.driving_if_heavy, held.driving_if_person),
        (used.stops >= held.stops, held.stops_if_heavy, held.stops_if_person),
        (used.homeless, held.homeless_if_heavy, held.homeless_if_person),
    ):
        odds = odds + ibis.ifelse(seen, log(if_heavy / if_person), log((1 - if_heavy) / (1 - if_person)))
    found: Any = used.mutate(p_heavy=1 / (1 + (-odds).exp())).drop("homeless")
    return found


def _chance(share: float | None) -> float:
    return min(0.9, max(0.05, 0.3 if share is None else share))


def _passed(trips: Any, stays: ir.Table, corridors: ir.Table) -> Any:
    """Trips with how many different cells were passed between their stays, and how many of those along the railway."""
    import ibis

    moves: Any = stays.filter((stays.state == "move") & stays.cell_id.notnull())
    moves = moves.select(moved_user="user_id", moved_at="start", moved_cell="cell_id")
    lines: Any = corridors.select(line_cell="cell_id", line_rail="rail")
    keys = ["user_id", "departed", "arrived", "origin_cell", "destination_cell"]
    way = trips.select(*keys).inner_join(
        moves,
        [
            trips.user_id == moves.moved_user,
            moves.moved_at >= trips.departed,
            moves.moved_at <= trips.arrived,
        ],
    )
    way = way.select(*keys, "moved_cell").distinct()
    way = way.left_join(lines, way.moved_cell == lines.line_cell)
    met = way.group_by(*keys).agg(
        passed=way.count(), passed_rail=ibis.ifelse(way.line_rail.fill_null(False), 1, 0).sum().cast("int64")
    )
    met = met.rename(**{f"way_{name}": name for name in keys})
    joined = trips.left_join(met, [trips[name] == met[f"way_{name}"] for name in keys])
    return joined.mutate(passed=joined.passed.fill_null(0), passed_rail=joined.passed_rail.fill_null(0)).drop(
        *(f"way_{name}" for name in keys)
    )


def _posterior(trips: Any, held: Beliefs, off_rail: float) -> Any:
    import ibis

    elapsed = ibis.greatest(seconds(trips.arrived) - seconds(trips.departed), _SHORTEST_SECONDS).cast("float64")
    # Not `greatest`, which passes over a null: without a distance no mode is told.
    known = trips.distance_metres
    metres = ibis.ifelse(known < _SHORTEST_METRES, _SHORTEST_METRES, known).cast("float64")
    pace = (metres / elapsed * 3.6).ln()
    # Evidence of many cells is cut to that of the first few, keeping their mix.
    weight = ibis.least(trips.passed, held.most_cells).cast("float64") / ibis.greatest(trips.passed, 1).cast("float64")
    on, off = trips.passed_rail.cast("float64") * weight, (trips.passed - trips.passed_rail).cast("float64") * weight

    def cells(chance: float) -> Any:
        return on * log(chance) + off * log(1 - chance)

    by_rail, by_others = cells(held.rail_cells_by_rail), cells(off_rail)
    weights = {
        "road": _share(metres, held, 0) + _speed(pace, held.road) + by_others,
        "rail": _share(metres, held, 1) + _speed(pace, held.rail) + by_rail,
        "slow": _share(metres, held, 2) + _speed(pace, held.slow) + by_others,
    }
    scored = trips.mutate(**{f"w_{name}": weight for name, weight in weights.items()})
    top = ibis.greatest(scored.w_road, scored.w_rail, scored.w_slow)
    scored = scored.mutate(**{f"e_{name}": (scored[f"w_{name}"] - top).exp() for name in weights})
    total = scored.e_road + scored.e_rail + scored.e_slow
    return scored.mutate(**{f"p_{name}": (1 - scored.p_heavy) * scored[f"e_{name}"] / total for name in weights}).drop(
        *(f"{kind}_{name}" for kind in "we" for name in weights)
    )


def _share(metres: Any, held: Beliefs, which: int) -> Any:
    import ibis

    logs = [(upto, log(max(shares[which], _LEAST))) for upto, shares in held.shares]
    banded = [(metres < upto, value) for upto, value in logs if upto != inf]
    return ibis.cases(*banded, else_=logs[-1][1]) if banded else ibis.literal(logs[-1][1])


def _speed(pace: Any, of: Speed) -> Any:
    off = (pace - log(of.median_kmh)) / of.spread
    return off * off * -0.5 - log(of.spread)
