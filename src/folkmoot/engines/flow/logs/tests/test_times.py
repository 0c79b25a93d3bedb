"""Moments: each format, summer time in both directions, dates without hours, and what cannot be a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.engines.flow.logs import Mapping
from folkmoot.engines.flow.logs.tests.reading import HEAD, log_of, reasons_of, times_of


def column(folder: Path, *texts: str, mapping: Mapping | None = None, zone: str = "Europe/London"):
    rows = "".join(f'{number},a,"{text}",g\n' for number, text in enumerate(texts))
    return log_of(folder, HEAD + rows, mapping, zone=zone)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2014/02/09 19:29:29.000", "2014-02-09T19:29:29Z"),
        ("2014-07-09T19:29:29", "2014-07-09T18:29:29Z"),
        ("2014-07-09T19:29:29Z", "2014-07-09T19:29:29Z"),
        ("2014-07-09 19:29:29 +0200", "2014-07-09T17:29:29Z"),
        ("2014-07-09T19:29:29.1234567+05:30", "2014-07-09T13:59:29.123456Z"),
        ("2014-7-9 9:05", "2014-07-09T08:05:00Z"),
        ("29/12/2020 09:15", "2020-12-29T09:15:00Z"),
        ("12/29/2020 9:15 PM", "2020-12-29T21:15:00Z"),
        ("12/29/2020 12:15 am", "2020-12-29T00:15:00Z"),
        ("29-Dec-2020 09:15:30", "2020-12-29T09:15:30Z"),
        ("29 December 2020 09:15", "2020-12-29T09:15:00Z"),
        ("20201229091500", "2020-12-29T09:15:00Z"),
        ("20200729091500", "2020-07-29T08:15:00Z"),
        ("1609233300", "2020-12-29T09:15:00Z"),
        ("1609233300.5", "2020-12-29T09:15:00.500000Z"),
        ("1609233300000", "2020-12-29T09:15:00Z"),
    ],
)
def test_a_time_is_read_in_the_format_of_its_column(tmp_path: Path, text: str, utc: str) -> None:
    assert times_of(column(tmp_path, text)) == [utc]


@pytest.mark.parametrize("text", ["soon", "2020-02-30 10:00", "2020-01-01 25:00", "32/01/2020 10:00", "-", "1e400"])
def test_a_time_that_cannot_be_is_set_aside_with_its_reason(tmp_path: Path, text: str) -> None:
    read = column(tmp_path, "2020-01-01 10:00", "2020-01-01 11:00", text)
    assert reasons_of(read) == {3: "The time cannot be read."}
    assert len(read.log) == 2


def test_an_hour_that_the_clocks_skipped_is_set_aside(tmp_path: Path) -> None:
    read = column(tmp_path, "2026-03-29 00:59", "2026-03-29 01:30", "2026-03-29 02:00")
    assert reasons_of(read) == {2: "The local time does not exist: the clocks went forward over it."}
    assert times_of(read) == ["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z"]


def test_the_skipped_hour_is_another_in_another_zone(tmp_path: Path) -> None:
    read = column(tmp_path, "2026-03-29 01:30", "2026-03-29 02:30", zone="Europe/Amsterdam")
    assert list(reasons_of(read)) == [2]


def test_an_hour_that_occurs_twice_is_settled_by_the_order_of_its_case(tmp_path: Path) -> None:
    rows = "1,a,2026-10-25 01:50,g\n1,b,2026-10-25 01:20,g\n2,a,2026-10-25 01:20,g\n"
    read = log_of(tmp_path, HEAD + rows)
    assert times_of(read) == ["2026-10-25T00:50:00Z", "2026-10-25T01:20:00Z", "2026-10-25T00:20:00Z"]
    assert any("3 local times occur twice" in said and "2 were read as the first" in said for said in read.statements)


def test_a_file_out_of_order_does_not_push_an_ambiguous_hour_back(tmp_path: Path) -> None:
    rows = "1,b,2026-10-27 09:00,g\n1,a,2026-10-25 01:20,g\n"
    assert times_of(log_of(tmp_path, HEAD + rows))[1] == "2026-10-25T00:20:00Z"


def test_the_leap_day_is_a_day_in_leap_years_only(tmp_path: Path) -> None:
    read = column(tmp_path, "2024-02-29 10:00", "2023-02-29 10:00")
    assert list(reasons_of(read)) == [2]


def test_day_and_month_are_told_apart_by_a_number_above_twelve(tmp_path: Path) -> None:
    read = column(tmp_path, "03/04/2026 10:00", "03/29/2026 10:00")
    assert times_of(read)[0] == "2026-03-04T10:00:00Z"
    assert "“time” was read with the month first." in read.statements


def test_an_ambiguous_day_and_month_is_said_and_can_be_forced(tmp_path: Path) -> None:
    read = column(tmp_path, "03/04/2026 10:00")
    assert times_of(read) == ["2026-04-03T09:00:00Z"]
    assert any("Nothing in “time” tells day from month" in said for said in read.statements)
    assert times_of(column(tmp_path, "03/04/2026 10:00", mapping=Mapping(dayfirst=False))) == ["2026-03-04T10:00:00Z"]


def test_dates_alone_stay_the_dates_they_are(tmp_path: Path) -> None:
    read = column(tmp_path, "2014-02-09", "2014-07-09")
    assert read.log.day_resolution
    assert times_of(read) == ["2014-02-09T00:00:00Z", "2014-07-09T00:00:00Z"]


def test_clocks_that_all_read_midnight_are_dates(tmp_path: Path) -> None:
    read = column(tmp_path, "2014-02-09 00:00:00", "2014-07-09 00:00:00")
    assert read.log.day_resolution
    assert times_of(read)[1] == "2014-07-09T00:00:00Z"


@pytest.mark.parametrize("summer_hour", [22, 1, 0])
def test_seconds_that_are_midnights_of_a_european_zone_are_dates(tmp_path: Path, summer_hour: int) -> None:
    winter = 1104710400  # 3 January 2005 00:00 UTC
    summer = 1120348800 - (24 - summer_hour) * 3600 if summer_hour == 22 else 1120348800 + summer_hour * 3600
    read = column(tmp_path, str(winter), str(winter + 86400), str(summer))
    assert read.log.day_resolution
    assert times_of(read)[2] == "2005-07-03T00:00:00Z"


def test_a_date_without_hour_among_times_is_read_as_midnight_and_said(tmp_path: Path) -> None:
    read = column(tmp_path, "2020-12-29", "2020-12-29 10:00")
    assert not read.log.day_resolution
    assert "1 of the times in “time” have no hour; they were read as midnight." in read.statements


def test_a_format_that_is_told_is_used(tmp_path: Path) -> None:
    read = column(tmp_path, "2020.12.29-09h15", "later", mapping=Mapping(time_format="%Y.%m.%d-%Hh%M"))
    assert times_of(read) == ["2020-12-29T09:15:00Z"]
    assert list(reasons_of(read)) == [2]
