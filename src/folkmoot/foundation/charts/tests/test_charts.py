"""Charts say the same in drawing, sentence and table; are told apart without colour; and need no unsafe policy."""

import dataclasses
import re
import string
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from folkmoot.foundation import charts
from folkmoot.foundation.charts.scale import ticks, time_ticks, when, written
from folkmoot.foundation.charts.words import ENGLISH, WELSH

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOURS = timedelta(hours=1)


def every_kind(words=ENGLISH):
    bars = [charts.Bar("Social <work> & care", 412.5, stressed=True), charts.Bar("Pharmacy", 80), charts.Bar("CT", 7)]
    steps = [charts.Step("One list", -9.0, -10, -8), charts.Step("Later hand-over", 2.0, 1, 3)]
    estimates = [charts.Estimate("EDD", -5, -6, -4), charts.Estimate("Index", -9, -10, -8, stressed=True)]
    lines = [
        charts.Series("First come", [(1, 2.0), (2, 3.5), (3, 9)], band=[(1, 3), (3, 4), (8, 10)]),
        charts.Series("Index", [(1, 2.0), (3, 5)]),
    ]
    spans = [
        (
            "Ward 4",
            [charts.Span(NOW, NOW + 3 * HOURS, "Waiting"), charts.Span(NOW + 3 * HOURS, NOW + 9 * HOURS, "Seen")],
        )
    ]
    return [
        charts.bar_chart("Waits", bars, unit="hours", words=words),
        charts.pareto("Waits", bars, unit="hours", words=words),
        charts.histogram("Stays", [1, 2, 2, 3, 50, 400], unit="hours", upper=60, markers=[("median", 2)], words=words),
        charts.waterfall("Steps", ("Rounds", 140), steps, "All", unit="hours", bound=("bound", 100), words=words),
        charts.dot_interval("Means", estimates, unit="hours", reference=("no difference", 0), sign=True, words=words),
        charts.line_chart("Queue", lines, unit="patients", x_label="Day", words=words),
        charts.timeline("Path", spans, now=("now", NOW + HOURS), words=words),
    ]


KINDS = ["bar", "pareto", "histogram", "waterfall", "dot_interval", "line", "timeline"]


@pytest.fixture(params=range(len(KINDS)), ids=KINDS)
def chart(request):
    return every_kind()[request.param]


def test_both_drawings_are_well_formed_and_named_with_the_sentence(chart):
    for drawing in (chart.svg, chart.svg_narrow):
        root = etree.fromstring(drawing)
        assert root.get("role") == "img"
        assert chart.summary in root.get("aria-label")
        assert chart.title in root.get("aria-label")


def test_a_drawing_has_no_inline_style_colour_or_script(chart):
    assert not re.search(r"style=|fill=|stroke=|<script|href=|on\w+=", chart.html.replace("stroke-", ""))


def test_the_table_has_a_caption_and_headings_for_columns_and_rows(chart):
    table = etree.fromstring(chart.table).getroottree()
    assert table.findtext(".//caption") == chart.title
    assert len(table.findall(".//thead//th[@scope='col']")) >= 2
    for row in table.findall(".//tbody/tr"):
        assert row[0].tag == "th"
        assert row[0].get("scope") == "row"


def test_names_given_by_people_are_escaped():
    chart = every_kind()[0]
    assert "<work>" not in chart.html
    assert "Social &lt;work&gt; &amp; care" in chart.html


def test_every_figure_of_a_bar_chart_is_in_its_table():
    chart = every_kind()[0]
    cells = [cell.text for cell in etree.fromstring(chart.table).iter("td")]
    assert cells == ["412\N{NO-BREAK SPACE}hours", "80\N{NO-BREAK SPACE}hours", "7\N{NO-BREAK SPACE}hours"]


def test_a_pareto_chart_is_in_order_and_its_running_share_ends_at_the_whole():
    bars = [charts.Bar("a", 10), charts.Bar("b", 70), charts.Bar("c", 20)]
    rows = [[c.text for c in row] for row in etree.fromstring(charts.pareto("P", bars).table).iter("tr")][1:]
    assert [row[0] for row in rows] == ["b", "c", "a"]
    assert [row[3] for row in rows] == ["70%", "90%", "100%"]
    assert charts.pareto("P", bars).summary == "2 of 3 hold 90% of the whole; b alone holds 70%."


def test_a_pareto_chart_refuses_a_negative_figure():
    with pytest.raises(ValueError, match="zero or more"):
        charts.pareto("P", [charts.Bar("a", -1)])


def test_a_waterfall_ends_where_its_steps_lead():
    chart = every_kind()[3]
    last = [[c.text for c in row] for row in etree.fromstring(chart.table).iter("tr")][-2]
    assert last[0] == "All"
    assert last[-1] == "133.0\N{NO-BREAK SPACE}hours"
    assert "−7.0\N{NO-BREAK SPACE}hours (−5.0%)" in chart.summary


def test_a_waterfall_bar_hangs_from_the_end_of_the_one_before():
    root = etree.fromstring(charts.waterfall("W", ("a", 100), [charts.Step("b", -25)], "c").svg)
    start, fell, end = (r for r in root.iter("{*}rect") if "fm-bar" in r.get("class"))
    left, right = float(fell.get("x")), float(fell.get("x")) + float(fell.get("width"))
    assert right == pytest.approx(float(start.get("x")) + float(start.get("width")), abs=0.2)
    assert left == pytest.approx(float(end.get("x")) + float(end.get("width")), abs=0.2)


