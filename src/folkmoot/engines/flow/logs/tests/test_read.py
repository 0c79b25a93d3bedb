"""Reading a log: nothing guessed away, nothing lost, and a sentence for everything that is no log."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.engines.flow.logs import LogError, Mapping, read_log
from folkmoot.engines.flow.logs.tests.reading import HEAD, log_of, reasons_of, times_of

ROW = "1,a,2020-01-01 10:00,g\n"


def test_identifiers_stay_text_and_only_empty_is_missing(tmp_path: Path) -> None:
    read = log_of(
        tmp_path, HEAD + "00000000,1,2020-01-01 10:00,NA\nNaN,null,2020-01-01 10:00,\n1e5,TRUE,2020-01-01 10:00,-\n"
    )
    rows = sorted(read.log.table.to_pylist(), key=lambda row: row["row"])
    assert [(r["case_id"], r["activity"], r["resource"]) for r in rows] == [
        ("00000000", "1", "NA"), ("NaN", "null", None), ("1e5", "TRUE", "-"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + ROW).encode("utf-8-sig"),
        (HEAD + ROW).replace("\n", "\r\n").encode(),
        (HEAD + ROW).encode("utf-16"),
        (HEAD + ROW).replace(",", ";").encode(),
        (HEAD + ROW).replace(",", "\t").encode(),
        (HEAD + ROW).replace(",", "|").encode(),
        ("\n" + HEAD + "\n" + ROW + "\n").encode(),
        gzip.compress((HEAD + ROW).encode(), mtime=0),
    ],
    ids=["BOM", "CRLF", "UTF-16", "semicolon", "tab", "bar", "blank lines", "gzip"],
)
def test_a_log_is_the_same_in_any_wrapping(tmp_path: Path, data: bytes) -> None:
    assert log_of(tmp_path, data).log.table.to_pylist() == log_of(tmp_path, HEAD + ROW).log.table.to_pylist()


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    read = log_of(tmp_path, (HEAD + "1,Réadmission – été,2020-01-01 10:00,g\n").encode("cp1252"))
    assert read.log.table["activity"].to_pylist() == ["Réadmission – été"]
    assert any("not UTF-8 (line 2" in said for said in read.statements)


def test_separators_and_line_ends_within_quotation_marks_are_text(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + '1,"X-ray, chest\n""urgent""",2020-01-01 10:00,g\n' + ROW)
    assert read.log.table["activity"].to_pylist() == ['X-ray, chest\n"urgent"', "a"]
    assert read.log.table["row"].to_pylist() == [1, 2]


def test_a_quoted_header_may_hold_other_separators(tmp_path: Path) -> None:
    assert len(log_of(tmp_path, 'case;activity;time;"a,b,c,d,e"\n1;a;2020-12-29 10:00;x\n').log) == 1


def test_ragged_rows_are_set_aside_under_their_own_numbers(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + ROW + "2,b\n3,c,2020-01-01 10:00,g,x,y\n4,d,2020-01-01 11:00,g\n")
    assert reasons_of(read) == {
        2: "The row has 2 fields where the header has 4.",
        3: "The row has 6 fields where the header has 4.",
    }
    assert read.log.table["row"].to_pylist() == [1, 4]
    assert "3,c,2020-01-01 10:00,g,x,y" in read.rejected.table["fields"][1].as_py()


def test_a_quotation_mark_never_closed_says_how_many_lines_it_swallowed(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + ROW + '2,"b,2020-01-01 10:00,g\n' + ROW * 5)
    assert reasons_of(read)[2] == "A quotation mark in the row is never closed; it swallowed 5 lines."
    assert any("odd number of quotation marks" in said for said in read.statements)


def test_a_field_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + f"1,{'x' * 10_000_000},2020-01-01 10:00,g\n" + ROW)
    assert max(len(text) for text in read.log.table["activity"].to_pylist()) == 10_000_000


def test_a_row_with_a_zero_byte_is_set_aside(tmp_path: Path) -> None:
    read = log_of(
        tmp_path, HEAD + "1,a\x00b,2020-01-01 10:00,g\n" + "".join(f"{i},c,2020-01-01 10:00,g\n" for i in range(9))
    )
    assert reasons_of(read) == {1: "The row holds a zero byte, which no text has."}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (HEAD.encode(), "The file has a header and no rows. Its columns are: case, activity, time, group."),
        (b"\x00\x01" * 500, "The file is full of zero bytes"),
        (b"a,b\n1,2\n", "No column looks like the case. The columns are: a, b. Say which with --case."),
        (b"\x1f\x8b\x08\x00broken", "cannot be unpacked"),
        (gzip.compress((HEAD + ROW).encode(), mtime=0)[:-9], "cannot be unpacked"),
        (b"\xff\xfe\x00", "begins like UTF-16 but is not"),
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(LogError, match=sentence.replace("(", r"\(").replace(".", r"\.")):
        log_of(tmp_path, data)


