"""Links, changes, hours and money in words and figures."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from folkmoot.services.highways.presenters.figures import NOTHING, number, share

__all__ = ["NOTHING", "change", "direction", "hours", "kind", "lanes", "pounds", "road", "share", "signed"]

KINDS = {
    "motorway": gettext_lazy("motorway"), "motorway_link": gettext_lazy("slip road"), "trunk": gettext_lazy("trunk road"),
    "trunk_link": gettext_lazy("slip road"), "primary": gettext_lazy("main road"),
    "primary_link": gettext_lazy("slip road"), "secondary": gettext_lazy("B road"),
    "secondary_link": gettext_lazy("slip road"), "tertiary": gettext_lazy("through road"),
    "tertiary_link": gettext_lazy("slip road"), "dual_carriageway": gettext_lazy("dual carriageway"),
    "residential": gettext_lazy("street"), "living_street": gettext_lazy("street"), "road": gettext_lazy("road"),
    "unclassified": gettext_lazy("lane"), "service": gettext_lazy("service road"),
}  # fmt: skip
COMPASS = (
    gettext_lazy("northbound"), gettext_lazy("north-eastbound"), gettext_lazy("eastbound"),
    gettext_lazy("south-eastbound"), gettext_lazy("southbound"), gettext_lazy("south-westbound"),
    gettext_lazy("westbound"), gettext_lazy("north-westbound"),
)  # fmt: skip


def kind(name: str) -> str:
    """A class of road as people call it."""
    return str(KINDS.get(name, name.replace("_", " ")))


def direction(bearing: int | None) -> str:
    """Where a link leads."""
    return NOTHING if bearing is None else str(COMPASS[bearing])


def road(link: dict[str, Any]) -> str:
    """A link by its number or name, or else by its class, and where it leads."""
    name = link["name"] or kind(link["kind"])
    return name if link["bearing"] is None else _("%(road)s %(direction)s") % {
        "road": name, "direction": direction(link["bearing"]),
    }  # fmt: skip


def hours(value: float, places: int = 1) -> str:
    """Vehicle-hours: with a decimal where they are few."""
    return number(value, places if abs(value) < 1000 else 0)


def signed(value: float, places: int = 1) -> str:
    """A change: plus, minus, or a plain nought."""
    rounded = round(value, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=places, force_grouping=True)


def pounds(value: float) -> str:
    return _("£%(n)s million") % {"n": number(value / 1e6, 2)} if value >= 1e6 else f"£{number(value)}"


def change(row: dict[str, Any]) -> str:
    """What is done to a link."""
    if row["what"] == "close":
        return _("closed")
    if row["what"] == "widen":
        return lanes(row["value"])
    return _("%(n)s km/h") % {"n": number(row["value"])}


def lanes(count: float) -> str:
    """So many lanes, also halves of one."""
    whole = float(count).is_integer()
    said = ngettext("%(n)s lane", "%(n)s lanes", int(count) if whole else 2)
    return said % {"n": number(count, 0 if whole else 1)}


def queue(row: dict[str, Any]) -> str:
    """From when until when a queue stands."""
    if row["from"] is None:
        return _("no queue")
    if row["until"] is None:
        end = row["begin"] + 15 * row["slices"]
        return _("%(from)s to after %(until)s") % {
            "from": row["from"], "until": f"{end // 60:02d}:{end % 60:02d}",
        }  # fmt: skip
    return _("%(from)s to %(until)s") % {"from": row["from"], "until": row["until"]}
