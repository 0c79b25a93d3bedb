"""The page of a scheme: its changes, before beside after; the editor; and schemes by delay saved for a pound."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Estimate, dot_interval, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.highways.presenters.figures import number, share
from folkmoot.services.highways.roads import kept, queries
from folkmoot.services.highways.roads.changes import search
from folkmoot.services.highways.roads.findings import named
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy, Status
from folkmoot.services.highways.roads.presenters import maps
from folkmoot.services.highways.roads.presenters.words import change, hours, kind, lanes, pounds, road, signed

TAGS = {
    Status.DRAFT: "govuk-tag--grey", Status.PROPOSED: "govuk-tag--yellow", Status.APPROVED: "govuk-tag--green",
    Status.DECLINED: "govuk-tag--red",
}  # fmt: skip
FOUND = 30


def summary(found: RoadScheme) -> dict[str, Any]:
    """A scheme in a list."""
    return {
        "url": found.get_absolute_url(), "name": found.name, "words": told(found), "status": found.get_status_display(),
        "tag": TAGS[Status(found.status)], "scheme": found,
    }  # fmt: skip


def told(found: RoadScheme) -> str:
    """A scheme in a sentence."""
    links = ngettext("%(n)s change for %(pounds)s", "%(n)s changes for %(pounds)s", len(found.changes)) % {
        "n": number(len(found.changes)), "pounds": pounds(found.pounds),
    }  # fmt: skip
    return f"{links}. {_saved(found)}" if found.is_run else f"{links}."


def scheme(found: RoadScheme, *, public: bool = False) -> dict[str, Any]:
    """Everything the page of a scheme that was run shows."""
    said, network = found.findings, kept.network(found.study)
    address = "highways:approved_scheme_change" if public else "highways:road_scheme_change"
    csv = "highways:approved_scheme_csv" if public else "highways:road_scheme_csv"
    drawn = found.study.facts["drawn"] and found.study.facts["geographic"]
    return {
        "tag": {"text": found.get_status_display(), "classes": TAGS[Status(found.status)]},
        "told": _saved(found), "doubt": _doubt(found),
        "figures": [
            (_("Cost"), pounds(found.pounds)),
            (_("Vehicle-hours saved in the hour"), signed(found.saved)),
            (_("Delay saved"), signed(said["before"]["delay"] - said["after"]["delay"])),
            (_("Vehicle-kilometres"), signed(said["after"]["vehicle_km"] - said["before"]["vehicle_km"], 0)),
        ],
        "totals": _totals(said),
        "map_": {
            "lines": reverse(address, args=[found.pk]) if drawn else None, "legend": maps.change_steps(said["largest"]),
            "places": maps.changed_places(network, found.changes), "areas": maps.areas(kept.areas(found.study)),
            "columns": [("change", _("Change")), ("link", _("Link id"))],
            "credit": found.study.facts["credit"], "rows": _rows(found, csv),
        },
        "changes": changed(found), "statements": [*found.study.statements, *said["statements"]],
        "history": history(found),
    }  # fmt: skip


def changed(found: RoadScheme) -> list[dict[str, Any]]:
    """Each change in words, with its number."""
    network = kept.network(found.study)
    rows = []
    for number_, row in enumerate(found.changes, start=1):
        k = network.index(row["link"])
        facts = named(network, k)
        now = _("%(lanes)s, %(kmh)s km/h") % {"lanes": lanes(facts["lanes"]), "kmh": number(_kmh(network, k))}
        rows.append({"number": number_, "road": road(facts), "link": row["link"], "change": change(row), "now": now})
    return rows


def editor(found: RoadScheme, words: str) -> dict[str, Any]:
    """The changes so far, the map to press, and the links that a search finds or else the worst ones."""
    network = kept.network(found.study)
    study = found.study
    if words:
        hits = search(network, words, FOUND)
        caption = ngettext("%(n)s link found for “%(words)s”", "%(n)s links found for “%(words)s”", len(hits)) % {
            "n": number(len(hits)), "words": words,
        }  # fmt: skip
    else:
        hits = [network.index(each["link"]) for each in study.findings["worst"]]
        caption = _("The roads where most hours are lost")
    base = kept.base(study)
    rows = [
        {
            "key": network.link_id[k], "name": road(named(network, k)),
            "cells": [
                kind(network.kind[k]), number(network.lanes[k], 0 if float(network.lanes[k]).is_integer() else 1),
                number(_kmh(network, k)), share(base.voc[k]), network.link_id[k],
            ],
        }
        for k in hits
    ]  # fmt: skip
    drawn = study.facts["drawn"] and study.facts["geographic"]
    return {
        "changes": changed(found), "hits": len(hits),
        "map_": {
            "lines": reverse("highways:road_flows", args=[study.pk]) if drawn else None, "legend": maps.flow_steps(),
            "places": maps.changed_places(network, found.changes), "areas": None, "credit": study.facts["credit"],
            "columns": [("change", _("Change")), ("link", _("Link id"))],
            "rows": {
                "caption": caption,
                "columns": [_("Road"), _("Class"), _("Lanes"), _("km/h"), _("Of capacity"), _("Link id")],
                "rows": rows, "more": None,
            },
        },
    }  # fmt: skip


def ranking(study: RoadStudy) -> dict[str, Any] | None:
    """Schemes by hours saved for a million pounds, each with its interval."""
    held = study.ranking
    if not held:
        return None
    rows = held["rows"]
    estimates = [
        Estimate(each["name"], value, min(low, value), max(high, value))
        for each in rows
        for value, low, high in [each["per_million"]]
    ]
    head = [
        _("Scheme"), _("Cost"), _("Vehicle-hours saved in the hour"), _("90 % interval"), _("For £1 million"),
        _("90 % interval"), _("Best in"),
    ]  # fmt: skip
    lines = [
        [
            each["name"], pounds(each["pounds"]), signed(each["saved"][0]), _interval(each["saved"]),
            signed(each["per_million"][0]), _interval(each["per_million"]), share(each["first_in"]),
        ]
        for each in rows
    ]  # fmt: skip
    now = {str(s.pk): s.changes for s in study.schemes.all()}
    stale = [each["name"] for each in rows if now.get(each["scheme"]) != each["changes"]]
    return {
        "told": _best(rows),
        "chart": dot_interval(
            _("Vehicle-hours saved in the hour for each million pounds"), estimates, decimals=1, sign=True,
            reference=(_("nothing saved"), 0.0), words=chart_words(),
        ),
        "table": table(_("Schemes by hours saved for a pound, the best first"), head, lines),
        "statements": held["statements"],
        "stale": _("Changed since: %(names)s. Rank again.") % {"names": ", ".join(stale)} if stale else "",
    }  # fmt: skip


def history(found: RoadScheme) -> list[dict[str, Any]]:
    """What was done with it, the oldest first."""
    return [
        {"verb": step.get_verb_display(), "by": step.by.name or step.by.email, "at": step.at, "reason": step.reason}
        for step in queries.decisions(found)
    ]


def _saved(found: RoadScheme) -> str:
    saved = found.saved
    words = {"n": hours(abs(saved)), "share": share(abs(saved) / found.findings["before"]["vehicle_hours"], 1)}
    if abs(saved) <= found.findings["accuracy"]:
        return _("It changes the time driven by less than can be told.")
    if saved > 0:
        return _("It saves %(n)s vehicle-hours in the hour, %(share)s of all time driven.") % words
    return _("It costs %(n)s vehicle-hours more in the hour, %(share)s of all time driven.") % words


def _doubt(found: RoadScheme) -> str:
    said = found.findings
    lost = said["after"]["unserved"] - said["before"]["unserved"]
    if lost > 0:
        return _(
            "%(n)s trips an hour lose their only road. Their hours are in no total, so what looks saved is not."
        ) % {"n": number(lost)}
    return ""


def _totals(said: dict[str, Any]) -> str:
    head = [_("In the hour"), _("Before"), _("After"), _("Difference")]
    lines = []
    for name, words, places in (
        ("vehicle_hours", _("Vehicle-hours"), 1), ("delay", _("Of them delay"), 1),
        ("vehicle_km", _("Vehicle-kilometres"), 0), ("unserved", _("Trips without a road"), 0),
    ):  # fmt: skip
        before, after = said["before"][name], said["after"][name]
        lines.append([words, number(before, places), number(after, places), signed(after - before, places)])
    return table(_("Before and after"), head, lines)


def _rows(found: RoadScheme, csv: str) -> dict[str, Any]:
    rows = [
        {
            "key": each["link"], "name": road(each),
            "cells": [
                number(each["before"]), number(each["after"]), signed(each["after"] - each["before"], 0),
                _("%(low)s to %(high)s") % {"low": share(each["voc_before"]), "high": share(each["voc_after"])},
                each["link"],
            ],
        }
        for each in found.findings["rows"]
    ]  # fmt: skip
    return {
        "caption": _("The roads that change most"),
        "columns": [
            _("Road"), _("Vehicles before"), _("After"), _("Difference"), _("Of capacity"), _("Link id"),
        ],
        "rows": rows, "more": (reverse(csv, args=[found.pk]), _("All links, before and after (CSV)")),
    }  # fmt: skip


def _best(rows: list[dict[str, Any]]) -> str:
    best = rows[0]
    if best["per_million"][0] <= 0:
        return _("No scheme saves any time.")
    words = {
        "name": best["name"], "n": number(best["per_million"][0], 1), "low": number(best["per_million"][1], 1),
        "high": number(best["per_million"][2], 1), "share": share(best["first_in"]),
    }  # fmt: skip
    return (
        _("%(name)s saves most for a pound: %(n)s vehicle-hours in the hour for £1 million (%(low)s to %(high)s).")
        % words
        + " "
        + (_("It is best in %(share)s of the draws of demand.") % words)
    )


def _interval(value: list[float]) -> str:
    return _("%(low)s to %(high)s") % {"low": signed(value[1]), "high": signed(value[2])}


def _kmh(network: Any, k: int) -> float:
    minutes = float(network.free_flow_minutes[k])
    return float(network.length_m[k]) / 1000 / (minutes / 60) if minutes > 0 else 0.0
