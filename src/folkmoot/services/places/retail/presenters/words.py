"""Markets and drawn centres in a sentence, and figures with their intervals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.services.places import wording
from folkmoot.services.places.presenters.figures import number, signed
from folkmoot.services.places.retail import queries
from folkmoot.services.places.retail.models import Centre, Market

MILLION = 1e6


def markets(rows: list[tuple[Market, list[Centre]]]) -> list[dict[str, Any]]:
    """Each market with a sentence and its drawn centres."""
    return [{"market": market, "facts": facts(market), "centres": [row(c) for c in drawn]} for market, drawn in rows]


def facts(market: Market) -> str:
    """A market in one sentence."""
    said = _("%(people)s people in %(areas)s areas, %(centres)s shopping centres.") % {
        "people": number(market.people), "areas": number(market.areas), "centres": number(market.centres),
    }  # fmt: skip
    return f"{said} {status_words(market)}" if market.is_ready else said


def status_words(market: Market) -> str:
    """Whether its law was found or assumed: said wherever a number of it is shown."""
    if not market.is_calibrated:
        return _("Uncalibrated: how people choose is assumed, not observed.")
    return _("Calibrated on %(flows)s observed visits.") % {"flows": number(market.flows)}


def row(centre: Centre) -> dict[str, Any]:
    """A drawn centre in a list."""
    return {
        "url": centre.get_absolute_url(), "name": centre.name, "words": summary(centre),
        "status": centre.get_status_display(), "tag": wording.STATUS_TAGS[centre.status],
    }  # fmt: skip


def summary(centre: Centre) -> str:
    """A drawn centre in one sentence."""
    size = _("%(m2)s m²") % {"m2": number(centre.floor_space_m2)}
    if not centre.is_forecast:
        return size
    return _("%(size)s: %(people)s visitors, %(pounds)s a year.") % {
        "size": size, "people": number(centre.itself["visitors"]["value"]),
        "pounds": millions(centre.itself["turnover"]["value"]),
    }  # fmt: skip


def millions(pounds: float) -> str:
    return _("£%(n)s million") % {"n": number(pounds / MILLION, 2)}


def a_trip(unit: str) -> str:
    """What travel is measured in, by the engine's name of it, for titles."""
    return {
        "minutes": _("minutes a trip"), "kilometres": _("kilometres a trip"),
        "units of cost": _("units of cost a trip"),
    }[unit]  # fmt: skip


def travel(value: float, unit: str) -> str:
    """So much travel, with its unit."""
    words = {
        "minutes": _("%(n)s minutes"), "kilometres": _("%(n)s kilometres"), "units of cost": _("%(n)s units of cost"),
    }  # fmt: skip
    return words[unit] % {"n": number(value, 1)}


def span(interval: dict[str, float], places: int = 0, factor: float = 1.0, *, sign: bool = False) -> str:
    """A value and its interval."""

    def written(value: float) -> str:
        return signed(factor * value, places) if sign else number(factor * value, places)

    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": written(interval["value"]), "low": written(interval["low"]), "high": written(interval["high"]),
    }  # fmt: skip


def history(found: Centre) -> list[dict[str, Any]]:
    """What was done with it, the oldest first."""
    return [
        {"verb": step.get_verb_display(), "by": step.by.name or step.by.email, "at": step.at, "reason": step.reason}
        for step in queries.decisions(found)
    ]
