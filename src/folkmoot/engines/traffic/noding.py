"""From ways to links: cut where ways meet, joined where nothing branches, directed, and only what hangs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.traffic.network import BPR_B, BPR_POWER, Floats, RoadNetwork, TrafficError
from folkmoot.engines.traffic.ways import Way

EARTH_RADIUS_METRES = 6_371_008.8
JOIN_METRES, CUT_OFF = 60.0, 0.05
PLACES = 9
"""Decimal places of a degree to which points must agree to be one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch between two junctions, or what will be one with its neighbours."""

    key: str
    start: int
    end: int
    points: Floats
    metres: float
    minutes: float
    way: Way

    @property
    def turned(self) -> Piece:
        """The same, drawn the other way round."""
        way = replace(self.way, direction=-self.way.direction)
        return replace(self, start=self.end, end=self.start, points=self.points[::-1], way=way)

    def continues(self, other: Piece) -> bool:
        """Whether the other goes on as the same road: same class, name, lanes, capacity and direction."""
        a, b = self.way, other.way
        return (a.kind, a.name, a.lanes, a.capacity, a.direction) == (b.kind, b.name, b.lanes, b.capacity, b.direction)


def metres(a: Floats, b: Floats) -> Floats:
    """Great-circle metres between points (… × 2) of longitude and latitude."""
    a, b = np.radians(a), np.radians(b)
    chord = np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
    chord = chord + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin((b[..., 0] - a[..., 0]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def network_of(
    ways: Sequence[Way], *, simplify: bool, join_ends_m: float | None, statements: tuple[str, ...]
) -> RoadNetwork:
    """A network of links between junctions, in its largest part where every node reaches every other."""
    made, lost = _made(ways, simplify, statements)
    if join_ends_m == 0 or (join_ends_m is None and lost <= CUT_OFF):
        return made
    from folkmoot.engines.traffic.joining import join_ends

    reach = JOIN_METRES if join_ends_m is None else join_ends_m
    whole, ends, joined = join_ends(ways, reach)
    why = f", since {lost:.0%} of all road was cut off without it" if join_ends_m is None else ""
    said = f"{joined:,} of {ends:,} road ends are joined to roads within {reach:g} m of them{why}."
    return _made(whole, simplify, (*statements, said))[0]


def _made(ways: Sequence[Way], simplify: bool, statements: tuple[str, ...]) -> tuple[RoadNetwork, float]:
    """The network, and what share of its road is cut off from the main part."""
    pieces, places = cut(ways)
    if simplify:
        before = len(pieces)
        pieces = chained(pieces)
        statements = (
            *statements,
            f"{before:,} stretches between shared points became {len(pieces):,} between junctions.",
        )
    whole = _directed(pieces, places, statements)
    main = _main_part(whole)
    return main, 1 - float(main.length_m.sum() / whole.length_m.sum())


def cut(ways: Sequence[Way]) -> tuple[list[Piece], Floats]:
    """Ways cut wherever they share a point, and the points (n × 2)."""
    size = np.array([len(way.points) for way in ways])
    points = np.round(np.concatenate([way.points for way in ways]), PLACES)
    places, of = np.unique(points, axis=0, return_inverse=True)
    of = of.reshape(-1)
    ends = np.cumsum(size)
    seen = np.bincount(of, minlength=len(places))
    seen[of[ends - 1]] += 2  # an end is always a node
    seen[of[ends - size]] += 2
    pieces = []
    for way, low, high in zip(ways, ends - size, ends):
        nodes = of[low:high]
        cuts = np.flatnonzero(seen[nodes] > 1)
        for number, (a, b) in enumerate(pairwise(cuts), start=1):
            line = way.points[a : b + 1]
            length = float(metres(line[:-1], line[1:]).sum())
            key = f"{way.key}.{number}"
            pieces.append(Piece(key, int(nodes[a]), int(nodes[b]), line, length, length * 60 / (way.kmh * 1000), way))
    return pieces, places


def chained(pieces: list[Piece]) -> list[Piece]:
    """Pieces joined through every node where only two meet and the road goes on unchanged."""
    at: dict[int, list[int]] = {}
    for k, piece in enumerate(pieces):
        for node in (piece.start, piece.end):
            at.setdefault(node, []).append(k)

    def next_of(piece: Piece, k: int) -> tuple[int, Piece] | None:
        here = at[piece.end]
        if len(here) != 2 or here[0] == here[1]:
            return None
        other = here[0] if here[1] == k else here[1]
        follows = pieces[other] if pieces[other].start == piece.end else pieces[other].turned
        return (other, follows) if piece.continues(follows) else None

    used = np.zeros(len(pieces), dtype=bool)
    joined: list[Piece] = []

    def walk(first: Piece, k: int) -> None:
        chain, used[k] = [first], True
        step = next_of(first, k)
        while step is not None and not used[step[0]]:
            used[step[0]] = True
            chain.append(step[1])
            step = next_of(step[1], step[0])
        joined.append(_one(chain))

    for k, piece in enumerate(pieces):  # from the ends of chains first; what is left then are rings
        if not used[k] and next_of(piece.turned, k) is None:
            walk(piece, k)
        elif not used[k] and next_of(piece, k) is None:
            walk(piece.turned, k)
    for k, piece in enumerate(pieces):
        if not used[k]:
            walk(piece, k)
    return joined


def _one(chain: list[Piece]) -> Piece:
    if len(chain) == 1:
        return chain[0]
    points = np.concatenate([chain[0].points, *(piece.points[1:] for piece in chain[1:])])
    length, minutes = sum(piece.metres for piece in chain), sum(piece.minutes for piece in chain)
    return Piece(chain[0].key, chain[0].start, chain[-1].end, points, length, minutes, chain[0].way)


def _directed(pieces: list[Piece], places: Floats, statements: tuple[str, ...]) -> RoadNetwork:
    """Each piece as a link for each of its directions; the one against the drawing ends its id with r."""
    links = []
    rings = 0
    for piece in pieces:
        if piece.start == piece.end or piece.metres <= 0:
            rings += 1
            continue
        if piece.way.direction >= 0:
            links.append((piece.key, piece))
        if piece.way.direction <= 0:
            links.append((f"{piece.key}r", piece.turned))
    if rings:
        statements = (*statements, f"{rings:,} stretches end where they begin and lead nowhere; they are left out.")
    if not links:
        raise TrafficError("No road leads from one place to another: all end where they begin.")
    used, of = np.unique([[p.start, p.end] for _, p in links], return_inverse=True)
    of = of.reshape(-1, 2)
    m = len(links)
    return RoadNetwork(
        node_id=tuple(str(k) for k in range(len(used))),
        xy=places[used],
        link_id=tuple(key for key, _ in links),
        start=of[:, 0].astype(np.int32),
        end=of[:, 1].astype(np.int32),
        length_m=np.array([p.metres for _, p in links]),
        lanes=np.array([p.way.lanes for _, p in links]),
        free_flow_minutes=np.array([p.minutes for _, p in links]),
        capacity_vph=np.array([p.way.capacity for _, p in links]),
        b=np.full(m, BPR_B),
        power=np.full(m, BPR_POWER),
        kind=tuple(p.way.kind for _, p in links),
        name=tuple(p.way.name for _, p in links),
        geometry=tuple(p.points for _, p in links),
        geographic=True,
        statements=statements,
    )


def _main_part(network: RoadNetwork) -> RoadNetwork:
    """The largest strongly connected part; what leads out of it, or nowhere, is left out and said."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(network.m), (network.start, network.end)), shape=(network.n, network.n))
    count, part = connected_components(graph, connection="strong")
    main = part == np.bincount(part).argmax()
    kept = main[network.start] & main[network.end]
    if not kept.any():
        raise TrafficError(
            "No two places of the network can be reached from each other. Roads must share the points where they meet; "
            "check that oneway is right."
        )
    if kept.all():
        return network
    lost_km = float(network.length_m[~kept].sum()) / 1000
    said = (
        f"{int((~kept).sum()):,} of {network.m:,} links ({lost_km:,.0f} km) are not joined both ways with the main part "
        f"({count - 1:,} parts beside it) and are left out."
    )
    return only(network, kept).with_statements(said)


def only(network: RoadNetwork, kept: NDArray[np.bool_]) -> RoadNetwork:
    """The network with some links alone, and the nodes these use. For networks without zones."""
    used, of = np.unique(np.stack([network.start[kept], network.end[kept]], axis=1), return_inverse=True)
    of = of.reshape(-1, 2).astype(np.int32)
    which = np.flatnonzero(kept)

    def some(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(values[k] for k in which)

    arrays = ("length_m", "lanes", "free_flow_minutes", "capacity_vph", "b", "power", "closed")
    changes: dict[str, Any] = {name: getattr(network, name)[kept] for name in arrays}
    changes |= {name: some(getattr(network, name)) for name in ("link_id", "kind", "name", "geometry")}
    return replace(
        network,
        node_id=tuple(network.node_id[k] for k in used),
        xy=network.xy[used],
        start=np.ascontiguousarray(of[:, 0]),
        end=np.ascontiguousarray(of[:, 1]),
        **changes,
    )