def test_a_wrong_column_is_refused_with_the_nearest_and_all_there_are(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"Did you mean “activity”\? The columns are: case, activity, time, group"):
        log_of(tmp_path, HEAD + ROW, Mapping(activity="activty"))


def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="“Europe/Nowhere” is not a time zone"):
        log_of(tmp_path, HEAD + ROW, zone="Europe/Nowhere")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="There is no file"):
        read_log(tmp_path / "none.csv")


def test_a_zip_bomb_is_not_unfolded(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 80_000_000, mtime=0)
    with pytest.raises(LogError, match="unfolds to more than"):
        log_of(tmp_path, bomb)
    with pytest.raises(LogError, match="unfolds to more than"):
        log_of(tmp_path, HEAD + ROW * 100, largest=1000)


def test_a_row_identical_in_every_column_is_set_aside_once(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + ROW + ROW + "1,a,2020-01-01 10:00,h\n")
    assert reasons_of(read) == {2: "The row repeats an earlier row in every column."}


def test_cells_cannot_conspire_to_look_like_a_repeat(tmp_path: Path) -> None:
    read = log_of(tmp_path, "case,activity,time,x,y\n1,a,2020-01-01 10:00,b\x1fc,d\n1,a,2020-01-01 10:00,b,c\x1fd\n")
    assert len(read.log) == 2


def test_repeats_in_a_log_of_dates_are_kept_and_counted(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + "1,blood test,2020-01-01,lab\n" * 3)
    assert len(read.log) == 3
    assert any(
        said.startswith("2 rows repeat an earlier row in every column. They were kept") for said in read.statements
    )


def test_starts_are_joined_to_completions_of_the_same_instance(tmp_path: Path) -> None:
    head = "case,activity,time,registration_type,handling_id\n"
    rows = [
        "1,x,2020-01-01 10:00,start,7", "1,x,2020-01-01 10:05,start,8",
        "1,x,2020-01-01 10:20,complete,8", "1,x,2020-01-01 10:40,complete,7",
    ]  # fmt: skip
    read = log_of(tmp_path, head + "\n".join(rows) + "\n")
    found = [(r["started_at"].minute, r["completed_at"].minute) for r in read.log.table.to_pylist()]
    assert found == [(5, 20), (0, 40)]
    assert (read.rows, read.paired, len(read.log)) == (4, 2, 2)


def test_starts_without_instances_pair_in_the_order_they_came(tmp_path: Path) -> None:
    head = "case,activity,time,lifecycle\n"
    rows = [
        "1,x,2020-01-01 10:00,start",
        "1,x,2020-01-01 10:05,start",
        "1,x,2020-01-01 10:20,complete",
        "1,x,2020-01-01 10:40,complete",
    ]
    read = log_of(tmp_path, head + "\n".join(rows) + "\n")
    assert [r["started_at"].minute for r in read.log.table.to_pylist()] == [0, 5]


def test_impossible_intervals_are_set_aside_each_with_its_reason(tmp_path: Path) -> None:
    head = "case,activity,time,lifecycle,instance\n"
    rows = [
        "1,a,2020-12-29 10:00,start,1", "1,a,2020-12-29 09:00,complete,1", "1,b,2020-12-29 10:00,start,2",
        "1,c,2020-12-29 10:00,schedule,3", "1,d,2020-12-29 10:00,complete,4",
    ]  # fmt: skip
    read = log_of(tmp_path, head + "\n".join(rows) + "\n")
    assert reasons_of(read) == {
        1: "The event ends before it starts.",
        2: "The event ends before it starts.",
        3: "The event was started but never completed.",
        4: "The lifecycle step is neither start nor complete.",
    }
    assert read.log.table["started_at"].null_count == 1


def test_an_end_before_its_start_in_one_row_is_set_aside(tmp_path: Path) -> None:
    head = "case,activity,start_time,end_time\n"
    read = log_of(
        tmp_path,
        head + "1,a,2020-01-01 10:00,2020-01-01 09:00\n1,b,,2020-01-01 09:00\n1,c,2020-01-01 08:00,2020-01-01 09:00\n",
    )
    assert reasons_of(read) == {1: "The event ends before it starts."}
    assert read.log.has_starts


def test_a_lifecycle_column_of_something_else_is_left_alone(tmp_path: Path) -> None:
    read = log_of(tmp_path, "case,activity,time,lifecycle\n1,a,2020-12-29 10:00,MILD\n1,b,2020-12-29 11:00,GRAVE\n")
    assert len(read.log) == 2
    assert any("never says start or complete" in said for said in read.statements)


