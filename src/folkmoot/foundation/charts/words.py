"""The few words a chart says for itself, in each language of the house.

Charts are drawn without Django (the command line writes reports with them), so their words are kept here and not in
the gettext catalogues. A test holds that every language has every word and every placeholder.

>>> WELSH.bar_chart
'Siart bar'
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language: names of chart kinds, table headings, and the sentences charts write about themselves."""

    language: str
    bar_chart: str
    pareto: str
    line_chart: str
    histogram: str
    waterfall: str
    dot_interval: str
    timeline: str
    as_a_table: str
    share: str
    cumulative: str
    low: str
    high: str
    interval: str
    estimate: str
    change: str
    running_total: str
    from_: str
    to: str
    up_to: str
    over: str
    count: str
    start: str
    end: str
    what: str
    row: str
    note: str
    nothing: str
    largest: str
    few_hold_most: str
    trend: str
    spread: str
    stepped: str
    estimates: str
    spans: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]


ENGLISH = Words(
    language="en",
    bar_chart="Bar chart",
    pareto="Pareto chart",
    line_chart="Line chart",
    histogram="Histogram",
    waterfall="Waterfall chart",
    dot_interval="Dot and interval chart",
    timeline="Timeline",
    as_a_table="The same figures as a table",
    share="Share",
    cumulative="Running share",
    low="Low",
    high="High",
    interval="Interval",
    estimate="Estimate",
    change="Change",
    running_total="Running total",
    from_="From",
    to="to",
    up_to="Below",
    over="{value} and over",
    count="Count",
    start="Start",
    end="End",
    what="What",
    row="Row",
    note="Note",
    nothing="There is nothing to draw: no figures were given.",
    largest="{label} is the largest at {value}.",
    few_hold_most="{count} of {total} hold {share} of the whole; {label} alone holds {first}.",
    trend="{label} goes from {first} to {last}.",
    spread="Half of the {total} lie below {median}; one in twenty is above {p95}.",
    stepped="From {first} to {last}: a change of {change} ({share}).",
    estimates="{label} is estimated at {value} ({low} to {high}).",
    spans="{rows} rows from {first} to {last}.",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)

WELSH = Words(
    language="cy",
    bar_chart="Siart bar",
    pareto="Siart Pareto",
    line_chart="Siart llinell",
    histogram="Histogram",
    waterfall="Siart rhaeadr",
    dot_interval="Siart dotiau a chyfyngau",
    timeline="Llinell amser",
    as_a_table="Yr un ffigurau fel tabl",
    share="Cyfran",
    cumulative="Cyfran gronnus",
    low="Isaf",
    high="Uchaf",
    interval="Cyfwng",
    estimate="Amcangyfrif",
    change="Newid",
    running_total="Cyfanswm cronnus",
    from_="O",
    to="i",
    up_to="Yn is na",
    over="{value} a throsodd",
    count="Nifer",
    start="Dechrau",
    end="Diwedd",
    what="Beth",
    row="Rhes",
    note="Nodyn",
    nothing="Nid oes dim i'w ddangos: ni roddwyd ffigurau.",
    largest="{label} yw'r mwyaf, sef {value}.",
    few_hold_most="Mae {count} o {total} yn dal {share} o'r cyfan; mae {label} ar ei ben ei hun yn dal {first}.",
    trend="Mae {label} yn mynd o {first} i {last}.",
    spread="Mae hanner y {total} yn is na {median}; mae un o bob ugain yn uwch na {p95}.",
    stepped="O {first} i {last}: newid o {change} ({share}).",
    estimates="Amcangyfrifir bod {label} yn {value} ({low} i {high}).",
    spans="{rows} rhes o {first} i {last}.",
    months=("Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh", "Gor", "Awst", "Medi", "Hyd", "Tach", "Rhag"),
    weekdays=("Llun", "Maw", "Mer", "Iau", "Gwe", "Sad", "Sul"),
)
