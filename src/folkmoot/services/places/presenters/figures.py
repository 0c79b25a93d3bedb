"""Figures as people write them: minutes, people, shares, pounds, with the language's own signs."""

from __future__ import annotations

import math

from django.utils.formats import number_format
from django.utils.translation import gettext as _

NOTHING = "–"


def number(value: float | None, places: int = 0) -> str:
    """A figure with its thousands set apart and a true minus sign."""
    if value is None or not math.isfinite(value):
        return NOTHING
    # Adding nought makes a loss that rounds to nothing a plain nought, not “−0”.
    return number_format(round(value, places) + 0.0, decimal_pos=places, force_grouping=True).replace("-", "−")


def minutes(value: float | None) -> str:
    """Minutes to a tenth, with the word."""
    if value is None or not math.isfinite(value):
        return _("not reached")
    return _("%(n)s minutes") % {"n": number(value, 1)}


def share(value: float | None, places: int = 0) -> str:
    """A share as per cent; what is nearly but not quite all or none is not rounded to it."""
    if value is None or not math.isfinite(value):
        return NOTHING
    percent = 100 * value
    if round(percent, places) in (0, 100) and 0 < value < 1:
        places = max(places, 1)
    return f"{number(percent, places)}\N{NO-BREAK SPACE}%"


def pounds(value: float | None) -> str:
    return NOTHING if value is None else f"£{number(value)}"


def signed(value: float | None, places: int = 1) -> str:
    """A change: plus, minus, or a plain nought."""
    if value is None or not math.isfinite(value):
        return NOTHING
    rounded = round(value, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=places, force_grouping=True)


def gap(value: float | None) -> str:
    """How far from the best possible, never rounded to nought when it is not."""
    if value is None or not math.isfinite(value):
        return NOTHING
    percent = 100 * value
    for places in (1, 2, 3, 4):
        if round(percent, places) > 0:
            return f"{number(percent, places)}\N{NO-BREAK SPACE}%"
    return f"{number(0)}\N{NO-BREAK SPACE}%" if value <= 1e-12 else _("less than 0.0001 %")
