"""Charts: pure functions from figures to accessible drawings, each with the same figures as a table.

No Django here: the command line writes reports with it. See docs/reference/design-system.md.

>>> chart = bar_chart("Bed-hours waited", [Bar("Social work", 412), Bar("Pharmacy", 80)], unit="hours")
>>> chart.summary
'Social work is the largest at 412\\xa0hours.'
"""

from folkmoot.foundation.charts.bars import Bar, bar_chart, histogram, pareto
from folkmoot.foundation.charts.chart import Chart, table
from folkmoot.foundation.charts.lines import Series, Span, line_chart, timeline
from folkmoot.foundation.charts.page import Section, standalone_page
from folkmoot.foundation.charts.scale import written
from folkmoot.foundation.charts.steps import Estimate, Step, dot_interval, waterfall
from folkmoot.foundation.charts.words import ENGLISH, WELSH, Words

__all__ = [
    "ENGLISH",
    "WELSH",
    "Bar",
    "Chart",
    "Estimate",
    "Section",
    "Series",
    "Span",
    "Step",
    "Words",
    "bar_chart",
    "dot_interval",
    "histogram",
    "line_chart",
    "pareto",
    "standalone_page",
    "table",
    "timeline",
    "waterfall",
    "written",
]
