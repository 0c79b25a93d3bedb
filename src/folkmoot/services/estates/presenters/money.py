"""What a programme is worth: present value, ratio, years, switching values, and each pound's trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.foundation.charts import Step, table, waterfall
from folkmoot.foundation.design.language import chart_words
from folkmoot.services.estates import wording
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import NOTHING, exact, figure, named, number, pounds

VALUED = ("capital", "one-off", "running", "backlog")
WITHOUT_BIAS = ": optimism bias"
FILTERS = ("site", "kind", "item", "year")


def money(programme: Programme) -> dict[str, Any]:
    """Tables, drawing and statements."""
    value = programme.answer["value"]
    return {
        "rows": _rows(programme),
        "total": pounds(value["npv"]),
        "chart": _chart(programme),
        "kinds": [str(wording.KINDS[kind]) for kind, _pence in value["years"][0]["by_kind"]],
        "years": _years(programme),
        "switching": _switching(value["switching"]),
        "apart": [
            (_("Receipts, kept apart"), pounds(value["receipts"])),
            (_("Transfers and finance costs not counted"), pounds(value["transfers"])),
        ],
        "statements": value["statements"],
    }


def present(programme: Programme) -> dict[str, float]:
    """Present value of each class, savings positive."""
    factors = {one["year"]: one["factor"] for one in programme.answer["value"]["years"]}
    sums: dict[str, float] = {}
    for one in programme.answer["value"]["years"]:
        for kind, pence in one["by_kind"]:
            sums[kind] = sums.get(kind, 0.0) - pence / 100 * factors[one["year"]]
    return sums


def _rows(programme: Programme) -> list[dict[str, str]]:
    """One row for each item with what it is made of; they add up to the net present value."""
    sums: dict[tuple[str, str], list[Any]] = {}
    worth = _worth(programme)
    for line in programme.answer["lines"]:
        if line["kind"] not in VALUED:
            continue
        row = sums.setdefault((line["kind"], _item(line)), [0.0, set(), set(), set()])
        row[0] += worth(line)
        row[1].add(line["site"])
        row[2] |= {f"{each['file']}, {each['column']}" for each in line["sources"]}
        row[3] |= set(line["assumptions"])
    return [
        {
            "kind": str(wording.KINDS[kind]), "item": item, "value": pounds(total), "sites": number(len(sites)),
            "read": "; ".join(sorted(read)) or NOTHING, "assumed": _names(sorted(assumed)),
            "url": _behind(programme, kind=kind, item=item),
        }
        for (kind, item), (total, sites, read, assumed) in sorted(
            sums.items(), key=lambda entry: (VALUED.index(entry[0][0]), entry[0][1])
        )
    ]  # fmt: skip


def _years(programme: Programme) -> list[dict[str, Any]]:
    """The years of the plan and the one after: each class, then all in today's money."""
    return [
        {
            "year": str(one["year"]), "factor": number(one["factor"], 4), "present": pounds(-one["present"]),
            "cells": [
                (pounds(-pence / 100), _behind(programme, kind=kind, year=one["year"]) if pence else "")
                for kind, pence in one["by_kind"]
            ],
        }
        for one in programme.answer["value"]["years"][: programme.answer["years"] + 1]
    ]  # fmt: skip


def _chart(programme: Programme) -> Any:
    found = present(programme)
    steps = [
        Step(str(wording.KINDS[kind]), found[kind] / 1e6)
        for kind in ("running", "backlog", "one-off", "capital")
        if round(found.get(kind, 0.0) / 1e6, 2)
    ]
    return waterfall(
        _("From savings to net present value"), (_("Nothing changes"), 0.0), steps, _("Net present value"),
        unit=_("£ million"), decimals=2, less_is_better=False, words=chart_words(),
        summary=_("Savings and costs over the whole time, each in today’s money: %(value)s remain.")
        % {"value": pounds(programme.answer["value"]["npv"])},
    )  # fmt: skip


def _switching(found: list[dict[str, Any]]) -> str:
    if not found:
        return ""
    rows = [
        [str(wording.FIGURES[one["name"]]), figure(one["now"], one["unit"]),
         _("no value from 0 up") if one["at"] is None else figure(one["at"], one["unit"])]
        for one in found
    ]  # fmt: skip
    head = [_("Figure"), _("Now"), _("Net present value is nought at")]
    return table(_("Switching values"), head, rows)


def pounds_page(programme: Programme, asked: Mapping[str, str]) -> dict[str, Any]:
    """The lines behind a figure, each with its trace: of a site, a class, an item, a year, or of all."""
    start, lines = programme.answer["start_year"], programme.answer["lines"]
    names = {one["code"]: one for one in programme.answer["sites"]}
    there = list(dict.fromkeys(line["site"] for line in lines))
    chosen = {name: asked.get(name, "") for name in FILTERS}
    year = int(chosen["year"]) - start if chosen["year"].isdigit() and len(chosen["year"]) == 4 else None
    kept = [line for line in lines if _is_asked(line, chosen, year)]
    worth = _worth(programme)
    rows = [
        [names[line["site"]]["code"], line["item"], str(wording.KINDS[line["kind"]]), _span(start, line),
         exact(-line["pence"]), pounds(worth(line)), _trace(line), _names(line["assumptions"]), line["formula"]]
        for line in kept
    ]  # fmt: skip
    head = [_("Site"), _("Item"), _("Class"), _("Years"), _("A year"), _("In today’s money"), _("Read from"),
            _("Assumed"), _("How")]  # fmt: skip
    totals = [(_("All in today’s money"), pounds(sum(map(worth, kept))))]
    if year is not None:
        totals.insert(0, (_("In %(year)s") % {"year": chosen["year"]}, exact(-sum(line["pence"] for line in kept))))
    return {
        "table": table(_("Savings, and costs with a minus"), head, rows, numeric_from=len(head)),
        "sites": [(code, named(names[code])) for code in there],
        "kinds": [(kind, str(wording.KINDS[kind])) for kind in dict.fromkeys(line["kind"] for line in lines)],
        "years": [(str(start + t), str(start + t)) for t in range(programme.answer["horizon"])],
        "chosen": chosen,
        "count": number(len(rows)),
        "of": number(len(lines)),
        "totals": totals,
    }


def _is_asked(line: dict[str, Any], chosen: Mapping[str, str], year: int | None) -> bool:
    return (
        chosen["site"] in ("", line["site"])
        and chosen["kind"] in ("", line["kind"])
        and chosen["item"] in ("", _item(line))
        and (year is None or line["first"] <= year <= line["last"])
    )


def _item(line: dict[str, Any]) -> str:
    return str(line["item"]).replace(WITHOUT_BIAS, "")


def _worth(programme: Programme) -> Any:
    """In pounds of today, savings positive."""
    factor = [one["factor"] for one in programme.answer["value"]["years"]]
    return lambda line: -line["pence"] / 100 * sum(factor[line["first"] : line["last"] + 1])


def _behind(programme: Programme, **asked: object) -> str:
    return f"{reverse('estates:pounds', args=[programme.pk])}?{urlencode(asked)}"


def _names(assumed: list[str]) -> str:
    return "; ".join(str(wording.FIGURES[name]) for name in assumed) or NOTHING


def _span(start: int, line: dict[str, Any]) -> str:
    first, last = start + line["first"], start + line["last"]
    return str(first) if first == last else f"{first}–{last}"


def _trace(line: dict[str, Any]) -> str:
    return "; ".join(
        _("%(file)s, row %(row)s, %(column)s") % {"file": one["file"], "row": one["row"], "column": one["column"]}
        for one in line["sources"]
    )
