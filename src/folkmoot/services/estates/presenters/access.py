"""Who travels further: minutes to the nearest remaining site with each service, by deprivation decile, before and after."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Series, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import minutes, number, share, signed


def access(programme: Programme) -> dict[str, Any]:
    """Sentences, chart and table; nothing where travel times are not known."""
    found = programme.answer["access"]
    if not found:
        return {}
    return {"sentences": _sentences(found), "chart": _chart(found) if len(found) > 1 else None, "table": _table(found)}


def decile(n: int) -> str:
    """A decile as people call it."""
    if n == 1:
        return _("Decile 1 – most deprived")
    if n == 10:
        return _("Decile 10 – least deprived")
    return _("Decile %(n)s") % {"n": n}


def _sentences(found: list[dict[str, Any]]) -> list[str]:
    people, worse = sum(one["people"] for one in found), sum(one["worse"] for one in found)
    if not worse:
        return [_("Nobody’s nearest site with a service is further than today.")]
    most = max(found, key=lambda one: one["mean_after"] - one["mean_before"])
    first = _("%(worse)s of %(people)s people (%(share)s) have further to go for at least one service.") % {
        "worse": number(worse), "people": number(people), "share": share(worse / people),
    }  # fmt: skip
    second = _("The average way grows most for %(decile)s: by %(n)s.") % {
        "decile": decile(most["decile"]), "n": minutes(most["mean_after"] - most["mean_before"]),
    }  # fmt: skip
    return [first, second]


def _chart(found: list[dict[str, Any]]) -> Any:
    lines = [
        Series(name, [(float(one["decile"]), one[key]) for one in found])
        for name, key in ((_("Today"), "mean_before"), (_("With this plan"), "mean_after"))
    ]
    furthest = max(found, key=lambda one: one["mean_after"])
    return line_chart(
        _("Average minutes by deprivation decile (1 is the most deprived)"), lines, unit=_("minutes"), decimals=1,
        x_label=_("Deprivation decile"), words=chart_words(),
        summary=_("Furthest with this plan: %(decile)s, %(n)s.") % {
            "decile": decile(furthest["decile"]), "n": minutes(furthest["mean_after"]),
        },
    )  # fmt: skip


def _table(found: list[dict[str, Any]]) -> str:
    head = [_("Group"), _("People"), _("Average today"), _("Average then"), _("Change"), _("Longest way today"),
            _("Longest way then"), _("Further for a service")]  # fmt: skip
    rows = [
        [decile(one["decile"]), number(one["people"]), number(one["mean_before"], 1), number(one["mean_after"], 1),
         signed(one["mean_after"] - one["mean_before"]), number(one["worst_before"], 1), number(one["worst_after"], 1),
         number(one["worse"])]
        for one in found
    ]  # fmt: skip
    return table(_("Minutes to the nearest site with a service, averaged over services"), head, rows)
