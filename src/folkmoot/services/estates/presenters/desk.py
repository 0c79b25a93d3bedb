"""The first page: what estates and programmes there are, in which state, and what to do next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.estates import queries
from folkmoot.services.estates.models import Estate
from folkmoot.services.estates.presenters.figures import number
from folkmoot.services.estates.presenters.programmes import summary


def desk(found: queries.Desk) -> dict[str, Any]:
    """The steps to take, then the estates with their programmes."""
    rows = [
        {"estate": estate, "facts": facts(estate), "programmes": [summary(programme) for programme in its]}
        for estate, its in found.estates
    ]
    return {"steps": [_step(step) for step in found.steps], "estates": rows}


def facts(estate: Estate) -> str:
    """How large it is, in one line."""
    said = ngettext("%(n)s site", "%(n)s sites", estate.total) % {"n": number(estate.total)}
    if estate.others:
        said += ", " + ngettext(
            "%(n)s of them in no row of its own and always kept", "%(n)s of them in no row of their own and always kept",
            estate.others,
        ) % {"n": number(estate.others)}  # fmt: skip
    return said + ". " + (_("Travel times are known.") if estate.has_travel else _("Travel times are not known."))


def _step(step: queries.Step) -> dict[str, str]:
    names = {"estate": step.estate.name, "programme": step.programme.name if step.programme else ""}
    where = step.programme.get_absolute_url() if step.programme else step.estate.get_absolute_url()
    words = {
        "first": _("Ask for the first programme of %(estate)s."),
        "decide": _("Decide on %(programme)s, of %(estate)s."),
        "propose": _("Read %(programme)s, of %(estate)s, and propose it if it is good."),
        "watch": _("See how far the search for %(programme)s is, of %(estate)s."),
    }[step.kind]
    if step.kind == "first":
        where = reverse("estates:ask", args=[step.estate.pk])
    return {"words": words % names, "url": where}
