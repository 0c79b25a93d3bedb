"""Options side by side: the same facts of each in one column, then the sites that differ."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Series, line_chart, table
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.places import wording
from folkmoot.services.places.models import Option
from folkmoot.services.places.presenters.equity import group_name
from folkmoot.services.places.presenters.figures import gap, minutes, number, pounds
from folkmoot.services.places.presenters.sentences import asked_in_words, told


def compare(options: list[Option]) -> dict[str, Any]:
    """A table of facts, a table of sites, a chart by decile. Only options with a plan."""
    heads = [_("What"), *(option.name for option in options)]
    facts: list[list[str]] = []
    shared = {option.pk: told(option) for option in options}

    def row(name: str, write: Any) -> None:
        facts.append([name, *(write(option) for option in options)])

    row(_("Best at"), lambda o: asked_in_words(o)[0][1])
    row(_("Status"), lambda o: str(o.get_status_display()))
    row(_("Reaches"), lambda o: shared[o.pk].value)
    row(_("No plan can be better than"), lambda o: shared[o.pk].bound)
    row(_("Distance from the best possible"), lambda o: gap(o.plan["gap"]))
    row(_("Sites open"), lambda o: number(len(o.open_sites)))
    for change in ("open", "close", "keep"):
        row(
            str(wording.CHANGES[change]), lambda o, c=change: number(sum(s["change"] == c for s in o.findings["sites"]))
        )
    if all(any(s["opening_cost"] is not None for s in o.findings["sites"]) for o in options):
        row(
            _("Cost of the open sites"),
            lambda o: pounds(sum(s["opening_cost"] or 0 for s in o.findings["sites"] if s["open"])),
        )
    row(_("Average travel"), lambda o: minutes(o.findings["groups"][0]["after"]["mean"]))
    row(_("The worst-served tenth"), lambda o: minutes(o.findings["groups"][0]["after"]["worst"]))
    row(_("Furthest of all"), lambda o: minutes(o.findings["groups"][0]["after"]["longest"]))
    row(_("People who travel less than today"), lambda o: number(o.findings["groups"][0]["gained"]))
    row(_("People who travel more than today"), lambda o: number(o.findings["groups"][0]["lost"]))
    row(_("Decile furthest away"), _worst_decile)
    return {
        "facts": table(_("Facts of each option"), heads, facts),
        "sites": _sites(options),
        "chart": _chart(options),
    }


def _worst_decile(option: Option) -> str:
    deciles = [g for g in option.findings["groups"] if g["kind"] == "decile" and g["after"]["mean"] is not None]
    if not deciles:
        return "–"
    worst = max(deciles, key=lambda g: g["after"]["mean"])
    return f"{group_name(worst)}: {minutes(worst['after']['mean'])}"


def _sites(options: list[Option]) -> str:
    """Sites on which the options differ, and under them those on which they agree, told by count."""
    changes = [{s["site"]: s for s in option.findings["sites"]} for option in options]
    rows = []
    for code, site in changes[0].items():
        said = [each[code]["change"] for each in changes]
        if len(set(said)) > 1:
            rows.append([site["name"], *(str(wording.CHANGES[change]) for change in said)])
    if not rows:
        return ""
    return table(_("Sites on which they differ"), [_("Site"), *(option.name for option in options)], rows)


def _chart(options: list[Option]) -> Any:
    lines = []
    for option in options:
        deciles = [
            (float(g["label"]), g["after"]["mean"])
            for g in option.findings["groups"]
            if g["kind"] == "decile" and g["label"].isdigit() and g["after"]["mean"] is not None
        ]
        if len(deciles) > 1:
            lines.append(Series(option.name, deciles))
    if len(lines) < 2:
        return None
    return line_chart(
        _("Average minutes by deprivation decile (1 is the most deprived)"), lines, unit=_("minutes"),
        x_label=_("Deprivation decile"), words=chart_words(),
    )  # fmt: skip
