"""Schedule an estate over the years: what closes when, where its work goes, and how close that is to the best.

Status, objective, bound and gap are always there: `optimal` is said only when HiGHS proved it (its bound has no witness
of its own, hence `solver-trusted`); a plan cut short is `feasible` with the bound reached; with nothing found, `unknown`.
An infeasible programme comes back with the fewest breaches that would make it feasible. `check` runs on every plan.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace

from folkmoot.engines.estate.cashflow import CashLine, closing, opening
from folkmoot.engines.estate.discount import factors
from folkmoot.engines.estate.model import Built, build, present_value
from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.solver import Label, Progress, ShouldStop, solve


@dataclass(frozen=True, slots=True)
class Move:
    """Some m² of a service, from a site that closes to one that stays, needed there."""

    service: str
    giver: str
    taker: str
    m2: float


@dataclass(frozen=True, slots=True)
class Step:
    """One action, in the order in which they can be done: open, or move everything out and then close."""

    order: int
    year: int
    calendar_year: int
    action: str
    site: str
    name: str
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that would have to give way, by how much. Breaches of the same `way` go together, ways are alternatives."""

    limit: str
    site: str
    calendar_year: int | None
    by: float
    unit: str
    way: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule and its proof. `objective` and `bound` are present value in pounds against changing nothing."""

    status: str
    objective: float | None
    bound: float | None
    gap: float | None
    sites_today: int
    sites_after: int | None
    steps: tuple[Step, ...]
    lines: tuple[CashLine, ...]
    breaches: tuple[Breach, ...] = ()
    nodes: int = 0
    proof: str = "solver-trusted"
    checked: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(step.site for step in self.steps if step.action == "close")

    @property
    def opened(self) -> tuple[str, ...]:
        return tuple(step.site for step in self.steps if step.action == "open")


def plan(
    programme: Programme,
    *,
    should_stop: ShouldStop | None = None,
    progress: Progress | None = None,
    max_nodes: int | None = None,
    near: float = 0.0,
) -> Plan:
    """The cheapest schedule in present value. `should_stop` and `max_nodes` end it early with what is known;
    `near` is the relative gap at which it may end by itself.
    """
    from folkmoot.engines.estate.checker import check

    built = build(programme)
    answer = solve(built.model, should_stop=should_stop, progress=progress, max_nodes=max_nodes, near=(near, 1e-6))
    before = programme.open_today
    if answer.x is None:
        breaches = explain(programme, built, should_stop) if answer.status == "infeasible" else ()
        bound = None if not math.isfinite(answer.bound) else 1000 * answer.bound
        return Plan(
            answer.status, None, bound, None, before, None, (), (), breaches, answer.nodes,
            statements=programme.statements,
        )  # fmt: skip
    closes = {code: t for (code, t), column in built.closes.items() if answer.x[column] > 0.5}
    opens = {code: t for (code, t), column in built.opens.items() if answer.x[column] > 0.5}
    steps = _steps(programme, closes, opens, _moves(programme, built, answer.x.tolist(), closes, opens))
    by_code = {site.code: site for site in programme.sites}
    lines = tuple(line for code, t in sorted(opens.items()) for line in opening(by_code[code], t, programme))
    lines += tuple(line for code, t in sorted(closes.items()) for line in closing(by_code[code], t, programme))
    factor = factors(programme.horizon, year_zero_undiscounted=bool(programme.settings.value("year_zero_undiscounted")))
    objective = present_value(lines, factor)
    bound = min(objective, 1000 * answer.bound)
    made = Plan(
        answer.status, objective, bound if math.isfinite(bound) else None, gap_of(objective, bound), before,
        before - len(closes) + len(opens), steps, lines, (), answer.nodes, statements=programme.statements,
    )  # fmt: skip
    return replace(made, checked=check(made, programme))


def gap_of(objective: float, bound: float) -> float | None:
    """(objective − bound) ÷ |objective|; None without a bound."""
    if not math.isfinite(bound):
        return None
    return max(0.0, objective - bound) / max(1.0, abs(objective))


def _moves(
    programme: Programme, built: Built, x: list[float], closes: dict[str, int], opens: dict[str, int]
) -> list[tuple[int, Move]]:
    """As few receivers of each service as a greedy fit finds; where it finds none, shared out as the model did."""
    return _whole(programme, closes, opens) or _shared(programme, built, x, closes)


def _whole(programme: Programme, closes: dict[str, int], opens: dict[str, int]) -> list[tuple[int, Move]]:
    share = programme.settings.value("space_needed_share")
    room = {
        (one.code, pool): m2
        for one in programme.sites
        if (one.is_open and one.code not in closes) or one.code in opens
        for pool, m2 in one.spare
    }
    by_code = {one.code: one for one in programme.sites}
    jobs = [
        (share * m2, code, service) for code in closes for service, m2 in by_code[code].needs if m2 > 0
    ]  # fmt: skip
    moves: list[tuple[int, Move]] = []
    takers = {service: sum(service in one.accepts for one in programme.sites) for _, _, service in jobs}
    # What few sites accept is placed first, then what is largest.
    for m2, code, service in sorted(jobs, key=lambda job: (takers[job[2]], -job[0], job[1], job[2])):
        pool = programme.pool(service)
        fitting = [
            (left, taker)
            for (taker, kind), left in room.items()
            if kind == pool
            and left > 1e-6
            and programme.may_receive(by_code[code], service, by_code[taker])
            and opens.get(taker, -1) < closes[code]
        ]
        if sum(left for left, _ in fitting) < m2:
            return []
        if max(left for left, _ in fitting) < m2:
            for left, taker in sorted(fitting, key=lambda f: (-f[0], f[1])):
                part = min(left, m2)
                if part > 1e-6:
                    moves.append((closes[code], Move(service, code, taker, part)))
                    room[taker, pool] -= part
                    m2 -= part
            continue
        fitting = [one for one in fitting if one[0] >= m2]
        # Where the rest of the site already goes, if it fits; else the tightest fit.
        chosen = {move.taker for _, move in moves if move.giver == code}
        _, taker = min(fitting, key=lambda f: (f[1] not in chosen, f[0], f[1]))
        room[taker, pool] -= m2
        moves.append((closes[code], Move(service, code, taker, m2)))
    return moves


def _shared(programme: Programme, built: Built, x: list[float], closes: dict[str, int]) -> list[tuple[int, Move]]:
    share = programme.settings.value("space_needed_share")
    moves: list[tuple[int, Move]] = []
    for group, givers in sorted(built.givers.items()):
        service, may = group
        for t in sorted(set(closes.values())):
            offers = {code: x[built.takes[group, code, t]] for code in may}
            leaving = [one for one in givers if closes.get(one.code) == t]
            for giver in sorted(leaving, key=lambda one: (-dict(one.needs)[service], one.code)):
                wanted = share * dict(giver.needs)[service]
                for taker in sorted(offers, key=lambda code: (-offers[code], code)):
                    m2 = min(wanted, offers[taker])
                    if m2 > 1e-6:
                        moves.append((t, Move(service, giver.code, taker, m2)))
                        offers[taker] -= m2
                        wanted -= m2
    return moves


def _steps(
    programme: Programme, closes: dict[str, int], opens: dict[str, int], moves: list[tuple[int, Move]]
) -> tuple[Step, ...]:
    names = {site.code: site.name for site in programme.sites}
    done = [(t, 0, code) for code, t in opens.items()] + [(t, 1, code) for code, t in closes.items()]
    steps = []
    for order, (t, kind, code) in enumerate(sorted(done), start=1):
        own = tuple(sorted((m for _, m in moves if m.giver == code), key=lambda m: (m.service, m.taker)))
        action = "close" if kind else "open"
        steps.append(Step(order, t, programme.start_year + t, action, code, names[code], own if kind else ()))
    return tuple(steps)


RAISED = ("sites", "moves", "capital budget", "revenue budget", "travel")
RELAXED = ("sites", "kept", "closed", "moves", "capital budget", "revenue budget", "travel", "room")


def explain(programme: Programme, built: Built, should_stop: ShouldStop | None = None) -> tuple[Breach, ...]:
    """Each kind of limit that alone could give way, and by how little; if none alone is enough, all of them together."""
    ways = [
        breaches for kind in RELAXED if (breaches := _relaxed(programme, built, {kind}, f"{kind} alone", should_stop))
    ]
    return tuple(b for way in ways for b in way) or _relaxed(programme, built, set(RELAXED), "together", should_stop)


def _relaxed(
    programme: Programme, built: Built, kinds: set[str], way: str, should_stop: ShouldStop | None
) -> tuple[Breach, ...]:
    model, slacks = built.model.elastic(kinds)
    if not slacks:
        return ()
    answer = solve(model, should_stop=should_stop, max_nodes=5_000)
    if answer.x is None:
        return ()
    short: dict[Label, float] = defaultdict(float)
    for column, label in slacks:
        short[label] += float(answer.x[column]) * label.scale
    return tuple(_breach(programme, label, by, way) for label, by in short.items() if by > 1e-4 * label.scale)


def _breach(programme: Programme, label: Label, by: float, way: str) -> Breach:
    year = None if label.year is None else programme.start_year + label.year
    number = f"{by:,.0f}" if by >= 10 else f"{by:,.3g}"
    unit = label.unit.removesuffix("s") if number == "1" else label.unit
    amount = f"£{by:,.0f}" if label.unit == "£" else f"{number} {unit}"
    parts = (label.limit, f"({label.site})" if label.unit == "site" else "", f"in {year}" if year else "")
    words = " ".join(part for part in parts if part)
    says = "would have to be higher by" if label.kind in RAISED else "is short by"
    sentence = f"{words[:1].upper()}{words[1:]} {says} {amount}."
    return Breach(label.limit, label.site, year, by, label.unit, way, sentence)
