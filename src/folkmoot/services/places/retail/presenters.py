"""What the pages of shopping centres show: sentences, figures, charts with tables, maps."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Bar, Estimate, bar_chart, dot_interval, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places import wording
from folkmoot.services.places.presenters.figures import number, share, signed
from folkmoot.services.places.retail import queries, tables
from folkmoot.services.places.retail.models import Centre, Market

MILLION = 1e6
CATCHMENT_STEPS = (0.02, 0.05, 0.1, 0.2)
"""Shares of an area's trade at which its class on the map changes."""
VERDICTS = {
    "grows": "grows", "shrinks": "shrinks", "steady": "steady", "dies": "dies", "new": "new",
    "new, but does not survive": "new, but does not survive",
}  # fmt: skip


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


def span(interval: dict[str, float], places: int = 0, factor: float = 1.0, *, sign: bool = False) -> str:
    """A value and its interval."""

    def written(value: float) -> str:
        return signed(factor * value, places) if sign else number(factor * value, places)

    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": written(interval["value"]), "low": written(interval["low"]), "high": written(interval["high"]),
    }  # fmt: skip


def market(found: Market, held: dict[str, Any], drawn: list[Centre]) -> dict[str, Any]:
    """The page of a market."""
    known = tables.engine_market(held)
    return {
        "facts": facts(found),
        "calibrated": found.is_calibrated,
        "figures": _figures(found),
        "parameters": _parameters(found),
        "hold_out": _hold_out(found),
        "rows": [row(c) for c in drawn],
        "comparable": sum(c.is_forecast for c in drawn) > 1,
        "map_": market_map(known),
        "statements": [*found.law["statements"], *(s for s in found.statements if s not in found.law["statements"])],
        "set_aside": found.set_aside,
        "aside": sum(count for _reason, count, _first in found.set_aside),
    }


