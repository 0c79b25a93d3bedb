"""How a trip was made: probabilities of road, rail and slow (on foot or by cycle), with heavy goods kept apart.

Bayes with evidence taken as independent: mode shares of the trip's length come first, then how long it took, then which
cells it passed. A cell speaks for rail as far as it serves more of the railway (`corridors`) than it is passed by trips at
large, which is counted from the trips themselves: a road beside the line is passed by many. By mode m a trip of length d
takes d/v with v log-normal, and is seen to take that and a silence, exponential with mean G; over quantiles v₁…v₁₁ of v,

    P(seen to take T | m) ∝ ε + mean over k of exp(−(T − d/vₖ)/G) where T ≥ d/vₖ, else 0.

 Whether a device is heavy goods is asked of the device: driving most of the
day, many stops, no home. The four probabilities of a trip sum to 1:

    p_heavy = P(heavy | device),   p_m = (1 − p_heavy) · P(m | length, speed, cells passed)

Every number is in `Beliefs`, named and assumed; none is estimated here.
"""

from __future__ import annotations

from math import exp, inf, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.instants import seconds
from folkmoot.engines.mobility.trips.beliefs import Beliefs, Speed

if TYPE_CHECKING:
    import ibis.expr.types as ir

MODES = ("road", "rail", "slow", "heavy")
SURE = 0.6
"""Least probability with which a trip is called by its likely mode."""
_LEAST = 1e-6
_SHORTEST_METRES = 100
_QUANTILES = 11
MILLIONTHS = 1_000_000


def mode(
    trips: ir.Table,
    stays: ir.Table | None = None,
    corridors: ir.Table | None = None,
    devices: ir.Table | None = None,
    *,
    beliefs: Beliefs | None = None,
    sure: float = SURE,
) -> ir.Table:
    """`trips` with p_road, p_rail, p_slow, p_heavy (sum 1), passed (cells on the way) and the likely mode.

    `stays` (with their moves) and `corridors` tell which cells were passed; without them length and time decide alone.
    `devices` are the rows of `heavy`. The mode is “unknown” below `sure`, and for trips without a distance.
    """
    import ibis

    held = beliefs or Beliefs()
    table: Any = trips
    if stays is not None and corridors is not None:
        table = _passed(table, stays, corridors, held)
    else:
        table = table.mutate(passed=ibis.literal(0, "int64"), for_rail=ibis.literal(0.0))
    if devices is not None:
        there: Any = devices.select(heavy_user="user_id", p_heavy="p_heavy")
        table = table.left_join(there, table.user_id == there.heavy_user).drop("heavy_user")
        table = table.mutate(p_heavy=table.p_heavy.fill_null(held.heavy_share))
    else:
        table = table.mutate(p_heavy=ibis.literal(0.0))
    table = _posterior(table, held).drop("for_rail")
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


def _passed(trips: Any, stays: ir.Table, corridors: ir.Table, held: Beliefs) -> Any:
    """Trips with how many different cells were passed, and what those say for rail (a log-likelihood ratio, 0 for none)."""
    import ibis

    moves: Any = stays.filter((stays.state == "move") & stays.cell_id.notnull())
    moves = moves.select(moved_user="user_id", moved_at="start", cell="cell_id")
    keys = ["user_id", "departed", "arrived", "origin_cell", "destination_cell"]
    on_way = [
        trips.user_id == moves.moved_user,
        moves.moved_at >= trips.departed,
        moves.moved_at <= trips.arrived,
    ]
    seen = trips.select(*keys, "distance_metres").inner_join(moves, on_way)
    seen = seen.select(*keys, "distance_metres", "cell").distinct()
    seen = seen.left_join(*_evidence(seen, corridors, held))
    met = seen.group_by(*keys).agg(
        passed=seen.count(), ratio=seen.ratio.fill_null(0).sum().cast("float64") / MILLIONTHS
    )
    # Neighbours are not independent: what many cells say is cut to what so many would, in their mix.
    met = met.mutate(
        for_rail=met.ratio * ibis.least(met.passed, held.most_cells).cast("float64") / met.passed.cast("float64")
    ).drop("ratio")
    met = met.rename(**{f"way_{name}": name for name in keys})
    joined = trips.left_join(met, [trips[name] == met[f"way_{name}"] for name in keys])
    return joined.mutate(passed=joined.passed.fill_null(0), for_rail=joined.for_rail.fill_null(0.0)).drop(
        *(f"way_{name}" for name in keys)
    )


