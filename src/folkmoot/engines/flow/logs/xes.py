"""XES, the IEEE 1849 standard for event logs: read as a stream, written as a stream.

The case is the trace's concept:name; every other attribute becomes a column of text (of the trace with “case:” before
its name), from which the mapping picks as it does in separated text. A document type, and so any entity, is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

from folkmoot.engines.flow.logs.log import LogError, LogRead
from folkmoot.engines.flow.logs.mapping import Mapping, infer_mapping
from folkmoot.engines.flow.logs.rows import to_events

CASE = "case:concept:name"
STANDARD = ("concept:name", "time:timestamp", "lifecycle:transition")
PROLOGUE = 65536
DOCTYPE = "The file has a document type (DOCTYPE), which no XES log has and which may hide entities."


def read_xes(file: IO[bytes], given: Mapping | None, *, zone: str) -> LogRead:
    """Every event of every trace. A trace without a name gives events without a case, which are set aside."""
    from lxml import etree

    _refuse_a_document_type(file)
    columns: dict[str, list[str]] = {CASE: []}
    n = 0
    try:
        for _, trace in etree.iterparse(
            file, events=("end",), tag=("trace", "{*}trace"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            if trace.getroottree().docinfo.internalDTD is not None:
                raise LogError(DOCTYPE)
            about = {f"case:{k}": v for e in trace if (k := e.get("key")) and (v := e.get("value")) is not None}
            for event in trace.iterchildren("{*}event", "event"):
                found = {**about, **{k: v for e in event if (k := e.get("key")) and (v := e.get("value")) is not None}}
                for key, value in found.items():
                    column = columns.setdefault(key, [])
                    column.extend([""] * (n - len(column)))
                    column.append(value)
                n += 1
            trace.clear()
            while trace.getprevious() is not None:
                del trace.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise LogError(f"The file is not XES: {error}.") from error
    if not n:
        raise LogError("The file holds no event. A XES log has traces, and traces have events.")
    table = pa.table({k: pa.array(v + [""] * (n - len(v)), pa.string()) for k, v in columns.items()})
    # What the standard names is never inferred from some other attribute that happens to be called “case_id”.
    present = [key if key in columns else None for key in STANDARD]
    standard = Mapping(case=CASE, activity=present[0], timestamp=present[1], lifecycle=present[2])
    mapping, said = infer_mapping(table.column_names, standard.with_given(given or Mapping()))
    return to_events(table, np.arange(1, n + 1), mapping, zone=zone, statements=["The file is XES.", *said])


def _refuse_a_document_type(file: Any) -> None:
    """XES has no document type; entities, which need one, can unfold to any size."""
    start = file.peek(PROLOGUE)[:PROLOGUE].replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise LogError(DOCTYPE)


def write_xes(table: pa.Table, path: str | Path) -> None:
    """Write normalised events (see `log.SCHEMA`) as XES; an event with a start becomes a start and a complete."""
    from lxml import etree

    extensions = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
    with etree.xmlfile(str(path), encoding="utf-8") as out:
        out.write_declaration()
        with out.element("log", {"xes.version": "1849-2016", "xes.features": ""}):
            for name, prefix in extensions:
                uri = f"http://www.xes-standard.org/{prefix}.xesext"
                out.write(etree.Element("extension", name=name, prefix=prefix, uri=uri))
            current, trace = None, None
            for row in table.to_pylist():
                try:
                    if row["case_id"] != current:
                        if trace is not None:
                            out.write(trace)
                        current, trace = row["case_id"], etree.Element("trace")
                        etree.SubElement(trace, "string", key="concept:name", value=current)
                    if row["started_at"] is not None:
                        _event(etree, trace, row, "start", row["started_at"])
                    _event(etree, trace, row, "complete", row["completed_at"])
                except ValueError as error:
                    raise LogError(f"Row {row['row']} holds a character that XML cannot: {error}.") from error
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
