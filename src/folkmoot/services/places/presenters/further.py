"""What else could be done nearly as well, and how the plan stands when demand is not as counted."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Bar, bar_chart
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places.models import Option
from folkmoot.services.places.presenters.figures import gap, minutes, number, share

QUOTED = re.compile(r"“([^”]+)”")
MOST_BARS = 20


def in_names(sentence: str, names: dict[str, str]) -> str:
    """An engine's sentence with the names of areas and sites in place of their codes."""
    return QUOTED.sub(lambda code: f"“{names.get(code[1], code[1])}”", sentence)


def alternatives(option: Option) -> dict[str, Any] | None:
    """Other plans against this one; None before anybody has asked."""
    found = option.alternatives
    if not found:
        return None
    names = {site["site"]: site["name"] for site in option.findings["sites"]}
    return {
        "lede": _(
            "Plans at most %(within)s worse than the best, which differ from it and from each other as much as can be."
        )
        % {"within": gap(found["within"])},
        "plans": [_told(each, names) for each in found["plans"]],
        "statements": [in_names(said, names) for said in found["statements"]],
    }


def _told(each: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    def listed(codes: list[str]) -> str:
        return ", ".join(sorted(names.get(code, code) for code in codes)) or "–"

    differs = ngettext("%(n)s site is different", "%(n)s sites are different", len(each["opened"])) % {
        "n": number(len(each["opened"]))
    }
    facts = [
        (_("Opens instead"), listed(each["opened"])),
        (_("Does not open"), listed(each["closed"])),
        (_("Worse than the best by"), gap(each["extra"]) if each["extra"] > 0 else _("nothing")),
        (_("Travel less than with the best plan"), number(each["gained"])),
        (_("Travel more than with the best plan"), number(each["lost"])),
        (_("The area that loses most travels further by"), minutes(each["most_lost"])),
    ]
    said = (
        _("Proved: no plan this good differs more.")
        if each["proved"]
        else _("It is not proved that no plan differs more.")
    )
    return {"title": differs, "facts": facts, "proof": said, "reason": in_names(each["reason"], names)}


def robustness(option: Option) -> dict[str, Any] | None:
    """How often each site is chosen; None before anybody has asked."""
    found = option.robustness
    if not found:
        return None
    names = {site["site"]: site["name"] for site in option.findings["sites"]}
    is_open = set(option.open_sites)
    often = dict(found["chosen"])
    shown = sorted(is_open | set(often), key=lambda code: (-often.get(code, 0.0), names.get(code, code)))[:MOST_BARS]
    bars = [
        Bar(
            names.get(code, code), 100 * often.get(code, 0.0), stressed=code in is_open,
            note=_("in this plan") if code in is_open else "",
        )
        for code in shown
    ]  # fmt: skip
    sure = sum(often.get(code, 0.0) >= 0.9 for code in is_open)
    return {
        "sentences": [
            _("Demand was drawn %(n)s times: each area varies by %(spread)s, and all together by %(together)s.")
            % {"n": number(found["draws"]), "spread": share(found["spread"]), "together": share(found["together"])},
            ngettext(
                "%(sure)s of the %(n)s open site is in the best plan at least nine times in ten.",
                "%(sure)s of the %(n)s open sites are in the best plan at least nine times in ten.",
                len(is_open),
            )
            % {"sure": number(sure), "n": number(len(is_open))},
            _("On average this plan is %(mean)s from the best for the demand that comes, and %(worst)s at worst.")
            % {"mean": gap(found["mean_regret"]), "worst": gap(found["worst_regret"])},
        ],
        "chart": bar_chart(
            _("How often each site is in the best plan"), bars, unit="%", label_heading=_("Site"), words=chart_words(),
            summary=_("Sites of this plan are marked."),
        ),
    }  # fmt: skip