def _figures(found: Market) -> list[tuple[str, str]]:
    law = found.law["law"]
    decay = {"exponential": _("exponential"), "power": _("power")}[law["decay"]]
    rows = [(_("Law of distance"), decay)]
    if found.is_calibrated and (fit := found.law["fit"]):
        rows += [
            (_("Deviance explained"), share(fit["deviance_explained"])),
            (_("Average trip, observed"), _("%(n)s minutes") % {"n": number(fit["mean_cost_observed"], 1)}),
        ]
    if found.hold_out:
        missed = sorted(abs(one["error_percent"]) for one in found.hold_out["centres"])
        middle = missed[len(missed) // 2] if missed else math.nan
        rows.append((_("A centre left out is missed by"), share(middle / 100)))
    return rows


def _parameters(found: Market) -> str:
    names = {"alpha": _("α, pull of floor space"), "beta": _("β, push of distance")}
    kind = (
        _("Parameters of the law, with %(level)s intervals") % {"level": share(found.law["level"])}
        if found.is_calibrated
        else _("Parameters assumed, with the range that every forecast is tried over")
    )
    rows = [
        [names.get(p["name"], p["name"]), number(p["value"], 4), number(p["low"], 4), number(p["high"], 4)]
        for p in found.law["parameters"]
    ]
    return table(kind, [_("Parameter"), _("Value"), _("Low"), _("High")], rows)


def _hold_out(found: Market) -> Any:
    if not found.hold_out or not found.hold_out["centres"]:
        return None
    bars = [Bar(one["name"], round(one["error_percent"], 1)) for one in found.hold_out["centres"]]
    worst = max(bars, key=lambda bar: abs(bar.value))
    return bar_chart(
        _("Each centre left out and foretold from the others: how far the forecast missed"), bars, unit="%",
        label_heading=_("Centre"), summary=_("The largest miss is %(name)s, by %(n)s %%.")
        % {"name": worst.label, "n": signed(worst.value)}, words=chart_words(),
    )  # fmt: skip


def market_map(known: Any, *, extra: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Centres that exist, over areas by people."""
    rows = sorted(
        zip(
            known.centres.name, known.centres.lon, known.centres.lat, known.centres.floor_space_m2,
            known.centres.centre_class,
        ),
        key=lambda one: -one[3],
    )  # fmt: skip
    features = [*(extra or [])] + [
        _point(lon, lat, name=name, size=number(size), kind=kind or "–", sign="open")
        for name, lon, lat, size, kind in rows
        if math.isfinite(lon) and math.isfinite(lat)
    ]
    people = known.areas.population
    most = float(people.max()) if len(people) else 0.0
    return {
        "places": {"type": "FeatureCollection", "features": features},
        "columns": [("size", _("m²")), ("kind", _("Kind"))],
        "areas": _areas(
            known, [min(5, 1 + int(5 * p / most)) if most else 1 for p in people],
            [_("%(n)s people") % {"n": number(p)} for p in people],
        ),
        "legend": [
            (k, _("%(low)s to %(high)s people") % {"low": number((k - 1) * most / 5), "high": number(k * most / 5)})
            for k in range(1, 6)
        ],
        "signs": [("open", _("Exists"))],
    }  # fmt: skip


def _areas(known: Any, classes: list[int], tells: list[str]) -> dict[str, Any]:
    a = known.areas
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
                "properties": {"name": str(name), "class": klass, "tells": words},
            }
            for name, lon, lat, klass, words in zip(a.name, a.lon, a.lat, classes, tells)
            if math.isfinite(lon) and math.isfinite(lat)
        ],
    }


def _point(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
        "properties": {name: str(value) for name, value in properties.items()},
    }


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


KINDS = ("age", "imd_decile", "classification", "car")


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


def catchment_map(found: Centre, known: Any) -> dict[str, Any]:
    """The share of each area's people who would come, and the centres."""
    chance = {area["code"]: area["probability"]["value"] for area in found.forecast["visitors"]["catchment"]}
    values = [chance.get(code, 0.0) for code in known.areas.code.tolist()]
    here = _point(
        found.lon, found.lat, name=found.name, size=number(found.floor_space_m2), kind=found.centre_class or "–",
        sign="new",
    )  # fmt: skip
    base = market_map(known, extra=[here])
    edges = [0.0, *CATCHMENT_STEPS]
    words = [
        (k + 1, _("%(low)s to %(high)s of an area’s people") % {"low": share(edges[k]), "high": share(edges[k + 1])})
        for k in range(4)
    ]
    return base | {
        "areas": _areas(
            known, [1 + sum(value >= edge for edge in CATCHMENT_STEPS) for value in values],
            [_("%(n)s would come") % {"n": share(value, 1)} for value in values],
        ),
        "legend": [*words, (5, _("%(low)s and more") % {"low": share(edges[4])})],
        "signs": [("new", _("Would be new")), ("open", _("Exists"))],
    }  # fmt: skip


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
    return table(_("Travel of each group, in minutes a trip"), head, rows) if rows else ""


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


def best(found: Market) -> dict[str, Any]:
    """The answer to the question for the best place."""
    if not found.best:
        return {"answer": None}
    sure = dict(map(tuple, found.best["best_site_in"]))
    first: dict[str, dict[str, Any]] = {}
    for option in found.best["options"]:
        first.setdefault(option["code"], option)
    head = [
        _("Site"), _("m²"), _("Turnover, £ million"), _("Profit, £ million"), _("Benefit, minutes a trip"),
        _("Hardest hit, %"), _("Best in"),
    ]  # fmt: skip
    rows = [
        [
            o["name"], number(o["floor_space_m2"]), span(o["turnover"], 2, 1 / MILLION),
            span(o["profit"], 2, 1 / MILLION) if o["profit"] else "–", span(o["benefit"], 2) if o["benefit"] else "–",
            f"{o['hardest_hit']} −{number(o['hardest_hit_percent']['value'], 1)}",
            _("breaks a limit") if o["breaks"] else share(sure.get(o["code"], 0.0)),
        ]
        for o in first.values()
    ]  # fmt: skip
    kept = [o for o in first.values() if not o["breaks"]]
    winner = found.best["best"]
    return {
        "answer": {
            "sentence": _("Best is %(name)s with %(m2)s m²: the best site in %(sure)s of the laws tried.")
            % {"name": winner["name"], "m2": number(winner["floor_space_m2"]), "sure": share(sure[winner["code"]])}
            if winner
            else _("No site keeps the limits."),
            "winner": winner,
            "status": status_words(found),
            "table": table(_("The best floor space of each site"), head, rows),
            "statements": found.best["statements"],
            "map": {
                "places": {
                    "type": "FeatureCollection",
                    "features": [
                        _point(
                            o["lon"], o["lat"], name=o["name"], size=number(o["floor_space_m2"]),
                            sure=share(sure.get(o["code"], 0.0)), sign="open" if o is kept[0] else "candidate",
                        )
                        for o in kept
                    ],
                },
                "columns": [("size", _("m²")), ("sure", _("Best in"))],
                "signs": [("open", _("Best site")), ("candidate", _("Other site"))],
            }
            if kept
            else None,
        }
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

    lines: list[tuple[str, Any]] = [
        (_("Floor space, m²"), lambda c: number(c.floor_space_m2)),
        (_("Visitors"), lambda c: span(c.itself["visitors"])),
        (_("Turnover, £ million"), lambda c: span(c.itself["turnover"], 2, 1 / MILLION)),
        (_("Turnover a m²"), lambda c: f"£{number(c.itself['turnover_per_m2'])}"),
        (_("Hardest hit"), worst),
        (_("Of visitors, most deprived decile"), lambda c: of(c, "imd_decile", "1")),
        (_("Of visitors, no access to a car"), lambda c: of(c, "car", "no access to a car")),
        (_("Worth of the wider choice, minutes a trip"), lambda c: everybody(c, "benefit")),
        (_("Status"), lambda c: c.get_status_display()),
    ]
    return {
        "table": table(
            _("Centres side by side"), [_("Measure"), *(c.name for c in picked)],
            [[words, *(value(c) for c in picked)] for words, value in lines],
        )
    }  # fmt: skip


def history(found: Centre) -> list[dict[str, Any]]:
    """What was done with it, the oldest first."""
    return [
        {"verb": step.get_verb_display(), "by": step.by.name or step.by.email, "at": step.at, "reason": step.reason}
        for step in queries.decisions(found)
    ]
