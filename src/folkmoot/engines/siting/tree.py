"""Branch and bound over linear relaxations, in whole numbers, so that every bound can be replayed without a solver.

HiGHS solves the relaxations in floats; nothing it says is believed. The multipliers it ends with are rounded to
multiples of 1 ÷ SCALE, and any multipliers λ ≥ 0 bound min c·x over Ax ≥ b, l ≤ x ≤ u from below (weak duality):

    λ·b + Σ_j min over [l_j, u_j] of (c − Aᵀλ)_j x_j

which is computed in integers. As the objective is whole, a bound may be rounded up. A leaf is the columns fixed open
and closed and the multipliers that bound it; leaves together are all choices. Source: Land and Doig (1960) for the
method, Geoffrion (1974) for the bound.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from folkmoot.engines.siting import highs

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

SCALE = 2**20
LARGEST = 2.0**61
NEVER = 2**62
"""The bound where there is no choice at all."""
NODES = 400
"""Beyond so many nodes HiGHS, which has cuts, is quicker; its proof leaves nothing to replay."""
TRIES = 12
"""At how many of the first nodes the relaxation is rounded into a plan."""


@dataclass(frozen=True, eq=False)
class Whole:
    """Minimise cost·x, rows·x ≥ least, 0 ≤ x ≤ 1, the first `choices` columns 0 or 1; all numbers whole."""

    cost: Ints
    rows: Any
    least: Ints
    choices: int
    fixed: NDArray[np.bool_]
    """Of the choices, those that are 1."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """Columns at 1, columns at 0, and multipliers (in 1 ÷ SCALE) for the rows; `ray`: they prove there is no choice."""

    ones: tuple[int, ...]
    zeros: tuple[int, ...]
    multipliers: Ints
    ray: bool = False


@dataclass(frozen=True, eq=False)
class Grown:
    """The best choice found, what no choice is below, and the leaves that prove it. `closed`: nothing is left to search."""

    chosen: NDArray[np.bool_] | None
    value: int | None
    bound: int
    closed: bool
    leaves: tuple[Leaf, ...]
    nodes: int


def fits(cost: Floats) -> bool:
    """Whether costs are small enough to be bounded in 64-bit whole numbers."""
    return float(np.abs(cost).sum()) * SCALE * 4 < LARGEST


class Relaxation(Protocol):
    """What bounds choices: linear (`Linear`, here) or Lagrangian (`facility.dual`)."""

    choices: int
    fixed: NDArray[np.bool_]

    def begin(self) -> Ints:
        """Multipliers to begin with."""

    def solve(self, fixing: NDArray[np.int8], multipliers: Ints) -> Solved | None:
        """Good multipliers for a fixing (1 open, −1 closed, 0 free), beginning with its parent's; None: interrupted."""

    def bound(self, fixing: NDArray[np.int8], multipliers: Ints) -> int:
        """What no choice with this fixing is below, by these multipliers, rounded up."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A relaxed choice `y` (choices,) from 0 to 1, the multipliers that bound it, and whether they prove there is none."""

    y: Floats
    multipliers: Ints
    ray: bool = False


def grow(
    relaxed: Relaxation,
    *,
    value_of: Callable[[NDArray[np.bool_]], int | None],
    rounded: Callable[[Floats], NDArray[np.bool_] | None],
    start: NDArray[np.bool_] | None = None,
    gap: float = 0.0,
    enough: int | None = None,
    content: int | None = None,
    should_stop: highs.ShouldStop | None = None,
    progress: Callable[[float | None, float], None] | None = None,
    nodes: int = NODES,
) -> Grown:
    """Search, best bound first. `value_of` a choice is None if it breaks a limit; `rounded` makes one of a relaxation.

    `enough`: the search may end once the bound is at least this, and `content`: once a choice is worth no more than this
    (the question was only whether there is one).
    """
    best, value = start, None if start is None else value_of(start)
    none = np.zeros(relaxed.choices, dtype=np.int8)
    root = _Node(none, relaxed.begin(), relaxed.bound(none, relaxed.begin()))
    heap: list[tuple[int, int, _Node]] = [(root.bound, 0, root)]
    leaves: list[Leaf] = []
    count = made = 0

    def target() -> float:
        if content is not None and value is not None and value <= content:
            return -math.inf
        least = math.inf if value is None else value - math.floor(gap * abs(value))
        return least if enough is None else min(least, enough)

    def push(node: _Node) -> None:
        nonlocal made
        made += 1
        heapq.heappush(heap, (node.bound, made, node))

    while heap and heap[0][0] < target() and count < nodes and not (should_stop is not None and should_stop()):
        node = heapq.heappop(heap)[2]
        solved = relaxed.solve(node.fixing, node.multipliers)
        if solved is None:
            push(node)
            break
        count += 1
        if solved.ray:
            leaves.append(node.leaf(solved.multipliers, ray=True))
            continue
        bound = relaxed.bound(node.fixing, solved.multipliers)
        if bound >= node.bound:
            node = _Node(node.fixing, solved.multipliers, bound)
        if count <= TRIES or bool(((solved.y < 1e-6) | (solved.y > 1 - 1e-6)).all()):
            found = rounded(solved.y)
            worth = None if found is None else value_of(found)
            if worth is not None and (value is None or worth < value):
                best, value = found, worth
        if progress:
            least = min([node.bound, *(entry[0] for entry in heap[:1])])
            progress(None if value is None else float(value), float(least))
        free = (node.fixing == 0) & ~relaxed.fixed
        if node.bound >= target() or not free.any():
            push(node)
            if node.bound < target():
                break  # all is fixed and still below: the relaxation was not solved well enough
            continue
        j = int(np.where(free, -np.abs(solved.y - 0.5), -np.inf).argmax())
        for side in (1, -1):
            fixing = node.fixing.copy()
            fixing[j] = side
            push(_Node(fixing, node.multipliers, node.bound))
    leaves += [node.leaf(node.multipliers) for _, _, node in heap]
    left = min((bound for bound, _, _ in heap), default=NEVER)
    return Grown(best, value, left if value is None else min(left, value), left >= target(), tuple(leaves), count)


