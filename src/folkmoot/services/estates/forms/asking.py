"""The question of a programme: how many sites, which limits, over which years, from which figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.engines.estate import DEFAULTS
from folkmoot.foundation.design.fields import CharField, DecimalField, IntegerField, RadioField, TextField
from folkmoot.services.estates import question
from folkmoot.services.estates.forms.estates import figure_field
from folkmoot.services.estates.question import Question

if TYPE_CHECKING:
    from folkmoot.services.estates.models import Estate

PREFIX = "figure_"
BUDGET_HINT = gettext_lazy(
    "Pounds: one amount for every year, or one for each year with spaces between. Empty: no limit."
)


class Ask(forms.Form):
    """A programme's question."""

    name = CharField(label=gettext_lazy("Name of the programme"), max_length=120)
    max_sites = IntegerField(
        label=gettext_lazy("At most how many sites at the end?"),
        hint=gettext_lazy("69 is fewer than 70. Empty: as many as is cheapest."), min_value=1, width=4, required=False,
    )  # fmt: skip
    must_keep = TextField(
        label=gettext_lazy("Sites that must stay"), hint=gettext_lazy("Their codes, with spaces between"), rows=2,
        required=False,
    )  # fmt: skip
    must_close = TextField(
        label=gettext_lazy("Sites that must close"), hint=gettext_lazy("Their codes, with spaces between"), rows=2,
        required=False,
    )  # fmt: skip
    most_minutes = DecimalField(
        label=gettext_lazy("Who now reaches a service within so many minutes still does"),
        suffix=gettext_lazy("minutes"), min_value=1, max_value=600, required=False,
    )  # fmt: skip
    decile_worse_by = DecimalField(
        label=gettext_lazy("No deprivation decile’s average way grows by more than"),
        suffix=gettext_lazy("minutes"), min_value=0, max_value=600, required=False,
    )  # fmt: skip
    capital = CharField(label=gettext_lazy("Capital budget"), hint=BUDGET_HINT, required=False)
    revenue = CharField(label=gettext_lazy("Revenue budget"), hint=BUDGET_HINT, required=False)
    early_exit = RadioField(
        label=gettext_lazy("May a lease be left before its break?"),
        choices=[
            ("pay", gettext_lazy("Yes, rent is then paid until the break")),
            ("forbid", gettext_lazy("No")),
        ],
        initial="pay",
    )  # fmt: skip
    start_year = IntegerField(
        label=gettext_lazy("First year of the plan"), min_value=2000, max_value=2100, initial=2027, width=4
    )
    price_year = CharField(
        label=gettext_lazy("Prices of which year"), hint=gettext_lazy("As the data have them, unless you know better"),
        max_length=40, width=20, required=False,
    )  # fmt: skip
    seconds = IntegerField(
        label=gettext_lazy("Longest search, for the frontier and then for the schedule"),
        hint=gettext_lazy("You can stop it at any time and keep the best plan."), suffix=gettext_lazy("seconds"),
        min_value=5, max_value=3600, initial=60, width=4,
    )  # fmt: skip

    def __init__(self, *args: Any, estate: Estate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estate = estate
        if not estate.has_travel:
            del self.fields["most_minutes"], self.fields["decile_worse_by"]
        self.fields["price_year"].initial = estate.price_year
        for one in DEFAULTS:
            self.fields[PREFIX + one.name] = figure_field(one, estate.assumptions.get(one.name))

    def changed(self) -> list[Any]:
        """The bound fields of figures."""
        return [self[PREFIX + one.name] for one in DEFAULTS]

    def clean_max_sites(self) -> int | None:
        most: int | None = self.cleaned_data["max_sites"]
        if most is not None and most > self.estate.total:
            raise forms.ValidationError(
                _("There are %(n)s sites today: give as many or fewer.") % {"n": self.estate.total}
            )
        return most

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        known = {site.code for site in question.sites(self.estate)}
        for name in ("must_keep", "must_close"):
            given[name] = tuple(dict.fromkeys(re.split(r"[\s,;]+", given.get(name, "").strip().upper())))
            given[name] = tuple(code for code in given[name] if code)
            if strange := [code for code in given[name] if code not in known]:
                self.add_error(name, _("There is no site %(code)s in this estate.") % {"code": strange[0]})
        stated = given.get(PREFIX + "plan_years") or question.settings(self.estate).value("plan_years")
        for name in ("capital", "revenue"):
            given[name] = self._budget(name, given.get(name, ""), int(stated))
        return given

    def _budget(self, name: str, text: str, years: int) -> tuple[float, ...]:
        words = text.replace("£", " ").replace(",", "").split()
        if not words:
            return ()
        if any(re.fullmatch(r"\d{1,13}(\.\d\d?)?", word) is None for word in words):
            self.add_error(name, _("Write pounds as figures, for example 1000000."))
            return ()
        amounts = [float(word) for word in words]
        if len(amounts) == 1:
            amounts *= years
        if len(amounts) != years:
            self.add_error(
                name,
                _("There are %(n)s amounts and the plan has %(years)s years. Give one, or one for each year.")
                % {"n": len(amounts), "years": years},
            )
            return ()
        return tuple(amounts)

    def question(self) -> Question:
        """What was asked."""
        given = self.cleaned_data
        figures = {one.name: given.get(PREFIX + one.name) for one in DEFAULTS}
        minutes = {name: given.get(name) for name in ("most_minutes", "decile_worse_by")}
        plain = ("max_sites", "must_keep", "must_close", "capital", "revenue", "early_exit", "start_year", "price_year")
        return Question(
            **{name: given[name] for name in plain},
            **{name: None if value is None else float(value) for name, value in minutes.items()},
            assumptions={name: float(value) for name, value in figures.items() if value is not None},
            seconds=given["seconds"],
        )
