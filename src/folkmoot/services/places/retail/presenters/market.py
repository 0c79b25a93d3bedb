"""The page of a market: its law and how far to trust it, and the best place for a new centre."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Bar, bar_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places.presenters.figures import number, share, signed
from folkmoot.services.places.retail import tables
from folkmoot.services.places.retail.models import Centre, Market
from folkmoot.services.places.retail.presenters.maps import market_map, point
from folkmoot.services.places.retail.presenters.words import MILLION, a_trip, facts, row, span, status_words, travel


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


def best(found: Market, held: dict[str, Any]) -> dict[str, Any]:
    """The answer to the question for the best place."""
    if not found.best:
        return {"answer": None}
    sure = dict(map(tuple, found.best["best_site_in"]))
    first: dict[str, dict[str, Any]] = {}
    for option in found.best["options"]:
        first.setdefault(option["code"], option)
    head = [
        _("Site"), _("m²"), _("Turnover, £ million"), _("Profit, £ million"),
        _("Benefit, %(unit)s") % {"unit": a_trip(found.best["unit"])}, _("Hardest hit, %"), _("Best in"),
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
    winner, ground = found.best["best"], market_map(tables.engine_market(held))
    return {
        "answer": {
            "sentence": _("Best is %(name)s with %(m2)s m²: the best site in %(sure)s of the laws tried.")
            % {"name": winner["name"], "m2": number(winner["floor_space_m2"]), "sure": share(sure[winner["code"]])}
            if winner
            else _("No site keeps the limits."),
            "asked": _asked(found.best["asked"]),
            "winner": winner,
            "status": status_words(found),
            "table": table(_("The best floor space of each site"), head, rows),
            "statements": found.best["statements"],
            "map": {
                "places": {
                    "type": "FeatureCollection",
                    "features": [
                        point(
                            o["lon"], o["lat"], name=o["name"], size=number(o["floor_space_m2"]),
                            sure=share(sure.get(o["code"], 0.0)), sign="open" if o is kept[0] else "candidate",
                        )
                        for o in kept
                    ],
                },
                "columns": [("size", _("m²")), ("sure", _("Best in"))],
                "signs": [("open", _("Best site")), ("candidate", _("Other site"))],
                "areas": ground["areas"],
                "legend": ground["legend"],
            }
            if kept
            else None,
        }
    }  # fmt: skip


def _asked(asked: dict[str, Any]) -> list[tuple[str, str]]:
    best = {"benefit": _("Most benefit to residents"), "turnover": _("Most turnover"), "profit": _("Most profit")}
    rows = [(_("What is best?"), best[asked["objective"]])]
    for words, percent in (
        (_("Margin in per cent, for profit"), None if asked["margin"] is None else 100 * asked["margin"]),
        (_("No existing centre may lose more than, in per cent"), asked["most_loss_percent"]),
    ):
        if percent is not None:
            rows.append((words, f"{number(percent, 0 if round(percent, 6).is_integer() else 1)}\N{NO-BREAK SPACE}%"))
    return rows


def _figures(found: Market) -> list[tuple[str, str]]:
    law = found.law["law"]
    decay = {"exponential": _("exponential"), "power": _("power")}[law["decay"]]
    rows = [(_("Law of distance"), decay)]
    if found.is_calibrated and (fit := found.law["fit"]):
        rows += [
            (_("Deviance explained"), share(fit["deviance_explained"])),
            (_("Average trip, observed"), travel(fit["mean_cost_observed"], found.law["unit"])),
        ]
    if found.hold_out:
        rows.append((_("A centre left out is missed by"), share(found.hold_out["median_error_percent"] / 100)))
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
        _("Each centre left out and foretold from the others: how far the forecast missed"), bars, unit="%", decimals=1,
        label_heading=_("Centre"), summary=_("The largest miss is %(name)s, by %(n)s %%.")
        % {"name": worst.label, "n": signed(worst.value)}, words=chart_words(),
    )  # fmt: skip
