"""Flows as files other people's tools read: CSV whose cells no spreadsheet takes for formulas, GeoJSON (RFC 7946)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from folkmoot.store.sheets import harmless

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Assignment


def links_csv(found: Assignment) -> bytes:
    """A row for each link, connectors left out."""
    from folkmoot.engines.traffic import rows

    held = rows(found)
    return _written(list(held[0]), (row.values() for row in held))


def links_geojson(found: Assignment, credit: str) -> bytes:
    """Links with the properties of `links_csv`; whose roads they are goes with them."""
    from folkmoot.engines.traffic import geojson

    about: dict[str, Any] = {**geojson(found), **({"attribution": credit} if credit else {})}
    return json.dumps(about, ensure_ascii=False).encode()


def before_and_after_csv(before: Assignment, after: Assignment) -> bytes:
    """A row for each link, with its flow and load before and after."""
    from folkmoot.engines.traffic import rows

    head = [
        "link_id",
        "name",
        "class",
        "flow_before",
        "flow_after",
        "change",
        "voc_before",
        "voc_after",
        "closed_after",
    ]
    body = (
        [
            one["link_id"], one["name"], one["class"], one["flow"], two["flow"], round(two["flow"] - one["flow"], 3),
            one["voc"], two["voc"], two["closed"],
        ]
        for one, two in zip(rows(before), rows(after), strict=True)
    )  # fmt: skip
    return _written(head, body)


def _written(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([[harmless(_cell(value)) for value in row] for row in rows])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
