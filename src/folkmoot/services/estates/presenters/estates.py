"""An estate as people read it: its programmes, its frontier, its sites, what is assumed and what nobody knows yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.foundation.charts import table
from folkmoot.services.estates import answers, question, wording
from folkmoot.services.estates.models import Estate, Programme
from folkmoot.services.estates.presenters.desk import facts
from folkmoot.services.estates.presenters.figures import NOTHING, number, pounds, proper, share, year
from folkmoot.services.estates.presenters.frontier import frontier
from folkmoot.services.estates.presenters.maps import estate_map
from folkmoot.services.estates.presenters.programmes import assumptions, summary

if TYPE_CHECKING:
    from folkmoot.engines.estate import EstateSite


SHOWN = 20
"""So many rows set aside are on the page; all of them are in the file."""


def estate(found: Estate, programmes: list[Programme]) -> dict[str, Any]:
    """Everything the page of an estate shows."""
    sites = question.sites(found)
    asked = question.programme(question.Question(), found)
    return {
        "facts": facts(found),
        "programmes": [summary(programme) for programme in programmes],
        "curve": frontier(found.frontier) if found.frontier else None,
        "map_": estate_map(sites),
        "unknown": unknown(found, sites),
        "links": [
            (reverse("estates:site", args=[found.pk, site.code]), f"{proper(site.name)} ({site.code})")
            for site in sorted(sites, key=lambda one: one.name)
        ],
        "list": "" if any(site.lon is not None for site in sites) else _sites(sites),
        "aggregates": _aggregates(found) if found.aggregates else "",
        "assumptions": assumptions(answers.assumptions(question.settings(found))),
        "statements": asked.statements,
        "source": found.get_origin_display(),
        "set_aside": number(len(found.set_aside)),
        "aside": found.set_aside[:SHOWN],
    }


def unknown(found: Estate, sites: tuple[EstateSite, ...]) -> list[str]:
    """What nobody knows yet, in counts: asked for, and never made up."""
    of = {"of": number(len(sites))}
    said = []
    if n := sum(site.lon is None for site in sites):
        said.append(
            ngettext("The position of %(n)s site of %(of)s", "The position of %(n)s sites of %(of)s", n)
            % {**of, "n": number(n)}
        )
    if n := sum(site.tenure == "unknown" for site in sites):
        said.append(
            ngettext(
                "The tenure and lease of %(n)s site of %(of)s", "The tenure and leases of %(n)s sites of %(of)s", n
            )
            % {**of, "n": number(n)}
        )
    if n := sum(site.empty_percent is None and not site.spare for site in sites):
        said.append(
            ngettext(
                "The empty floor of %(n)s site of %(of)s, counted as none",
                "The empty floor of %(n)s sites of %(of)s, counted as none",
                n,
            )
            % {**of, "n": number(n)}
        )
    if n := sum(site.is_open and not site.needs for site in sites):
        said.append(
            ngettext(
                "What %(n)s site of %(of)s is used for; it is kept open",
                "What %(n)s sites of %(of)s are used for; they are kept open",
                n,
            )
            % {**of, "n": number(n)}
        )
    if not found.has_travel:
        said.append(_("How far patients travel: no plan says anything about access"))
    return said


def site(one: EstateSite) -> dict[str, Any]:
    """What the data say of one site, with where each figure was read."""
    rows = [[line.name, pounds(float(line.amount.pounds)), _where(line.source)] for line in one.costs]
    places = (
        (_("Floor, m²"), number(one.gia_m2)),
        (_("Kind"), one.kind or NOTHING),
        (_("Empty"), share(None if one.empty_percent is None else one.empty_percent / 100)),
        (_("Under-used"), share(None if one.under_used_percent is None else one.under_used_percent / 100)),
        (_("Cost a year"), pounds(float(one.cost().pounds))),
        (_("Needs"), ", ".join(f"{service} {number(m2)} m²" for service, m2 in one.needs) or NOTHING),
        (_("Read from"), _where(one.source)),
    )
    return {
        "site": one,
        "name": f"{proper(one.name)} ({one.code})",
        "facts": places,
        "costs": table(_("Costs a year"), [_("Cost"), _("A year"), _("Read from")], rows) if rows else "",
    }


def _where(source: Any) -> str:
    return _("%(file)s, row %(row)s, %(column)s") % {
        "file": source.file, "row": source.row, "column": source.column,
    }  # fmt: skip


def _sites(sites: tuple[EstateSite, ...]) -> str:
    head = [_("Site"), _("Kind"), _("Tenure"), _("Lease break or end"), _("Floor, m²"), _("Cost a year")]
    rows = [
        [f"{proper(one.name)} ({one.code})", one.kind or NOTHING, str(wording.TENURES.get(one.tenure, one.tenure)),
         year(one.lease_break or one.lease_end), number(one.gia_m2), pounds(float(one.cost().pounds))]
        for one in sorted(sites, key=lambda one: one.name)
    ]  # fmt: skip
    return table(_("The sites named in the data"), head, rows, numeric_from=4)


def _aggregates(found: Estate) -> str:
    head = [_("Row"), _("Code"), _("Floor, m²"), _("Cost a year")]
    rows = [
        [f"{one['file']}, {one['row']}", one["code"], number(one["m2"]), pounds(one["pounds"])]
        for one in found.aggregates
    ]
    return table(_("Rows that put small sites together: no places, and never closed"), head, rows, numeric_from=2)
