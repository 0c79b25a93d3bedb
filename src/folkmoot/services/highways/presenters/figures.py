"""Figures as people write them, with the language's own signs."""

from __future__ import annotations

import math
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from folkmoot.services.highways import wording

NOTHING = "–"
SPACE = "\N{NO-BREAK SPACE}"


def number(value: float | None, places: int = 0) -> str:
    """A figure with its thousands set apart and a true minus sign."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return number_format(round(value, places), decimal_pos=places, force_grouping=True).replace("-", "−")


def share(part: float, places: int = 0) -> str:
    return f"{number(100 * part, places)}{SPACE}%"


def small(part: float) -> str:
    """A share that is never rounded to nought when it is not."""
    return share(part, 1) if not 0 < part < 0.0005 else _("less than %(share)s") % {"share": share(0.0005, 2)}


def size(count: float) -> str:
    """Bytes as people read them."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{number(count, 0 if unit == 'B' or count >= 10 else 1)}{SPACE}{unit}"
        count /= 1000
    return f"{number(count, 1)}{SPACE}GB"


def day(value: date | str | None) -> str:
    if value is None:
        return NOTHING
    return date_format(date.fromisoformat(value) if isinstance(value, str) else value, "j F Y")


def days(first: date | str | None, last: date | str | None) -> str:
    """A period; one day is one day."""
    return day(first) if first == last else _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}


def value(key: str, said: str) -> str:
    """A value of a key as people read it: an hour by the clock, a means of travel by its name."""
    if key == "hour":
        return f"{int(said):02d}:00–{int(said):02d}:59"
    return str(wording.MODES.get(said, said)) if key == "mode" else said
