"""A road network: directed links between nodes, with the zones whose trips use it.

Zones are the first nodes, so zone 0 is node 0. Nodes before `first_thru_node` carry no traffic that neither begins nor
ends there. Times are minutes, flows passenger-car units (PCU) an hour; a link takes
t = free_flow_minutes · (1 + b · (flow ÷ capacity)^power), the function of the Bureau of Public Roads (1964).

>>> two = RoadNetwork.of([("1", "2", 10.0, 600.0), ("2", "1", 10.0, 600.0)], zones=2)
>>> two.zones, two.link_id, float(two.minutes([600.0, 0.0])[0])
(('1', '2'), ('1', '2'), 11.5)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int32]

CONNECTOR = "connector"
BPR_B, BPR_POWER = 0.15, 4.0


class TrafficError(ValueError):
    """What was given cannot be meant as it is; the message says what, where and what to do."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """n nodes and m directed links. `xy` (n × 2) is longitude and latitude where `geographic`, else the source's units.

    Links, each (m,): `start`, `end` (nodes), `length_m`, `lanes`, `free_flow_minutes`, `capacity_vph` (PCU an hour; inf
    where nothing limits), `b`, `power`, `kind` (class of road), `name` and `geometry` (k × 2 points, or None).
    """

    node_id: tuple[str, ...]
    xy: Floats
    link_id: tuple[str, ...]
    start: Ints
    end: Ints
    length_m: Floats
    lanes: Floats
    free_flow_minutes: Floats
    capacity_vph: Floats
    b: Floats
    power: Floats
    kind: tuple[str, ...]
    name: tuple[str, ...]
    geometry: tuple[Floats | None, ...]
    zones: tuple[str, ...] = ()
    zone_names: tuple[str, ...] = ()
    first_thru_node: int = 0
    geographic: bool = False
    statements: tuple[str, ...] = ()
    closed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """(m,) links that nobody may use; none when empty."""

    def __post_init__(self) -> None:
        from folkmoot.engines.traffic.checks import check_network

        if self.closed.size == 0:
            object.__setattr__(self, "closed", np.zeros(len(self.link_id), dtype=bool))
        check_network(self)

    @property
    def n(self) -> int:
        """How many nodes."""
        return len(self.node_id)

    @property
    def m(self) -> int:
        """How many directed links."""
        return len(self.link_id)

    def index(self, link: str) -> int:
        """The place of a link by its id; an unknown one is an error that names its nearest neighbours."""
        try:
            return self.link_id.index(link)
        except ValueError:
            from difflib import get_close_matches

            near = get_close_matches(link, self.link_id, n=3)
            hint = f" Near it: {', '.join(near)}." if near else ""
            raise TrafficError(
                f"There is no link “{link}” among the {self.m:,} of the network.{hint} The ids are the property "
                "link_id of what `folkmoot roads assign` writes."
            ) from None

    def minutes(self, flow: ArrayLike) -> Floats:
        """(m,) minutes on each link at a flow (m,) in PCU an hour."""
        from folkmoot.engines.traffic.cost import Cost

        return Cost.of(self).minutes(np.asarray(flow, dtype=float))

    def with_statements(self, *said: str) -> RoadNetwork:
        """The same network, with more said about how it was read."""
        return replace(self, statements=(*self.statements, *said))

    @staticmethod
    def of(
        links: Iterable[Sequence[Any]], *, zones: int, xy: ArrayLike | None = None, first_thru_node: int = 0
    ) -> RoadNetwork:
        """A network from rows of start, end, free-flow minutes, capacity [, b, power, length in metres].

        Nodes are named by text; those named 1 … `zones` are zones, and others are numbered as they come.
        """
        rows = [tuple(row) + (BPR_B, BPR_POWER, 1000.0)[len(row) - 4 :] for row in links]
        names = [str(k + 1) for k in range(zones)]
        at = {name: k for k, name in enumerate(names)}
        for row in rows:
            for end in map(str, row[:2]):
                if end not in at:
                    at[end] = len(names)
                    names.append(end)
        column = [np.array([float(row[k]) for row in rows]) for k in range(2, 7)]
        m = len(rows)
        return RoadNetwork(
            node_id=tuple(names),
            xy=np.zeros((len(names), 2)) if xy is None else np.asarray(xy, dtype=float),
            link_id=tuple(str(k + 1) for k in range(m)),
            start=np.array([at[str(row[0])] for row in rows], dtype=np.int32),
            end=np.array([at[str(row[1])] for row in rows], dtype=np.int32),
            length_m=column[4],
            lanes=np.ones(m),
            free_flow_minutes=column[0],
            capacity_vph=column[1],
            b=column[2],
            power=column[3],
            kind=("road",) * m,
            name=("",) * m,
            geometry=(None,) * m,
            zones=tuple(names[:zones]),
            zone_names=tuple(names[:zones]),
            first_thru_node=first_thru_node,
        )
