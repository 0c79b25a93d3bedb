"""Figures as people write them: numbers, shares, pounds, minutes, with the language's own signs."""

from __future__ import annotations

import math
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from folkmoot.services.estates import wording

NOTHING = "–"
SPACE = "\N{NO-BREAK SPACE}"


def number(value: float | None, places: int = 0) -> str:
    """A figure with its thousands set apart and a true minus sign."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return number_format(round(value, places), decimal_pos=places, force_grouping=True).replace("-", "−")


def year(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def share(value: float | None, places: int = 1) -> str:
    return NOTHING if value is None else f"{number(100 * value, places)}{SPACE}%"


def pounds(value: float | None) -> str:
    """Pounds: millions to two places, less to the pound."""
    if value is None:
        return NOTHING
    if abs(value) >= 1e6:
        sign = "−" if value < 0 else ""
        return _("%(amount)s million") % {"amount": f"{sign}£{number(abs(value) / 1e6, 2)}"}
    sign = "−" if round(value) < 0 else ""
    return f"{sign}£{number(abs(value))}"


def exact(pence: int) -> str:
    """Pounds and pence; a saving has a minus."""
    return f"{'−' if pence < 0 else ''}£{number(abs(pence) // 100)}.{abs(pence) % 100:02d}"


def minutes(value: float | None) -> str:
    return NOTHING if value is None else _("%(n)s minutes") % {"n": number(value, 1)}


def signed(value: float | None, places: int = 1) -> str:
    """A change: plus, minus, or a plain nought."""
    if value is None:
        return NOTHING
    rounded = round(value, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number(abs(rounded), places)


def gap(value: float | None) -> str:
    """How far from the best possible, never rounded to nought when it is not."""
    if value is None:
        return NOTHING
    for places in (1, 2, 3, 4):
        if round(100 * value, places) > 0:
            return share(value, places)
    return share(0.0, 0) if value <= 1e-12 else _("less than 0.0001 %")


def figure(value: float, unit: str) -> str:
    """A figure of the settings with its unit."""
    if unit == "1 or 0":
        return _("yes") if value else _("no")
    if unit.startswith("£"):
        return f"£{number(value)} {wording.UNITS[unit]}".replace("£ ", "", 1)
    if unit == "share":
        return share(value, 0 if round(100 * value, 6) == round(100 * value) else 1)
    text = number(value, 0 if value == int(value) else 2)
    return f"{text}{SPACE}{wording.UNITS[unit]}"


def proper(name: str) -> str:
    """ERIC writes names in capitals: “ST MARY'S HOSPITAL” becomes “St Mary's Hospital”; others stay as they are."""
    if name != name.upper():
        return name
    small = {"and", "of", "the", "on", "at"}
    words = [w if w == "NHS" else w.lower() if w.lower() in small else w.capitalize() for w in name.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]) if words else name


def named(site: dict[str, Any]) -> str:
    """A site by name and code."""
    return f"{proper(site['name'])} ({site['code']})"
