"""A release as people of its organisation read it: how it was made safe, what would leave, what was decided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.engines.mobility import MobilityError
from folkmoot.services.highways import folders, numbers, queries, wording
from folkmoot.services.highways.models import Decision, Release, Status
from folkmoot.services.highways.presenters.disclosure import blanks, figures, held, steps, table, words
from folkmoot.services.highways.presenters.evidence import drawn


def summary(release: Release) -> dict[str, Any]:
    """A release in a list."""
    return {
        "name": release.name, "url": release.get_absolute_url(), "status": release.get_status_display(),
        "tag": wording.TAGS[release.status], "words": words(release),
    }  # fmt: skip


def report(release: Release) -> dict[str, Any]:
    """Everything the page of a release shows."""
    told = release.report
    shown: dict[str, Any] = {
        "tag": {"text": release.get_status_display(), "classes": wording.TAGS[release.status]},
        "asked": asked(release),
        "history": [_step(each) for each in queries.decisions(release)],
        "told": told,
        "preview": None,
    }
    if not told:
        return shown
    shown |= {
        "figures": figures(told),
        "steps": steps(told),
        "blanks": blanks(told),
        "held": held(told),
        "statements": told["statements"],
    }
    if release.status in {Status.CANDIDATE, Status.APPROVED}:
        try:
            shown["preview"] = drawn(numbers.held(release), folders.held(release))
        except MobilityError as error:
            shown["broken"] = str(error)
    return shown


def asked(release: Release) -> list[tuple[str, str]]:
    """What was asked for."""
    return [
        (_("Table"), table(release)),
        (_("Totals"), _("Yes") if release.with_totals else _("No")),
        (_("Fewest devices in a cell"), _("%(k)s; the least of the organisation was %(least)s") % {
            "k": release.k, "least": release.minimum_k}),
        (_("Purpose"), release.purpose),
        (_("Lawful basis"), release.get_lawful_basis_display()),
        (_("Opt-out list"), release.opt_out_version or _("None was given")),
        (_("Asked for by"), release.requested_by.name),
        (_("Data"), release.dataset.name),
    ]  # fmt: skip


def _step(step: Decision) -> dict[str, Any]:
    return {"verb": step.get_verb_display(), "by": step.by.name, "at": step.at, "reason": step.reason}
