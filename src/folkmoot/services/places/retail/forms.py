"""Forms of shopping centres: a market from files, a centre drawn on the map, the question for the best place."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import CharField, DecimalField, FileField, RadioField, SelectField
from folkmoot.services.places.models import Source

LARGEST = 100_000_000
FILES = {
    "areas": "areas", "centres": "centres", "travel": "travel_minutes", "flows": "shopping_flows",
    "candidates": "centre_candidates", "candidate_travel": "candidate_minutes",
}  # fmt: skip
"""Field of the form → the engine's name of the table."""


def _file(label: Any, hint: Any, *, required: bool = True) -> FileField:
    return FileField(label=label, hint=hint, accept=".csv,.gz", largest_bytes=LARGEST, required=required)


class Begin(forms.Form):
    """Where people live, where they shop, how far it is, and if known what they chose."""

    name = CharField(
        label=gettext_lazy("Name of the market"), hint=gettext_lazy("Such as: Shopping 2030"), max_length=120, width=20
    )
    source = RadioField(
        label=gettext_lazy("Where does the data come from?"),
        choices=[(Source.FILES, gettext_lazy("Files of our own")), (Source.TOWN, Source.TOWN.label)],
        hints={Source.TOWN: gettext_lazy("Ready at once, to practise. No files are needed.")},
        initial=Source.FILES,
    )
    areas = _file(
        gettext_lazy("Areas (CSV)"),
        gettext_lazy(
            "Columns: lsoa21cd or area_code, population, spend_pounds or spend_per_head_pounds; if known: name, lon, lat, "
            "age_… (people of each band), imd_decile, car_access_share, classification, elsewhere_share."
        ),
        required=False,
    )
    centres = _file(
        gettext_lazy("Shopping centres (CSV)"),
        gettext_lazy(
            "Columns: centre_id, floor_space_m2; if known: name, centre_class, running_cost_per_m2, lon, lat."
        ),
        required=False,
    )
    travel = _file(
        gettext_lazy("Travel (CSV)"),
        gettext_lazy("Columns: area code, centre_id, minutes (or km). A pair that is left out has no way."),
        required=False,
    )
    flows = _file(
        gettext_lazy("What people chose (CSV), if known"),
        gettext_lazy(
            "Columns: area code, centre_id, visits (or pounds). Without it everything is called uncalibrated."
        ),
        required=False,
    )
    spend = DecimalField(
        label=gettext_lazy("Pounds a head and year, if the areas do not say"),
        hint=gettext_lazy("What everybody spends in shops. It is shown as an assumption."),
        min_value=1, required=False,
    )  # fmt: skip
    candidates = _file(
        gettext_lazy("Candidate sites (CSV), for the search of the best place"),
        gettext_lazy("Columns: candidate_id, lon, lat, largest_m2; if known: name, centre_class, running_cost_per_m2."),
        required=False,
    )
    candidate_travel = _file(
        gettext_lazy("Travel to the candidates (CSV), if known"),
        gettext_lazy("Columns: area code, candidate_id, minutes. Otherwise it is estimated from distances."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("source") == Source.FILES:
            wanted = {
                "areas": _("Choose the file of areas."), "centres": _("Choose the file of shopping centres."),
                "travel": _("Choose the file of travel."),
            }  # fmt: skip
            for field, sentence in wanted.items():
                if not given.get(field) and field not in self.errors:
                    self.add_error(field, sentence)
        return given


class Draw(forms.Form):
    """A centre that does not exist yet: where, how large, of which kind."""

    name = CharField(
        label=gettext_lazy("Name of the centre"), hint=gettext_lazy("Such as: Retail park at the station"),
        max_length=120, width=20,
    )  # fmt: skip
    floor_space = DecimalField(label=gettext_lazy("Floor space in square metres"), min_value=1, max_value=1_000_000)
    centre_class = SelectField(label=gettext_lazy("Kind of centre"), required=False)
    area = SelectField(
        label=gettext_lazy("Place it in the middle of an area"),
        hint=gettext_lazy("Or press the map, or write a position below."), required=False,
    )  # fmt: skip
    lon = DecimalField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180, required=False)
    lat = DecimalField(label=gettext_lazy("Latitude"), min_value=-90, max_value=90, required=False)

    def __init__(self, *args: Any, market: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {
            str(code): (str(name), float(lon), float(lat))
            for code, name, lon, lat in zip(
                market.areas.code, market.areas.name, market.areas.lon, market.areas.lat, strict=True
            )
            if math.isfinite(lon) and math.isfinite(lat)
        }
        kinds = [(kind, kind) for kind in market.centres.classes if kind]
        self.fields["centre_class"].choices = [("", _("Like the average")), *kinds]  # type: ignore[attr-defined]
        named = sorted(
            ((code, name or code) for code, (name, _lon, _lat) in self._areas.items()), key=lambda one: one[1]
        )
        self.fields["area"].choices = [("", _("None: use the position")), *named]  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["centre_class"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        lon, lat, area = given.get("lon"), given.get("lat"), given.get("area")
        if {"lon", "lat", "area"} & set(self.errors):
            return given
        if lon is None and lat is None and area:
            given["lon"], given["lat"] = self._areas[area][1:]
        elif lon is None or lat is None:
            self.add_error(
                "lat" if lat is None and lon is not None else "lon",
                _("Say where: press the map, choose an area, or write longitude and latitude."),
            )
        return given

    def what(self) -> dict[str, Any]:
        """The centre, as the verb takes it."""
        given = self.cleaned_data
        return {
            "lon": float(given["lon"]), "lat": float(given["lat"]), "floor_space_m2": float(given["floor_space"]),
            "centre_class": given.get("centre_class", ""),
        }  # fmt: skip


class BestPlace(forms.Form):
    """What is best, and what must not be broken."""

    objective = RadioField(
        label=gettext_lazy("What is best?"),
        choices=[
            ("benefit", gettext_lazy("Most benefit to residents")), ("turnover", gettext_lazy("Most turnover")),
            ("profit", gettext_lazy("Most profit")),
        ],
        hints={
            "benefit": gettext_lazy("The fall in travel that would be as good to them as the wider choice."),
            "profit": gettext_lazy("Turnover times margin, less running cost. Say the margin below."),
        },
        initial="benefit",
    )  # fmt: skip
    margin = DecimalField(
        label=gettext_lazy("Margin in per cent, for profit"),
        hint=gettext_lazy("What is left of turnover after the cost of goods and sales. Such as: 9"),
        min_value=0, max_value=100, required=False,
    )  # fmt: skip
    most_loss = DecimalField(
        label=gettext_lazy("No existing centre may lose more than, in per cent"),
        hint=gettext_lazy("Of its turnover. Leave blank for no limit."), min_value=0, max_value=100, required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("objective") == "profit" and given.get("margin") is None and "margin" not in self.errors:
            self.add_error("margin", _("Say the margin: profit cannot be reckoned without it."))
        return given

    @staticmethod
    def filled(asked: dict[str, Any] | None) -> dict[str, str]:
        """What to begin with: the question that was asked last, as it would be written."""
        if asked is None:
            return {}
        margin, loss = asked["margin"], asked["most_loss_percent"]
        return {
            "objective": asked["objective"],
            "margin": "" if margin is None else f"{100 * margin:.10g}",
            "most_loss": "" if loss is None else f"{loss:.10g}",
        }

    def asked(self) -> dict[str, Any]:
        """The question, as the verb takes it."""
        given = self.cleaned_data
        return {
            "objective": given["objective"],
            "margin": None if given["margin"] is None else float(given["margin"]) / 100,
            "most_loss_percent": None if given["most_loss"] is None else float(given["most_loss"]),
        }
