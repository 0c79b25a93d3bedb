"""The morning, the board, the lists and their paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from folkmoot.foundation.charts import Bar, bar_chart
from folkmoot.foundation.design.language import chart_words as words
from folkmoot.services.wards import queries, rules, wording
from folkmoot.services.wards.models import Reason


def moment(at: datetime | None) -> str:
    """Day and time, short, local."""
    return date_format(timezone.localtime(at), "D j M, H:i") if at else ""


def _used(row: Any) -> str:
    if row.late_hours > 0:
        return _("%(late)s late") % {"late": wording.hours(row.late_hours)}
    return _("%(percent)s %% used") % {"percent": number_format(round(100 * row.used))}


DAYS = {"green": gettext_lazy("Green day"), "red": gettext_lazy("Red so far"), "recovering": gettext_lazy("Recovering")}


def patient(found: queries.Patient) -> dict[str, Any]:
    """One patient."""
    steps = [
        {
            "task": s.task,
            "code": wording.task(s.code),
            "team": wording.name(s.team),
            "team_code": s.team_code,
            "status": s.status if s.status != "open" or s.ready_at else "later",
            "says": _says(s),
            "delay": s.delay,
            "position": s.position,
            "decides": s.code == found.row.next_task and s.status in ("open", "running"),
        }
        for s in found.steps
    ]
    counts = queries.Board((found.row,), (), dict.fromkeys(queries.COLOURS, 0), 0, 0)
    return {
        "row": board(counts)["rows"][0],
        "steps": steps,
        "first_due": moment(found.first_due),
        "meets": found.meets_criteria,
        "reasons": Reason.choices,
    }


def _says(step: queries.Step) -> str:
    if step.status == "done":
        return _("done %(when)s") % {"when": moment(step.ended_at)}
    if step.status == "cancelled":
        return _("not needed")
    if step.status == "running":
        who = step.holder or wording.name(step.team)
        since = {"when": moment(step.started_at), "who": who}
        return _("with %(who)s since %(when)s") % since if who else _("under way since %(when)s") % since
    if step.ready_at:
        return _("waiting since %(when)s") % {"when": moment(step.ready_at)}
    return _("comes later")


def board(found: queries.Board) -> dict[str, Any]:
    """The board's rows as texts, with the bar's length in hundredths."""
    rows = [
        {
            "key": r.key,
            "patient": r.patient,
            "ward": wording.name(r.ward),
            "admitted": moment(r.admitted_at),
            "due": moment(r.due),
            "moves": r.moves,
            "colour": r.colour,
            "colour_name": wording.colour(r.colour),
            "used": _used(r),
            "length": round(min(100.0, 100.0 * r.used)),
            "next": wording.task(r.next_task) if r.next_task else _("Nothing left to do"),
            "team": wording.name(r.next_team),
            "since": wording.hours((timezone.now() - r.since).total_seconds() / 3600.0) if r.since else "",
            "waiting": r.waiting and bool(r.next_team),
            "holder": _holder(r),
            "ready": moment(r.ready_since),
            "priority": r.priority,
            "delay": r.delay,
            "day": DAYS[r.day],
            "day_kind": r.day,
        }
        for r in found.rows
    ]
    wards = [
        {"code": code, "name": wording.name(name), "inside": inside, "beds": beds}
        for code, name, inside, beds in found.wards
    ]
    return {"rows": rows, "wards": wards, "figures": _figures(found), "total": len(found.rows)}


def _holder(row: queries.BoardRow) -> str:
    if not row.next_task:
        return ""
    if row.waiting:
        return _("waiting for %(team)s") % {"team": wording.name(row.next_team)}
    if row.holder:
        return _("with %(person)s") % {"person": row.holder}
    return _("with %(person)s") % {"person": wording.name(row.next_team)} if row.next_team else _("under way")


def _figures(found: queries.Board) -> list[tuple[str, str]]:
    return [
        (_("Patients in"), number_format(len(found.rows))),
        (_("Past their planned date"), number_format(found.counts["black"])),
        (_("Last third of their time"), number_format(found.counts["red"])),
        (_("Planned home by tonight"), number_format(found.due_today)),
        (_("Ready, but still here"), number_format(found.ready)),
    ]


def morning(found: queries.Morning) -> dict[str, Any]:
    """The meeting at nine."""
    waiting = [(team, count, hours) for team, count, hours in found.waiting]
    most = waiting[0] if waiting and waiting[0][2] > 0 else None
    total = sum(hours for _team, _count, hours in waiting) or 1.0
    chart = bar_chart(
        _("Hours spent waiting so far by patients who wait now"),
        [
            Bar(
                wording.name(team.name),
                hours,
                note=ngettext("%(n)s patient", "%(n)s patients", count) % {"n": number_format(count)},
                stressed=bool(most and team == most[0]),
            )
            for team, count, hours in waiting
        ],
        unit=_("hours"),
        decimals=0,
        label_heading=_("Team"),
        note_heading=_("Waiting"),
        words=words(),
    )
    sentence = (
        _("Most is waited for %(team)s: %(hours)s hours, %(share)s %% of all waiting now.")
        % {
            "team": wording.name(most[0].name),
            "hours": number_format(round(most[2])),
            "share": number_format(round(100 * most[2] / total)),
        }
        if most
        else _("Nobody is waiting for a team.")
    )
    constraint = found.latest.result.get("constraint") if found.latest else None
    return {
        "sentence": sentence,
        "figures": _figures(found.board),
        "chart": chart,
        "teams": [
            {"code": t.code, "name": wording.name(t.name), "count": n, "hours": number_format(round(h))}
            for t, n, h in waiting
        ],
        "reasons": found.reasons,
        "latest": found.latest,
        "constraint": _constraint(constraint) if constraint else "",
    }


def _constraint(found: dict[str, Any]) -> str:
    top = found["pressures"][0]
    return _(
        "Over the past weeks the constraint is %(name)s: 5 %% more of it would save %(hours)s hours of waiting per stay."
    ) % {
        "name": wording.name(found["name"]),
        "hours": number_format(top["worth_hours"], decimal_pos=1),
    }


FIRST_LINES = 20


def team(place: Any, shown: queries.TeamList, user: Any, *, everybody: bool = False) -> dict[str, Any]:
    """One list: its first lines, or everybody."""
    lines = shown.lines if everybody else shown.lines[:FIRST_LINES]
    return {
        "hospital": place,
        "team": shown.team,
        "team_name": wording.name(shown.team.name),
        "policy": wording.order(place.policy),
        "may_order": rules.may_choose_order(user),
        "lines": [_line(line) for line in lines],
        "total": len(shown.lines),
        "hidden": len(shown.lines) - len(lines),
        "in_hand": [
            {
                "task": h.task,
                "patient": h.patient,
                "code": wording.task(h.code),
                "holder": wording.name(h.holder),
                "since": moment(h.since),
            }
            for h in shown.in_hand
        ],
        "reasons": Reason.choices,
    }


def _line(line: queries.Line) -> dict[str, Any]:
    e = line.entry
    return {
        "task": line.task,
        "position": e.position,
        "patient": line.patient,
        "ward": wording.name(line.ward),
        "key": line.stay,
        "code": wording.task(e.code),
        "colour": e.colour,
        "colour_name": wording.colour(e.colour),
        "due": moment(line.due),
        "why": [wording.reason(r) for r in e.reasons],
        "delay": line.delay,
        "priority": any(r.code == "clinical-priority" for r in e.reasons),
    }


def paper(lists: Sequence[queries.TeamList]) -> list[dict[str, Any]]:
    """All lists for the printer."""
    return [
        {
            "team": wording.name(found.team.name),
            "lines": [_line(line) for line in found.lines],
            "in_hand": len(found.in_hand),
        }
        for found in lists
    ]
