"""The first page and the page of a study: what there is, in which state, and what to do next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.places import queries, wording
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.presenters.figures import number
from folkmoot.services.places.presenters.options import summary


def desk(found: queries.Desk) -> dict[str, Any]:
    """The steps to take, then the studies with their options."""
    return {"steps": [_step(step) for step in found.steps], "studies": [_row(s, its) for s, its in found.studies]}


def _step(step: queries.Step) -> dict[str, str]:
    study = step.study.get_absolute_url()
    name = {"study": step.study.name, "option": step.option.name if step.option else ""}
    option = step.option.get_absolute_url() if step.option else study
    words, where = {
        "finish": (_("Finish the study %(study)s: %(left)s.") % {**name, "left": _left(step.study)}, study),
        "first": (_("Ask for the first option of %(study)s.") % name, reverse("places:goal", args=[step.study.pk])),
        "decide": (_("Decide on %(option)s, of %(study)s.") % name, option),
        "propose": (_("Read %(option)s, of %(study)s, and propose it if it is good.") % name, option),
        "watch": (_("See how far the search for %(option)s is, of %(study)s.") % name, option),
    }[step.kind]
    return {"words": words, "url": where}


def _left(study: Study) -> str:
    if not study.areas:
        return _("areas are missing")
    if not study.sites:
        return _("sites are missing")
    return _("travel times are missing")


def _row(study: Study, options: tuple[Option, ...]) -> dict[str, Any]:
    return {"study": study, "facts": facts(study), "options": [summary(option) for option in options]}


def facts(study: Study) -> str:
    """How large it is, in one line."""
    if not study.is_ready:
        return _("Not ready: %(left)s.") % {"left": _left(study)}
    sites = ngettext("%(n)s candidate site", "%(n)s candidate sites", study.sites) % {"n": number(study.sites)}
    areas = ngettext("%(n)s area", "%(n)s areas", study.areas) % {"n": number(study.areas)}
    return _("%(areas)s with %(people)s people; %(sites)s, of which %(existing)s exist.") % {
        "areas": areas, "people": number(study.people), "sites": sites, "existing": number(study.existing),
    }  # fmt: skip


def study(found: Study, options: list[Option]) -> dict[str, Any]:
    """One study: its tasks, its facts, its options."""
    return {
        "facts": facts(found),
        "tasks": _tasks(found),
        "options": [summary(option) for option in options],
        "statements": [s for said in found.statements.values() for s in said],
        "set_aside": number(len(found.set_aside)),
        "any_aside": bool(found.set_aside),
        "source": found.get_source_display(),
        "travel": found.get_travel_display() if found.travel else "",
        "what": wording.KINDS.get(found.what, found.what),
    }


def _tasks(study: Study) -> list[dict[str, Any]]:
    """Areas, sites, travel: done, to do, or not yet."""
    done = (bool(study.areas), bool(study.sites), study.is_ready)
    titles = (_("Areas: who lives where"), _("Candidate sites"), _("Travel times"))
    names = ("places:areas", "places:sites", "places:travel")
    possible = (True, True, done[0] and done[1])
    return [
        {
            "title": {"text": title},
            "href": reverse(name, args=[study.pk]) if can else None,
            "status": {"text": _("Done")}
            if is_done
            else {"tag": {"text": _("To do"), "classes": "govuk-tag--blue"}}
            if can
            else {"text": _("Cannot start yet"), "classes": "govuk-task-list__status--cannot-start-yet"},
        }
        for title, name, is_done, can in zip(titles, names, done, possible)
    ]
