"""From activity to activity: a semi-Markov process learned from stays, also from those that have not ended yet.

A state is an activity, how often the patient has had it (once, twice, more), and how long the stay has lasted so far (in
bands): the third blood test says something else about the rest of the stay than the first, and so does the second week.
From each state the next activity and the time until it are drawn together, as they occurred, so durations need no curve
and depend on where they lead.

A stay that has not ended has stood in its last state for a time without moving. Its weight goes to the moves that took
longer, as Kaplan and Meier (1958) have it in the form of Efron (1967), “redistribution to the right”; leaving it out
would favour short stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

END = -1
MOST_REPEATS = 3
MOST_STEPS = 5000
BANDS = 4

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Sequence_ = tuple[Sequence[str], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A stay still going on: its activities so far, the hours of each since it began, and the hours it has lasted."""

    activities: Sequence[str]
    hours: Sequence[float]
    lasted: float


@dataclass(frozen=True, eq=False, slots=True)
class Routing:
    """`states` (activity, repeat, band); from state s the moves `start[s]:start[s + 1]` with `target` (END: discharged),
    `hours`, and `cumulative` weight; `begin` the states in which stays began, `edges` the hours between the bands."""

    states: tuple[tuple[str, int, int], ...]
    start: Ints
    target: Ints
    hours: Floats
    cumulative: Floats
    begin: Ints
    edges: Floats

    def stays(self, n: int, rng: np.random.Generator) -> Floats:
        """Hours of `n` simulated stays."""
        total = np.zeros(n)
        state = self.begin[rng.integers(0, len(self.begin), size=n)]
        going = np.arange(n)
        before = np.concatenate([[0.0], self.cumulative])
        for _ in range(MOST_STEPS):
            low, high = self.start[state[going]], self.start[state[going] + 1]
            going, low, high = going[high > low], low[high > low], high[high > low]
            if not len(going):
                break
            wanted = before[low] + rng.random(len(going)) * (before[high] - before[low])
            move = np.clip(np.searchsorted(self.cumulative, wanted, side="right"), low, high - 1)
            total[going] += self.hours[move]
            state[going] = self.target[move]
            going = going[self.target[move] != END]
        return total


def routing(sequences: Sequence[Sequence_], unfinished: Sequence[Unfinished] = (), *, bands: int = BANDS) -> Routing:
    """Learn from stays: activities in order, and the hours of each event since the stay began."""
    lengths = np.array([hours[-1] for _, hours in sequences if len(hours)] or [0.0])
    edges = np.unique(np.quantile(lengths, np.arange(1, bands) / bands)) if bands > 1 else np.empty(0)
    number: dict[tuple[str, int, int], int] = {}
    moves: dict[int, list[tuple[float, int]]] = defaultdict(list)
    stood: dict[int, list[float]] = defaultdict(list)
    begin: list[int] = []

    def walk(activities: Sequence[str], hours: Sequence[float]) -> tuple[int, float]:
        seen: dict[str, int] = defaultdict(int)
        before, at = END, 0.0
        band = np.searchsorted(edges, hours, side="right").tolist()
        for activity, when, k in zip(activities, hours, band):
            seen[activity] = min(seen[activity] + 1, MOST_REPEATS)
            state = number.setdefault((activity, seen[activity], k), len(number))
            if before == END:
                begin.append(state)
            else:
                moves[before].append((when - at, state))
            before, at = state, when
        return before, at

    for activities, hours in sequences:
        state, _ = walk(activities, hours)
        if state != END:
            moves[state].append((0.0, END))
    for stay in unfinished:
        state, at = walk(stay.activities, stay.hours)
        if state != END:
            stood[state].append(max(stay.lasted - at, 0.0))
    start = [0]
    flat: list[tuple[float, int]] = []
    weights: list[Floats] = []
    for s in range(len(number)):
        mine = sorted(moves[s])
        flat += mine
        weights.append(weight_to_the_right(np.array([h for h, _ in mine]), np.array(stood[s])))
        start.append(len(flat))
    return Routing(
        tuple(number),
        np.array(start, dtype=np.int64),
        np.array([target for _, target in flat], dtype=np.int64),
        np.array([hours for hours, _ in flat], dtype=np.float64),
        np.cumsum(np.concatenate(weights)) if weights else np.empty(0),
        np.array(begin, dtype=np.int64),
        edges,
    )


def weight_to_the_right(times: Floats, censored: Floats) -> Floats:
    """The Kaplan–Meier mass of each of `times` (sorted) when others are only known to exceed `censored`.

    The masses sum to one: what lies beyond the last time is left out, because nothing is known of it.
    """
    if not len(times):
        return np.empty(0)
    later = len(censored) - np.searchsorted(np.sort(censored), times, side="left")
    at_risk = np.arange(len(times), 0, -1) + later
    survival = np.cumprod(1.0 - 1.0 / at_risk)
    mass = np.concatenate([[1.0], survival[:-1]]) / at_risk
    return np.asarray(mass / mass.sum())
