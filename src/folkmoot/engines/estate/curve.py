"""The frontier: for every number of sites, from all of today's down to the fewest possible, the cheapest estate.

Each point is a single-period model (all that closes does so in year 0, moves a year and budgets by year left out), hence
cheaper than, or as cheap as, any schedule with as many sites only if savings come sooner: `plan` says what a schedule
costs. Every point carries its status and bound. `at_most` is the cheapest estate of that many sites or fewer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.estate.model import build
from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.schedule import gap_of
from folkmoot.engines.estate.solver import Answer, Model, ShouldStop, solve


@dataclass(frozen=True, slots=True)
class Point:
    """The cheapest estate of exactly `sites` sites: present value and bound in pounds; mean minutes where known."""

    sites: int
    cost: float | None
    bound: float | None
    gap: float | None
    status: str
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    at_most: float | None = None
    mean_minutes: float | None = None
    worst_minutes: float | None = None
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points from the most sites to the fewest. `fewest` is proved when `fewest_proved`."""

    points: tuple[Point, ...]
    sites_today: int
    fewest: int | None
    fewest_proved: bool
    complete: bool
    statements: tuple[str, ...]

    def at(self, sites: int) -> Point | None:
        """The point of so many sites."""
        return next((point for point in self.points if point.sites == sites), None)


def frontier(
    programme: Programme,
    *,
    should_stop: ShouldStop | None = None,
    progress: Callable[[int, int], None] | None = None,
    max_nodes: int | None = 300,
    near: float = 0.002,
) -> Frontier:
    """The whole curve. `progress` hears (points done, points in all).

    A point is searched to within `near` of the best (or £5,000), or for `max_nodes`, and shows the gap it was left with.
    """
    from dataclasses import replace

    wanted = programme.max_sites
    # A candidate can receive only after the year it opens, so two periods where there are candidates.
    years = 1 if all(site.is_open for site in programme.sites) else 2
    built = build(replace(programme, max_sites=None), years=years, moves_limited=False)
    count = dict.fromkeys(built.closes.values(), -1.0) | dict.fromkeys(built.opens.values(), 1.0)
    today = programme.open_today

    def solved(model: Model) -> Answer:
        return solve(model, should_stop=should_stop, max_nodes=max_nodes, near=(near, 5.0))

    fewest_model = built.model.copy()
    fewest_model.cost = [0.0] * len(fewest_model.cost)
    for column, value in count.items():
        fewest_model.cost[column] = value
    end = solve(fewest_model, should_stop=should_stop, max_nodes=None if max_nodes is None else 20 * max_nodes)
    if end.x is None:
        why = "no estate meets the limits, whatever its size" if end.status == "infeasible" else "it was stopped"
        return Frontier((), today, None, False, False, (f"There is no frontier: {why}.",))
    fewest = today + round(end.value or 0.0)
    points: list[Point] = []
    complete = True
    for size in range(today, fewest - 1, -1):
        if should_stop is not None and should_stop():
            complete = False
            break
        model = built.model.copy()
        model.row(count, float(size - today), float(size - today))
        answer = solved(model)
        points.append(_point(programme, built.closes, built.opens, size, answer, wanted))
        complete &= answer.status != "unknown"
        if progress is not None:
            progress(len(points), today - fewest + 1)
    return Frontier(
        tuple(_running_best(points)), today, fewest, end.status == "optimal", complete,
        (
            f"{today} sites today, {programme.others} of them in no row of their own and always counted as kept.",
            f"No estate of fewer than {fewest} sites meets the limits"
            + ("." if end.status == "optimal" else ", as far as the search went."),
            "Each point is as if everything closed in the first year: capital and revenue by year and moves a year belong to "
            "the schedule.",
        ),
    )  # fmt: skip


def _point(
    programme: Programme,
    closes: dict[tuple[str, int], int],
    opens: dict[tuple[str, int], int],
    size: int,
    answer: Answer,
    wanted: int | None,
) -> Point:
    if answer.x is None or answer.value is None:
        bound = 1000 * answer.bound if math.isfinite(answer.bound) else None
        return Point(size, None, bound, None, answer.status, (), (), wanted=size == wanted)
    closed = tuple(sorted(code for (code, _), c in closes.items() if answer.x[c] > 0.5))
    opened = tuple(sorted(code for (code, _), c in opens.items() if answer.x[c] > 0.5))
    cost = 1000 * answer.value
    bound = min(cost, 1000 * answer.bound)
    mean, worst = access_after(programme, closed)
    return Point(
        size, cost, bound if math.isfinite(bound) else None, gap_of(cost, bound), answer.status, closed, opened, None, mean,
        worst, size == wanted,
    )  # fmt: skip


def _running_best(points: list[Point]) -> list[Point]:
    from dataclasses import replace

    best: float | None = None
    done = []
    for point in reversed(points):
        if point.cost is not None:
            best = point.cost if best is None else min(best, point.cost)
        done.append(replace(point, at_most=best))
    return done[::-1]


def access_after(programme: Programme, closed: tuple[str, ...]) -> tuple[float | None, float | None]:
    """Mean and worst minutes to the nearest remaining site with each clinical service, over residents and services."""
    travel = programme.travel
    if travel is None:
        return None, None
    where = {code: j for j, code in enumerate(travel.sites)}
    means, worst = [], 0.0
    for service in sorted(programme.clinical):
        stay = [
            where[s.code]
            for s in programme.sites
            if s.is_open and s.code not in closed and dict(s.needs).get(service, 0.0) > 0
        ]
        if not stay:
            continue
        nearest = travel.minutes[:, stay].min(axis=1)
        means.append(float(np.average(nearest, weights=travel.population)))
        worst = max(worst, float(nearest[travel.population > 0].max()))
    return (sum(means) / len(means), worst) if means else (None, None)
