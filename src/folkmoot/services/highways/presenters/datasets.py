"""A data set as its analyst reads it: what came, what was kept aside and why, hour by hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation import charts
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.highways import checking, folders, wording
from folkmoot.services.highways.models import Dataset
from folkmoot.services.highways.presenters.figures import days, number, size, small

PARTS = ("events", "cells", "zones", "population", "opt_outs", "rails", "ways")


def dataset(found: Dataset) -> dict[str, Any]:
    """Everything the page of a data set shows."""
    told = checking.details(found)
    return {
        "tag": {"text": found.get_state_display(), "classes": wording.DATA_TAGS[found.state]},
        "period": days(found.first_day, found.last_day) if found.first_day else "",
        "figures": figures(found.report) if "read" in found.report else (),
        "problem": found.report.get("problem", ""),
        "warnings": told.get("warnings", []),
        "errors": errors(told) if told.get("errors") else [],
        "hours": hours(found, told),
        "files": files(found),
        "has_rejected": folders.part(found, "rejected") is not None and bool(found.report.get("rejected")),
        "unreadable": unreadable(found.report.get("unreadable") or 0),
    }


def figures(report: dict[str, Any]) -> list[tuple[str, str]]:
    """The counts that matter most: together they are what was read."""
    shown = [(_("Events read"), number(report["read"]))]
    if report["opted_out"]:
        shown.append((_("Of people who opted out"), number(report["opted_out"])))
    return [*shown, (_("Kept aside"), number(report["rejected"])), (_("Accepted"), number(report["accepted"]))]


def errors(told: dict[str, Any]) -> list[dict[str, str]]:
    """For each rule how many events there were before it, how many it kept aside, and how many were left."""
    left = told["read"] - told["opted_out"]
    rows = []
    for each in sorted(told["errors"], key=lambda one: (one["stage"] != "syntactic", one["code"], one["reason"])):
        before, left = left, left - each["events"]
        rows.append(
            {
                "wrong": str(wording.CODES.get((each["stage"], each["code"]), each["reason"])), "rule": each["reason"],
                "code": f"{'S' if each['stage'] == 'syntactic' else 'M'}{each['code']}", "before": number(before),
                "aside": number(each["events"]), "share": small(each["share"]), "after": number(left),
            }
        )  # fmt: skip
    return rows


def unreadable(lines: int) -> str:
    """How many lines were no rows, if any."""
    return (
        ngettext(
            "%(n)s line could not be read as a row. It lies beside the events as it came.",
            "%(n)s lines could not be read as rows. They lie beside the events as they came.",
            lines,
        ) % {"n": number(lines)}
        if lines
        else ""
    )  # fmt: skip


def hours(found: Dataset, told: dict[str, Any]) -> charts.Chart | None:
    """Events by hour of the period, as they came and accepted; hours in which a clock ran wild are left out."""
    inside = [
        each for each in told.get("hours", ()) if str(found.first_day) <= each["shown"][:10] <= str(found.last_day)
    ]
    if not inside:
        return None
    points = [(datetime.fromisoformat(each["start"]), each) for each in inside]
    series = [
        charts.Series(_("Accepted"), [(at, each["accepted"]) for at, each in points]),
        charts.Series(_("As they came"), [(at, each["read"]) for at, each in points]),
    ]
    busiest = max(inside, key=lambda each: each["accepted"])
    summary = _("The busiest hour begins at %(hour)s with %(events)s events.") % {
        "hour": busiest["shown"], "events": number(busiest["accepted"]),
    }  # fmt: skip
    return charts.line_chart(
        _("Events by hour"), series, unit=_("events"), x_label=_("Hour"), summary=summary, words=chart_words()
    )


def files(found: Dataset) -> list[tuple[str, str]]:
    """What came in, in words."""
    names = {
        "events": _("Events"), "cells": _("Cells"), "zones": _("Zones"), "population": _("Residents"),
        "opt_outs": _("Opt-out list"), "rails": _("Railways"), "ways": _("Roads"),
    }  # fmt: skip
    shown = []
    for part in PARTS:
        if about := found.files.get(part):
            shown.append((names[part], f"{about['name']}, {size(about['bytes'])}"))
    return shown
