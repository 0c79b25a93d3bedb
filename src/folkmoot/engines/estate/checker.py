"""An independent check of a plan: small enough to read, sharing no code with what builds the model.

It recomputes every limit from the steps and the sites. A broken one raises; what was checked is returned as sentences.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from folkmoot.engines.estate.sites import EstateError

if TYPE_CHECKING:
    from folkmoot.engines.estate.programme import Programme
    from folkmoot.engines.estate.schedule import Plan

TOLERANCE_M2 = 0.05


def check(plan: Plan, programme: Programme) -> tuple[str, ...]:
    """Raise `EstateError` if the plan breaks a limit of the programme; else say what was found to hold."""
    sites = {site.code: site for site in programme.sites}
    closed = {step.site: step.year for step in plan.steps if step.action == "close"}
    opened = {step.site: step.year for step in plan.steps if step.action == "open"}

    def broken(what: str) -> EstateError:
        return EstateError(f"The plan is refused by its check: {what}")

    acted = [step.site for step in plan.steps]
    if len(acted) != len(set(acted)):
        raise broken("a site is opened or closed twice.")
    for code in acted:
        if code not in sites or sites[code].is_open != (code in closed):
            raise broken(f"{code} is no place that could do this.")
        if code in closed and (code in programme.must_keep or "aggre" in f"{code} {sites[code].kind}".lower()):
            raise broken(f"{code} must be kept.")
    if left := programme.must_close - set(closed):
        raise broken(f"{min(left)} should close.")
    after = programme.others + sum(s.is_open for s in programme.sites) - len(closed) + len(opened)
    if after != plan.sites_after or (programme.max_sites is not None and after > programme.max_sites):
        raise broken(f"{after} sites remain.")

    holds = dict(programme.pools)
    need = float(programme.settings.value("space_needed_share"))
    out: dict[tuple[str, str], float] = defaultdict(float)
    received: dict[tuple[str, str], float] = defaultdict(float)
    for step in plan.steps:
        for move in step.moves:
            taker = sites[move.taker]
            if move.taker in closed or (not taker.is_open and opened.get(move.taker, step.year) >= step.year):
                raise broken(f"{move.giver} moves to {move.taker}, which is not open before and after.")
            if move.service not in taker.accepts or move.giver != step.site or move.m2 <= 0:
                raise broken(f"{move.taker} does not take {move.service}.")
            out[move.giver, move.service] += move.m2
            received[move.taker, holds.get(move.service, "floor")] += move.m2
    for code in closed:
        for service, m2 in sites[code].needs:
            if abs(out[code, service] - need * m2) > TOLERANCE_M2:
                raise broken(f"{service} of {code} needs {need * m2:,.1f} m² and gets {out[code, service]:,.1f}.")
    for (code, pool), m2 in received.items():
        if m2 > dict(sites[code].spare).get(pool, 0.0) + TOLERANCE_M2:
            raise broken(f"{code} takes {m2:,.1f} m² into {pool}, more than it has to spare.")

    by_year = [sum(year == t for year in closed.values()) for t in range(programme.years)]
    if max(by_year, default=0) > programme.settings.value("max_moves_a_year"):
        raise broken(f"{max(by_year)} sites close in one year.")
    for code, t in closed.items():
        lease, year = sites[code], programme.start_year + t
        at_break = lease.lease_break is not None and year == lease.lease_break
        running = (lease.lease_end is not None and year < lease.lease_end) or (
            lease.lease_end is None and lease.lease_break is not None and year < lease.lease_break
        )
        if programme.early_exit == "forbid" and running and not at_break:
            raise broken(f"{code} is left in {year}, within its lease.")
    today = sum(line.amount.pence for s in programme.sites if s.is_open for line in s.costs)
    for name, budget, kinds, base in (
        ("capital", programme.capital, {"capital"}, 0),
        ("revenue", programme.revenue, {"one-off", "running", "transfer"}, today),
    ):
        for t, limit in enumerate(budget or ()):
            spent = base + sum(c.amount.pence for c in plan.lines if c.kind in kinds and c.first <= t <= c.last)
            if spent > limit.pence + 100:
                raise broken(f"the {name} of {programme.start_year + t} exceeds its budget.")
    said = [
        f"{after} sites remain, {len(closed)} close, {len(opened)} open; no row of many sites is touched",
        "every service of a closing site has room at a site that takes it and stays",
        "moves a year, leases and budgets hold",
    ]
    if programme.travel is not None:
        said.append(_travel(plan, programme, closed))
    return tuple(said)


def _travel(plan: Plan, programme: Programme, closed: dict[str, int]) -> str:
    travel = programme.travel
    assert travel is not None
    where = {code: j for j, code in enumerate(travel.sites)}
    for service in sorted(programme.clinical):
        today = [s.code for s in programme.sites if s.is_open and dict(s.needs).get(service, 0.0) > 0]
        stay = [code for code in today if code not in closed]
        if not today:
            continue
        by_decile: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for a, area in enumerate(travel.areas):
            if not travel.population[a]:
                continue
            old = min(float(travel.minutes[a, where[c]]) for c in today)
            new = min((float(travel.minutes[a, where[c]]) for c in stay), default=float("inf"))
            if travel.most_minutes is not None and old <= travel.most_minutes < new:
                raise EstateError(f"The plan is refused by its check: {area} loses {service} within reach.")
            people = float(travel.population[a])
            row = by_decile[int(travel.imd_decile[a])]
            row[0] += people
            row[1] += people * old
            row[2] += people * new
        for decile, (people, old, new) in by_decile.items():
            if travel.decile_worse_by is not None and (new - old) / people > travel.decile_worse_by + 1e-4:
                raise EstateError(f"The plan is refused by its check: decile {decile} travels too long for {service}.")
    return "the limits on travel hold for every area and deprivation decile"