def test_bars_are_as_long_as_their_figures_are_large():
    root = etree.fromstring(charts.bar_chart("B", [charts.Bar("a", 50), charts.Bar("b", 200)]).svg)
    short, long = (float(r.get("width")) for r in root.iter("{*}rect"))
    assert long / short == pytest.approx(4, rel=0.01)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(1, 1e5))
def test_a_histogram_loses_nobody(values, upper):
    table = etree.fromstring(charts.histogram("H", values, upper=upper).table)
    counts = [int(row[1].text.replace(",", "")) for row in table.find("tbody")]
    assert sum(counts) == len(values)


def test_series_are_told_apart_by_mark_dash_and_name():
    svg = every_kind()[5].svg
    assert "<circle" in svg
    assert svg.count('<rect class="fm-mark fm-series-2"') >= 2
    assert "fm-line-2" in svg
    assert ">First come<" in svg
    assert ">Index<" in svg


def test_an_interval_that_does_not_hold_its_estimate_is_refused():
    with pytest.raises(ValueError, match="does not hold"):
        charts.Estimate("x", 5, 6, 7)


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        charts.Span(NOW, NOW - HOURS, "x")


@pytest.mark.parametrize(
    "draw", [charts.bar_chart, charts.pareto, charts.histogram, charts.dot_interval, charts.line_chart, charts.timeline]
)
def test_no_figures_give_a_sentence_and_no_error(draw):
    assert ENGLISH.nothing in draw("Nothing", []).html


def test_a_chart_with_all_figures_zero_is_drawn():
    assert charts.pareto("Z", [charts.Bar("a", 0), charts.Bar("b", 0)]).table.count("0%") == 4
    assert "<svg" in charts.bar_chart("Z", [charts.Bar("a", 0)]).svg


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_ticks_cover_the_figures_in_even_steps(low, span):
    high = low + span
    marks = ticks(low, high)
    if high - low > 1e-6 * max(abs(low), abs(high), 1):
        assert marks[0] <= low + 1e-6 * span
        assert marks[-1] >= high - 1e-6 * span
        assert 2 <= len(marks) <= 14


def test_an_axis_over_an_infinite_figure_is_refused_in_words():
    with pytest.raises(ValueError, match="finite"):
        ticks(0, float("inf"))


@pytest.mark.parametrize(
    ("value", "unit", "sign", "expected"),
    [
        (1234567, "£", False, "£1,234,567"),
        (-3.25, "hours", False, "−3.25\N{NO-BREAK SPACE}hours"),
        (3.25, "%", True, "+3.25%"),
        (-0.0001, "", True, "0.00"),
        (12.34, "", False, "12.3"),
        (10.02, "£ million", False, "£10.0\u00a0million"),
        (-3.5, "£ million", False, "−£3.50\u00a0million"),
    ],
)
def test_figures_are_written_as_people_write_them(value, unit, sign, expected):
    assert written(value, unit, sign=sign) == expected


def test_time_ticks_fall_on_round_moments_within_the_span():
    marks = time_ticks(NOW, NOW + 30 * HOURS)
    assert all(m.minute == 0 and m.hour % 6 == 0 for m in marks)
    assert NOW <= marks[0] <= marks[-1] <= NOW + 30 * HOURS


def test_welsh_has_every_word_and_every_placeholder():
    for word in dataclasses.fields(ENGLISH):
        english, welsh = getattr(ENGLISH, word.name), getattr(WELSH, word.name)
        if isinstance(english, tuple):
            assert len(english) == len(welsh)
            continue
        names = [{part[1] for part in string.Formatter().parse(text)} for text in (english, welsh)]
        assert names[0] == names[1], word.name
        assert welsh


def test_a_welsh_chart_speaks_welsh():
    chart = every_kind(WELSH)[1]
    assert "Siart Pareto" in chart.svg
    assert "Cyfran gronnus" in chart.table
    assert "of the whole" not in chart.html


class Outside(HTMLParser):
    """Every address a page would fetch."""

    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        if tag in {"link", "script", "img", "iframe", "source", "use"}:
            self.addresses += [value for name, value in attrs if name in {"src", "href", "srcset"}]


def test_a_report_fetches_nothing_and_holds_its_fonts():
    page = charts.standalone_page("R", "L", [charts.Section("S", ["<p>"], every_kind())], made="Made here.")
    outside = Outside()
    outside.feed(page)
    assert outside.addresses == []
    assert [u[:14] for u in re.findall(r'url\("?([^")]+)', page)] == ["data:font/woff"] * 2
    assert "&lt;p&gt;" in page
    assert page.count("<h1>") == 1


def test_charts_import_without_django():
    code = "import sys, folkmoot.foundation.charts; sys.exit('django' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_years_are_marked_at_their_beginning_and_named_by_number():
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
    marks = time_ticks(start, end, 7)
    assert [mark.year for mark in marks] == [2027, 2029, 2031, 2033, 2035, 2037]
    assert {(mark.month, mark.day) for mark in marks} == {(1, 1)}
    assert when(marks[0], span=end - start) == "2027"
