"""The engine's codes as words for people, in their language: tasks, reasons for a rank, orders, changes."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TASKS = {
    "senior-review": gettext_lazy("Senior review"),
    "imaging": gettext_lazy("Imaging"),
    "second-review": gettext_lazy("Second review"),
    "recovery": gettext_lazy("Recovery"),
    "therapy": gettext_lazy("Therapy"),
    "social-assessment": gettext_lazy("Social care assessment"),
    "placement": gettext_lazy("Care package or place"),
    "tto": gettext_lazy("Medicines to take out"),
    "transport": gettext_lazy("Transport home"),
}
COLOURS = {
    "green": gettext_lazy("Green"),
    "amber": gettext_lazy("Amber"),
    "red": gettext_lazy("Red"),
    "black": gettext_lazy("Black"),
}
ORDERS = {
    "index-ageing": gettext_lazy("Most bed-hours freed, and nobody left waiting"),
    "toc": gettext_lazy("Theory of constraints: most of the buffer used"),
    "fcfs": gettext_lazy("First come, first served"),
    "admission": gettext_lazy("Longest in hospital first"),
    "edd": gettext_lazy("Earliest planned discharge date"),
    "index": gettext_lazy("Most bed-hours freed (the long may wait very long)"),
    "rounds": gettext_lazy("Timetabled rounds"),
    "clairvoyant": gettext_lazy("Knowing every duration (nobody can)"),
}
CHANGES = {
    "staff": gettext_lazy("One more person"),
    "hours": gettext_lazy("One hour longer every day"),
    "referral": gettext_lazy("Earlier referral"),
}
DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def task(code: str) -> str:
    """A task's name."""
    return str(TASKS.get(code, code))


def order(name: str) -> str:
    """An order's name."""
    return str(ORDERS.get(name, name))


def colour(name: str) -> str:
    """A buffer colour's name."""
    return str(COLOURS.get(name, name))


def reason(found: Any) -> str:
    """One reason for a rank, as a sentence."""
    v = {
        name: number_format(value, decimal_pos=1 if "work" in name or "typical" in name else 0)
        if isinstance(value, float)
        else value
        for name, value in found.values.items()
    }
    if "colour" in v:
        v["colour"] = colour(str(v["colour"]).lower())
    return {
        "clinical-priority": lambda: _("Clinical priority comes before any order."),
        "buffer": lambda: _("%(colour)s: %(percent)s %% of the time to the planned discharge is used.") % v,
        "late": lambda: _("%(colour)s: %(late_hours)s hours past the planned discharge.") % v,
        "critical": lambda: _("Holds the bed: it is free %(tail_hours)s hours after this starts.") % v,
        "slack": lambda: _("Something else keeps the patient %(slack_hours)s hours longer anyway.") % v,
        "work": lambda: _("%(work_hours)s hours of this team’s work; %(typical_hours)s is typical.") % v,
        "waited": lambda: _("Has waited %(waited_hours)s hours here.") % v,
    }[found.code]()
