"""The first page: what data and releases there are, in which state, and what to do next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.services.highways import queries, wording
from folkmoot.services.highways.models import Dataset
from folkmoot.services.highways.presenters.figures import days, number
from folkmoot.services.highways.presenters.releases import summary


def desk(found: queries.Desk) -> dict[str, Any]:
    """The steps to take, the data, the releases."""
    return {
        "steps": [_step(step) for step in found.steps],
        "datasets": [_row(each) for each in found.datasets],
        "releases": [summary(each) for each in found.releases],
    }


def _row(found: Dataset) -> dict[str, str]:
    words = found.get_origin_display()
    if found.first_day:
        words = _("%(days)s. %(accepted)s of %(read)s events accepted.") % {
            "days": days(found.first_day, found.last_day), "accepted": number(found.report.get("accepted")),
            "read": number(found.report.get("read")),
        }  # fmt: skip
    return {
        "name": found.name, "url": found.get_absolute_url(), "words": words, "status": found.get_state_display(),
        "tag": wording.DATA_TAGS[found.state],
    }  # fmt: skip


def _step(step: queries.Step) -> dict[str, str]:
    words = {
        "ask": _("Ask for a release from %(name)s."),
        "decide": _("Read the disclosure report of %(name)s and decide."),
        "stopped": _("See why disclosure control stopped %(name)s."),
    }[step.kind]
    url = reverse("highways:ask", args=[step.target.pk]) if step.kind == "ask" else step.target.get_absolute_url()
    return {"words": words % {"name": step.target.name}, "url": url}
