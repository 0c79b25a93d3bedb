"""How many desks the people of a site need, as ranges: nobody knows these figures to the point."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import CharField, DecimalField, IntegerField

RANGES = ("mobile_share", "peak_factor", "people_per_desk")


class Desks(forms.Form):
    """Desks = people × (1 − mobile share) × peak ÷ people a desk."""

    headcount = IntegerField(
        label=gettext_lazy("People who have their desk here"), min_value=0, max_value=100_000, width=5
    )
    mobile_share = CharField(
        label=gettext_lazy("Share of them who work elsewhere on a day"), initial="0.2 0.3 0.4", width=10,
        hint=gettext_lazy("Low, likely and high, with spaces between; 0.3 is three in ten"),
    )  # fmt: skip
    peak_factor = CharField(
        label=gettext_lazy("The fullest day, as a multiple of the average day"), initial="0.9 1.0 1.1", width=10,
        hint=gettext_lazy("Low, likely and high, with spaces between"),
    )  # fmt: skip
    people_per_desk = CharField(
        label=gettext_lazy("People for each desk"), initial="1.2 1.5 2.0", width=10,
        hint=gettext_lazy("Low, likely and high, with spaces between"),
    )  # fmt: skip
    m2_per_desk = DecimalField(
        label=gettext_lazy("Floor for each desk"), suffix="m²", initial=8, min_value=1, max_value=100
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in RANGES:
            words = given.get(name, "").replace(",", " ").split()
            if name in given and (len(words) != 3 or any(not re.fullmatch(r"\d+(\.\d+)?", word) for word in words)):
                self.add_error(name, _("Give three figures, such as 0.2 0.3 0.4."))
            else:
                given[name] = [float(word) for word in words]
        return given

    def office(self, code: str) -> dict[str, Any]:
        """As plan.toml has it."""
        given = self.cleaned_data
        return {
            "site": code, "headcount": given["headcount"], "m2_per_desk": float(given["m2_per_desk"]),
            **{name: given[name] for name in RANGES},
        }  # fmt: skip


def desks_of(code: str, offices: list[dict[str, Any]]) -> dict[str, Any]:
    """What was stated of a site before."""
    mine = next((one for one in offices if one["site"] == code), {})
    return {name: " ".join(f"{v:g}" for v in value) if name in RANGES else value for name, value in mine.items()}
