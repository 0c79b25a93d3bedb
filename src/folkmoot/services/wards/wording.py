"""The engine's codes as words for people, in their language: tasks, reasons for a rank, orders, changes."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

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
    "colours": gettext_lazy("Theory of constraints: four colours"),
    "rounds": gettext_lazy("Timetabled rounds"),
    "clairvoyant": gettext_lazy("Knowing every duration (nobody can)"),
}
CHANGES = {
    "staff": gettext_lazy("More staff"),
    "hours": gettext_lazy("Longer hours"),
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

PURPOSES = {
    "index-ageing": gettext_lazy("Frees the most bed-hours for each hour of work, and nobody waits for ever."),
    "index": gettext_lazy("Frees the most bed-hours for each hour of work; some patients may wait very long."),
    "toc": gettext_lazy("Whoever has used most of the time to the planned discharge comes first."),
    "fcfs": gettext_lazy("Whoever has waited longest for this team comes first."),
    "admission": gettext_lazy("Whoever has been in hospital longest comes first."),
    "edd": gettext_lazy("Whoever should go home first comes first."),
}
# The synthetic town's own names, so that its demonstration speaks Welsh; a real hospital's names are shown as they are.
NAMES = frozenset(
    {
        gettext_noop("Ward doctors"),
        gettext_noop("Imaging"),
        gettext_noop("Therapy"),
        gettext_noop("Social care"),
        gettext_noop("Pharmacy"),
        gettext_noop("Patient transport"),
        gettext_noop("Acute medical unit"),
        gettext_noop("Short stay"),
        gettext_noop("Care of older people"),
        gettext_noop("Respiratory and general medicine"),
        gettext_noop("Cardiology"),
        gettext_noop("Stroke and neurology"),
        gettext_noop("General surgery"),
        gettext_noop("Trauma and orthopaedics"),
    }
)


def name(text: str) -> str:
    """The name of a team or a ward."""
    return _(text) if text in NAMES else text


def hours(value: float) -> str:
    """A length of time as people say it: 40 min, 7 h, 3 days."""
    if value < 1.0:
        return _("%(n)s min") % {"n": round(max(0.0, value) * 60)}
    if value < 72.0:
        return _("%(n)s h") % {
            "n": number_format(value, decimal_pos=0 if value >= 9.95 or round(value, 1) % 1 == 0 else 1)
        }
    return _("%(n)s days") % {"n": round(value / 24.0)}


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
    v = found.values
    if found.code == "clinical-priority":
        return _("Clinical priority comes before any order.")
    if found.code == "buffer":
        return _("%(percent)s %% of the time to the planned discharge is used.") % {"percent": round(v["percent"])}
    if found.code == "late":
        return _("%(late)s past the planned discharge.") % {"late": hours(v["late_hours"])}
    if found.code == "critical":
        return _("Holds the bed: it is free %(tail)s after this starts.") % {"tail": hours(v["tail_hours"])}
    if found.code == "slack":
        return _("Something else keeps the patient %(slack)s longer anyway.") % {"slack": hours(v["slack_hours"])}
    if found.code == "work":
        said = {"work": hours(v["work_hours"]), "typical": hours(v["typical_hours"])}
        return _("Needs %(work)s of this team; %(typical)s is typical.") % said
    return _("Has waited %(waited)s here.") % {"waited": hours(v["waited_hours"])}
