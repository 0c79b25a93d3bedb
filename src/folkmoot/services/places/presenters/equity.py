"""Who gains and who loses: each group before and after, as a chart by deprivation decile and as one table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Bar, Series, bar_chart, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places.models import Option
from folkmoot.services.places.presenters.figures import minutes, number, share, signed


def group_name(group: dict[str, Any]) -> str:
    """A group as people call it."""
    if group["kind"] == "decile":
        if group["label"] == "1":
            return _("Decile 1 – most deprived")
        if group["label"] == "10":
            return _("Decile 10 – least deprived")
        return _("Decile %(n)s") % {"n": group["label"]}
    return {"all": _("Everybody"), "older": _("Aged 65 and over"), "without_car": _("Without a car")}[group["kind"]]


def equity(option: Option) -> dict[str, Any]:
    """Sentences, chart and table."""
    groups = option.findings["groups"]
    deciles = [g for g in groups if g["kind"] == "decile"]
    known = groups[0]["before"] is not None
    return {
        "sentences": _sentences(groups) if known else [],
        "chart": _chart(deciles, known) if len(deciles) > 1 else None,
        "table": _before_after(groups, option.findings["within"])
        if known
        else _after(groups, option.findings["within"]),
        "has_today": known,
    }


def _sentences(groups: list[dict[str, Any]]) -> list[str]:
    everybody, said = groups[0], []
    said.append(
        _("%(gain)s people travel less than today, %(lose)s travel more, and for %(same)s nothing changes.")
        % {
            "gain": number(everybody["gained"]),
            "lose": number(everybody["lost"]),
            "same": number(max(0.0, everybody["people"] - everybody["gained"] - everybody["lost"])),
        }
    )
    moved = [(g["after"]["mean"] - g["before"]["mean"], g) for g in groups[1:] if _both(g)]
    if moved:
        best, worst = min(moved, key=lambda m: m[0]), max(moved, key=lambda m: m[0])
        if best[0] < -0.05:
            said.append(
                _("Most is gained by: %(group)s (%(change)s minutes on average).")
                % {"group": group_name(best[1]), "change": signed(best[0])}
            )
        if worst[0] > 0.05:
            said.append(
                _("Most is lost by: %(group)s (%(change)s minutes on average).")
                % {"group": group_name(worst[1]), "change": signed(worst[0])}
            )
        else:
            said.append(_("No group is worse off on average."))
    if (everybody["most_lost"] or 0) > 0.05:
        said.append(
            _("The area that loses most travels %(n)s further than today.") % {"n": minutes(everybody["most_lost"])}
        )
    return said


def _both(group: dict[str, Any]) -> bool:
    return bool(group["people"]) and group["before"]["mean"] is not None and group["after"]["mean"] is not None


def _chart(deciles: list[dict[str, Any]], known: bool) -> Any:
    title = _("Average minutes by deprivation decile (1 is the most deprived)")
    numbered = [g for g in deciles if g["label"].isdigit() and g["after"]["mean"] is not None]
    if len(numbered) < len(deciles) or len(numbered) < 2:
        bars = [Bar(group_name(g), g["after"]["mean"]) for g in deciles if g["after"]["mean"] is not None]
        return (
            bar_chart(title, bars, unit=_("minutes"), label_heading=_("Group"), words=chart_words()) if bars else None
        )
    lines = [Series(_("This plan"), [(float(g["label"]), g["after"]["mean"]) for g in numbered])]
    if known:
        before = [(float(g["label"]), g["before"]["mean"]) for g in numbered if g["before"]["mean"] is not None]
        lines.insert(0, Series(_("Today"), before))
    worst = max(numbered, key=lambda g: g["after"]["mean"])
    summary = _("Furthest with this plan: %(group)s, %(value)s.") % {
        "group": group_name(worst), "value": minutes(worst["after"]["mean"]),
    }  # fmt: skip
    return line_chart(
        title, lines, unit=_("minutes"), x_label=_("Deprivation decile"), summary=summary, words=chart_words()
    )


def _before_after(groups: list[dict[str, Any]], within: float) -> str:
    head = [
        _("Group"), _("People"), _("Average today"), _("Average then"), _("Change"), _("Worst tenth today"),
        _("Worst tenth then"), _("Within %(n)s minutes today") % {"n": number(within)}, _("then"),
        _("Travel less"), _("Travel more"),
    ]  # fmt: skip
    rows = [
        [
            group_name(g), number(g["people"]), number(g["before"]["mean"], 1), number(g["after"]["mean"], 1),
            signed(g["after"]["mean"] - g["before"]["mean"]) if _both(g) else "–",
            number(g["before"]["worst"], 1), number(g["after"]["worst"], 1), share(g["before"]["within"]),
            share(g["after"]["within"]), number(g["gained"]), number(g["lost"]),
        ]
        for g in groups
    ]  # fmt: skip
    return table(_("Travel of each group, in minutes, today and with this plan"), head, rows)


def _after(groups: list[dict[str, Any]], within: float) -> str:
    head = [_("Group"), _("People"), _("Average"), _("Worst tenth"), _("Within %(n)s minutes") % {"n": number(within)}]
    rows = [
        [
            group_name(g),
            number(g["people"]),
            number(g["after"]["mean"], 1),
            number(g["after"]["worst"], 1),
            share(g["after"]["within"]),
        ]
        for g in groups
    ]
    return table(_("Travel of each group with this plan, in minutes"), head, rows)
