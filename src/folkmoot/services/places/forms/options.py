"""Forms that make an option: first the goal, then only the numbers that this goal needs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.engines.siting.problem import Objective
from folkmoot.engines.siting.solve import ROOMS
from folkmoot.foundation.design.fields import (
    CharField,
    CheckboxesField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
)
from folkmoot.services.places import wording
from folkmoot.services.places.question import Question
from folkmoot.services.places.tables import Tables

WEIGHED = (Objective.UFLP, Objective.CFLP)
LONGEST_LIST = 80
"""Sites beyond which ticking boxes is no way to choose, and codes are typed."""


def offered(tables: Tables | None = None) -> list[Objective]:
    """The goals that can be solved, for a study with these columns."""
    found = [goal for goal in wording.OBJECTIVES if goal in ROOMS]
    if tables is None:
        return found
    names = tables.sites.column_names
    return [
        goal
        for goal in found
        if (not goal.needs_capacity or "capacity" in names) and (goal not in WEIGHED or "opening_cost" in names)
    ]


class Goal(forms.Form):
    """What is best?"""

    goal = RadioField(label=gettext_lazy("What should the plan be best at?"))

    def __init__(self, *args: Any, tables: Tables, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["goal"]
        goals = offered(tables)
        field.choices = [(goal.value, f"{wording.OBJECTIVES[goal]} ({wording.TERMS[goal]})") for goal in goals]
        field.hints = {goal.value: wording.PURPOSES[goal] for goal in goals}


class Ask(forms.Form):
    """The numbers and limits of one goal."""

    name = CharField(
        label=gettext_lazy("Name of the option"), hint=gettext_lazy("Such as: Four libraries, none closed"),
        max_length=120, width=20,
    )  # fmt: skip
    p = IntegerField(label=gettext_lazy("How many sites may be open?"), min_value=1, width=3)
    radius = DecimalField(label=gettext_lazy("Within how many minutes?"), min_value=0, suffix=gettext_lazy("minutes"))
    whom = SelectField(
        label=gettext_lazy("Whom does it count?"),
        hint=gettext_lazy("Who gains and who loses is shown for all groups in any case."),
    )
    must_open = CheckboxesField(label=gettext_lazy("Sites that must be open"), required=False)
    must_close = CheckboxesField(label=gettext_lazy("Sites that must not be used"), required=False)
    longest = DecimalField(
        label=gettext_lazy("Nobody may be further than"), min_value=0, suffix=gettext_lazy("minutes"), required=False
    )
    slack = DecimalField(
        label=gettext_lazy("No deprivation decile may be worse off, on average, by more than"),
        hint=gettext_lazy("Compared with the existing sites. 0 means that none may be worse off at all."),
        min_value=0, suffix=gettext_lazy("minutes"), required=False,
    )  # fmt: skip
    rate = DecimalField(
        label=gettext_lazy("What one minute of one person’s travel counts as"),
        hint=gettext_lazy("In the same year as the sites’ costs. For a hundred journeys at £6 an hour: 10"),
        min_value=Decimal("0.0001"), prefix="£",
    )  # fmt: skip
    seconds = SelectField(
        label=gettext_lazy("How long may the search take?"),
        hint=gettext_lazy("It ends as soon as the plan is proved best. You can stop it and keep the best so far."),
        choices=[
            ("20", gettext_lazy("20 seconds")),
            ("60", gettext_lazy("1 minute")),
            ("300", gettext_lazy("5 minutes")),
            ("1800", gettext_lazy("30 minutes")),
        ],
        initial="60",
    )
    gap = DecimalField(
        label=gettext_lazy("Be content when the plan is this close to the best possible"),
        hint=gettext_lazy("0 asks for the very best."),
        min_value=0, max_value=20, suffix="%", initial=0,
    )  # fmt: skip

    def __init__(self, *args: Any, goal: Objective, tables: Tables, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.tables = goal, tables
        known = tables.areas.column_names
        if not goal.needs_p:
            del self.fields["p"]
        if not goal.needs_radius:
            del self.fields["radius"]
        if goal not in WEIGHED:
            del self.fields["rate"]
        if not tables.existing or "decile" not in known:
            del self.fields["slack"]
        self._fill("whom", [(name, words) for name, words in wording.WHOM.items() if name in known])
        sites = [(code, f"{name} ({code})" if name != code else code) for code, name in tables.site_names.items()]
        there = set(tables.existing)
        marked = [
            (code, _("%(site)s, existing") % {"site": words} if code in there else words) for code, words in sites
        ]
        for name in ("must_open", "must_close"):
            if len(sites) <= LONGEST_LIST:
                self._fill(name, marked)
            else:
                old = self.fields[name]
                self.fields[name] = CharField(
                    label=old.label, hint=gettext_lazy("Their codes, with commas between."), required=False
                )

    def _fill(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("must_open", "must_close"):
            given[name] = self._codes(name, given.get(name))
        both = set(given["must_open"]) & set(given["must_close"])
        if both:
            site = self.tables.site_names[sorted(both)[0]]
            self.add_error(
                "must_close", _("%(site)s must be open and must not be used; it cannot be both.") % {"site": site}
            )
        if (p := given.get("p")) is not None:
            if p > len(self.tables.site_codes):
                most = len(self.tables.site_codes)
                self.add_error("p", _("There are only %(most)s candidate sites.") % {"most": most})
            elif len(given["must_open"]) > p:
                self.add_error(
                    "p", _("%(n)s sites must be open, so allow at least as many.") % {"n": len(given["must_open"])}
                )
        return given

    def _codes(self, name: str, value: Any) -> list[str]:
        if isinstance(value, str):
            value = [code.strip() for code in value.split(",") if code.strip()]
            for code in value:
                if code not in self.tables.site_names:
                    self.add_error(name, _("“%(code)s” is not the code of a candidate site.") % {"code": code})
        return list(value or [])

    def question(self) -> Question:
        """The question, with nothing in it that does not belong to its goal."""
        given = self.cleaned_data
        return Question(
            objective=self.goal.value,
            p=given.get("p"),
            radius=_float(given.get("radius")),
            whom=given["whom"],
            must_open=tuple(given["must_open"]),
            must_close=tuple(given["must_close"]),
            longest=_float(given.get("longest")),
            slack=_float(given.get("slack")),
            rate=_float(given.get("rate")),
            seconds=int(given["seconds"]),
            gap=float(given["gap"]) / 100,
        )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
