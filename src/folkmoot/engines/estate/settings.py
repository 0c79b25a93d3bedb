"""What the data do not say: every figure a plan needs beyond them, as a record with a reason and a range.

A default is an assumption, never a fact: it is listed first in every result until a person states the figure.

>>> Settings().value("appraisal_years")
30
>>> Settings.of({"appraisal_years": 60}).assumption("appraisal_years").given
True
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from folkmoot.engines.estate.sites import Assumption, EstateError

_OURS = "planning default of Folkmoot"
_GREEN = "years are counted from the current one, as in the Green Book's table of rates"

DEFAULTS: tuple[Assumption, ...] = (
    Assumption("plan_years", 5, "years", "how long the moves may take", _OURS, 3, 10),
    Assumption("appraisal_years", 30, "years", "how long costs and savings are counted", _OURS, 10, 60),
    Assumption("year_zero_undiscounted", 1, "1 or 0", "the first year counts in full", _GREEN, 0, 1),
    Assumption("max_moves_a_year", 10, "sites", "how many sites a trust can empty in one year", _OURS, 2, 15),
    Assumption("usable_empty_share", 0.85, "share", "how much of the empty floor can be brought back to use", _OURS, 0.5, 1),
    Assumption(
        "usable_under_used_share", 0.5, "share", "how much of the under-used floor can take more work", _OURS, 0.2, 0.8
    ),
    Assumption(
        "space_needed_share", 1.0, "share", "m² needed at the new place for each m² used at the old one", _OURS, 0.7, 1.1
    ),
    Assumption("refit_clinical", 1500, "£ per m²", "refitting floor that receives clinical work", _OURS, 800, 2500),
    Assumption("refit_non_clinical", 500, "£ per m²", "refitting floor that receives offices", _OURS, 200, 900),
    Assumption("closing_cost", 60, "£ per m² of the site", "decommissioning, moving out, dilapidations", _OURS, 20, 150),
    Assumption(
        "double_running_share", 0.25, "of a year", "the old site still runs while its work moves", _OURS, 0.1, 0.75
    ),
    Assumption(
        "running_follows_share", 0.6, "share", "running cost that moves along with the work (food, cleaning…)", _OURS,
        0.4, 0.9,
    ),
    Assumption(
        "finance_counted_share", 0.0, "share",
        "finance costs mix rent, which is saved, with capital charges, which only change hands; none is counted", _OURS,
        0, 0.5,
    ),
    Assumption(
        "backlog_avoided_share", 0.0, "share", "high and significant backlog that would really have been spent", _OURS, 0, 1
    ),
    Assumption(
        "optimism_bias_capital", 0.24, "share", "added to refitting and opening costs",
        "Mott MacDonald (2002) for HM Treasury: standard buildings 2 to 24 %, non-standard 4 to 51 %; confirm for the scheme",
        0.02, 0.51,
    ),
    Assumption("optimism_bias_moves", 0.1, "share", "added to closing and double-running costs", _OURS, 0, 0.41),
    Assumption("receipt_per_m2", 0, "£ per m² of the site", "sale of a freehold; kept apart from the value", _OURS, 0, 500),
)  # fmt: skip
_KNOWN = {one.name: one for one in DEFAULTS}
_SHARES = {one.name for one in DEFAULTS if one.unit == "share"} - {"space_needed_share", "optimism_bias_capital"}


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them, in order; ask for a value by its name."""

    assumptions: tuple[Assumption, ...] = DEFAULTS

    @classmethod
    def of(cls, given: Mapping[str, object], source: str = "stated by the user") -> Settings:
        """The defaults with what a person states in their place. An unknown name or an impossible value is refused."""
        if unknown := [name for name in given if name not in _KNOWN]:
            raise EstateError(f"There is no assumption “{unknown[0]}”; known are {', '.join(_KNOWN)}.")
        stated = {}
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
                raise EstateError(f"“{name}” must be a number of 0 or more, not {value!r}.")
            if name in _SHARES and value > 1:
                raise EstateError(f"“{name}” is a share and cannot be above 1; {value} was given.")
            whole = name in ("plan_years", "appraisal_years", "max_moves_a_year")
            if whole and (value != int(value) or value < 1):
                raise EstateError(f"“{name}” must be a whole number of at least 1, not {value}.")
            stated[name] = float(value)
        made = cls(
            tuple(
                replace(one, value=stated[one.name], source=source, given=True) if one.name in stated else one
                for one in DEFAULTS
            )
        )
        if made.value("appraisal_years") < made.value("plan_years"):
            raise EstateError("The appraisal must last at least as long as the plan: raise appraisal_years.")
        return made

    def assumption(self, name: str) -> Assumption:
        """The record of a name."""
        return next(one for one in self.assumptions if one.name == name)

    def value(self, name: str) -> float:
        """The figure of a name."""
        return self.assumption(name).value

    def changed(self, name: str, value: float) -> Settings:
        """The same with one figure changed, for a switching value; not checked."""
        return Settings(tuple(replace(one, value=value) if one.name == name else one for one in self.assumptions))
