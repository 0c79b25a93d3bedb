"""Bound every blank by linear programming over all releases together, and refuse what gives one away.

An intruder has every published number of every release. Each says that a sum of unknowns lies within its rounding; each
blank says that its unknowns are fewer than k devices' worth. A release gives a cell away when from all of that follows

- that somebody was in a cell blanked for being few, though the blank says “possibly none”, or
- that some published number, less the published numbers within it, leaves somebody and fewer than k devices.

That covers totals minus parts, differences in time, zone sets that differ by a small zone, and shares of categories. The
bounds are the least and the most of a linear program (Fischetti & Salazar-González 2003, “Partial and complete linear
disclosure control”, Management Science 49(12)). Each solution speaks for many cells at once, so few are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, identity

from folkmoot.engines.mobility.disclose.policy import Reason
from folkmoot.engines.mobility.disclose.published import Published
from folkmoot.engines.mobility.disclose.relations import Cell, Relations, relations
from folkmoot.engines.mobility.disclose.separating import separate

type Floats = NDArray[np.float64]
type Progress = Callable[[int, int], None]
NOBODY = 1e-6
ROUNDS = 12
"""So many solutions shared between all open questions before the rest are asked one by one."""


@dataclass(frozen=True, slots=True)
class GivenAway:
    """One finding: what is given away, by which releases, and how narrowly it is known (trips, expanded)."""

    release: str
    key: tuple[tuple[str, str], ...]
    least: float
    most: float
    what: str

    @property
    def sentence(self) -> str:
        """For a person. It names the cell, which is blank already, and no count."""
        where = ", ".join(f"{name} {value}" for name, value in self.key) or "everything"
        if self.what == "cell":
            return f"Release “{self.release}”: what is published shows that somebody is behind the blank at {where}."
        return f"Release “{self.release}”: {where}, less what is published within it, leaves a few devices."


@dataclass(frozen=True, slots=True)
class Audit:
    """`safe` when nothing is given away. `contradiction`: the releases do not agree (late data), and were loosened so far."""

    releases: tuple[str, ...]
    blanks: int
    related: int
    programs: int
    given_away: tuple[GivenAway, ...]
    contradiction: float

    @property
    def safe(self) -> bool:
        return not self.given_away

    def record(self) -> dict[str, Any]:
        """As a manifest says it: what it was held against, and how much was asked."""
        return {
            "held_against": list(self.releases[1:]), "blanks": self.blanks, "related": self.related,
            "linear_programs": self.programs, "given_away": len(self.given_away),
            "loosened_by": round(self.contradiction, 3),
        }  # fmt: skip


def audit(
    new: Published, earlier: Sequence[Published] = (), *, most: int = 200, progress: Progress | None = None
) -> Audit:
    """Hold a release against all earlier ones. Stops after `most` findings: one is enough to refuse.

    Raises `MobilityError` when the releases are too large to look at together.
    """
    names = tuple(each.name for each in (new, *earlier))
    found = Audit(names, _blank_cells(new, earlier), 0, 0, (), 0.0)
    for group in separate((new, *earlier)):
        found = _with(found, group, most - len(found.given_away), progress)
        if len(found.given_away) >= most:
            break
    return found


def _blank_cells(new: Published, earlier: Sequence[Published]) -> int:
    """Cells of the domain without a number, whatever the reason."""
    whole = sum(
        math.prod(len(release.domain[key]) for key in level) for release in (new, *earlier) for level in release.levels
    )
    return whole - sum(len(release.table) for release in (new, *earlier))


def _with(before: Audit, group: tuple[Published, ...], most: int, progress: Progress | None) -> Audit:
    """What was found before, and what these releases give away together."""
    found = relations(group)
    if not found.unknowns:
        return before
    programme = _Programme(found, group)
    empty = programme.with_empty_blanks()
    given: list[GivenAway] = []
    if empty is None or not _nobody_shown(programme, empty):
        programme.make_feasible()
        given = _blanks_shown(programme, most, progress)
        given += _remainders_shown(programme, most - len(given), progress)
    few = [index for index, cell in enumerate(found.cells) if cell.content is Reason.FEW]
    return replace(
        before,
        related=before.related + int(np.unique(found.cell_of[np.isin(found.cell_of, few)]).size),
        programs=before.programs + programme.solved,
        given_away=(*before.given_away, *given),
        contradiction=before.contradiction + programme.loosened,
    )


class _Programme:
    """One model of all releases; objectives come and go."""

    def __init__(self, found: Relations, releases: Sequence[Published]) -> None:
        self.found, self.releases = found, releases
        self.holds = csr_array(
            (np.ones(len(found.cell_of)), (found.cell_of, found.unknown_of)), shape=(len(found.cells), found.unknowns)
        )
        self.lower, self.upper = (
            np.array([_bounds(cell, releases[cell.release]) for cell in found.cells]).reshape(-1, 2).T
        )
        self.solved, self.loosened = 0, 0.0
        self.least_of, self.most_of = self._columns()

    def _columns(self) -> tuple[Floats, Floats]:
        """Bounds of each unknown: of the cells that hold nothing else, and of wholes of distinct devices."""
        least, most = np.zeros(self.found.unknowns), np.full(self.found.unknowns, np.inf)
        size = np.diff(self.holds.indptr)
        single = np.flatnonzero(size == 1)
        alone = self.holds.indices[self.holds.indptr[single]]
        np.maximum.at(least, alone, self.lower[single])
        np.minimum.at(most, alone, self.upper[single])
        # Parts of a count of distinct devices do not add up to it; each is at most the whole, and they are at least it.
        for index in np.flatnonzero(size > 1):
            if not self.releases[self.found.cells[index].release].additive:
                inside = self.parts(int(index))
                most[inside] = np.minimum(most[inside], self.upper[index])
                self.upper[index] = np.inf
        apart = np.maximum(least - most, 0.0)
        self.loosened += float(apart[np.isfinite(apart)].sum())
        return np.minimum(least, most), np.maximum(least, most)

    def with_empty_blanks(self) -> Floats | None:
        """A solution in which nobody is behind any blank, if there is one: with far fewer unknowns, it ends most audits."""
        import highspy

        from folkmoot.engines.siting.highs import Model, load

        blank = np.zeros(self.found.unknowns, dtype=bool)
        for index, cell in enumerate(self.found.cells):
            if cell.content is Reason.FEW:
                blank[self.parts(index)] = True
        if (self.least_of[blank] > 0).any():
            return None
        free = np.flatnonzero(~blank)
        rows = np.flatnonzero(np.diff(self.holds.indptr) > 1)
        solver = load(
            Model(
                np.zeros(len(free)), self.holds[rows][:, free], self.lower[rows], self.upper[rows], self.most_of[free],
                np.zeros(len(free), dtype=bool), self.least_of[free],
            )
        )  # fmt: skip
        solver.run()
        self.solved += 1
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        x = np.zeros(self.found.unknowns)
        x[free] = solver.getSolution().col_value
        return x

    def make_feasible(self) -> None:
        """Load the model; where the releases contradict one another, loosen them as little as possible."""
        from folkmoot.engines.siting.highs import Model, load

        n = self.found.unknowns
        rows = np.flatnonzero(np.diff(self.holds.indptr) > 1)
        a, lower, upper, m = self.holds[rows], self.lower[rows], self.upper[rows], len(rows)
        elastic = csr_array(hstack([a, identity(m), -identity(m)]))
        nothing, everything = np.zeros(2 * m), np.full(2 * m, np.inf)
        solver = load(
            Model(
                np.concatenate([np.zeros(n), np.ones(2 * m)]), elastic, lower, upper,
                np.concatenate([self.most_of, everything]), np.zeros(n + 2 * m, dtype=bool),
                np.concatenate([self.least_of, nothing]),
            )
        )  # fmt: skip
        solver.run()
        x = np.array(solver.getSolution().col_value)
        under, over = x[n : n + m], x[n + m :]
        self.loosened += float(under.sum() + over.sum())
        self.solved += 1
        slack = 1e-7 * max(1.0, float(np.abs(lower).max(initial=0.0)))
        whole = np.zeros(n, dtype=bool)
        bounds = (lower - under - slack, upper + over + slack)
        self.solver = load(Model(np.zeros(n), a, *bounds, self.most_of, whole, self.least_of))

    def least(self, objective: Floats) -> Floats | None:
        """A solution with the least objective, or None when it has none below everything."""
        import highspy

        n = self.found.unknowns
        self.solver.changeColsCost(n, np.arange(n, dtype=np.int32), objective)
        self.solver.run()
        self.solved += 1
        status = self.solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {status} while auditing a release.")
        return np.array(self.solver.getSolution().col_value)

    def parts(self, cell: int) -> Any:
        """The unknowns in a cell."""
        return self.holds.indices[self.holds.indptr[cell] : self.holds.indptr[cell + 1]]


def _bounds(cell: Cell, release: Published) -> tuple[float, float]:
    """What a reader knows of a cell's true value."""
    few = (release.k - 1) * release.unit
    if isinstance(cell.content, float):
        off = release.round_base - 1 if release.whole else release.round_base
        return max(float(release.k), cell.content - off), cell.content + off
    if cell.content is Reason.FEW:
        return 0.0, few
    return (float(release.k), np.inf) if cell.content is Reason.PROTECTS else (0.0, np.inf)


