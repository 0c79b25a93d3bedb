"""The estate as a mixed-integer model: which site closes or opens at the beginning of which year, and where its work goes.

z[i,t] = 1 if site i closes at the beginning of year t, o[j,t] if candidate j opens then, and in[g,s,j,t] m² of service s
that site j takes in year t from the givers of group g. Givers whose service may go to the same places form one group: with
no limit on distance a service has a single group, and the model stays small. A site that receives never closes: no
service moves twice. A candidate receives only in years after the one in which it opens, so that both run meanwhile.

All costs depend on z and o alone (see `cashflow`), hence the objective is the present value in thousands of pounds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.estate.cashflow import VALUED, CashLine, closing, opening
from folkmoot.engines.estate.discount import factors
from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.sites import EstateError, EstateSite
from folkmoot.engines.estate.solver import Label, Model
from folkmoot.vocabulary.money import Money

type Group = tuple[str, tuple[str, ...]]
REVENUE = ("one-off", "running", "transfer")


@dataclass(frozen=True, slots=True)
class Built:
    """A model and the meaning of its columns."""

    model: Model
    closes: dict[tuple[str, int], int]
    opens: dict[tuple[str, int], int]
    takes: dict[tuple[Group, str, int], int]
    givers: dict[Group, tuple[EstateSite, ...]]


def present_value(lines: tuple[CashLine, ...], factor: tuple[float, ...]) -> float:
    """Pounds of today of the lines that make the net present value."""
    return sum(float(c.amount.pounds) * sum(factor[c.first : c.last + 1]) for c in lines if c.kind in VALUED)


def committed(programme: Programme, year: int) -> Money:
    """Rent of `year` that is owed whatever is decided."""
    now = programme.start_year
    return Money.total(s.cost("rent") for s in programme.sites if s.is_open and s.released(now) > now + year)


def _committed_within_budget(programme: Programme) -> None:
    for year, budget in enumerate(programme.revenue or ()):
        if (owed := committed(programme, year)).pence > budget.pence:
            raise EstateError(
                f"The revenue budget of {programme.start_year + year} is {budget}, below the rent already committed by "
                f"leases, {owed}. Raise it, or give the leases an earlier break."
            )


def build(programme: Programme, *, years: int | None = None, moves_limited: bool = True) -> Built:
    """The model of a programme; fewer `years` for the frontier, where only the end matters."""
    _committed_within_budget(programme)
    count = programme.years if years is None else years
    factor = factors(programme.horizon, year_zero_undiscounted=bool(programme.settings.value("year_zero_undiscounted")))
    sites = sorted(programme.sites, key=lambda one: one.code)
    now = [one for one in sites if one.is_open]
    later = [one for one in sites if not one.is_open]
    model = Model()
    closes: dict[tuple[str, int], int] = {}
    opens: dict[tuple[str, int], int] = {}
    takes: dict[tuple[Group, str, int], int] = {}
    lines: dict[int, tuple[CashLine, ...]] = {}
    for site in now:
        for t in range(count):
            lines_here = closing(site, t, programme)
            held = (
                programme.early_exit == "forbid" and site.released(programme.start_year + t) > programme.start_year + t
            )
            column = model.column(present_value(lines_here, factor) / 1000, 0.0 if held else 1.0, whole=True)
            closes[site.code, t], lines[column] = column, lines_here
    for site in later:
        for t in range(count):
            lines_here = opening(site, t, programme)
            column = model.column(present_value(lines_here, factor) / 1000, 1.0, whole=True)
            opens[site.code, t], lines[column] = column, lines_here

    for site in now:
        mine = {closes[site.code, t]: 1.0 for t in range(count)}
        model.row(mine, high=1.0)
        if site.code in programme.must_keep:
            model.row(mine, high=0.0, label=Label("kept", "must be kept", site.code, unit="site"))
        if site.code in programme.must_close:
            model.row(mine, low=1.0, label=Label("closed", "must close", site.code, unit="site"))
    for site in later:
        mine = {opens[site.code, t]: 1.0 for t in range(count)}
        must = site.code in programme.must_keep
        model.row(mine, low=1.0 if must else 0.0, high=1.0)

    ends = dict.fromkeys(closes.values(), -1.0) | dict.fromkeys(opens.values(), 1.0)
    if programme.max_sites is not None:
        room = float(programme.max_sites - programme.open_today)
        model.row(ends, high=room, label=Label("sites", "number of sites at the end", unit="sites"))
    if moves_limited:
        most = programme.settings.value("max_moves_a_year")
        for t in range(count):
            label = Label("moves", "moves in a year", year=t, unit="moves")
            model.row({closes[s.code, t]: 1.0 for s in now}, high=most, label=label)
    givers = _flows(model, programme, now, later, count, closes, opens, takes)
    if moves_limited:
        _budgets(model, programme, lines, count)
    _access(model, programme, now, count, closes)
    return Built(model, closes, opens, takes, givers)


def _flows(
    model: Model,
    programme: Programme,
    now: list[EstateSite],
    later: list[EstateSite],
    count: int,
    closes: dict[tuple[str, int], int],
    opens: dict[tuple[str, int], int],
    takes: dict[tuple[Group, str, int], int],
) -> dict[Group, tuple[EstateSite, ...]]:
    share = programme.settings.value("space_needed_share")
    grouped: dict[Group, list[EstateSite]] = defaultdict(list)
    for giver in now:
        for service, m2 in giver.needs:
            if m2 > 0:
                # A giver is left in its own group: it cannot receive while it closes, since receivers stay.
                may = tuple(
                    taker.code
                    for taker in (*now, *later)
                    if service in taker.accepts
                    and dict(taker.spare).get(programme.pool(service), 0.0) > 0
                    and (taker.code == giver.code or programme.may_receive(giver, service, taker))
                )
                if programme.most_km is None:
                    may = tuple(code for code in may if code not in programme.must_close)
                grouped[service, may].append(giver)
    held: dict[tuple[str, str], dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for group in sorted(grouped):
        service, may = group
        for t in range(count):
            entries = {closes[giver.code, t]: -share * dict(giver.needs)[service] for giver in grouped[group]}
            for code in may:
                column = model.column()
                takes[group, code, t] = column
                entries[column] = 1.0
                held[code, programme.pool(service)][t][column] = 1.0
            places = f"room for {service}"
            model.row(entries, 0.0, 0.0, Label("room", places, unit="m²"))
    candidates = {one.code for one in later}
    spare = {(one.code, pool): m2 for one in (*now, *later) for pool, m2 in one.spare}
    for (code, pool), by_year in sorted(held.items()):
        m2 = spare[code, pool]
        if code in candidates:
            for t in range(count):
                entries = {column: 1.0 for u in range(t + 1) for column in by_year[u]}
                entries |= {opens[code, u]: -m2 for u in range(t)}
                model.row(entries, high=0.0)
        else:
            entries = {column: 1.0 for u in range(count) for column in by_year[u]}
            entries |= {closes[code, u]: m2 for u in range(count)}
            model.row(entries, high=m2)
    return {group: tuple(givers) for group, givers in grouped.items()}


def _budgets(model: Model, programme: Programme, lines: dict[int, tuple[CashLine, ...]], count: int) -> None:
    base = Money.total(site.cost() for site in programme.sites if site.is_open)
    for t in range(count):
        for name, budget, kinds, start in (
            ("capital budget", programme.capital, ("capital",), Money(0)),
            ("revenue budget", programme.revenue, REVENUE, base),
        ):
            if budget is None:
                continue
            entries = {
                column: sum(line.amount.pence for line in own if line.kind in kinds and line.first <= t <= line.last)
                / 1e5
                for column, own in lines.items()
            }
            label = Label(name, name, year=t, unit="£", scale=1000.0)
            model.row(entries, high=(budget[t] - start).pence / 1e5, label=label)


def _access(
    model: Model, programme: Programme, now: list[EstateSite], count: int, closes: dict[tuple[str, int], int]
) -> None:
    travel = programme.travel
    if travel is None:
        return
    place = {code: j for j, code in enumerate(travel.sites)}
    for service in sorted(programme.clinical):
        offering = [site for site in now if dict(site.needs).get(service, 0.0) > 0]
        if not offering:
            continue
        minutes = travel.minutes[:, [place[site.code] for site in offering]]
        before = minutes.min(axis=1)
        if travel.most_minutes is not None:
            patterns: dict[tuple[int, ...], str] = {}
            for a in np.flatnonzero((before <= travel.most_minutes) & (travel.population > 0)):
                patterns.setdefault(tuple(np.flatnonzero(minutes[a] <= travel.most_minutes)), travel.areas[a])
            for near, area in sorted(patterns.items()):
                entries = {closes[offering[k].code, t]: 1.0 for k in near for t in range(count)}
                limit = f"{service} within {travel.most_minutes:g} minutes of {area}"
                model.row(entries, high=len(near) - 1.0, label=Label("travel", limit, area, unit="sites"))
        if travel.decile_worse_by is not None:
            _deciles(model, programme, service, offering, minutes, count, closes)


def _deciles(
    model: Model,
    programme: Programme,
    service: str,
    offering: list[EstateSite],
    minutes: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    count: int,
    closes: dict[tuple[str, int], int],
) -> None:
    """Each area goes to an open site, and the mean of each decile is limited: the nearest site meets it if any does."""
    travel = programme.travel
    assert travel is not None
    assert travel.decile_worse_by is not None
    before = minutes.min(axis=1)
    means: dict[int, dict[int, float]] = defaultdict(dict)
    for a in np.flatnonzero(travel.population > 0):
        goes = {model.column(upper=1.0): k for k in range(len(offering))}
        model.row(dict.fromkeys(goes, 1.0), 1.0, 1.0)
        for column, k in goes.items():
            entries = {column: 1.0} | {closes[offering[k].code, t]: 1.0 for t in range(count)}
            model.row(entries, high=1.0)
            means[int(travel.imd_decile[a])][column] = float(travel.population[a] * minutes[a, k])
    for decile, entries in sorted(means.items()):
        people = travel.population * (travel.imd_decile == decile)
        total = float(people.sum())
        most = float((people * before).sum()) / total + travel.decile_worse_by
        label = Label(
            "travel", f"mean minutes to {service} of deprivation decile {decile}", str(decile), unit="minutes"
        )
        model.row({c: v / total for c, v in entries.items()}, high=most, label=label)
