"""The search written down so that its bound can be replayed: a tree of what was fixed, and the multipliers that say why.

Nodes are a flat list, the root first. A node has `fixed`, a list of [multipliers, sites closed, sites opened]: with those
multipliers the other choice for each site is beaten. Then it has either `split` (site, number of the node where it is
open, number of the node where it is closed) or `leaf`, the multipliers that bound everything left. Multipliers are
numbers of a list, each packed as 64-bit little-endian whole numbers, deflated, in base 64: one for each client, clients
in the order of their codes.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.siting.median.instance import Instance
from folkmoot.engines.siting.plan import Certificate

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(slots=True)
class Node:
    """What was learnt at one node; sites are numbers of the instance."""

    fixed: list[tuple[Floats, list[int], list[int]]] = field(default_factory=list)
    split: tuple[int, int, int] | None = None
    leaf: Floats | None = None


@dataclass
class Record:
    """Nodes in the order they were made; `least` is the least bound of all leaves that are done with and all fixings."""

    nodes: list[Node] = field(default_factory=lambda: [Node()])
    least: float = float("inf")
    sites: Ints | None = None
    """Where the search has narrowed to fewer sites, the instance's number of each."""

    def narrow(self, sites: Ints) -> None:
        """From here on sites are told by their place among these."""
        self.sites = sites

    def _instance(self, told: list[int]) -> list[int]:
        return told if self.sites is None else [int(self.sites[j]) for j in told]

    def fix(self, number: int, why: Floats, closed: list[int], opened: list[int], bound: float) -> None:
        """Sites fixed at a node, none of whose other choices is below `bound`."""
        if closed or opened:
            self.nodes[number].fixed.append((why, self._instance(closed), self._instance(opened)))
            self.least = min(self.least, bound)

    def split(self, number: int, site: int) -> tuple[int, int]:
        """The two children of a node: the site open, and closed."""
        self.nodes += [Node(), Node()]
        there = len(self.nodes) - 2
        self.nodes[number].split = (self._instance([site])[0], there, there + 1)
        return there, there + 1

    def leaf(self, number: int, multipliers: Floats, bound: float) -> None:
        """Nothing at the node is below the bound."""
        self.nodes[number].leaf = multipliers
        self.least = min(self.least, bound)

    def certificate(self, instance: Instance, codes: list[str], per: dict[str, Any]) -> Certificate:
        """As JSON can hold it. `codes` of the sites; `per` the units."""
        packed: list[str] = []
        known: dict[bytes, int] = {}

        def put(multipliers: Floats) -> int:
            raw = multipliers.astype("<i8").tobytes()
            if raw not in known:
                known[raw] = len(packed)
                packed.append(base64.b64encode(zlib.compress(raw, 1)).decode("ascii"))
            return known[raw]

        nodes: list[dict[str, Any]] = []
        for node in self.nodes:
            told: dict[str, Any] = {}
            if node.fixed:
                told["fixed"] = [
                    [put(why), [codes[j] for j in closed], [codes[j] for j in opened]]
                    for why, closed, opened in node.fixed
                ]
            if node.split is not None:
                told["split"] = [codes[node.split[0]], node.split[1], node.split[2]]
            else:
                assert node.leaf is not None
                told["leaf"] = put(node.leaf)
            nodes.append(told)
        kind = "dual" if len(nodes) == 1 and "fixed" not in nodes[0] else "tree"
        return Certificate(kind, {**per, "multipliers": packed, "nodes": nodes})