def test_a_log_whose_rows_are_all_bad_is_read_as_no_event(tmp_path: Path) -> None:
    read = log_of(tmp_path, HEAD + ",a,2020-01-01 10:00,g\n1,,2020-01-01 10:00,g\n1,a,,g\n")
    assert len(read.log) == 0
    assert len(read.rejected) == 3


def test_columns_to_keep_stay_as_text(tmp_path: Path) -> None:
    read = log_of(tmp_path, "case,activity,time,Age,Ward\n1,a,2020-01-01 10:00,085,B 2\n", Mapping(keep="Age, Ward"))
    assert read.log.table["Age"].to_pylist() == ["085"]
    assert read.log.table["Ward"].to_pylist() == ["B 2"]


def test_a_time_column_of_unknown_name_is_found_by_its_contents(tmp_path: Path) -> None:
    read = log_of(tmp_path, "patient,step,moment of truth\n1,a,2020-12-29 10:00\n")
    assert read.mapping.timestamp == "moment of truth"
    assert "“moment of truth” is the only column that holds times." in read.statements


def test_a_mapping_comes_from_toml_and_what_it_may_not_say_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('case = "x"\nactivity = "y"\ntimestamp = "z"\nsep = ";"\ndayfirst = false\n', encoding="utf-8")
    read = log_of(tmp_path, "y;x;z\na;1;03/04/2026 10:00\n", Mapping.from_toml(path))
    assert read.log.table["completed_at"].to_pylist()[0].month == 3
    for text, sentence in (('cas = "x"', "has “cas”"), ("case = 3", "must be text"), ("case", "is not TOML")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LogError, match=sentence):
            Mapping.from_toml(path)


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r\n"), max_size=6)
TIME = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat(sep=" ")), st.just(""), st.just("never"), CELL
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(CELL, CELL, TIME, st.sampled_from(["start", "complete", "", "other"])), min_size=1, max_size=12
    ),
    ragged=st.lists(st.integers(0, 11), max_size=2),
)
def test_whatever_a_table_holds_every_row_is_an_event_or_a_start_or_set_aside(
    tmp_path: Path, rows: list[tuple[str, ...]], ragged: list[int]
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [",".join(map(quoted, row)) + ',"extra"' * (k in ragged) for k, row in enumerate(rows)]
    read = log_of(tmp_path, "case,activity,time,lifecycle\n" + "\n".join(lines) + "\n", Mapping(sep=","))
    kept = read.log.table["row"].to_pylist()
    aside = read.rejected.table["row"].to_pylist()
    assert read.rows == len(rows)
    assert not set(kept) & set(aside)
    assert len(kept) + len(aside) + read.paired == len(rows)
    for row in read.log.table.to_pylist():
        assert row["case_id"] == rows[row["row"] - 1][0]
        assert row["activity"] == rows[row["row"] - 1][1].strip()
    for number, fields in zip(aside, read.rejected.table["fields"].to_pylist()):
        cells = Counter(json.loads(fields).values())
        if number - 1 not in ragged:
            assert cells == Counter(cell for cell in rows[number - 1] if cell)


def test_a_column_called_complete_holds_the_time(tmp_path: Path) -> None:
    read = log_of(tmp_path, "case,activity,start,complete\n1,X-ray,2026-01-05 09:00,2026-01-05 09:20\n")
    assert times_of(read) == ["2026-01-05T09:20:00Z"]
    assert read.log.table["started_at"].to_pylist()[0] is not None


def test_an_event_that_is_completed_twice_is_kept_once(tmp_path: Path) -> None:
    text = (
        "case,activity,time,lifecycle:transition,concept:instance\n"
        "1,X-ray,2026-01-05 09:00,start,a\n"
        "1,X-ray,2026-01-05 09:10,complete,a\n"
        "1,X-ray,2026-01-05 09:30,complete,a\n"
    )
    read = log_of(tmp_path, text)
    assert times_of(read) == ["2026-01-05T09:10:00Z"]
    assert reasons_of(read) == {3: "The event is completed twice."}


def test_an_end_in_the_hour_that_occurs_twice_comes_after_its_own_start(tmp_path: Path) -> None:
    text = "case,activity,start,complete\n1,Scan,2025-10-26T00:50:00Z,2025-10-26 01:30\n"
    assert times_of(log_of(tmp_path, text)) == ["2025-10-26T01:30:00Z"]


def test_a_header_that_names_a_column_twice_is_said(tmp_path: Path) -> None:
    read = log_of(tmp_path, "case,activity,time,note,note\n1,Scan,2026-01-05 09:30,a,b\n")
    assert any("names “note” more than once" in said for said in read.statements)


def test_bytes_that_mean_nothing_in_windows_latin_are_kept(tmp_path: Path) -> None:
    read = log_of(tmp_path, b"case,activity,time\n1,R\xf6ntgen\x81,2026-01-05 09:30\n")
    assert read.log.table["activity"].to_pylist() == ["Röntgen\x81"]
