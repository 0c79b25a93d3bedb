"""Time contenders in turn, round after round, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that handles `items` things when called with the number of the round; it returns a figure to show."""

    name: str
    items: int
    run: Callable[[int], float]


@dataclass(slots=True)
class Timing:
    """CPU seconds of each round, and the mean of the figures returned."""

    name: str
    items: int
    seconds: list[float] = field(default_factory=list)
    figures: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Items per CPU second in the median round."""
        return self.items / median(self.seconds)

    def times_faster_than(self, other: Timing) -> float:
        """The median over rounds of the ratio of speeds within a round."""
        return median((b / other.items) / (a / self.items) for a, b in zip(self.seconds, other.seconds))


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be shown, what was found, and whether that is enough."""

    what: str
    wanted: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark's table (first row: headings) and its targets."""

    name: str
    title: str
    rows: list[list[str]]
    targets: list[Target]
    note: str = ""


def interleaved(contenders: Sequence[Contender], rounds: int, tick: Callable[[], None]) -> Iterator[Timing]:
    """One timing a contender. Callers warm up what is compiled on first use."""
    timings = [Timing(c.name, c.items) for c in contenders]
    for number in range(rounds):
        for contender, timing in zip(contenders, timings):
            gc.collect()
            begun = time.process_time()
            figure = contender.run(number)
            timing.seconds.append(time.process_time() - begun)
            timing.figures.append(figure)
            tick()
    return iter(timings)
