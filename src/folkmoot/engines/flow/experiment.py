"""Evidence: policies and levers compared on the same patients, with intervals, bound, tail, lateness and equity.

A difference is always paired (same patients, same durations), over several independent histories ("seeds"), and is
never given without its baseline, interval and bound; the 95 % interval is Student's t over the seeds' differences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.flow.bounds import lower_bound
from folkmoot.engines.flow.model import Floats, Scenario
from folkmoot.engines.flow.path import buffers
from folkmoot.engines.flow.policy import Rule, get
from folkmoot.engines.flow.sim.simulate import Result, simulate

type Progress = Callable[[int, int], None]

WARM_UP, COOL_DOWN = 0.2, 0.1
"""Shares of the patients, by admission, left out at the start (empty hospital) and the end (draining flatters)."""

BANDS = ((0, 44, "under 45"), (45, 64, "45 to 64"), (65, 79, "65 to 79"), (80, 200, "80 and over"))


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float] | Floats) -> Interval:
        """Mean and Student's t interval of independent samples; a single sample has no interval (NaN)."""
        from scipy.stats import t

        values = np.asarray(samples, dtype=np.float64)
        mean, n = float(values.mean()), len(values)
        if n < 2:
            return cls(mean, float("nan"), float("nan"))
        half = float(t.ppf(0.975, n - 1)) * float(values.std(ddof=1)) / n**0.5
        return cls(mean, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class Group:
    """Mean hours waited by one group of patients, and by everybody else, under one policy."""

    label: str
    patients: int
    mean_wait: float
    others_wait: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One policy on all seeds (`means`: one mean stay a seed). Hours; shares in per cent.

    `change` is against the baseline, `gap` above the bound.
    """

    name: str
    means: tuple[float, ...]
    mean: Interval
    change: Interval
    median: float
    p95: float
    p99: float
    longest: float
    late: float
    unfinished: int
    bound: float
    gap: float
    p99_ratio: float
    longest_ratio: float
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outcomes of several policies against one baseline, on the same histories."""

    baseline: str
    seeds: int
    patients: int
    waiting_share: float
    outcomes: tuple[Outcome, ...]

    def __getitem__(self, name: str) -> Outcome:
        return next(o for o in self.outcomes if o.name == name)

    def change(self, name: str, against: str) -> Interval:
        """The paired change of the mean stay of one arm against another, in per cent."""
        mine, base = np.array(self[name].means), np.array(self[against].means)
        return Interval.of(100.0 * (mine / base - 1.0))


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of an experiment: how the hospital is changed, and the policy."""

    policy: str | Rule
    change: Callable[[Scenario], Scenario] | None = None

    def run(self, scenario: Scenario) -> Result:
        return simulate(self.change(scenario) if self.change else scenario, self.policy)


def compare(
    make: Callable[[int], Scenario],
    arms: Mapping[str, Arm] | Sequence[str],
    *,
    against: str,
    seeds: Sequence[int] = range(1, 9),
    progress: Progress | None = None,
    workers: int = 2,
    trim: bool = True,
) -> Comparison:
    """Run every arm on the histories `make(seed)`, in parallel threads, and compare with the arm named `against`.

    `arms` maps names to `Arm`s, or lists policy names. `trim` leaves out the warm-up and the cool-down. A baseline that
    is not among the arms is added. The result does not depend on `workers`.
    """
    table = dict(arms) if isinstance(arms, Mapping) else {name: Arm(get(name)) for name in arms}
    if against not in table:
        table = {against: Arm(get(against)), **table}
    done = 0

    def one(seed: int) -> tuple[dict[str, _Run], float, int]:
        nonlocal done
        scenario = make(seed)
        keep = _kept(scenario) if trim else np.arange(len(scenario.patients))
        runs: dict[str, _Run] = {}
        bounds: dict[int, float] = {}
        for name, arm in table.items():
            result = arm.run(scenario)
            key = id(arm.change)
            if key not in bounds:
                bounds[key] = lower_bound(result.scenario, keep).mean_hours
            runs[name] = _Run.of(result, keep, bounds[key])
            done += 1
            if progress:
                progress(done, len(table) * len(seeds))
        return runs, _critical_share(runs[against]), len(keep)

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        results = list(pool.map(one, seeds))
    runs = [r[0] for r in results]
    return Comparison(
        baseline=against,
        seeds=len(runs),
        patients=sum(r[2] for r in results),
        waiting_share=float(np.mean([r[1] for r in results])),
        outcomes=tuple(_outcome(name, runs, against) for name in table),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Run:
    stays: Floats
    late: float
    unfinished: int
    bound: float
    groups: dict[str, tuple[int, float, float]]

    @classmethod
    def of(cls, result: Result, keep: np.ndarray, bound: float) -> _Run:
        people = result.scenario.patients
        discharged = result.discharged[keep]
        finished = np.isfinite(discharged)
        stays = (discharged - people.admitted[keep])[finished]
        late = stays > buffers(result.scenario)[keep][finished]
        return cls(
            stays, 100.0 * float(late.mean()) if len(late) else 0.0, int((~finished).sum()), bound,
            _groups(result, keep[finished]),
        )  # fmt: skip


def _kept(scenario: Scenario) -> np.ndarray:
    order = np.argsort(scenario.patients.admitted, kind="stable")
    n = len(order)
    return np.sort(order[int(WARM_UP * n) : int((1.0 - COOL_DOWN) * n)])


def _critical_share(run: _Run) -> float:
    """W, the share of bed time that is waiting: 1 − bound by critical path ÷ mean stay."""
    return max(0.0, 1.0 - run.bound / float(run.stays.mean())) if len(run.stays) else 0.0


def _groups(result: Result, who: np.ndarray) -> dict[str, tuple[int, float, float]]:
    """Waiting on the critical path by age, sex and deprivation."""
    waits = result.critical_waits()
    people = result.scenario.patients
    per_patient = np.bincount(result.scenario.tasks.patient, weights=waits.wait + waits.bed, minlength=len(people))[who]
    masks: dict[str, np.ndarray] = {}
    age, sex, decile = people.age[who], people.sex[who], people.imd_decile[who]
    for low, high, label in BANDS:
        masks[f"Age {label}"] = (age >= low) & (age <= high)
    for value in sorted(set(sex.tolist()) - {""}):
        masks[f"Sex {value}"] = sex == value
    masks["Most deprived fifth (IMD deciles 1–2)"] = (decile >= 1) & (decile <= 2)
    masks["Least deprived fifth (IMD deciles 9–10)"] = decile >= 9
    return {
        label: (int(m.sum()), float(per_patient[m].mean()), float(per_patient[~m].mean()) if (~m).any() else 0.0)
        for label, m in masks.items()
        if m.any()
    }


def _outcome(name: str, runs: Sequence[Mapping[str, _Run]], against: str) -> Outcome:
    mine, base = [r[name] for r in runs], [r[against] for r in runs]
    means = np.array([r.stays.mean() for r in mine])
    base_means = np.array([r.stays.mean() for r in base])
    everyone, reference = np.concatenate([r.stays for r in mine]), np.concatenate([r.stays for r in base])
    bound = float(np.mean([r.bound for r in mine]))
    labels = [g for g in mine[0].groups if all(g in r.groups for r in mine)]
    p99, longest = float(np.quantile(everyone, 0.99)), float(everyone.max())
    return Outcome(
        name=name,
        means=tuple(means.tolist()),
        mean=Interval.of(means),
        change=Interval.of(100.0 * (means / base_means - 1.0)),
        median=float(np.median(everyone)),
        p95=float(np.quantile(everyone, 0.95)),
        p99=p99,
        longest=longest,
        late=float(np.mean([r.late for r in mine])),
        unfinished=sum(r.unfinished for r in mine),
        bound=bound,
        gap=100.0 * (float(means.mean()) / bound - 1.0),
        p99_ratio=p99 / float(np.quantile(reference, 0.99)),
        longest_ratio=longest / float(reference.max()),
        groups=tuple(
            Group(
                label,
                sum(r.groups[label][0] for r in mine),
                float(np.mean([r.groups[label][1] for r in mine])),
                float(np.mean([r.groups[label][2] for r in mine])),
            )
            for label in labels
        ),
    )
