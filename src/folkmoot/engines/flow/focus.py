"""The five focusing steps (Goldratt & Cox 1984; Goldratt 1990), each with what it is worth in this hospital.

1. *Identify* the constraint: the resource whose capacity shortens the stay most.
2. *Exploit* it: no idling while a queue stands (a live list instead of timetabled rounds), and the best order.
3. *Subordinate* the rest to it: refer to it earlier, beside recovery instead of after it.
4. *Elevate* it: more people, longer hours, Saturdays, lighter work; ranked by what they save.
5. *Repeat*: with that in place, which is the constraint now?

The steps are cumulative and each is measured against the one before and against the start: the ablation without which
no improvement is to be believed. Every step also has its own lower bound, because an earlier referral or more staff
changes what is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from folkmoot.engines.flow.constraint import Constraint, identify
from folkmoot.engines.flow.experiment import Arm, Comparison, Interval, Progress, compare
from folkmoot.engines.flow.levers import Referral, add_staff, earlier_referral, open_longer, refer_early, speed_up
from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.policy import DEFAULT
from folkmoot.engines.flow.resample import bootstrap

START = "as it is"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder. `worth` is the change of the mean stay against the rung before, `total` against the
    start, in per cent; `gap` is what is left above the bound, in per cent."""

    name: str
    action: str
    mean_hours: Interval
    worth: Interval
    total: Interval
    bound_hours: float
    gap: float
    late: float
    p99: float
    longest: float


@dataclass(frozen=True, slots=True)
class Elevation:
    """One way of elevating the constraint, alone: the change of the mean stay against today's order, in per cent."""

    action: str
    extra_staff_hours_a_week: float
    change: Interval
    saved_bed_hours_a_week: float


@dataclass(frozen=True, slots=True)
class FiveSteps:
    """The whole programme for one hospital. `ablation` holds levers without the order, against the start."""

    constraint: Constraint
    steps: tuple[Step, ...]
    ablation: tuple[Step, ...]
    elevations: tuple[Elevation, ...]
    next_constraint: Constraint
    policies: Comparison
    seeds: int

    @property
    def saving(self) -> Interval:
        """What all steps together change the mean stay by, in per cent."""
        return self.steps[-1].total


def histories(scenario: Scenario, base_seed: int = 1) -> Callable[[int], Scenario]:
    """Independent histories in the pattern of `scenario`; history number 0 is the scenario itself."""
    import numpy as np

    def make(seed: int) -> Scenario:
        if seed == 0:
            return scenario
        return bootstrap(scenario, np.random.Generator(np.random.Philox(key=[base_seed, seed])))

    return make


