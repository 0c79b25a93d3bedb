"""The page of a drawn centre: who would come, what the others would lose, the long run; and several side by side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Bar, Estimate, bar_chart, dot_interval, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places import wording
from folkmoot.services.places.presenters.figures import number, share, signed
from folkmoot.services.places.retail import tables
from folkmoot.services.places.retail.models import Centre
from folkmoot.services.places.retail.presenters.maps import catchment_map
from folkmoot.services.places.retail.presenters.words import MILLION, a_trip, history, millions, span, status_words

KINDS = ("age", "imd_decile", "classification", "car")


def centre(found: Centre, held: dict[str, Any]) -> dict[str, Any]:
    """The page of a drawn centre."""
    known = tables.engine_market(held)
    forecast = found.forecast
    return {
        "tag": {"text": found.get_status_display(), "classes": wording.STATUS_TAGS[found.status]},
        "told": _told(found),
        "calibrated": forecast["status"] == "calibrated",
        "status": status_words(found.market),
        "figures": _centre_figures(found),
        "mix": mix(forecast),
        "catchment": catchment_map(found, known),
        "trade": _trade(forecast),
        "access": _access(forecast),
        "balance": _balance(found.balance),
        "statements": forecast["statements"],
        "about": [
            (_("Market"), found.market.name), (_("Floor space"), _("%(m2)s m²") % {"m2": number(found.floor_space_m2)}),
            (_("Kind of centre"), found.centre_class or _("like the average")),
            (_("Position"), f"{found.lon:.5f}, {found.lat:.5f}"),
        ],
        "history": history(found),
    }  # fmt: skip


def compare(picked: list[Centre]) -> dict[str, Any]:
    """Drawn centres side by side."""

    def worst(c: Centre) -> str:
        hit = min((o for o in c.forecast["centres"] if not o["is_new"]), key=lambda o: o["change_percent"]["value"])
        return f"{hit['name']} {signed(hit['change_percent']['value'])}\N{NO-BREAK SPACE}%"

    def of(c: Centre, kind: str, group: str) -> str:
        one = next((g for g in c.forecast["visitors"]["mix"] if (g["kind"], g["group"]) == (kind, group)), None)
        return share(one["share"]["value"], 1) if one else "–"

    def everybody(c: Centre, name: str) -> str:
        found = next((a for a in c.forecast["access"] if a["group"] == "everybody"), None)
        return "–" if found is None or found[name] is None else span(found[name], 2)

    measured = a_trip(picked[0].forecast["unit"])
    lines: list[tuple[str, Any]] = [
        (_("Floor space, m²"), lambda c: number(c.floor_space_m2)),
        (_("Visitors"), lambda c: span(c.itself["visitors"])),
        (_("Turnover, £ million"), lambda c: span(c.itself["turnover"], 2, 1 / MILLION)),
        (_("Turnover a m²"), lambda c: f"£{number(c.itself['turnover_per_m2'])}"),
        (_("Hardest hit"), worst),
        (_("Of visitors, most deprived decile"), lambda c: of(c, "imd_decile", "1")),
        (_("Of visitors, no access to a car"), lambda c: of(c, "car", "no access to a car")),
        (_("Worth of the wider choice, %(unit)s") % {"unit": measured}, lambda c: everybody(c, "benefit")),
        (_("Status"), lambda c: c.get_status_display()),
    ]
    return {
        "table": table(
            _("Centres side by side"), [_("Measure"), *(c.name for c in picked)],
            [[words, *(value(c) for c in picked)] for words, value in lines],
        )
    }  # fmt: skip


def mix(forecast: dict[str, Any]) -> list[dict[str, Any]]:
    """Who would come: a chart with intervals, and its table, for each way of telling people apart."""
    titles = {
        "age": _("Visitors by age"), "imd_decile": _("Visitors by deprivation decile (1 is the most deprived)"),
        "classification": _("Visitors by kind of neighbourhood"), "car": _("Visitors by access to a car"),
    }  # fmt: skip
    found = []
    for kind in KINDS:
        groups = [g for g in forecast["visitors"]["mix"] if g["kind"] == kind]
        if not groups:
            continue
        bars = [
            Bar(
                group_name(kind, g["group"]), round(100 * g["share"]["value"], 1),
                note=f"{number(100 * g['share']['low'], 1)}–{number(100 * g['share']['high'], 1)}; "
                f"{number(100 * g['of_everybody'], 1)}",
            )
            for g in groups
        ]  # fmt: skip
        most = max(groups, key=lambda g: g["index"])
        found.append(
            {
                "kind": kind,
                "chart": bar_chart(
                    titles[kind], bars, unit="%", label_heading=_("Group"), value_heading=_("Of visitors"),
                    note_heading=_("Interval; of everybody"), decimals=1,
                    summary=_("Most above its share of everybody: %(group)s, %(share)s of visitors and %(all)s of everybody.")
                    % {
                        "group": group_name(kind, most["group"]), "share": share(most["share"]["value"], 1),
                        "all": share(most["of_everybody"], 1),
                    },
                    words=chart_words(),
                ),
            }
        )  # fmt: skip
    return found


def group_name(kind: str, group: str) -> str:
    """A group as people call it."""
    if kind == "imd_decile":
        return _("Decile %(n)s") % {"n": group}
    if kind == "age":
        parts = group.removeprefix("age_").replace("_plus", "+").split("_")
        return "–".join(parts)
    if kind == "car":
        return {"access to a car": _("Access to a car"), "no access to a car": _("No access to a car")}.get(
            group, group
        )
    return group


def _told(found: Centre) -> list[str]:
    mine, others = found.itself, [c for c in found.forecast["centres"] if not c["is_new"]]
    worst = min(others, key=lambda c: c["change_percent"]["value"])
    who = found.forecast["visitors"]
    said = [
        _("%(people)s residents would come (%(low)s to %(high)s) and leave %(pounds)s a year.")
        % {
            "people": number(mine["visitors"]["value"]), "low": number(mine["visitors"]["low"]),
            "high": number(mine["visitors"]["high"]), "pounds": millions(mine["turnover"]["value"]),
        },
        _("Hardest hit is %(name)s, which would lose %(n)s %% of its turnover.")
        % {"name": worst["name"], "n": number(-worst["change_percent"]["value"], 1)},
    ]  # fmt: skip
    if deprived := next((g for g in who["mix"] if (g["kind"], g["group"]) == ("imd_decile", "1")), None):
        said.append(
            _("Of its visitors %(share)s live in the most deprived decile; of everybody, %(all)s.")
            % {"share": share(deprived["share"]["value"], 1), "all": share(deprived["of_everybody"], 1)}
        )
    return said


def _centre_figures(found: Centre) -> list[tuple[str, str]]:
    mine = found.itself
    return [
        (_("Visitors"), number(mine["visitors"]["value"])),
        (_("Turnover a year"), millions(mine["turnover"]["value"])),
        (_("A year and m²"), f"£{number(mine['turnover_per_m2'])}"),
        (_("Share of the market"), share(mine["market_share"]["value"], 1)),
    ]


def _trade(forecast: dict[str, Any]) -> dict[str, Any]:
    others = sorted((c for c in forecast["centres"] if not c["is_new"]), key=lambda c: c["change_percent"]["value"])
    estimates = [
        Estimate(c["name"], c["change_percent"]["value"], c["change_percent"]["low"], c["change_percent"]["high"])
        for c in others
    ]
    rows = [
        [
            c["name"], number(c["floor_space_m2"]), number(c["turnover_before"] / MILLION, 2),
            span(c["turnover"], 2, 1 / MILLION), span(c["change"], 2, 1 / MILLION, sign=True),
            span(c["change_percent"], 1, sign=True),
        ]
        for c in others
    ]  # fmt: skip
    head = [
        _("Centre"), _("m²"), _("Turnover now, £ million"), _("Then"), _("Change, £ million"), _("Change, %"),
    ]  # fmt: skip
    return {
        "chart": dot_interval(
            _("What every centre would lose, in per cent of its turnover"), estimates, unit="%", decimals=1, sign=True,
            reference=(_("no change"), 0.0), words=chart_words(),
        ),
        "table": table(_("Turnover of every existing centre, now and then"), head, rows),
    }  # fmt: skip


def _access(forecast: dict[str, Any]) -> str:
    head = [
        _("Group"), _("People"), _("Average trip now"), _("Average trip then"), _("Nearest centre now"),
        _("Nearest centre then"), _("Worth of the wider choice"),
    ]  # fmt: skip
    rows = [
        [
            _("Everybody") if a["group"] == "everybody" else a["group"], number(a["population"]),
            number(a["mean_cost_before"], 2), span(a["mean_cost"], 2), number(a["nearest_before"], 2),
            number(a["nearest"], 2), span(a["benefit"], 2) if a["benefit"] else "–",
        ]
        for a in forecast["access"]
    ]  # fmt: skip
    title = _("Travel of each group, in %(unit)s") % {"unit": a_trip(forecast["unit"])}
    return table(title, head, rows) if rows else ""


def _balance(balance: dict[str, Any]) -> dict[str, Any] | None:
    if not balance:
        return None
    verdicts = {
        "grows": _("grows"), "shrinks": _("shrinks"), "steady": _("steady"), "dies": _("dies"), "new": _("new"),
        "new, but does not survive": _("new, but does not survive"),
    }  # fmt: skip
    rows = [
        [
            c["name"], number(c["now_m2"]), number(c["without_m2"]),
            span({"value": c["with_m2"], "low": c["with_low_m2"], "high": c["with_high_m2"]}),
            verdicts[c["verdict"]], share(c["survives_in"]),
        ]
        for c in balance["centres"]
    ]  # fmt: skip
    head = [
        _("Centre"), _("m² now"), _("In the long run without it"), _("With it"), _("Verdict"), _("Survives in"),
    ]  # fmt: skip
    gone = [c["name"] for c in balance["centres"] if c["verdict"] in ("dies", "new, but does not survive")]
    said = (
        ngettext(
            "In the long run %(names)s would not survive.", "In the long run %(names)s would not survive.", len(gone)
        )
        % {"names": ", ".join(gone)}
        if gone
        else _("In the long run every centre would survive.")
    )
    return {
        "sentence": said,
        "table": table(_("Floor space in the long run: centres grow while turnover exceeds cost"), head, rows),
        "statements": balance["statements"],
        "converged": balance["converged"],
    }
