"""Bringing an estate in, and stating what its data do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.engines.estate import DEFAULTS
from folkmoot.foundation.design.fields import (
    CharField,
    DecimalField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
)
from folkmoot.services.estates import wording
from folkmoot.services.estates.models import Origin

if TYPE_CHECKING:
    from folkmoot.engines.estate import Assumption, EstateSite

LARGEST = 20_000_000
FIRST_YEAR, LAST_YEAR = 1990, 2150


class TakeIn(forms.Form):
    """A name, and where the data come from."""

    name = CharField(label=gettext_lazy("Name of the estate"), max_length=120)
    origin = RadioField(
        label=gettext_lazy("Where do the data come from?"), choices=list(Origin.choices),
        hints={
            Origin.TOWN: gettext_lazy("112 sites with leases, positions and travel times, to learn with."),
            Origin.ERIC: gettext_lazy("The Estates Returns Information Collection, 2014-15 or 2016-17."),
        },
    )  # fmt: skip
    sites = FileField(
        label=gettext_lazy("ERIC site file"), hint=gettext_lazy("CSV, as published"), accept=".csv", largest_bytes=LARGEST,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )  # fmt: skip
    trust = CharField(
        label=gettext_lazy("Code of the organisation"), hint=gettext_lazy("Three letters or figures, such as RXP"),
        max_length=6, width=5,
        error_messages={"required": gettext_lazy("Enter the code of the organisation whose sites these are.")},
    )  # fmt: skip
    trusts = FileField(
        label=gettext_lazy("ERIC trust file"),
        hint=gettext_lazy("It tells how many sites there are that the site file puts together into one row."),
        accept=".csv", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    others = IntegerField(
        label=gettext_lazy("Sites that are in no row of their own"),
        hint=gettext_lazy("Only if there is no trust file. They are counted, and never closed."), min_value=0, width=4,
        required=False,
    )  # fmt: skip
    travel = FileField(
        label=gettext_lazy("Travel times"),
        hint=gettext_lazy("CSV with area, population, imd_decile, site, minutes. Without it access stays unknown."),
        accept=".csv", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    plan = FileField(
        label=gettext_lazy("What you know besides"),
        hint=gettext_lazy("plan.toml with figures and sites, as “folkmoot estate template” writes it"),
        accept=".toml", largest_bytes=1_000_000, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sites", "trust"):
            self.fields[name].required = self.data.get("origin") != Origin.TOWN


def figure_field(one: Assumption, now: float | None = None) -> DecimalField:
    """The field of one figure: what it is, its usual range, its default."""
    default = _("From %(low)s to %(high)s is usual. If you leave it empty: %(value)s, %(source)s.") % {
        "low": f"{one.low:g}", "high": f"{one.high:g}", "value": f"{one.value if now is None else now:g}",
        "source": _("stated for this estate") if now is not None else _("our default"),
    }  # fmt: skip
    return DecimalField(
        label=wording.FIGURES[one.name], hint=default, suffix=wording.UNITS[one.unit], min_value=0, max_value=10_000_000,
        required=False,
    )  # fmt: skip


class Figures(forms.Form):
    """Every figure that the data do not hold; one left empty stays a default and is listed as such."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in DEFAULTS:
            self.fields[one.name] = figure_field(one)

    def figures(self) -> dict[str, float]:
        """Those that were stated."""
        return {name: float(value) for name, value in self.cleaned_data.items() if value is not None}


class SiteFacts(forms.Form):
    """What is known of a site besides the data."""

    tenure = SelectField(label=gettext_lazy("Tenure"), choices=list(wording.TENURES.items()))
    lease_break = IntegerField(
        label=gettext_lazy("Year in which the lease can be broken"), min_value=FIRST_YEAR, max_value=LAST_YEAR, width=4,
        required=False,
    )  # fmt: skip
    lease_end = IntegerField(
        label=gettext_lazy("Year in which the lease ends"), min_value=FIRST_YEAR, max_value=LAST_YEAR, width=4,
        required=False,
    )  # fmt: skip
    rent = DecimalField(
        label=gettext_lazy("Rent a year, if the data do not hold it"), prefix="£", min_value=0, max_value=1_000_000_000,
        required=False,
    )  # fmt: skip
    lon = DecimalField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180, required=False)
    lat = DecimalField(label=gettext_lazy("Latitude"), min_value=-90, max_value=90, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("lease_break"), given.get("lease_end")
        if first and last and first > last:
            self.add_error("lease_break", _("A lease cannot be broken after it ends."))
        if (given.get("lon") is None) != (given.get("lat") is None):
            self.add_error("lon", _("Give longitude and latitude together, or neither."))
        return given

    def facts(self) -> dict[str, Any]:
        """As plan.toml has them; None for what is not stated."""
        given = self.cleaned_data
        years = {name: given[name] for name in ("lease_break", "lease_end")}
        amounts = {name: None if given[name] is None else float(given[name]) for name in ("rent", "lon", "lat")}
        return {"tenure": given["tenure"], **years, **amounts}


def facts_of(site: EstateSite, stated: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known of the site now; rent only where it was stated here, for that of the data is there anyway."""
    mine = next((one for one in stated if str(one.get("code", "")).upper() == site.code), {})
    known = {name: getattr(site, name) for name in ("tenure", "lease_break", "lease_end", "lon", "lat")}
    return known | {"rent": mine.get("rent")}
