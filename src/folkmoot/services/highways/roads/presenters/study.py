"""The page of a study: what drives where, where it jams and when, how far to believe it; and whose vehicles use a link."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import Series, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.highways.presenters.figures import number, share
from folkmoot.services.highways.roads import kept
from folkmoot.services.highways.roads.findings import named
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
from folkmoot.services.highways.roads.presenters import maps
from folkmoot.services.highways.roads.presenters.scheme import summary
from folkmoot.services.highways.roads.presenters.words import hours, queue, road, signed

QUEUES = 5
PAIRS = 25


def listed(rows: list[tuple[RoadStudy, list[RoadScheme]]]) -> list[dict[str, Any]]:
    """Each study with a sentence and its schemes."""
    return [{"study": each, "facts": told(each), "schemes": [summary(s) for s in its]} for each, its in rows]


def told(found: RoadStudy) -> str:
    """A study in a sentence or two."""
    size = _("%(links)s links, %(km)s km of road, %(zones)s zones.") % {
        "links": number(found.facts["links"]), "km": number(found.facts["km"]), "zones": number(found.facts["zones"]),
    }  # fmt: skip
    if not found.is_assigned:
        return size
    found_ = found.findings
    return size + " " + _("In the hour vehicles drive %(hours)s vehicle-hours; %(delay)s of them are delay.") % {
        "hours": hours(found_["vehicle_hours"]), "delay": hours(found_["delay"]),
    }  # fmt: skip


def study(found: RoadStudy, schemes: list[RoadScheme]) -> dict[str, Any]:
    """Everything the page of an assigned study shows."""
    said = found.findings
    return {
        "told": _lede(found), "figures": _figures(found), "map_": flow_map(found), "worst": _worst(said),
        "queues": _queues(said), "trail": _trail(said), "gap": _gap(said), "fit": _fit(said.get("fit")),
        "assumed": _assumed(found), "statements": [*found.statements, *said["statements"]],
        "schemes": [summary(each) for each in schemes],
        "ranked": bool(found.ranking), "rankable": any(each.changes for each in schemes),
    }  # fmt: skip


def flow_map(found: RoadStudy) -> dict[str, Any]:
    """How full the roads are, and the busiest of them as a table."""
    return {
        "lines": reverse("highways:road_flows", args=[found.pk]) if _drawn(found) else None,
        "legend": maps.flow_steps(), "areas": maps.areas(kept.areas(found)), "credit": found.facts["credit"],
        "rows": {
            "caption": _("The busiest roads, each where it is busiest"),
            "columns": [
                _("Road"), _("Vehicles in the hour"), _("Of capacity"), _("Hours lost"), _("Link id"),
            ],
            "rows": [
                {
                    "key": each["link"], "name": road(each),
                    "cells": [
                        number(each["flow"]), share(each["voc"]), hours(each["delay"]), each["link"],
                    ],
                }
                for each in found.findings["busiest"]
            ],
            "more": (
                reverse("highways:road_links_csv", args=[found.pk]),
                _("All %(n)s links (CSV)") % {"n": number(found.facts["links"])},
            ),
        },
    }  # fmt: skip


def selected(found: RoadStudy, link: str) -> dict[str, Any]:
    """Whose vehicles use a link: from where to where, and over which roads."""
    from folkmoot.engines.traffic import select_link

    base = kept.base(found)
    k = base.network.index(link)
    answer = select_link(base, [link])
    flow, trips = answer.flows.sum(axis=0), answer.trips.sum(axis=0)
    names = dict(zip(base.network.zones, base.network.zone_names))
    order = sorted(zip(*trips.nonzero()), key=lambda pair: (-trips[pair], pair))
    some = [pair for pair in order if trips[pair] >= 0.05][:PAIRS]
    whole = float(trips.sum())
    where = road(named(base.network, k))
    rows = [
        {
            "key": "", "name": _("%(origin)s to %(destination)s") % {
                "origin": names[base.network.zones[o]], "destination": names[base.network.zones[d]],
            },
            "cells": [number(trips[o, d], 1), share(trips[o, d] / whole if whole else 0.0, 1)],
        }
        for o, d in some
    ]  # fmt: skip
    return {
        "road": where,
        "told": _("%(n)s vehicles use it in the hour, of %(pairs)s pairs of zones.")
        % {"n": number(whole), "pairs": number(len(order))},
        "map_": {
            "lines": maps.selected(base, flow) if _drawn(found) else None, "legend": maps.selected_steps(),
            "areas": maps.areas(kept.areas(found)), "credit": found.facts["credit"],
            "rows": {
                "caption": _("From where to where"), "columns": [_("From and to"), _("Vehicles in the hour"), _("Share")],
                "rows": rows, "more": None,
            },
        },
    }  # fmt: skip


def _drawn(found: RoadStudy) -> bool:
    return bool(found.facts["drawn"] and found.facts["geographic"])


def _lede(found: RoadStudy) -> str:
    said = found.findings
    lines = [
        _("In the hour vehicles drive %(hours)s vehicle-hours; %(delay)s of them are delay.")
        % {"hours": hours(said["vehicle_hours"]), "delay": hours(said["delay"])}
    ]
    if said["worst"]:
        worst = said["worst"][0]
        lines.append(
            _("Most is lost on %(road)s: %(hours)s vehicle-hours, at %(full)s of its capacity.")
            % {"road": road(worst), "hours": hours(worst["delay"]), "full": share(worst["voc"])}
        )
    return " ".join(lines)


def _figures(found: RoadStudy) -> list[tuple[str, str]]:
    said, trips = found.findings, found.facts["trips"]
    shown = [(_("Vehicles in the hour"), number(sum(trips.values())))]
    if "heavy" in trips:
        shown.append((_("Of them heavy goods"), number(trips["heavy"])))
    return [
        *shown, (_("Vehicle-hours"), hours(said["vehicle_hours"])), (_("Delay, vehicle-hours"), hours(said["delay"])),
        (_("Vehicle-kilometres"), number(said["vehicle_km"])), (_("Relative gap"), f"{said['gap']:.1e}"),
    ]  # fmt: skip


def _worst(said: dict[str, Any]) -> str:
    head = [
        _("Road"), _("Of capacity"), _("Hours lost"), _("A queue stands"), _("Longest queue, vehicles"), _("Link id"),
    ]  # fmt: skip
    rows = [
        [road(each), share(each["voc"]), hours(each["delay"]), queue(each), number(each["longest"]), each["link"]]
        for each in said["worst"]
    ]
    return table(_("Where most hours are lost, and when a queue stands there"), head, rows) if rows else ""


def _queues(said: dict[str, Any]) -> Any:
    jammed = [each for each in said["worst"] if max(each["queue"], default=0) >= 1][:QUEUES]
    if not jammed:
        return None
    first = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=jammed[0]["begin"])
    longest = max(jammed, key=lambda each: each["longest"])
    series = [
        Series(
            f"{road(each)} ({each['link']})",
            [(first + timedelta(minutes=15 * (t + 1)), waiting) for t, waiting in enumerate(each["queue"])],
        )
        for each in jammed
    ]
    return line_chart(
        _("Vehicles waiting at the end of each quarter hour"), series, x_label=_("Clock"), decimals=0,
        summary=_("The longest queue is on %(road)s: %(n)s vehicles, %(when)s.")
        % {"road": road(longest), "n": number(longest["longest"]), "when": queue(longest)},
        words=chart_words(),
    )  # fmt: skip


def _trail(said: dict[str, Any]) -> Any:
    points = [(float(step), math.log10(gap)) for step, gap in said["trail"] if gap and gap > 0]
    if len(points) < 2:
        return None
    return line_chart(
        _("How near to equilibrium each step came (relative gap as a power of ten)"),
        [
            Series(_("Relative gap"), points),
            Series(_("Asked for"), [(points[0][0], math.log10(said["target"])), (points[-1][0], math.log10(said["target"]))]),
        ],
        x_label=_("Step"), from_zero=False, decimals=1, summary=_gap(said), words=chart_words(),
    )  # fmt: skip


def _gap(said: dict[str, Any]) -> str:
    words = {"gap": f"{said['gap']:.1e}", "n": number(said["iterations"]), "target": f"{said['target']:g}"}
    if said["converged"]:
        return ngettext(
            "Relative gap %(gap)s after %(n)s step: changing roads could save no more than that share of all time.",
            "Relative gap %(gap)s after %(n)s steps: changing roads could save no more than that share of all time.",
            said["iterations"],
        ) % words  # fmt: skip
    return (
        _("It was ended at a relative gap of %(gap)s; %(target)s was not reached. Small differences mean nothing.")
        % words
    )


def _fit(said: dict[str, Any] | None) -> dict[str, Any] | None:
    if said is None:
        return None
    head = [_("Road"), _("Modelled"), _("Counted"), _("Difference"), _("GEH"), _("Link id")]
    rows = [
        [
            road(each), number(each["modelled"]), number(each["counted"]), signed(each["modelled"] - each["counted"], 0),
            number(each["geh"], 1), each["link"],
        ]
        for each in sorted(said["rows"], key=lambda each: -each["geh"])
    ]  # fmt: skip
    verdict = _("It agrees with the counts well enough for the usual criteria.") if said["passes"] else _(
        "It does not agree with the counts well enough for the usual criteria."
    )  # fmt: skip
    return {
        "told": _("GEH is below 5 on %(share)s of %(n)s counted links; 85 %% is usually wanted.")
        % {"share": share(said["geh_share"]), "n": number(len(said["rows"]))},
        "verdict": verdict, "table": table(_("Modelled and counted vehicles in the hour"), head, rows),
        "statements": said["statements"],
    }  # fmt: skip


def _assumed(found: RoadStudy) -> list[tuple[str, str]]:
    facts = found.facts
    said = [
        (_("Trips"), found.get_source_display()), (_("Share of the trips in the hour"), share(facts["hour_share"], 1)),
        (_("People in a vehicle"), number(facts["occupancy"], 2)),
        (_("Heavy goods vehicles, share of all"), share(facts["heavy_share"], 1)),
    ]  # fmt: skip
    return [*said, *([(_("Hour"), f"{facts['hour']:02d}:00")] if facts["hour"] is not None else [])]