def _evidence(seen: Any, corridors: ir.Table, held: Beliefs) -> tuple[Any, Any]:
    """(cells with log P(cell | rail) − log P(cell | passed at all) in millionths, the join's condition)."""
    import ibis

    long = seen.filter(seen.distance_metres >= held.rail_from_metres)
    counted = long.group_by(passed_cell="cell").agg(times=long.count())
    counted = counted.mutate(total=counted.times.sum().over(ibis.window()))
    lines: Any = corridors.select(line_cell="cell_id", line_rail="rail")
    both = counted.left_join(lines, counted.passed_cell == lines.line_cell)
    at_large = both.times.cast("float64") / both.total.cast("float64")
    ratio = ((both.line_rail.fill_null(0.0) + held.stray) / (at_large + held.stray)).ln()
    # Whole millionths, since a sum of floats depends on its order.
    found = both.select("passed_cell", ratio=(ratio * MILLIONTHS + 0.5).floor().cast("int64"))
    return found, seen.cell == found.passed_cell


def _posterior(trips: Any, held: Beliefs) -> Any:
    import ibis

    elapsed = (seconds(trips.arrived) - seconds(trips.departed)).cast("float64")
    # Not `greatest`, which passes over a null.
    known = trips.distance_metres
    metres = ibis.ifelse(known < _SHORTEST_METRES, _SHORTEST_METRES, known).cast("float64")
    weights = {
        "road": _share(metres, held, 0) + _taking(elapsed, metres, held.road, held),
        "rail": _share(metres, held, 1) + _taking(elapsed, metres, held.rail, held) + trips.for_rail,
        "slow": _share(metres, held, 2) + _taking(elapsed, metres, held.slow, held),
    }
    scored = trips.mutate(**{f"w_{name}": weight for name, weight in weights.items()})
    top = ibis.greatest(scored.w_road, scored.w_rail, scored.w_slow)
    scored = scored.mutate(**{f"e_{name}": (scored[f"w_{name}"] - top).exp() for name in weights})
    total = scored.e_road + scored.e_rail + scored.e_slow
    # Without a distance nothing is told of the mode.
    placed = scored.distance_metres.notnull()
    found = {
        f"p_{name}": ibis.ifelse(placed, (1 - scored.p_heavy) * scored[f"e_{name}"] / total, None) for name in weights
    }
    return scored.mutate(**found).drop(*(f"{kind}_{name}" for kind in "we" for name in weights))


def _share(metres: Any, held: Beliefs, which: int) -> Any:
    import ibis

    logs = [(upto, log(max(shares[which], _LEAST))) for upto, shares in held.shares]
    banded = [(metres < upto, value) for upto, value in logs if upto != inf]
    return ibis.cases(*banded, else_=logs[-1][1]) if banded else ibis.literal(logs[-1][1])


def _taking(elapsed: Any, metres: Any, speed: Speed, held: Beliefs) -> Any:
    """Logarithm of the chance, up to a factor, that a trip of this length by this mode is seen to take so long."""
    import ibis

    normal = NormalDist(log(speed.median_kmh), speed.spread)
    silence = held.silent_minutes * 60
    chance: Any = ibis.literal(held.stray)
    for k in range(_QUANTILES):
        metres_per_second = exp(normal.inv_cdf((k + 0.5) / _QUANTILES)) / 3.6
        spare = elapsed - metres / metres_per_second
        # The exponential is not computed for negative silences: it would overflow.
        chance = (
            chance + ibis.ifelse(spare >= 0, (ibis.ifelse(spare >= 0, -spare, 0.0) / silence).exp(), 0.0) / _QUANTILES
        )
    return chance.ln()
