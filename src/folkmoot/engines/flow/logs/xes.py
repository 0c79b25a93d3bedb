"""XES, the IEEE 1849 standard for event logs: read as a stream, written as a stream.

Attributes used: concept:name of trace and event, time:timestamp, lifecycle:transition, org:group or org:resource,
concept:instance. External entities are never resolved.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping
from folkmoot.engines.flow.logs.rows import to_events

USED = {
    "concept:name": "activity",
    "time:timestamp": "timestamp",
    "lifecycle:transition": "lifecycle",
    "org:group": "group",
    "org:resource": "resource",
    "concept:instance": "instance",
}


def read_xes(file: IO[bytes], given: Mapping | None, *, zone: str) -> LogRead:
    """Every event of every trace. A trace without a name gives events without a case, which are set aside."""
    from lxml import etree

    columns: dict[str, list[str]] = {name: [] for name in ("case", *USED.values())}
    try:
        for _, trace in etree.iterparse(
            file, events=("end",), tag=("trace", "{*}trace"), resolve_entities=False, no_network=True, huge_tree=True
        ):
            name = next((e.get("value", "") for e in trace if e.get("key") == "concept:name"), "")
            for event in trace.iterchildren("{*}event", "event"):
                found = {e.get("key"): e.get("value", "") for e in event}
                columns["case"].append(name)
                for key, column in USED.items():
                    columns[column].append(found.get(key) or "")
            trace.clear()
            while trace.getprevious() is not None:
                del trace.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise LogError(f"The file is not XES: {error}.") from error
    n = len(columns["case"])
    if not n:
        raise LogError("The file holds no event. A XES log has traces, and traces have events.")
    resource = "group" if any(columns["group"]) else "resource"
    mapping = Mapping(
        case="case", activity="activity", timestamp="timestamp", resource=resource, lifecycle="lifecycle",
        instance="instance" if any(columns["instance"]) else None,
    )  # fmt: skip
    if given:
        mapping = mapping.with_given(Mapping(admission=given.admission, discharge=given.discharge))
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    said = [f"XES: case from the trace's concept:name, resource from org:{resource}."]
    return to_events(table, np.arange(1, n + 1), mapping, zone=zone, statements=said)


def write_xes(table: pa.Table, path: str | Path) -> None:
    """Write normalised events (see `log.SCHEMA`) as XES; an event with a start becomes a start and a complete."""
    from lxml import etree

    with etree.xmlfile(str(path), encoding="utf-8") as out:
        out.write_declaration()
        with out.element("log", {"xes.version": "1849-2016", "xes.features": ""}):
            for name, prefix in (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Org", "org")):
                out.write(
                    etree.Element(
                        "extension", name=name, prefix=prefix, uri=f"http://www.xes-standard.org/{prefix}.xesext"
                    )
                )
            current, trace = None, None
            for row in table.to_pylist():
                if row["case_id"] != current:
                    if trace is not None:
                        out.write(trace)
                    current, trace = row["case_id"], etree.Element("trace")
                    etree.SubElement(trace, "string", key="concept:name", value=current)
                if row["started_at"] is not None:
                    _event(etree, trace, row, "start", row["started_at"])
                _event(etree, trace, row, "complete", row["completed_at"])
            if trace is not None:
                out.write(trace)


def _event(etree: Any, trace: Any, row: dict[str, Any], step: str, moment: Any) -> None:
    event = etree.SubElement(trace, "event")
    etree.SubElement(event, "string", key="concept:name", value=row["activity"])
    if row["resource"] is not None:
        etree.SubElement(event, "string", key="org:group", value=row["resource"])
    etree.SubElement(event, "string", key="concept:instance", value=str(row["row"]))
    etree.SubElement(event, "string", key="lifecycle:transition", value=step)
    etree.SubElement(event, "date", key="time:timestamp", value=moment.isoformat())