@dataclass(frozen=True, eq=False)
class _Node:
    fixing: NDArray[np.int8]
    """1 open, −1 closed, 0 free."""
    multipliers: Ints
    bound: int

    def leaf(self, multipliers: Ints, *, ray: bool = False) -> Leaf:
        ones, zeros = np.flatnonzero(self.fixing == 1), np.flatnonzero(self.fixing == -1)
        return Leaf(tuple(ones.tolist()), tuple(zeros.tolist()), multipliers, ray)


class Linear:
    """The linear relaxation, solved again and again from where the last one ended."""

    def __init__(self, model: Whole, should_stop: highs.ShouldStop | None) -> None:
        self._model = model
        self.choices, self.fixed = model.choices, model.fixed
        self._rows = csr_array(model.rows)
        self._back = csr_array(self._rows.T)
        columns = len(model.cost)
        self._solver = highs.load(
            highs.Model(
                cost=model.cost.astype(float),
                rows=self._rows.astype(float),
                row_lower=model.least.astype(float),
                row_upper=np.full(len(model.least), math.inf),
                upper=np.ones(columns),
                integer=np.zeros(columns, dtype=bool),
            )
        )
        if should_stop is not None:
            self._solver.cbSimplexInterrupt.subscribe(lambda event: event.interrupt() if should_stop() else None)
        self._index = np.arange(model.choices, dtype=np.int32)

    def begin(self) -> Ints:
        return np.zeros(len(self._model.least), dtype=np.int64)

    def solve(self, fixing: NDArray[np.int8], multipliers: Ints) -> Solved | None:
        """None where it was interrupted or failed. The parent's multipliers are not needed: the solver keeps its basis."""
        import highspy

        lower, upper = self._limits(fixing)
        m = self._model.choices
        self._solver.changeColsBounds(m, self._index, lower[:m].astype(float), upper[:m].astype(float))
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return self._no_choice(fixing)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        duals = np.round(np.maximum(0.0, np.array(solution.row_dual)) * SCALE)
        spread = float(duals.sum()) * len(self._model.cost) + float(np.abs(duals) @ np.abs(self._model.least))
        if not spread < LARGEST:
            return None
        return Solved(np.array(solution.col_value)[:m], duals.astype(np.int64))

    def _no_choice(self, fixing: NDArray[np.int8]) -> Solved | None:
        _, there, ray = self._solver.getDualRay()
        if not there:  # presolve found it; ask again without
            self._solver.setOptionValue("presolve", "off")
            self._solver.clearSolver()
            self._solver.run()
            _, there, ray = self._solver.getDualRay()
        if not there:
            return None
        ray = np.array(ray)
        for sign in (1, -1):
            unit = np.maximum(0.0, sign * ray)
            if unit.max(initial=0.0) > 0:
                whole = np.round(unit / unit.max() * SCALE).astype(np.int64)
                if self._bound(fixing, whole, np.zeros_like(self._model.cost)) > 0:
                    return Solved(np.zeros(self.choices), whole, ray=True)
        return None

    def bound(self, fixing: NDArray[np.int8], multipliers: Ints) -> int:
        """What no choice with this fixing is below, rounded up."""
        return -((-self._bound(fixing, multipliers, self._model.cost)) // SCALE)

    def _bound(self, fixing: NDArray[np.int8], multipliers: Ints, cost: Ints) -> int:
        lower, upper = self._limits(fixing)
        left = cost * SCALE - self._back @ multipliers
        return int(multipliers @ self._model.least) + int(np.minimum(left * lower, left * upper).sum())

    def _limits(self, fixing: NDArray[np.int8]) -> tuple[Ints, Ints]:
        lower = np.zeros(len(self._model.cost), dtype=np.int64)
        upper = np.ones(len(self._model.cost), dtype=np.int64)
        lower[: self._model.choices] = (fixing == 1) | self._model.fixed
        upper[: self._model.choices] = (fixing != -1) | self._model.fixed
        return lower, upper
