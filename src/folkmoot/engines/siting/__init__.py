"""Siting: which sites to open so that areas are served, with a bound that anybody can check.

A `Problem` says what is to be decided; `solve.solve` returns a `Plan` with value, bound and certificate, also when it is
stopped; `verify.verify` believes neither and recomputes both.

>>> from folkmoot.engines.siting import Problem
>>> from folkmoot.engines.siting.solve import solve
>>> solve(Problem("p-median", cost=[[1, 4], [3, 1], [9, 2]], p=1)).open
('2',)

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "problem": ("EquityLimit", "Objective", "Problem", "ProblemError"),
    "plan": ("Certificate", "Plan", "Status"),
    "verify": ("Verification",),
    "record": ("plan_of", "record_of"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
