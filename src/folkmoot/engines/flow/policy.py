"""The rules by which a team may take its patients. Clinical priority stands above all of them; order is advice.

A rule gives each waiting task a score, the lower the sooner. The built-in rules (`RULES`) run inside the compiled
simulator; any object with a `name` and a `scores` method can rank a live list (`Policy`), and one whose scores do not
change while patients wait can be simulated too, by giving them beforehand (`simulate(..., given=...)`).

>>> get("index-ageing").power
4
>>> get("fastest")
Traceback (most recent call last):
    ...
ValueError: There is no policy “fastest”. The policies are: fcfs, admission, edd, critical-ratio, toc, colours, sept,
...
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from folkmoot.engines.flow.model import Floats, Scenario
from folkmoot.engines.flow.path import features
from folkmoot.engines.flow.sim import score as rules


@dataclass(frozen=True, eq=False, slots=True)
class Waiting:
    """The tasks waiting now, one entry each. Times are hours since the origin, durations hours.

    `here` is what `work_here` gives for the rule that will rank them.
    """

    ready: Floats
    admitted: Floats
    buffer: Floats
    estimate: Floats
    tail: Floats
    here: Floats
    other_end: Floats

    def penetration(self, now: float) -> Floats:
        """Share of the patient's buffer used up: 1 is the planned discharge date."""
        return np.asarray((now - self.admitted) / self.buffer)


@runtime_checkable
class Policy(Protocol):
    """An ordering rule."""

    @property
    def name(self) -> str:
        """How it is called on the command line."""
        ...

    def scores(self, waiting: Waiting, now: float) -> Floats:
        """One number a task; the lowest is taken first."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule the simulator knows. `slack_scale`, `grace`, `patience` (hours), `power` and `saturation` (× the typical
    work) shape the index rules; see `sim.score`."""

    name: str
    title: str
    code: int
    slack_scale: float = 12.0
    grace: float = 96.0
    patience: float = 400.0
    power: int = 4
    saturation: float = 0.5
    clairvoyant: bool = False
    rounds: bool = False

    def __post_init__(self) -> None:
        for name in ("slack_scale", "grace", "patience"):
            if not getattr(self, name) > 0:
                raise ValueError(f"The {name} of a rule must be more than 0 hours, not {getattr(self, name)}.")

    def scores(self, waiting: Waiting, now: float) -> Floats:
        """The same numbers as in the simulator, for a whole list at once."""
        if self.code == rules.GIVEN:
            raise ValueError("The order “given” has no score of its own; give the simulator one number for each task.")
        w = waiting
        if self.code == rules.FCFS:
            return w.ready
        if self.code == rules.ADMISSION:
            return w.admitted
        if self.code == rules.EDD:
            return w.admitted + w.buffer
        if self.code == rules.TOC:
            return -w.penetration(now)
        if self.code == rules.COLOURS:
            return 3.0 - np.clip(np.floor((now - w.admitted) * 3.0 / w.buffer), 0.0, 3.0)
        if self.code == rules.SEPT:
            return w.estimate
        remaining = np.maximum(w.tail, w.other_end - now)
        if self.code == rules.SRPT:
            return remaining
        if self.code == rules.CRITICAL_RATIO:
            return (w.admitted + w.buffer - now) / np.maximum(remaining, rules.LEAST_WORK)
        slack = np.maximum(w.other_end - now - w.tail, 0.0)
        damp = 1.0 + slack / (2.0 * self.slack_scale)
        value = np.maximum(w.here, rules.LEAST_VALUE) * damp * damp
        if self.code == rules.INDEX_AGEING:
            waited = now - w.ready
            value = value**self.power / ((waited + self.grace) * (1.0 + waited / self.patience))
        return np.asarray(value)


def work_here(scenario: Scenario, rule: Rule) -> Floats:
    """The work each task's patient still needs of its resource (hours); for the ageing index its saturated share u."""
    here = features(scenario, clairvoyant=rule.clairvoyant).here
    if rule.code != rules.INDEX_AGEING:
        return here
    half = rule.saturation * typical_work(scenario)[scenario.tasks.resource]
    return np.asarray(here / np.maximum(here + half, rules.LEAST_WORK))


def typical_work(scenario: Scenario) -> Floats:
    """Mean estimated work still to be done at each resource by a patient who waits there, hours; last entry: delays."""
    here, resource = features(scenario).here, scenario.tasks.resource
    n = len(scenario.resources) + 1
    return np.roll(np.bincount(resource + 1, here, n) / np.maximum(np.bincount(resource + 1, minlength=n), 1), -1)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("fcfs", "First come, first served", rules.FCFS),
        Rule("admission", "Longest in hospital first", rules.ADMISSION),
        Rule("edd", "Earliest planned discharge date", rules.EDD),
        Rule("critical-ratio", "Critical ratio", rules.CRITICAL_RATIO),
        Rule("toc", "Theory of constraints: buffer penetration", rules.TOC),
        Rule("colours", "Theory of constraints: four colours", rules.COLOURS),
        Rule("sept", "Shortest task first", rules.SEPT),
        Rule("srpt", "Shortest remaining path first", rules.SRPT),
        Rule("index", "Slack index: most bed-hours freed per hour of work", rules.INDEX),
        Rule("index-ageing", "Slack index with ageing", rules.INDEX_AGEING),
        Rule("rounds", "Timetabled rounds, then first come, first served", rules.FCFS, rounds=True),
        Rule("clairvoyant", "Slack index that knows the true durations", rules.INDEX, clairvoyant=True),
        Rule("given", "A score given beforehand", rules.GIVEN),
    )
}
DEFAULT = "index-ageing"


def get(name: str) -> Rule:
    """The rule of that name, or a sentence with the names there are."""
    try:
        return RULES[name]
    except KeyError:
        raise ValueError(f"There is no policy “{name}”. The policies are: {', '.join(RULES)}.") from None
