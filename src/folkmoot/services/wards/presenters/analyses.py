"""Analyses and what-ifs as charts, tables and sentences: never a saving without baseline, interval, ablation and bound."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.engines.flow.logs import LogError, infer_mapping
from folkmoot.foundation.charts import Bar, Estimate, Step, dot_interval, histogram, pareto, table, waterfall
from folkmoot.services.wards import history, wording
from folkmoot.services.wards.models import Analysis, WhatIf
from folkmoot.services.wards.presenters.patients import words
from folkmoot.store.sheets import harmless


def _n(value: float | None, places: int = 0) -> str:
    return (
        "–"
        if value is None
        else number_format(round(value, places), decimal_pos=places, force_grouping=True).replace("-", "−")
    )


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + number_format(abs(value), decimal_pos=1)


def _interval(found: dict[str, Any]) -> str:
    if found["low"] is None:
        return f"{_signed(found['value'])} %"
    return f"{_signed(found['value'])} % ({_signed(found['low'])} … {_signed(found['high'])})"


def analysis(found: Analysis) -> dict[str, Any]:
    """Everything the page of an analysis shows."""
    if not found.result:
        return {"ready": False}
    return {"ready": True, **(_steps(found.result) if found.kind == "hospital" else _log(found.result))}


def step_name(name: str) -> str:
    """A rung of the ladder in words."""
    return {
        "as it is": _("As it is"),
        "exploit: live list": _("Exploit: a live list instead of rounds"),
        "exploit: order": _("Exploit: the order"),
        "subordinate: refer earlier": _("Subordinate: refer earlier"),
        "elevate": _("Elevate: 10 % more capacity"),
        "early, no order": _("Earlier referral only, first come first served"),
        "elevate only, no order": _("More capacity only, first come first served"),
        "early + elevate, no order": _("Both, first come first served"),
    }.get(name, name)


def _steps(r: dict[str, Any]) -> dict[str, Any]:
    c = r["constraint"]
    top = c["pressures"][0]
    start, last = r["steps"][0], r["steps"][-1]
    ladder = [
        Step(step_name(s["name"]), s["mean_hours"]["value"] - before["mean_hours"]["value"])
        for before, s in zip(r["steps"][:-1], r["steps"][1:])
    ]
    return {
        "sentence": _(
            "The constraint is %(name)s. 5 %% more of it would take %(hours)s hours of waiting off the average stay; "
            "%(share)s %% of the bed-hours waited are waits for it."
        )
        % {"name": wording.name(c["name"]), "hours": _n(top["worth_hours"], 1), "share": _n(100 * top["share"])},
        "confidence": _("It comes first in %(share)s %% of resamples of the weeks.")
        % {"share": _n(100 * c["confidence"])},
        "figures": [
            (_("Average stay as it is"), _("%(h)s hours") % {"h": _n(start["mean_hours"]["value"], 1)}),
            (_("With all steps"), _("%(h)s hours") % {"h": _n(last["mean_hours"]["value"], 1)}),
            (_("Change, 95 % interval"), _interval(last["total"])),
            (_("Bound, all steps in place"), _("%(h)s hours") % {"h": _n(last["bound_hours"], 1)}),
        ],
        "charts": [
            pareto(
                _("Bed-hours waited on critical paths, by team"),
                [
                    Bar(wording.name(p["name"]), p["critical_wait_hours"], stressed=p["name"] == c["name"])
                    for p in c["pressures"]
                ],
                unit=_("bed-hours"),
                decimals=0,
                label_heading=_("Team"),
                words=words(),
            ),
            waterfall(
                _("What each step is worth, one on top of the other"),
                (step_name(start["name"]), start["mean_hours"]["value"]),
                ladder,
                _("With all steps"),
                unit=_("hours"),
                decimals=1,
                bound=(_("bound"), last["bound_hours"]),
                words=words(),
            ),
        ],
        "steps_table": _steps_table(r),
        "orders": _orders(r["policies"]),
        "groups": _groups(r["policies"]),
        "elevations": _elevations(r["elevations"]),
        "pressures": _pressures(c),
        "next": _("With all of that, the constraint would be %(name)s.")
        % {"name": wording.name(r["next_constraint"]["name"])},
        "histories": r["seeds"],
    }


def _steps_table(r: dict[str, Any]) -> str:
    rows = [
        (
            step_name(s["name"]),
            _n(s["mean_hours"]["value"], 1),
            "" if s is r["steps"][0] else _interval(s["worth"]),
            "" if s is r["steps"][0] else _interval(s["total"]),
            _n(s["late"]),
            _n(s["p99"]),
            _n(s["longest"]),
            _n(s["bound_hours"], 1),
            _n(s["gap"]),
        )
        for s in [*r["steps"], *r["ablation"]]
    ]
    head = (
        _("Step"), _("Mean stay, hours"), _("This step, % (95 %)"), _("All so far, % (95 %)"), _("Late, %"),
        _("99 % within, hours"), _("Longest, hours"), _("Bound, hours"), _("Above bound, %"),
    )  # fmt: skip
    return table(_("The steps, and the levers without the order"), head, rows)


def _orders(p: dict[str, Any]) -> dict[str, Any]:
    rows = [
        (
            wording.order(o["name"]),
            _n(o["mean"]["value"], 1),
            _("baseline") if o["name"] == p["baseline"] else _interval(o["change"]),
            _n(o["late"]),
            _n(o["p95"]),
            _n(o["p99"]),
            _n(o["longest"]),
            _n(o["gap"]),
        )
        for o in p["outcomes"]
    ]
    head = (
        _("Order"), _("Mean stay, hours"), _("Against first come, first served"), _("Late, %"), _("95 % within, hours"),
        _("99 % within, hours"), _("Longest, hours"), _("Above bound, %"),
    )  # fmt: skip
    drawn = dot_interval(
        _("Change of the average stay against first come, first served"),
        [
            Estimate(wording.order(o["name"]), o["change"]["value"], o["change"]["low"], o["change"]["high"])
            for o in p["outcomes"]
            if o["name"] != p["baseline"] and o["change"]["low"] is not None
        ],
        unit="%",
        decimals=1,
        reference=(_("no change"), 0.0),
        sign=True,
        words=words(),
    )
    return {"chart": drawn, "table": table(_("Orders compared on the same patients"), head, rows)}


SHOWN = ("fcfs", "toc", "index-ageing")


def _groups(p: dict[str, Any]) -> str:
    shown = [o for o in p["outcomes"] if o["name"] in SHOWN]
    labels = [g["label"] for g in shown[0]["groups"]] if shown else []
    rows = []
    for k, label in enumerate(labels):
        first = shown[0]["groups"][k]
        if first["patients"] < 5:
            continue
        rows.append((group(label), _n(first["patients"]), *(_n(o["groups"][k]["mean_wait"], 1) for o in shown)))
    head = (_("Group"), _("Patients"), *(wording.order(o["name"]) for o in shown))
    return table(_("Hours waited on the critical path, by group"), head, rows)


def group(label: str) -> str:
    """A group of patients, named by the engine in English."""
    known = {
        "Age under 45": _("Age under 45"),
        "Age 45 to 64": _("Age 45 to 64"),
        "Age 65 to 79": _("Age 65 to 79"),
        "Age 80 and over": _("Age 80 and over"),
        "Sex female": _("Women"),
        "Sex male": _("Men"),
        "Most deprived fifth (IMD deciles 1–2)": _("Most deprived fifth of areas"),
        "Least deprived fifth (IMD deciles 9–10)": _("Least deprived fifth of areas"),
    }
    return known.get(label, label)


def _elevations(found: list[dict[str, Any]]) -> str:
    actions = {
        "One more person on every shift": _("One more person on every shift"),
        "10 % less work for each patient": _("10 % less work for each patient"),
        "One hour longer every day": _("One hour longer every day"),
        "One person on Saturdays": _("One person on Saturdays"),
        "One person on Sundays": _("One person on Sundays"),
    }
    rows = [
        (
            actions.get(e["action"], e["action"]),
            _n(e["extra_staff_hours_a_week"]),
            _interval(e["change"]),
            _n(e["saved_bed_hours_a_week"]),
        )
        for e in found
    ]
    head = (_("Way"), _("Staff-hours a week"), _("Change of the mean stay (95 %)"), _("Bed-hours saved a week"))
    return table(_("Ways of adding to the constraint, each alone, under our order"), head, rows)


def _pressures(c: dict[str, Any]) -> str:
    rows = [
        (
            wording.name(p["name"]),
            _n(100 * p["utilisation"]),
            _n(p["critical_wait_hours"]),
            _n(100 * p["share"]),
            _n(p["worth_hours"], 2),
        )
        for p in c["pressures"]
    ]
    head = (_("Team"), _("Busy, %"), _("Bed-hours waited"), _("Share, %"), _("Hours a stay saved by 5 % more"))
    return table(_("Every team: how busy, how much waited for, what a little more is worth"), head, rows)


def _log(r: dict[str, Any]) -> dict[str, Any]:
    c, s = r["constraint"], r["stays"]
    waited = [w for w in r["resources"] if w["wait_hours"] > 0]
    bars = [Bar(w["name"], w["wait_hours"], stressed=bool(c) and w["name"] == c["name"]) for w in waited[:12]]
    if len(waited) > 12:
        rest = sum(w["wait_hours"] for w in waited[12:])
        bars.append(Bar(ngettext("%(n)s other", "%(n)s others", len(waited) - 12) % {"n": len(waited) - 12}, rest))
    title = _("Hours waited, by team") if r["separable"] else _("Hours passed before events, by team (upper figure)")
    drawn = [pareto(title, bars, unit=_("hours"), decimals=0, label_heading=_("Team"), words=words())] if bars else []
    if r["sample"]:
        days = s["median_hours"] > 72
        scale, unit = (24.0, _("days")) if days else (1.0, _("hours"))
        drawn.append(
            histogram(
                _("Length of stay"),
                [h / scale for h in r["sample"]],
                unit=unit,
                upper=1.4 * s["p95_hours"] / scale,
                markers=[(_("median"), s["median_hours"] / scale), ("95 %", s["p95_hours"] / scale)],
                words=words(),
            )
        )
    rows = [
        (w["name"], _n(w["events"]), _n(w["wait_hours_low"]), _n(w["wait_hours"]), _n(100 * w["share"], 1))
        for w in waited[:25]
    ]
    head = (_("Team"), _("Events"), _("Hours, lower"), _("Hours, upper"), _("Share, %"))
    return {
        "sentence": _log_sentence(r),
        "figures": [
            (_("Cases"), _n(r["cases"])),
            (_("Events"), _n(r["events"])),
            (_("Stays that ended"), _n(s["count"])),
            (_("Mean stay"), _("%(h)s hours") % {"h": _n(s["mean_hours"], 1)}),
            (_("Set aside"), _n(sum(count for _reason, count in r["rejected"]))),
        ],
        "charts": drawn,
        "waits": table(_("Time before events, by team"), head, rows),
        "rejected": r["rejected"],
        "statements": r["statements"],
        "separable": r["separable"],
        "why_not": r.get("why_not", ""),
        "steps": _steps(r["steps"]) if r.get("steps") else None,
    }


def _log_sentence(r: dict[str, Any]) -> str:
    c = r["constraint"]
    if not c:
        return _("No patient is seen to wait in this log.")
    w = next(w for w in r["resources"] if w["name"] == c["name"])
    if r["separable"]:
        text = _("Patients waited %(hours)s hours for %(name)s, %(share)s %% of all waiting.")
    else:
        text = _(
            "Between %(low)s and %(hours)s hours passed before events of %(name)s, %(share)s %% of all such time. How much "
            "of it was waiting the log cannot tell: it has completion times only."
        )
    return text % {
        "name": c["name"],
        "hours": _n(w["wait_hours"]),
        "low": _n(w["wait_hours_low"]),
        "share": _n(100 * w["share"]),
    }


@dataclass(frozen=True, slots=True)
class Guess:
    """The columns of an uploaded log, and which seems to be what. `problem` is a sentence when it is no log at all."""

    columns: list[str]
    initial: dict[str, str]
    problem: str


def guess(found: Analysis) -> Guess:
    """Look at the head of an uploaded log. XES and OCEL need no columns."""
    import gzip

    path = history.folder("logs") / found.file
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return Guess([], {}, _("The file cannot be unpacked. Compress it again with gzip, or send it as it is."))
    if b"\x00" in head:
        return Guess([], {}, _("The file is not text. Export the log as CSV, XES or OCEL."))
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if text.startswith(("<", "{")):
        return Guess([], {}, "")
    first = text.splitlines()[0] if text else ""
    sep = max(";,\t|", key=first.count)
    columns = [c for c in next(csv.reader([first], delimiter=sep), []) if c]
    if len(columns) < 3:
        return Guess([], {}, _("The file has no header of at least three columns: who, what and when."))
    try:
        mapping, _said = infer_mapping(columns)
    except LogError:
        return Guess(columns, {}, "")
    names = ("case", "activity", "timestamp", "start", "resource")
    return Guess(columns, {name: getattr(mapping, name) or "" for name in names}, "")


def rejected_csv(found: Analysis) -> str:
    """The rows set aside as CSV, harmless to spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((_("row"), _("reason"), _("fields")))
    writer.writerows([[harmless(str(cell)) for cell in row] for row in found.result.get("rejected_rows", [])])
    return out.getvalue()


