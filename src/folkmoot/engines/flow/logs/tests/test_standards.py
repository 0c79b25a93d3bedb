"""XES and OCEL 2.0: what is written is read back the same, and what is neither is refused."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow.logs import LogError, Mapping, read_log, write_ocel, write_xes
from folkmoot.engines.flow.logs.log import SCHEMA

WORD = st.text(
    st.characters(min_codepoint=33, blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=8,
).filter(lambda text: text == text.strip())
MOMENT = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))
EVENT = st.tuples(WORD, WORD, st.none() | WORD, st.none() | st.integers(0, 10**9), MOMENT)


def table_of(events: list[tuple]) -> pa.Table:
    rows = [
        {
            "case_id": case, "activity": activity, "resource": resource, "completed_at": end, "row": number,
            "started_at": None if took is None else end - timedelta(microseconds=took),
        }
        for number, (case, activity, resource, took, end) in enumerate(events, start=1)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return table.sort_by([("case_id", "ascending"), ("completed_at", "ascending"), ("row", "ascending")])


def facts(table: pa.Table) -> list[tuple]:
    columns = ("case_id", "activity", "resource", "started_at", "completed_at")
    return sorted(tuple(str(row[name]) for name in columns) for row in table.to_pylist())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENT, min_size=1, max_size=8, unique_by=lambda e: (e[0], e[1], e[4])))
def test_events_go_through_xes_and_ocel_unchanged(tmp_path: Path, events: list[tuple]) -> None:
    table = table_of(events)
    for write, name in ((write_xes, "log.xes"), (write_ocel, "log.jsonocel")):
        write(table, tmp_path / name)
        read = read_log(tmp_path / name)
        assert len(read.rejected) == 0
        assert facts(read.log.table) == facts(table)


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="x"/></global>
  <trace><string key="concept:name" value="007"/><string key="age" value="85"/>
    <event><string key="concept:name" value="ER"/><date key="time:timestamp" value="2014-10-22T09:15:41.000+02:00"/>
      <string key="org:resource" value="nurse"/></event>
    <event><string key="concept:name" value="Ward"/><date key="time:timestamp" value="2014-10-22T11:15:41Z"/></event>
  </trace>
  <trace><event><string key="concept:name" value="lost"/><date key="time:timestamp" value="2014-10-22T11:15:41Z"/></event>
  </trace>
</log>"""


def test_xes_with_a_namespace_also_packed_gives_its_events(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(XES.encode()))
    read = read_log(path, Mapping(keep="case:age"))
    rows = read.log.table.to_pylist()
    assert [(r["case_id"], r["activity"], r["resource"], r["completed_at"].hour) for r in rows] == [
        ("007", "ER", "nurse", 7), ("007", "Ward", None, 11),
    ]  # fmt: skip
    assert rows[0]["case:age"] == "85"
    assert read.rejected.counts() == [("The row names no case.", 1)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<log><trace>", "The file is not XES"),
        ("<log></log>", "holds no event"),
        ('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]><log/>', "has a document type"),
        ("<?xml version='1.0'?><page/>", "holds no event"),
    ],
)
def test_what_is_no_xes_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LogError, match=sentence):
        read_log(path)


def test_entities_that_unfold_a_billionfold_are_never_unfolded(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    event = '<event><string key="concept:name" value="&a11;"/></event>'
    path = tmp_path / "log.xes"
    for encoding in ("utf-8", "utf-16"):
        text = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE log [{entities}]><log><trace>{event}</trace></log>'
        )
        path.write_bytes(text.encode(encoding))
        with pytest.raises(LogError):
            read_log(path)


def test_a_character_xml_cannot_hold_is_named_with_its_row(tmp_path: Path) -> None:
    table = table_of([("1", "a\x01b", None, None, datetime(2020, 1, 1, 10, 30, tzinfo=UTC))])
    with pytest.raises(LogError, match="Row 1 holds a character that XML cannot"):
        write_xes(table, tmp_path / "log.xes")


def ocel(*events: tuple[str, str, tuple[str, ...]]) -> str:
    """OCEL text: events (activity, hour, objects); objects whose name begins with p are patients, the others beds."""
    objects = sorted({name for _, _, names in events for name in names})
    content = {
        "objectTypes": [{"name": "patient", "attributes": []}, {"name": "bed", "attributes": []}],
        "eventTypes": [{"name": name, "attributes": []} for name in sorted({e[0] for e in events})],
        "objects": [{"id": name, "type": "patient" if name.startswith("p") else "bed"} for name in objects],
        "events": [
            {
                "id": f"e{k}",
                "type": activity,
                "time": f"2024-01-01T{hour}:00:00Z",
                "relationships": [{"objectId": name, "qualifier": ""} for name in names],
            }
            for k, (activity, hour, names) in enumerate(events)
        ],
    }
    return json.dumps(content)


MORNING = (
    ("Admit", "10", ("p1", "b")), ("Round", "11", ("p1", "p2")), ("Leave", "12", ("p1",)), ("Clean", "12", ("b",)),
    ("Leave", "13", ("p2",)),
)  # fmt: skip


def test_an_event_of_two_patients_is_an_event_of_each(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(ocel(*MORNING), encoding="utf-8")
    read = read_log(path, Mapping(object_type="patient"))
    assert [(r["case_id"], r["activity"]) for r in read.log.table.to_pylist()] == [
        ("p1", "Admit"), ("p1", "Round"), ("p1", "Leave"), ("p2", "Round"), ("p2", "Leave"),
    ]  # fmt: skip
    assert read.rejected.counts() == [("The row names no case.", 1)]


def test_the_object_type_that_most_events_name_once_is_the_case_and_is_said(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(ocel(*MORNING), encoding="utf-8")
    read = read_log(path)
    assert "A case is an object of type “patient”." in read.statements
    with pytest.raises(LogError, match=r"There are no objects of type “ward”. The types are: bed, patient"):
        read_log(path, Mapping(object_type="ward"))


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[1]",
        '{"events": 3, "objects": []}',
        '{"events": []}',
        '{"events": [], "objects": []}',
        '{"events": [{}], "objects": [{}]}',
    ],
)
def test_what_is_no_ocel_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "log.jsonocel"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LogError):
        read_log(path)


def test_a_document_type_far_into_a_xes_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    hidden = "<!--" + " " * 70_000 + "--><!DOCTYPE log [<!ENTITY x 'y'>]>"
    path.write_text(XES.replace("<log ", hidden + "<log ", 1))
    with pytest.raises(LogError, match="document type"):
        read_log(path)


def test_an_attribute_named_like_a_column_of_ours_does_not_take_its_place(tmp_path: Path) -> None:
    event = {
        "id": "e1", "type": "X-ray", "time": "2026-01-05T09:00:00Z", "relationships": [{"objectId": "p1", "qualifier": "of"}],
        "attributes": [{"name": "activity", "value": "other"}, {"name": "note", "value": None}],
    }  # fmt: skip
    path = tmp_path / "log.jsonocel"
    path.write_text(
        json.dumps({
            "objectTypes": [{"name": "patient", "attributes": []}], "eventTypes": [{"name": "X-ray", "attributes": []}],
            "objects": [{"id": "p1", "type": "patient"}], "events": [event],
        })
    )  # fmt: skip
    read = read_log(path)
    assert read.log.table["activity"].to_pylist() == ["X-ray"]
    assert read.log.table["case_id"].to_pylist() == ["p1"]
