"""A question as the form asks it and the database keeps it, made into the engine's problem.

The problem is exactly the one that `folkmoot siting solve` reads from the files of the study's bundle, so that the
certificate can be verified outside.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from folkmoot.engines.siting.problem import EquityLimit, Objective, Problem, ProblemError

if TYPE_CHECKING:
    from folkmoot.services.places.tables import Tables

WHOM = ("people", "older", "without_car")
"""Columns of areas whose people may be counted as the demand."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the solver. Times are minutes; `seconds` is the time allowed, `gap` a share."""

    objective: str
    p: int | None = None
    radius: float | None = None
    whom: str = "people"
    must_open: tuple[str, ...] = ()
    must_close: tuple[str, ...] = ()
    longest: float | None = None
    slack: float | None = None
    rate: float | None = None
    """Pounds that one minute of one person's travel counts as, where travel is weighed against costs of sites."""
    seconds: int = 60
    gap: float = 0.0

    @property
    def goal(self) -> Objective:
        return Objective(self.objective)

    def record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self) | {"must_open": list(self.must_open), "must_close": list(self.must_close)}


def of(record: dict[str, Any]) -> Question:
    """The question of a record."""
    known = {each.name for each in fields(Question)}
    given = {name: value for name, value in record.items() if name in known}
    return Question(
        **{**given, "must_open": tuple(given.get("must_open", ())), "must_close": tuple(given.get("must_close", ()))}
    )


def problem(asked: Question, tables: Tables) -> Problem:
    """The engine's problem, which refuses what cannot be meant in a sentence."""
    demand = tables.amount(asked.whom)
    if demand is None:
        raise ProblemError(
            "This study does not know how many such people live in each area. Count all residents instead."
        )
    names = tables.sites.column_names
    goal = asked.goal
    deciles = tables.deciles
    rate = 1.0 if asked.rate is None else asked.rate
    return Problem(
        goal,
        cost=tables.minutes * rate,
        demand=demand,
        p=asked.p,
        areas=tables.area_codes,
        sites=tables.site_codes,
        opening_cost=_numbers(tables, "opening_cost") if uses_opening_cost(goal) and "opening_cost" in names else None,
        radius=asked.radius,
        capacity=_numbers(tables, "capacity") if goal.needs_capacity and "capacity" in names else None,
        must_open=frozenset(asked.must_open),
        must_close=frozenset(asked.must_close),
        existing=frozenset(tables.existing),
        max_cost=None if asked.longest is None else asked.longest * rate,
        group=None if deciles is None else np.array(deciles),
        equity=None if asked.slack is None else EquityLimit(asked.slack * rate),
    )


def uses_opening_cost(goal: Objective) -> bool:
    """Whether opening costs are weighed; for covering everybody sites are counted, not priced."""
    return goal in (Objective.UFLP, Objective.CFLP)


def _numbers(tables: Tables, name: str) -> Any:
    return tables.sites[name].to_numpy(zero_copy_only=False)
