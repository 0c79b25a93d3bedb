"""OCEL 2.0 (JSON), the standard for object-centric event logs: events related to objects of several types.

A case is an object of one type: the one told, else the type that most events name exactly once. An event of several
such objects is an event of each case. The resource is an attribute called resource or org:group, else a related
object of a type called resource.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping
from folkmoot.engines.flow.logs.rows import to_events

NAMES = ("resource", "org:group", "org:resource")
COLUMNS = ("case", "activity", "timestamp", "start", "resource")


def read_ocel(data: bytes, given: Mapping | None, *, zone: str) -> LogRead:
    """Read an OCEL 2.0 JSON log; `given.object_type` names the type of object that is the case."""
    try:
        content = json.loads(data)
        events, objects = content["events"], content["objects"]
        kinds = {o["id"]: o["type"] for o in objects}
    except (ValueError, KeyError, TypeError) as error:
        raise LogError(f"The file is not OCEL 2.0 JSON: {error}. It needs “events” and “objects”.") from error
    if not events:
        raise LogError("The file holds no event.")
    said: list[str] = []
    case_type = (given and given.object_type) or _case_type(events, kinds, said)
    if case_type not in set(kinds.values()):
        raise LogError(
            f"There are no objects of type “{case_type}”. The types are: {', '.join(sorted(set(kinds.values())))}."
        )
    rows: list[tuple[str, ...]] = []
    for event in events:
        related = [r["objectId"] for r in event.get("relationships", ())]
        cases = [o for o in related if kinds.get(o) == case_type] or [""]
        attributes = {a["name"]: str(a["value"]) for a in event.get("attributes", ())}
        teams = [o for o in related if kinds.get(o) == "resource"]
        resource = next((attributes[n] for n in NAMES if n in attributes), teams[0] if teams else "")
        start = attributes.get("start_timestamp", "")
        rows += [(case, event.get("type", ""), str(event.get("time", "")), start, resource) for case in cases]
    table = pa.table({name: pa.array([r[k] for r in rows], pa.string()) for k, name in enumerate(COLUMNS)})
    mapping = Mapping(
        case="case", activity="activity", timestamp="timestamp", resource="resource",
        start="start" if any(r[3] for r in rows) else None, object_type=case_type,
    )  # fmt: skip
    if given:
        mapping = mapping.with_given(Mapping(admission=given.admission, discharge=given.discharge))
    return to_events(table, np.arange(1, len(rows) + 1), mapping, zone=zone, statements=said)


def _case_type(events: list[dict[str, Any]], kinds: dict[str, str], said: list[str]) -> str:
    once: Counter[str] = Counter()
    for event in events:
        found = Counter(kinds.get(r["objectId"], "") for r in event.get("relationships", ()))
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
    text = {"name": "resource", "type": "string"}, {"name": "start_timestamp", "type": "string"}
    content = {
        "objectTypes": [{"name": object_type, "attributes": []}],
        "eventTypes": [{"name": name, "attributes": list(text)} for name in sorted({r["activity"] for r in rows})],
        "objects": [
            {"id": i, "type": object_type, "attributes": []} for i in dict.fromkeys(r["case_id"] for r in rows)
        ],
        "events": events,
    }
    Path(path).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