def what_ifs(place: Any, asked: list[WhatIf]) -> list[dict[str, Any]]:
    """Questions and answers."""
    teams = {team.code: team.name for team in place.teams.all()}
    return [_answer(one, teams) for one in asked]


def _asked(q: dict[str, Any]) -> str:
    if q["change"] == "staff":
        extra = q.get("extra", 1)
        return ngettext("%(n)s more person", "%(n)s more people", extra) % {"n": extra}
    if q["change"] == "hours":
        return _("%(hours)s longer every day") % {"hours": wording.hours(q.get("minutes", 60) / 60.0)}
    return str(wording.CHANGES[q["change"]])


def _answer(one: WhatIf, teams: dict[str, str]) -> dict[str, Any]:
    q, a = one.question, one.answer
    days = ", ".join(str(wording.DAYS[d]) for d in q.get("days", []))
    name = f"{wording.name(teams.get(q['team'], q['team']))}: {_asked(q)}" + (f" ({days})" if days else "")
    if not a:
        return {"question": name, "by": one.by.name, "at": one.at, "answered": False}
    sure = a["change"]["high"] is not None and (a["change"]["high"] < 0 or a["change"]["low"] > 0)
    return {
        "question": name,
        "by": one.by.name,
        "at": one.at,
        "answered": True,
        "sure": sure,
        "brings_forward": q["change"] == "referral",
        "change": _interval(a["change"]),
        "bed_days": _n(a["bed_days"]["value"]),
        "bed_days_interval": f"{_n(a['bed_days']['low'])} … {_n(a['bed_days']['high'])}",
        "facts": _facts(a),
        "now": _n(a["now"]["value"], 1),
        "changed": _n(a["changed"]["value"], 1),
    }


def _facts(a: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands beside a saving: its cost, its tail, its bound, and what it is worth without the order."""
    found = [
        (_("Staff-hours a week it costs"), _n(a["staff_hours_a_week"])),
        (_("Late"), f"{_n(a['late'][0])} → {_n(a['late'][1])} %"),
        (_("99 of 100 stay at most, hours"), f"{_n(a['p99'][0])} → {_n(a['p99'][1])}"),
        (_("Longest stay, hours"), f"{_n(a['longest'][0])} → {_n(a['longest'][1])}"),
        (_("No order can do better than, hours"), _n(a["bound"], 1)),
        (_("Patients, futures"), f"{_n(a['patients'])}, {a['futures']}"),
    ]
    if a.get("order_worth"):
        found.append((_("The change without the order"), _interval(a["change_without_order"])))
        found.append((_("The order without the change"), _interval(a["order_worth"])))
    return found
