"""What disclosure control did, in words: cells shown and blank, the fixed order, reasons, what it was held against."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.services.highways import wording
from folkmoot.services.highways.models import Release, Status
from folkmoot.services.highways.presenters.figures import number, small


def words(release: Release) -> str:
    """How many cells are shown and blank, or how far it is."""
    if release.status == Status.UNSAFE:
        return _("Nothing can leave as it was asked for.")
    if not release.report:
        return _("%(table)s, at least %(k)s devices in a cell.") % {"table": table(release), "k": release.k}
    blank = sum(release.report["blanks"].values())
    return _("%(table)s: %(shown)s numbers, %(blank)s blanks.") % {
        "table": table(release), "shown": number(release.report["cells"]), "blank": number(blank),
    }  # fmt: skip


def table(release: Release) -> str:
    """Which table it is."""
    if release.by_hour and release.by_mode:
        return _("From zone to zone by hour and means of travel")
    if release.by_hour:
        return _("From zone to zone by hour")
    return _("From zone to zone by means of travel") if release.by_mode else _("From zone to zone")


def figures(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Cells by what became of them."""
    blank = sum(told["blanks"].values())
    whole = told["cells"] + blank
    return [
        (_("Cells and totals"), number(whole)),
        (_("With a number"), number(told["cells"])),
        (_("Blank"), f"{number(blank)} ({small(blank / whole)})" if whole else number(blank)),
    ]


def steps(told: dict[str, Any]) -> list[str]:
    """The fixed order, each step in a sentence."""
    policy = told["policy"]
    given = {"k": policy["k"], "base": policy["round_base"]}
    return [str(wording.ORDER[step]) % given if step in wording.ORDER else step for step in policy["order"]]


def blanks(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Blank cells by reason."""
    policy = told["policy"]
    given = {"k": policy["k"], "share": f"{policy['dominance']:.0%}"}
    return [
        {"reason": str(wording.REASONS[reason]) % given, "cells": number(told["blanks"].get(reason, 0))}
        for reason in wording.REASONS
    ]


def held(told: dict[str, Any]) -> list[str]:
    """What the audit did, in sentences."""
    found = told["audit"]
    many = len(found["held_against"])
    against = (
        ngettext(
            "It was held against %(n)s earlier release: %(names)s.", "It was held against %(n)s earlier releases: %(names)s.",
            many,
        ) % {"n": many, "names": ", ".join(found["held_against"])}
        if many
        else _("There was no earlier release to hold it against, so it was held against itself.")
    )  # fmt: skip
    said = [
        against,
        _("%(blanks)s blanks were asked what somebody could find out about them from all published numbers together, and no "
          "blank is given away. Linear programmes solved: %(programs)s.")
        % {"blanks": number(found["blanks"]), "programs": number(found["linear_programs"])},
    ]  # fmt: skip
    if found["loosened_by"]:
        said.append(
            _("Earlier releases do not agree with it to the trip, as happens with late data; that was allowed for.")
        )
    return said
