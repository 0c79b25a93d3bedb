"""OCEL 2.0 (JSON), the standard for object-centric event logs: events related to objects of several types.

A case is an object of one type: the one told, else the type that most events name exactly once. An event of several such
objects is an event of each case. The resource is an attribute called resource, org:group or org:resource, else a related
object of a type called resource. Source: Berti et al. 2024, “OCEL 2.0 specification”.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping, infer_mapping
from folkmoot.engines.flow.logs.rows import to_events


def read_ocel(data: bytes, given: Mapping | None, *, zone: str) -> LogRead:
    """Read an OCEL 2.0 JSON log; `given.object_type` names the type of object that is the case."""
    said = ["The file is OCEL 2.0."]
    try:
        content = json.loads(data)
        events, objects = content["events"], content["objects"]
        kinds = {str(o["id"]): str(o["type"]) for o in objects}
        if not events:
            raise LogError("The file holds no event.")
        wanted = (given and given.object_type) or _case_type(events, kinds, said)
        if wanted not in set(kinds.values()):
            types = ", ".join(sorted(set(kinds.values())))
            raise LogError(f"There are no objects of type “{wanted}”. The types are: {types}.")
        rows = [row for event in events for row in _rows(event, kinds, wanted)]
    except LogError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LogError(
            f"The file is not OCEL 2.0 JSON ({type(error).__name__}: {error}). It needs “events” and “objects”."
        ) from error
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names})
    own = Mapping(case="case_id", activity="activity", timestamp="timestamp")
    mapping, inferred = infer_mapping(table.column_names, own.with_given(given or Mapping()))
    return to_events(
        table, np.arange(1, len(rows) + 1), mapping, zone=zone, statements=[*said, *inferred], may_hold_zero_bytes=True
    )


def _rows(event: dict[str, Any], kinds: dict[str, str], wanted: str) -> list[dict[str, str]]:
    """One row for each case that the event is part of; one without a case if there is none."""
    related = [str(r["objectId"]) for r in event.get("relationships") or ()]
    own = {
        "event_id": _text(event.get("id")),
        "activity": _text(event.get("type")),
        "timestamp": _text(event.get("time")),
    }
    row = dict(own)
    for attribute in event.get("attributes") or ():
        name = str(attribute["name"])
        row[f"event:{name}" if name in own or name == "case_id" else name] = _text(attribute["value"])
    teams = [o for o in related if kinds.get(o) == "resource" and wanted != "resource"]
    if teams and not any(name in row for name in ("resource", "org:group", "org:resource")):
        row["resource"] = teams[0]
    return [{"case_id": case, **row} for case in [o for o in related if kinds.get(o) == wanted] or [""]]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _case_type(events: list[dict[str, Any]], kinds: dict[str, str], said: list[str]) -> str:
    once: Counter[str] = Counter()
    for event in events:
        found = Counter(kinds.get(str(r["objectId"]), "") for r in event.get("relationships") or ())
        once.update(kind for kind, count in found.items() if count == 1 and kind not in ("", "resource"))
    if not once:
        raise LogError("No type of object is named exactly once by an event; say which is the case with --object-type.")
    best = min(once, key=lambda kind: (-once[kind], kind))
    said.append(f"A case is an object of type “{best}”.")
    return best


def write_ocel(table: pa.Table, path: str | Path, *, object_type: str = "patient") -> None:
    """Write normalised events (see `log.SCHEMA`) as OCEL 2.0 JSON, cases as objects of `object_type`."""
    rows = table.to_pylist()
    events = []
    for row in rows:
        attributes = []
        if row["resource"] is not None:
            attributes.append({"name": "resource", "value": row["resource"]})
        if row["started_at"] is not None:
            attributes.append({"name": "start_timestamp", "value": row["started_at"].isoformat()})
        events.append(
            {
                "id": str(row["row"]),
                "type": row["activity"],
                "time": row["completed_at"].isoformat(),
                "attributes": attributes,
                "relationships": [{"objectId": row["case_id"], "qualifier": "case"}],
            }
        )
    names = [{"name": "resource", "type": "string"}, {"name": "start_timestamp", "type": "time"}]
    cases = dict.fromkeys(row["case_id"] for row in rows)
    content = {
        "objectTypes": [{"name": object_type, "attributes": []}],
        "eventTypes": [{"name": name, "attributes": names} for name in sorted({row["activity"] for row in rows})],
        "objects": [{"id": case, "type": object_type, "attributes": [], "relationships": []} for case in cases],
        "events": events,
    }
    Path(path).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
