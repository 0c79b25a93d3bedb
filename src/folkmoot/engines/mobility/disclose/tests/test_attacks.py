"""Every way of getting at a few people through published numbers that we know of, and that it does not work here.

Each attack is first shown to work on a table that has only been thresholded, so that the test fails with its guard removed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import mypy.api
import numpy as np
import pyarrow as pa
import pytest

import folkmoot
from folkmoot.engines.mobility.disclose import (
    Judged,
    Policy,
    Published,
    RawCounts,
    Releasable,
    audit,
    count,
    expand,
    protect,
    release,
    separating,
    tabling,
    threshold,
)
from folkmoot.engines.mobility.disclose.tests.attacks import (
    PLAIN,
    SECRET,
    ZONES,
    blanks,
    raw,
    released,
    seen,
    unprotected,
    values,
)
from folkmoot.engines.mobility.errors import MobilityError

ROW = [("A", "B", 40), ("A", "C", 30), ("A", "D", 3)]
BY_ORIGIN = (("origin",),)
BOTH = {"origin": ZONES, "destination": ZONES}


def test_one_device_does_not_pass_ten_by_standing_for_many_people() -> None:
    made = released([("A", "B", 1, 1, 5.13), ("A", "C", 9, 1, 20.0), ("A", "D", 10, 1, 2.0)])
    assert set(values(made)) == {("A", "D")}
    assert blanks(made)[("A", "B")] == "fewer_than_k"


def test_the_threshold_cannot_be_asked_of_anything_but_raw_counts() -> None:
    judged = threshold(raw(ROW), PLAIN)
    with pytest.raises(TypeError, match="distinct raw devices"):
        threshold(judged, PLAIN)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="threshold comes first"):
        expand(judged)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="follows the threshold"):
        protect(raw(ROW), lambda _: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="begins with distinct raw devices"):
        release(judged, policy=PLAIN, name="n", domain={})  # type: ignore[arg-type]


def test_the_type_checker_refuses_a_threshold_after_expansion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "wrong.py"
    source.write_text(
        "from folkmoot.engines.mobility.disclose.policy import Policy\n"
        "from folkmoot.engines.mobility.disclose.releasing import Expanded\n"
        "from folkmoot.engines.mobility.disclose.thresholding import threshold\n"
        "def late(expanded: Expanded, policy: Policy) -> None:\n    threshold(expanded, policy)\n"
    )
    monkeypatch.setenv("MYPYPATH", str(Path(folkmoot.__path__[0]).parent))
    options = [
        "--strict",
        "--follow-imports=silent",
        "--ignore-missing-imports",
        "--cache-dir",
        str(tmp_path / "cache"),
    ]
    said, _, status = mypy.api.run([str(source), *options])
    assert status == 1
    assert 'Argument 1 to "threshold" has incompatible type "Expanded"' in said


def test_nobody_can_declare_a_table_safe() -> None:
    made = released(ROW)
    with pytest.raises(TypeError, match=r"Only disclose\.release"):
        Releasable(made.published, made.table, made.suppressed, made.manifest)
    other = made.table.append_column("x", pa.array([0.0] * len(made.table)))
    for change in ({"table": other}, {"suppressed": other}, {"seal": None}, {"seal": object()}):
        with pytest.raises(TypeError, match=r"Only disclose\.release"):
            replace(made, **change)  # type: ignore[arg-type]


def test_a_total_minus_its_parts_does_not_give_the_blank() -> None:
    attacked = unprotected(ROW, totals=BY_ORIGIN)
    shown = values(attacked)
    assert shown[("A", None)] - shown[("A", "B")] - shown[("A", "C")] == 3
    found = audit(attacked)
    assert not found.safe
    made = released(ROW, totals=BY_ORIGIN)
    assert audit(made.published).safe
    assert blanks(made)[("A", "C")] == "protects_another"
    assert ("A", "D") not in values(made)


def test_two_blanks_that_together_are_a_few_people_are_not_shown_by_their_total() -> None:
    rows = [("A", "B", 40), ("A", "C", 30), ("A", "D", 3), ("A", "A", 4)]
    attacked = unprotected(rows, totals=BY_ORIGIN)
    assert not audit(attacked).safe
    assert audit(attacked).given_away[0].most < 10
    assert audit(released(rows, totals=BY_ORIGIN).published).safe


def test_a_blank_found_through_row_and_column_together_is_found_by_the_audit() -> None:
    # One blank in each of two rows and two columns is hidden in every line by itself when lines have two blanks each,
    # but a third blank alone in its line leads on to the next.
    rows = [
        ("A", "A", 3),
        ("A", "B", 20),
        ("B", "A", 25),
        ("B", "B", 30),
        ("C", "C", 50),
        ("A", "C", 60),
        ("C", "A", 70),
    ]
    totals = (("origin",), ("destination",))
    attacked = unprotected(rows, totals=totals, zones=("A", "B", "C"))
    found = audit(attacked)
    assert {one.what for one in found.given_away} == {"cell", "remainder"}
    made = released(rows, totals=totals, zones=("A", "B", "C"))
    assert audit(made.published).safe
    assert sum(reason == "protects_another" for reason in blanks(made).values()) >= 2
    assert ("A", "A") not in values(made)


WEEK = tuple(f"2026-03-0{day}" for day in range(2, 7))


def test_a_release_leaves_no_few_people_when_an_earlier_one_is_taken_from_it() -> None:
    earlier = released([("A", "B", 45)], name="Monday to Thursday", dates=WEEK[:4]).published
    whole = unprotected([("A", "B", 50)], name="the week", dates=WEEK)
    assert audit(whole).safe, "by itself there is nothing wrong with it"
    assert not audit(whole, [earlier]).safe
    made = released([("A", "B", 50)], name="the week", dates=WEEK, earlier=[earlier])
    assert blanks(made)[("A", "B")] == "protects_another"
    many = released([("A", "B", 70)], name="the week", dates=WEEK, earlier=[earlier])
    assert values(many) == {("A", "B"): 70}, "25 devices on Friday are no few people"


def test_what_no_blank_can_mend_is_refused_without_a_number() -> None:
    monday_to_thursday = released([("A", "B", 45)], name="Monday to Thursday", dates=WEEK[:4]).published
    week = unprotected([("A", "B", 50)], name="the week", dates=WEEK)
    with pytest.raises(MobilityError, match="cannot be released beside the earlier releases") as refused:
        released([("A", "B", 60)], name="again", dates=WEEK, earlier=[monday_to_thursday, week])
    assert "50" not in str(refused.value)
    assert "45" not in str(refused.value)


def test_windows_that_overlap_give_nothing_away() -> None:
    days = [f"2026-03-{day:02d}" for day in range(1, 8)]
    first = released([("A", "B", 60)], name="1 to 5", dates=days[:5]).published
    second = released([("A", "B", 60)], name="3 to 7", dates=days[2:]).published
    middle = released([("A", "B", 57)], name="3 to 5", dates=days[2:5]).published
    found = audit(second, [first, middle])
    assert not found.safe, "60 − 57 leaves 3 on days 1 and 2, and 3 on days 6 and 7"
    assert {one.release for one in found.given_away} == {"1 to 5", "3 to 7"}
    assert audit(second, [first]).safe


def test_zone_sets_that_differ_by_a_small_zone_give_nothing_away() -> None:
    halves = {"west": ("w1", "w2"), "east": ("e1",)}
    trimmed = {"west": ("w1",), "east": ("e1",)}
    first = released([("west", "east", 50)], name="wide", zones=("west", "east"), units=halves).published
    second = unprotected([("west", "east", 46)], name="narrow", zones=("west", "east"), units=trimmed)
    assert not audit(second, [first]).safe
    made = released([("west", "east", 46)], name="narrow", zones=("west", "east"), units=trimmed, earlier=[first])
    assert values(made) == {}
    assert audit(made.published, [first]).safe


def test_a_small_category_is_not_shown_by_the_shares_of_the_others() -> None:
    keys, domain = ("origin", "mode"), {"mode": ("road", "rail", "cycle")}
    rows = [("A", "road", 150), ("A", "rail", 48), ("A", "cycle", 2)]
    everybody = released(
        [("A", "B", 200)], keys=("origin", "destination"), name="all modes", totals=BY_ORIGIN
    ).published
    by_mode = unprotected(rows, keys=keys, domain=domain, name="by mode")
    assert audit(by_mode).safe
    assert not audit(by_mode, [everybody]).safe, "200 − 150 − 48"
    made = released(rows, keys=keys, domain=domain, totals=BY_ORIGIN, name="by mode")
    assert "rail" not in {mode for _, mode in values(made)}


def test_one_person_does_not_fill_a_cell() -> None:
    many = pa.concat_tables([seen([("A", "B", 1, 500)]), seen([("A", "B", 9)], start=1)])
    table = count(many, ["origin", "destination"]).table
    assert table["devices"].to_pylist() == [10]
    made = release(count(many, ["origin", "destination"]), policy=PLAIN, name="n", domain=BOTH)
    assert blanks(made)[("A", "B")] == "dominated"


def test_rows_of_the_same_device_are_one_device() -> None:
    again = pa.table({"origin": ["A"] * 30, "destination": ["B"] * 30, "user_id": ["x"] * 30, "trips": [1] * 30})
    assert count(again, ["origin", "destination"]).table["devices"].to_pylist() == [1]


def test_a_rounded_number_does_not_tell_of_fewer_than_k() -> None:
    rows = [("A", "B", 40), ("A", "C", 34), ("A", "D", 9)]
    policy = Policy(k=10, round_base=5, secret=SECRET)
    for made in (released(rows, policy=policy), released(rows, policy=policy, totals=BY_ORIGIN)):
        assert all(value % 5 == 0 and value >= 10 for value in values(made).values())
        assert audit(made.published).safe


def test_asking_again_averages_nothing_out() -> None:
    policy = Policy(k=10, round_base=5, secret=SECRET)
    answers = {tuple(values(released([("A", "B", 42)], policy=policy, name=f"run {i}")).items()) for i in range(20)}
    assert len(answers) == 1
    # Nor under another name: the total of a single part has the same people, so the same rounding.
    made = values(released([("A", "B", 42)], policy=policy, totals=BY_ORIGIN))
    assert made[("A", "B")] == made[("A", None)]
    # With other people in the cell it is another draw, and in the mean right.
    drawn = [
        next(
            iter(
                values(
                    release(
                        count(seen([("A", "B", 42)], start=1000 * i), ["origin", "destination"]),
                        policy=policy,
                        name="n",
                        domain=BOTH,
                    )
                ).values()
            )
        )
        for i in range(200)
    ]
    assert set(drawn) == {40.0, 45.0}
    assert abs(np.mean(drawn) - 42) < 0.6


def test_a_blank_value_is_in_no_file_repr_or_error(tmp_path: Path) -> None:
    rows = [("A", "B", 40), ("A", "C", 7, 1, 111.125), ("B", "C", 8, 1, 222.25)]
    made = released(rows, totals=BY_ORIGIN)
    folder = tmp_path / "out"
    made.write(folder)
    told = (
        "".join(path.read_text() for path in sorted(folder.iterdir()))
        + repr(made)
        + repr(raw(rows))
        + str(made.manifest)
    )
    for secret in ("777.875", "1778", "111.125", "222.25", "7.0", "8.0"):
        assert secret not in told
    assert SECRET.decode() not in told
    with pytest.raises(MobilityError, match="weight"):
        raw([("A", "B", 7, 1, -111.125)])


def test_an_empty_cell_looks_like_a_small_one() -> None:
    small, empty = released([("A", "B", 40), ("A", "C", 3)]), released([("A", "B", 40)])
    assert small.suppressed.equals(empty.suppressed)
    assert small.table.equals(empty.table)
    assert json.dumps(dict(small.manifest)) == json.dumps(dict(empty.manifest))


def test_two_releases_that_contradict_one_another_are_loosened_and_it_is_said() -> None:
    before = released([("A", "B", 60)], name="as first counted", dates=["2026-03-02"]).published
    late = released([("A", "B", 90)], name="with late events", dates=["2026-03-02"]).published
    found = audit(late, [before])
    assert found.contradiction > 0
    assert found.safe


def visitors(rows: list[tuple[Any, ...]], keys: tuple[str, ...], name: str) -> Published:
    counted = count(seen(rows, keys), keys, additive=False)
    domain = {"zone": ["A"], "hour": ["9", "10", "11"]}
    made = release(counted, policy=PLAIN, name=name, measure="visitors", domain={key: domain[key] for key in keys})
    return made.published


def test_distinct_visitors_are_not_added_up() -> None:
    hours = visitors([("A", "9", 30), ("A", "10", 40), ("A", "11", 4)], ("zone", "hour"), "by hour")
    busy, quiet = (visitors([("A", many)], ("zone",), "the day") for many in (72, 50))
    assert not audit(busy, [hours]).safe, "72, of whom at most 70 came at 9 and 10: two at least at 11"
    assert audit(quiet, [hours]).safe


def test_judged_counts_show_no_numbers() -> None:
    judged = threshold(raw([("A", "B", 7777)]), PLAIN)
    assert isinstance(judged, Judged)
    assert isinstance(judged.raw, RawCounts)
    assert "7777" not in repr(judged)


def test_large_releases_are_looked_at_origin_by_origin_and_found_out_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ("origin", "destination", "hour")
    hours = {"hour": tuple(str(hour) for hour in range(24))}
    rows = [("A", "B", "8", 40), ("A", "B", "9", 3), ("C", "D", "8", 50)]
    by_hour = released(rows, keys=keys, domain=hours, name="by hour").published
    by_day = unprotected([("A", "B", 43), ("C", "D", 50)], name="by day")
    whole = audit(by_day, [by_hour])
    monkeypatch.setattr(separating, "SMALL", 10)
    sliced = audit(by_day, [by_hour])
    assert not whole.safe
    one, other = (
        [(each.key, each.what, round(each.least, 3), round(each.most, 3)) for each in found.given_away]
        for found in (whole, sliced)
    )
    assert one == other
    assert sliced.programs > whole.programs


def test_numbers_of_other_measures_or_other_days_say_nothing_of_each_other() -> None:
    one = released([("A", "B", 45)], name="one", dates=["2026-03-02"]).published
    other_day = released([("A", "B", 50)], name="two", dates=["2026-03-03"]).published
    assert audit(other_day, [one]).programs == 0
    vehicles = released([("A", "B", 50)], name="two", dates=["2026-03-02"], measure="vehicles").published
    assert audit(vehicles, [one]).programs == 0


def test_a_visitor_is_one_visitor_however_often_it_came() -> None:
    often = pa.table(
        {"zone": ["A"] * 4, "hour": ["9", "9", "10", "10"], "user_id": ["u", "v", "u", "w"], "trips": [3, 1, 2, 1]}
    )
    found = count(often, ["zone", "hour"], totals=[("zone",)], additive=False).table.to_pylist()
    assert {(row["zone"], row["hour"]): (row["devices"], row["trips"], row["expanded"]) for row in found} == {
        ("A", "9"): (2, 2, 2.0),
        ("A", "10"): (2, 2, 2.0),
        ("A", None): (3, 3, 3.0),
    }


def test_a_release_blanks_more_where_an_earlier_one_would_show_a_few_people() -> None:
    keys, hours = ("origin", "destination", "hour"), {"hour": tuple(str(hour) for hour in range(24))}
    by_day = released([("A", "B", 64), ("C", "D", 50)], name="by day").published
    rows = [("A", "B", "8", 40), ("A", "B", "9", 21), ("A", "B", "17", 3), ("C", "D", "8", 50)]
    assert not audit(unprotected(rows, keys=keys, domain=hours, name="by hour"), [by_day]).safe
    made = released(rows, keys=keys, domain=hours, name="by hour", earlier=[by_day])
    assert audit(made.published, [by_day]).safe
    assert set(values(made)) == {("A", "B", "8"), ("C", "D", "8")}
    assert blanks(made)[("A", "B", "9")] == "protects_another"


def test_a_blank_hour_that_an_earlier_day_would_show_is_hidden_behind_another() -> None:
    keys, hours = ("origin", "destination", "hour"), {"hour": ("8", "9", "17")}
    by_day = released([("A", "B", 79), ("C", "D", 50)], name="by day").published
    # Two blanks of at most 9 each with 15 between them: somebody must be in both.
    rows = [("A", "B", "8", 64), ("A", "B", "9", 8), ("A", "B", "17", 7), ("C", "D", "8", 50)]
    shown = audit(unprotected(rows, keys=keys, domain=hours, name="by hour"), [by_day])
    assert {one.what for one in shown.given_away} == {"cell"}
    made = released(rows, keys=keys, domain=hours, name="by hour", earlier=[by_day])
    assert audit(made.published, [by_day]).safe
    assert set(values(made)) == {("C", "D", "8")}


def test_every_blank_is_counted_also_where_a_large_table_does_not_list_it(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = released(ROW, totals=BY_ORIGIN)
    monkeypatch.setattr(tabling, "LISTED", 3)
    unlisted = released(ROW, totals=BY_ORIGIN)
    assert len(unlisted.suppressed) < len(listed.suppressed)
    assert unlisted.manifest["blanks"] == listed.manifest["blanks"]
    assert listed.manifest["cells"] + sum(listed.manifest["blanks"].values()) == 16 + 4