def _nobody_shown(programme: _Programme, x: Floats) -> bool:
    """Whether a solution with empty blanks leaves no published number with a few devices to itself."""
    for index, rest in _remainders(programme).items():
        if NOBODY < x[rest].sum() < _worth(programme, index) - NOBODY:
            return False
    return True


def _blanks_shown(programme: _Programme, most: int, progress: Progress | None) -> list[GivenAway]:
    """Cells blanked for being few in which somebody must be."""
    cells = programme.found.cells
    open_cells = [
        index for index, cell in enumerate(cells) if cell.content is Reason.FEW and len(programme.parts(index))
    ]
    total = len(open_cells)
    given: list[GivenAway] = []

    def empty_in(x: Floats) -> None:
        held = programme.holds @ x
        open_cells[:] = [index for index in open_cells if held[index] > NOBODY]
        if progress:
            progress(total - len(open_cells), total)

    for _ in range(ROUNDS):
        if not open_cells:
            break
        before = len(open_cells)
        x = programme.least(_sum(programme, open_cells))
        empty_in(x if x is not None else np.zeros(programme.found.unknowns))
        if len(open_cells) == before:
            break
    while open_cells and len(given) < most:
        index = open_cells.pop()
        one = _sum(programme, [index])
        x = programme.least(one)
        assert x is not None
        least = float(one @ x)
        empty_in(x)
        if least > NOBODY:
            highest = programme.least(-one)
            given.append(_given(programme, index, least, np.inf if highest is None else float(one @ highest), "cell"))
    return given


