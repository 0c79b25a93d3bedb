"""From activity to activity: a semi-Markov process learned from closed stays.

A state is an activity and how often the patient has had it (once, twice, more): the third blood test says something
else about the rest of the stay than the first. From each state the next activity and the time until it are drawn
together, as they occurred, so durations need no curve and depend on where they lead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

END = -1
MOST_REPEATS = 3
MOST_STEPS = 5000


@dataclass(frozen=True, eq=False, slots=True)
class Routing:
    """`states` (activity, repeat); from state s the moves `start[s]:start[s + 1]` with `target` (END: discharged) and
    `hours`; `begin` the states in which stays began."""

    states: tuple[tuple[str, int], ...]
    start: NDArray[np.int64]
    target: NDArray[np.int64]
    hours: NDArray[np.float64]
    begin: NDArray[np.int64]

    def stays(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Hours of `n` simulated stays."""
        total = np.zeros(n)
        state = self.begin[rng.integers(0, len(self.begin), size=n)]
        going = np.arange(n)
        for _ in range(MOST_STEPS):
            low, high = self.start[state[going]], self.start[state[going] + 1]
            going, low, high = going[high > low], low[high > low], high[high > low]
            if not len(going):
                break
            move = low + (rng.random(len(going)) * (high - low)).astype(np.int64)
            total[going] += self.hours[move]
            state[going] = self.target[move]
            going = going[self.target[move] != END]
        return total


def routing(
    sequences: list[tuple[list[str], list[float]]], unfinished: list[tuple[list[str], list[float]]] | None = None
) -> Routing:
    """Learn from stays: activities in order, and the hours of each event since the stay began.

    `unfinished` stays teach their moves so far and nothing about their end. Leaving them out would favour short stays.
    """
    number: dict[tuple[str, int], int] = {}
    moves: dict[int, list[tuple[int, float]]] = defaultdict(list)
    begin = []
    whole = len(sequences)
    for index, (activities, hours) in enumerate(sequences + (unfinished or [])):
        seen: dict[str, int] = defaultdict(int)
        before, at = END, 0.0
        for activity, when in zip(activities, hours):
            seen[activity] = min(seen[activity] + 1, MOST_REPEATS)
            state = number.setdefault((activity, seen[activity]), len(number))
            if before == END:
                begin.append(state)
            else:
                moves[before].append((state, when - at))
            before, at = state, when
        if before != END and index < whole:
            moves[before].append((END, 0.0))
    start = np.cumsum([0] + [len(moves[s]) for s in range(len(number))])
    flat = [move for s in range(len(number)) for move in moves[s]]
    return Routing(
        tuple(number),
        np.asarray(start, dtype=np.int64),
        np.array([target for target, _ in flat], dtype=np.int64),
        np.array([hours for _, hours in flat]),
        np.array(begin, dtype=np.int64),
    )
