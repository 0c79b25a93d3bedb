"""Small random estates, and their best plan found by trying every one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from folkmoot.engines.estate import CostLine, EstateSite, Programme, Settings, Source
from folkmoot.engines.estate.discount import discount_factor
from folkmoot.vocabulary.money import Money


def site(code: str, **figures: object) -> EstateSite:
    """A site of 1,000 m² that costs £100,000 a year, unless told otherwise."""
    pounds = figures.pop("pounds", 100_000)
    rent = figures.pop("rent", 0)
    where = Source("made up", 2, "cost")
    costs = [CostLine("running", Money(int(pounds) * 100), "running", where)]  # type: ignore[call-overload]
    if rent:
        costs.append(CostLine("rent", Money(int(rent) * 100), "rent", replace(where, column="rent")))  # type: ignore[call-overload]
    start = EstateSite(
        code, code, "clinic", 1000.0, 600.0, 300.0, 0.0, 0.0, tuple(costs), where,
        needs=(("outpatient", 600.0), ("non-clinical", 300.0)), spare=(("floor", 0.0),),
        accepts=("outpatient", "non-clinical"),
    )  # fmt: skip
    return replace(start, **figures)  # type: ignore[arg-type]


def estate(seed: int) -> Programme:
    """Four to six sites, two years, budgets, leases and candidates by chance."""
    rng = np.random.Generator(np.random.Philox(key=seed))
    sites = []
    count = int(rng.integers(4, 7))
    for k in range(count):
        needs = (("outpatient", float(rng.integers(1, 6) * 100)), ("non-clinical", float(rng.integers(0, 4) * 100)))
        leased = rng.random() < 0.4
        sites.append(
            site(
                f"S{k}",
                pounds=int(rng.integers(2, 40) * 10_000),
                rent=int(rng.integers(1, 8) * 10_000) if leased else 0,
                lease_end=int(rng.integers(2026, 2031)) if leased else None,
                needs=needs,
                spare=(("floor", float(rng.integers(0, 12) * 100)),),
                accepts=("outpatient", "non-clinical") if rng.random() < 0.7 else ("non-clinical",),
            )
        )
    if rng.random() < 0.5:
        sites.append(
            site(
                "NEW", is_open=False, pounds=int(rng.integers(1, 15) * 10_000), needs=(), spare=(("floor", 1500.0),),
                opening_cost=Money(int(rng.integers(1, 30)) * 5_000_000),
            )
        )  # fmt: skip
    most = int(rng.integers(max(1, count - 3), count + 1))
    return Programme(
        tuple(sites), Settings.of({"plan_years": 2, "appraisal_years": 12, "max_moves_a_year": 2}),
        start_year=2027, max_sites=most, clinical=frozenset({"outpatient"}),
        capital=tuple(Money(int(rng.integers(3, 25)) * 10_000_000) for _ in range(2)) if rng.random() < 0.6 else None,
        revenue=(Money(300_000_000), Money(int(rng.integers(15, 30)) * 10_000_000)) if rng.random() < 0.3 else None,
        early_exit="forbid" if rng.random() < 0.5 else "pay",
    )  # fmt: skip


def by_enumeration(programme: Programme) -> float | None:
    """The least present cost over every schedule that keeps the limits, worked out with none of the engine's code."""
    from scipy.optimize import linprog

    figure = {one.name: one.value for one in programme.settings.assumptions}
    now = [s for s in programme.sites if s.is_open]
    new = [s for s in programme.sites if not s.is_open]
    years, horizon = programme.years, programme.horizon
    factor = [discount_factor(t) for t in range(horizon)]
    base = sum(float(c.amount.pounds) for s in now for c in s.costs)
    best = None
    for choice in itertools.product([None, *range(years)], repeat=len(now) + len(new)):
        when = {s.code: t for s, t in zip([*now, *new], choice, strict=True) if t is not None}
        shut = [s for s in now if s.code in when]
        built = [s for s in new if s.code in when]
        if len(now) - len(shut) + len(built) > (programme.max_sites or 99):
            continue
        if any(sum(when[s.code] == t for s in shut) > figure["max_moves_a_year"] for t in range(years)):
            continue
        total, capital, spent = 0.0, [0.0] * years, [base] * years
        legal = True
        for s in shut:
            t = when[s.code]
            owed = max(t, (s.lease_end or 0) - programme.start_year)
            legal &= programme.early_exit == "pay" or owed == t
            refit = sum(
                m2 * figure["refit_clinical" if name == "outpatient" else "refit_non_clinical"] for name, m2 in s.needs
            ) * (1 + figure["optimism_bias_capital"])
            once = s.gia_m2 * figure["closing_cost"]
            flow = [0.0] * horizon
            for c in s.costs:
                pounds = float(c.amount.pounds)
                if c.kind == "running":
                    once += pounds * figure["double_running_share"]
                for u in range(owed if c.kind == "rent" else t, horizon):
                    flow[u] -= pounds * (1.0 if c.kind == "rent" else 1 - figure["running_follows_share"])
            once *= 1 + figure["optimism_bias_moves"]
            flow[t] += once
            capital[t] += refit
            total += refit * factor[t] + sum(f * d for f, d in zip(flow, factor, strict=True))
            for u in range(years):
                spent[u] += flow[u]
        for s in built:
            t = when[s.code]
            cost = float(s.opening_cost.pounds) * (1 + figure["optimism_bias_capital"])
            capital[t] += cost
            yearly = float(s.cost().pounds)
            total += cost * factor[t] + yearly * sum(factor[t:])
            for u in range(t, years):
                spent[u] += yearly
        for limits, sums in ((programme.capital, capital), (programme.revenue, spent)):
            legal &= all(x <= float(m.pounds) + 0.05 for m, x in zip(limits or (), sums, strict=False))
        if not legal or (best is not None and total >= best):
            continue
        takers = [s for s in now if s.code not in when] + built
        jobs = [(m2, name, when[s.code]) for s in shut for name, m2 in s.needs if m2]
        pairs = [
            (i, j)
            for i, (_, name, t) in enumerate(jobs)
            for j, taker in enumerate(takers)
            if name in taker.accepts and (taker.is_open or when[taker.code] < t)
        ]
        if jobs:
            if not pairs:
                continue
            equal = np.array([[float(i == k) for i, _ in pairs] for k in range(len(jobs))])
            upper = np.array([[float(j == k) for _, j in pairs] for k in range(len(takers))])
            fits = linprog(
                np.zeros(len(pairs)), upper, [dict(s.spare)["floor"] for s in takers], equal, [job[0] for job in jobs]
            )
            if not fits.success:
                continue
        best = total
    return best