def five_steps(
    scenario: Scenario,
    *,
    make: Callable[[int], Scenario] | None = None,
    policy: str = DEFAULT,
    today: str | None = None,
    elevation: float = 1.1,
    seeds: Sequence[int] = range(1, 9),
    progress: Progress | None = None,
) -> FiveSteps:
    """Work through the five steps. `today` is the present practice: "rounds" where the hospital has rounds, else
    "fcfs". Rounds are a constraint of policy, lifted before any other, so the resource is identified on a live list.

    `make(seed)` gives independent histories (default: bootstrap of whole weeks of `scenario`).
    """
    make = make or histories(scenario)
    has_rounds = any(r.rounds is not None for r in scenario.resources)
    today = today or ("rounds" if has_rounds else "fcfs")
    found = identify(scenario, "fcfs" if today == "rounds" else today)
    target = found.resource_id
    referral = earlier_referral(scenario, target)

    def early(s: Scenario) -> Scenario:
        return refer_early(s, referral) if referral else s

    def lighter(s: Scenario) -> Scenario:
        return speed_up(s, target, elevation)

    def both(s: Scenario) -> Scenario:
        return lighter(early(s))

    ladder: list[tuple[str, str, Arm]] = [(START, _today(today), Arm(today))]
    if today == "rounds":
        ladder.append(("exploit: live list", "A live task list instead of timetabled rounds", Arm("fcfs")))
    ladder.append(("exploit: order", f"Take patients in the order of the {policy} rule", Arm(policy)))
    if referral:
        ladder.append(("subordinate: refer earlier", _sentence(referral, found.name), Arm(policy, early)))
    share = f"{100 * (elevation - 1):.0f} %"
    ladder.append(("elevate", f"{share} more capacity of {found.name}", Arm(policy, both)))
    extra = {
        "early, no order": Arm("fcfs", early),
        "elevate only, no order": Arm("fcfs", lighter),
        "early + elevate, no order": Arm("fcfs", both),
    }
    if not referral:
        extra = {"elevate only, no order": extra["elevate only, no order"]}
    arms = {name: arm for name, _, arm in ladder} | extra
    comparison = compare(make, arms, against=START, seeds=seeds, progress=progress)
    names = [name for name, _, _ in ladder]
    steps = tuple(
        _step(name, action, comparison, before) for (name, action, _), before in zip(ladder, [START, *names[:-1]])
    )
    ablation = tuple(_step(name, name, comparison, START) for name in extra)
    elevations = _elevations(make, scenario, target, policy, seeds[: min(4, len(seeds))])
    policies = compare(
        make, ["fcfs", "admission", "edd", "toc", "colours", "index", policy, "clairvoyant", today],
        against="fcfs", seeds=seeds[: min(4, len(seeds))],
    )  # fmt: skip
    return FiveSteps(
        constraint=found,
        steps=steps,
        ablation=ablation,
        elevations=elevations,
        next_constraint=identify(both(scenario), policy),
        policies=policies,
        seeds=len(seeds),
    )


def _today(today: str) -> str:
    return "Timetabled rounds, then first come, first served" if today == "rounds" else "First come, first served"


def _sentence(referral: Referral, name: str) -> str:
    codes = " and ".join(referral.codes)
    return f"Refer to {name} earlier: start {codes} beside {referral.instead_of}, not after it"


def _step(name: str, action: str, comparison: Comparison, before: str) -> Step:
    outcome = comparison[name]
    return Step(
        name=name,
        action=action,
        mean_hours=outcome.mean,
        worth=comparison.change(name, before),
        total=comparison.change(name, START),
        bound_hours=outcome.bound,
        gap=outcome.gap,
        late=outcome.late,
        p99=outcome.p99,
        longest=outcome.longest,
    )


def _elevations(
    make: Callable[[int], Scenario], scenario: Scenario, target: str, policy: str, seeds: Sequence[int]
) -> tuple[Elevation, ...]:
    """Ways of adding to the constraint, each alone, the one that saves most first."""
    calendar = scenario.resources[scenario.resource_index(target)].calendar
    options: dict[str, Callable[[Scenario], Scenario]] = {
        "One more person on every shift": lambda s: add_staff(s, target),
        "10 % less work for each patient": lambda s: speed_up(s, target, 1.1),
    }
    if not calendar.is_constant:
        options["One hour longer every day"] = lambda s: open_longer(s, target, 60)
    for day, word in ((5, "Saturdays"), (6, "Sundays")):
        if all(shift.weekday != day for shift in calendar.shifts):
            options[f"One person on {word}"] = lambda s, day=day: add_staff(s, target, 1, [day])  # type: ignore[misc]
    arms = {"now": Arm(policy)} | {name: Arm(policy, change) for name, change in options.items()}
    comparison = compare(make, arms, against="now", seeds=seeds)
    people = scenario.patients
    weeks = max(float(people.admitted.max() - people.admitted.min()) / 168.0, 1.0)
    found = []
    for name, change in options.items():
        changed = change(scenario).resources[scenario.resource_index(target)].calendar
        outcome = comparison[name]
        saved = (comparison["now"].mean.value - outcome.mean.value) * len(people) / weeks
        extra = changed.weekly_staff_hours - calendar.weekly_staff_hours
        found.append(Elevation(name, extra, outcome.change, saved))
    return tuple(sorted(found, key=lambda e: -e.saved_bed_hours_a_week))
