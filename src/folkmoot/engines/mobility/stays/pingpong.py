"""Ping-pong: a device that does not move is handed to and fro between cells that overlap.

A run is a bounce when the runs before and after it are in one other cell that overlaps with its own, and the device was back
there within a short time. Runs that bounces tie together are a chain. Each run of a chain takes the chain's dominant cell,
where most of its time was spent, if its own cell overlaps with that; else it stays what it is, so that a chain of hand-overs
along a railway does not become one long stay. What is then in one cell without a gap is one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.mobility.stays.cell import MAX_GAP_SECONDS, MIN_STAY_SECONDS
from folkmoot.engines.mobility.stays.days import RUN, known, merged
from folkmoot.engines.mobility.stays.states import lasting, microseconds

if TYPE_CHECKING:
    import ibis.expr.types as ir

EARTH_METRES = 6_371_000.0


def neighbours(cells: Any, *, metres: float = 1_000.0) -> Any:
    """Pairs of cells (cell_id, neighbour) whose antennas are at most so far apart, each pair both ways, as Arrow.

    `cells` is an Arrow table of cell_id, latitude and longitude. A stand-in for overlapping footprints where these are not
    known; any table of two such columns does as well.
    """
    import pyarrow as pa
    from scipy.spatial import cKDTree

    names = np.asarray(cells["cell_id"].cast(pa.string()).to_pylist(), dtype=object)
    up = np.radians(np.asarray(cells["latitude"], np.float64))
    along = np.radians(np.asarray(cells["longitude"], np.float64))
    points = np.column_stack([np.cos(up) * np.cos(along), np.cos(up) * np.sin(along), np.sin(up)])
    chord = 2.0 * np.sin(min(metres / EARTH_METRES / 2.0, np.pi / 2.0))
    pairs = cKDTree(points).query_pairs(chord * (1.0 + 1e-12), output_type="ndarray")
    pairs = pairs[names[pairs[:, 0]] != names[pairs[:, 1]]]
    both = np.vstack([pairs, pairs[:, ::-1]])
    return pa.table(
        {"cell_id": pa.array(names[both[:, 0]], pa.string()), "neighbour": pa.array(names[both[:, 1]], pa.string())}
    )


def smooth(
    stays: ir.Table,
    neighbours: ir.Table,
    *,
    within_seconds: float = 600.0,
    max_gap_seconds: float = MAX_GAP_SECONDS,
    min_stay_seconds: float = MIN_STAY_SECONDS,
) -> ir.Table:
    """Rows of `cell.runs` or `days.join` with ping-pong taken out, by the same limits.

    `neighbours` has cell_id and neighbour; a pair given one way counts both ways.
    """
    pairs = _both_ways(neighbours)
    chained = _chains(known(stays), pairs, microseconds(min(within_seconds, max_gap_seconds)))
    settled = _settled(chained, pairs)
    return merged(settled, max_gap_seconds=max_gap_seconds, min_stay_seconds=min_stay_seconds)


def _both_ways(neighbours: ir.Table) -> ir.Table:
    there = neighbours.select(one=neighbours.cell_id, other=neighbours.neighbour)
    back = neighbours.select(one=neighbours.neighbour, other=neighbours.cell_id)
    pairs = there.union(back, distinct=True)
    return pairs.filter(pairs.one != pairs.other)


def _overlap(runs: ir.Table, pairs: ir.Table, other: str, name: str) -> ir.Table:
    """Runs with the column `name`: does the run's cell overlap with that in the column `other`?"""
    import ibis

    marked = pairs.mutate(**{name: ibis.literal(True)})
    found = runs.left_join(marked, [runs.cell_id == marked.one, runs[other] == marked.other])
    return found.drop("one", "other").mutate(**{name: found[name].fill_null(False)})


def _chains(runs: ir.Table, pairs: ir.Table, within: int) -> ir.Table:
    """Runs with the number of their chain among those of their device; a run that no bounce ties is a chain of its own."""
    import ibis

    order = ["start", "end", "cell_id"]
    each = ibis.window(group_by="user_id", order_by=order)
    seen = runs.mutate(
        cell_before=runs.cell_id.lag().over(each),
        cell_after=runs.cell_id.lead().over(each),
        back_after=lasting(runs.end.lag().over(each), runs.start.lead().over(each)),
    )
    marked = _overlap(seen, pairs, "cell_before", "near")
    bounces = marked.near & (marked.cell_before == marked.cell_after) & (marked.back_after <= within)
    tied = marked.mutate(bounces=bounces.fill_null(False))
    linked = tied.mutate(first=(tied.bounces | tied.bounces.lag().over(each).fill_null(False)).ifelse(0, 1))
    running = ibis.cumulative_window(group_by="user_id", order_by=order)
    return linked.mutate(chain=linked["first"].sum().over(running)).select(*RUN, "chain")


def _settled(chained: ir.Table, pairs: ir.Table) -> ir.Table:
    """Every run in the dominant cell of its chain, if its own overlaps with that."""
    import ibis

    spent = chained.group_by("user_id", "chain", "cell_id").aggregate(
        spent=lasting(chained.start, chained.end).sum(), heard=chained.events.sum()
    )
    best = ibis.window(group_by=["user_id", "chain"], order_by=[ibis.desc("spent"), ibis.desc("heard"), "cell_id"])
    ranked = spent.mutate(rank=ibis.row_number().over(best))
    dominant = ranked.filter(ranked["rank"] == 0).select("user_id", "chain", dominant="cell_id")
    joined = chained.inner_join(dominant, ["user_id", "chain"])
    marked = _overlap(joined, pairs, "dominant", "near")
    return marked.select(
        "user_id", "start", "end", cell_id=ibis.ifelse(marked.near, marked.dominant, marked.cell_id), events="events"
    )