def _remainders_shown(programme: _Programme, most: int, progress: Progress | None) -> list[GivenAway]:
    """Published numbers that, less the published numbers within them, leave somebody and fewer than k devices."""
    hidden = _remainders(programme)
    given: list[GivenAway] = []
    tops = list(hidden)
    limit = {index: _worth(programme, index) for index in tops}

    def settle(x: Floats | None) -> None:
        if x is not None:
            tops[:] = [i for i in tops if NOBODY < x[hidden[i]].sum() < limit[i] - NOBODY]

    everything = np.zeros(programme.found.unknowns)
    for index in tops:
        everything[hidden[index]] = 1.0
    for sign in (1.0, -1.0):
        settle(programme.least(sign * everything))
    done = 0
    while tops and len(given) < most:
        index, one = tops.pop(), np.zeros(programme.found.unknowns)
        one[hidden[index]] = 1.0
        x = programme.least(one)
        least = float(one @ x) if x is not None else 0.0
        settle(x)
        if least > NOBODY:
            x = programme.least(-one)
            highest = np.inf if x is None else float(one @ x)
            settle(x)
            if highest < limit[index] - NOBODY:
                given.append(_given(programme, index, least, highest, "remainder"))
        done += 1
        if progress:
            progress(done, done + len(tops))
    return given


def _remainders(programme: _Programme) -> dict[int, Any]:
    """{a published cell: its unknowns that lie in no published cell within it}, where there are both."""
    public = np.array([isinstance(cell.content, float) for cell in programme.found.cells])
    size = np.diff(programme.holds.indptr)
    shown = np.flatnonzero(public & (size > 0))
    held = programme.holds[shown]
    shared = csr_array(held @ held.T).tocoo()
    outer, inner = shown[shared.row], shown[shared.col]
    within = (shared.data == size[inner]) & (size[inner] < size[outer])
    found: dict[int, Any] = {}
    parts: dict[int, list[int]] = {}
    for top, part in zip(outer[within].tolist(), inner[within].tolist(), strict=True):
        parts.setdefault(top, []).append(part)
    for top, inside in parts.items():
        rest = np.setdiff1d(programme.parts(top), np.concatenate([programme.parts(part) for part in inside]))
        if len(rest):
            found[top] = rest
    return found


def _worth(programme: _Programme, index: int) -> float:
    """k devices' worth of trips in the release of a cell."""
    release = programme.releases[programme.found.cells[index].release]
    return release.k * release.unit


def _sum(programme: _Programme, cells: list[int]) -> Floats:
    found = np.zeros(programme.found.unknowns)
    for index in cells:
        found[programme.parts(index)] = 1.0
    return found


def _given(programme: _Programme, index: int, least: float, most: float, what: str) -> GivenAway:
    cell = programme.found.cells[index]
    return GivenAway(
        programme.releases[cell.release].name, tuple(zip(cell.level, cell.key, strict=True)), least, most, what
    )
