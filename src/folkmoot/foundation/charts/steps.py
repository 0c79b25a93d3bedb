"""Steps from a first figure to a last one (waterfall), and estimates with their intervals (dot and interval)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.foundation.charts.chart import Chart, finished, table
from folkmoot.foundation.charts.drawing import LETTER, Paper, width
from folkmoot.foundation.charts.rows import lay_out, name_row
from folkmoot.foundation.charts.scale import Scale, places, ticks, written
from folkmoot.foundation.charts.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an ablation: what was added, and by how much it changes the figure. An interval goes to the table."""

    label: str
    change: float
    low: float | None = None
    high: float | None = None


def waterfall(
    title: str,
    start: tuple[str, float],
    steps: Sequence[Step],
    end_label: str,
    *,
    unit: str = "",
    decimals: int | None = None,
    less_is_better: bool = True,
    bound: tuple[str, float] | None = None,
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """From `start`, each step's change hung from the one before, to the last total; `bound` is a named limit."""
    totals = [start[1]]
    for step in steps:
        totals.append(totals[-1] + step.change)
    figures = [start[1], *(step.change for step in steps), totals[-1]]
    if decimals is None:
        decimals = 0 if min((abs(f) for f in figures if f), default=1) >= 10 else 1

    def figure(value: float, sign: bool = False) -> str:
        return written(value, unit, decimals=decimals, sign=sign)

    names = [start[0], *(step.label for step in steps), end_label]
    good = (lambda change: change <= 0) if less_is_better else (lambda change: change >= 0)

    def draw(paper_width: float, narrow: bool) -> Paper:
        labels = [figure(start[1]), *(figure(step.change, True) for step in steps), figure(totals[-1])]
        room = max(width(label) for label in labels) * 1.08 + 24
        top = 30 if bound else 8
        rows = lay_out(names, paper_width, narrow, right=room, top=top)
        reach = [0.0, *totals, *([bound[1]] if bound else [])]
        scale = Scale(min(reach), max(reach), rows.left, rows.right)
        paper = Paper(paper_width, rows.bottom + 6)
        if not narrow:
            paper.line(scale(0), top - 4, scale(0), rows.bottom, "fm-axis")
        if bound:
            x = scale(bound[1])
            paper.line(x, top - 8, x, rows.bottom, "fm-guide")
            text = f"{bound[0]} {figure(bound[1])}"
            half = width(text) / 2
            centre = min(max(x, half + 2), paper_width - half - 2)
            paper.text(centre, 15, text, "fm-letter--quiet", "middle")
        for index, row in enumerate(rows.rows):
            whole = index in (0, len(names) - 1)
            name_row(paper, row, "fm-letter--strong" if whole else "")
            height = row.bottom - row.top
            if whole:
                at = totals[0] if index == 0 else totals[-1]
                paper.rect(scale(0), row.top, scale(at) - scale(0), height, "fm-bar fm-bar--total", 2)
                label, x = figure(at), scale(max(at, 0))
            else:
                before, after = totals[index - 1], totals[index]
                x1, x2 = sorted((scale(before), scale(after)))
                look = "fm-bar--better" if good(after - before) else "fm-bar--worse"
                paper.rect(x1, row.top, max(x2 - x1, 1.5), height, f"fm-bar {look}", 2)
                arrow = "" if after == before else "◄ " if after < before else "► "
                label, x = arrow + figure(after - before, True), x2
            paper.text(x + 7, row.middle + LETTER * 0.35, label, "fm-letter--figure fm-letter--halo")
            if index < len(names) - 1:
                following = rows.rows[index + 1]
                carried = scale(totals[min(index, len(totals) - 1)])
                paper.line(carried, row.bottom, carried, following.top, "fm-carry")
        return paper

    def spread(step: Step) -> str:
        if step.low is None or step.high is None:
            return "–"
        return f"{figure(step.low, True)} {words.to} {figure(step.high, True)}"

    with_interval = any(step.low is not None for step in steps)
    head = [words.what, words.change, *([words.interval] if with_interval else []), words.running_total]
    data = [[start[0], "–", *(["–"] if with_interval else []), figure(start[1])]]
    for step, total in zip(steps, totals[1:], strict=True):
        data.append([step.label, figure(step.change, True), *([spread(step)] if with_interval else []), figure(total)])
    whole = totals[-1] - totals[0]
    data.append([end_label, figure(whole, True), *(["–"] if with_interval else []), figure(totals[-1])])
    if bound:
        data.append([bound[0], "–", *(["–"] if with_interval else []), figure(bound[1])])
    share = written(100 * whole / totals[0], "%", decimals=1, sign=True) if totals[0] else "–"
    summary = summary or words.stepped.format(
        first=figure(totals[0]), last=figure(totals[-1]), change=figure(whole, True), share=share
    )
    return finished(words.waterfall, title, summary, draw, table(title, head, data), words)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; low ≤ value ≤ high."""

    label: str
    value: float
    low: float
    high: float
    stressed: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"The interval of “{self.label}” ({self.low} to {self.high}) does not hold {self.value}.")


def dot_interval(
    title: str,
    estimates: Sequence[Estimate],
    *,
    unit: str = "",
    decimals: int | None = None,
    reference: tuple[str, float] | None = None,
    sign: bool = False,
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """Each estimate as a dot on its interval, against a named reference line such as “no difference”."""
    everything = [v for e in estimates for v in (e.low, e.high)] + ([reference[1]] if reference else [])
    axis = ticks(min(everything), max(everything), 5) if everything else (0.0, 1.0)
    if decimals is None:
        decimals = max(0, 1 - math.floor(math.log10(axis[1] - axis[0])))

    def figure(value: float) -> str:
        return written(value, unit, decimals=decimals, sign=sign)

    def bare(value: float) -> str:
        return written(value, decimals=decimals, sign=sign)

    def beside(estimate: Estimate) -> str:
        return f"{bare(estimate.value)} ({bare(estimate.low)} {words.to} {bare(estimate.high)})"

    def draw(paper_width: float, narrow: bool) -> Paper:
        room = 8 if narrow else max((width(beside(e)) for e in estimates), default=0) * 1.06 + 24
        names = [f"◆ {e.label}" if e.stressed else e.label for e in estimates]
        if narrow:
            # On a phone the figures follow the name, above the mark.
            names = [f"{name}: {beside(e)}" for name, e in zip(names, estimates, strict=True)]
        top = 30 if reference else 10
        rows = lay_out(names, paper_width, narrow, right=room, top=top, thickness=16)
        scale = Scale(axis[0], axis[-1], rows.left + 10, rows.right - 10)
        # Every so many, that no figure runs into the next.
        widest = max(width(written(tick, decimals=places(axis), sign=sign)) for tick in axis)
        apart = (scale.end - scale.start) / max(len(axis) - 1, 1)
        axis_here = axis[:: max(1, math.ceil((widest + 10) / max(apart, 1.0)))]
        paper = Paper(paper_width, rows.bottom + 34)
        for tick in axis_here:
            paper.line(scale(tick), top - 4, scale(tick), rows.bottom, "fm-grid")
            label = written(tick, decimals=places(axis), sign=sign)
            half = width(label) / 2
            x = min(max(scale(tick), half + 2), paper_width - half - 2)
            paper.text(x, rows.bottom + 20, label, "fm-letter--quiet fm-letter--figure", "middle")
        if unit and unit != "%":
            paper.text(rows.right, rows.bottom + 34, unit, "fm-letter--quiet", "end")
            paper.height += 6
        if reference:
            x = scale(reference[1])
            half = width(reference[0]) / 2
            centre = min(max(x, half + 2), paper_width - half - 2)
            paper.text(centre, 15, reference[0], "fm-letter--quiet", "middle")
            paper.line(x, top - 8, x, rows.bottom, "fm-guide")
        for estimate, row in zip(estimates, rows.rows, strict=True):
            bold = "fm-letter--strong" if estimate.stressed else ""
            name_row(paper, row, bold)
            tone = 1 if estimate.stressed else 0
            left, right = scale(estimate.low), scale(estimate.high)
            paper.line(left, row.middle, right, row.middle, f"fm-whisker fm-series-{tone + 1}")
            for end in (left, right):
                paper.line(end, row.middle - 6, end, row.middle + 6, f"fm-whisker fm-series-{tone + 1}")
            paper.mark(scale(estimate.value), row.middle, 3 if estimate.stressed else 0, tone=tone, size=5.5)
            if not narrow:
                at = row.middle + LETTER * 0.35
                paper.text(paper_width - 2, at, beside(estimate), f"fm-letter--figure {bold}".strip(), "end")
        if not estimates:
            paper.height = 40
            paper.lines(2, 20, [words.nothing])
        return paper

    head = [words.what, words.estimate, words.low, words.high]
    data = [[e.label, figure(e.value), figure(e.low), figure(e.high)] for e in estimates]
    if not summary:
        summary = words.nothing
        if estimates:
            first = next((e for e in estimates if e.stressed), estimates[0])
            summary = words.estimates.format(
                label=first.label, value=figure(first.value), low=figure(first.low), high=figure(first.high)
            )
    return finished(words.dot_interval, title, summary, draw, table(title, head, data), words)
