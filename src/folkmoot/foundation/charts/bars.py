"""Bars: one figure for each of several named things, and their Pareto order with the running share.

Bars lie on their side, because the things we compare have long names. The running share of a Pareto chart (J. M. Juran,
Quality Control Handbook, 1951) has a panel of its own, so that no axis means two things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.foundation.charts.chart import Chart, finished, table
from folkmoot.foundation.charts.drawing import LETTER, Paper, width
from folkmoot.foundation.charts.rows import lay_out, name_row
from folkmoot.foundation.charts.scale import Scale, places, ticks, written
from folkmoot.foundation.charts.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Bar:
    """One named figure; `stressed` sets it apart by weight and a mark as well as colour; `note` goes to the table."""

    label: str
    value: float
    stressed: bool = False
    note: str = ""


def bar_chart(
    title: str,
    bars: Sequence[Bar],
    *,
    unit: str = "",
    label_heading: str = "",
    value_heading: str = "",
    note_heading: str = "",
    decimals: int | None = None,
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """Horizontal bars from zero, in the order given, each with its figure at its end."""

    def figure(value: float) -> str:
        return written(value, unit, decimals=decimals)

    def draw(paper_width: float, narrow: bool) -> Paper:
        room = max((width(figure(bar.value)) for bar in bars), default=0) * 1.08 + 8
        rows = lay_out([_named(bar) for bar in bars], paper_width, narrow, right=room)
        low = min(0.0, *(bar.value for bar in bars)) if bars else 0.0
        high = max(0.0, *(bar.value for bar in bars)) if bars else 1.0
        left = rows.left + (room if low < 0 else 0)
        scale = Scale(low, high, left, rows.right)
        paper = Paper(paper_width, rows.bottom + 6)
        if not narrow or low < 0:
            paper.line(scale(0), rows.top - 4, scale(0), rows.bottom, "fm-axis")
        for bar, row in zip(bars, rows.rows, strict=True):
            look = "fm-bar fm-bar--stressed" if bar.stressed else "fm-bar"
            bold = "fm-letter--strong" if bar.stressed else ""
            name_row(paper, row, bold)
            start, end = sorted((scale(0), scale(bar.value)))
            paper.rect(start, row.top, end - start, row.bottom - row.top, look, 2)
            at, anchor = (start - 6, "end") if bar.value < 0 else (end + 6, "start")
            paper.text(at, row.middle + LETTER * 0.35, figure(bar.value), f"fm-letter--figure {bold}".strip(), anchor)
        if not bars:
            paper.height = 40
            paper.lines(2, 20, [words.nothing])
        return paper

    head = [label_heading or words.what, value_heading or title, *([note_heading] if note_heading else [])]
    data = [[bar.label, figure(bar.value), *([bar.note] if note_heading else [])] for bar in bars]
    if not summary:
        most = max(bars, key=lambda bar: bar.value, default=None)
        summary = words.largest.format(label=most.label, value=figure(most.value)) if most else words.nothing
    return finished(words.bar_chart, title, summary, draw, table(title, head, data), words)


def _named(bar: Bar) -> str:
    return f"◆ {bar.label}" if bar.stressed else bar.label


def pareto(
    title: str,
    bars: Sequence[Bar],
    *,
    unit: str = "",
    label_heading: str = "",
    value_heading: str = "",
    decimals: int | None = None,
    guide: float = 0.8,
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """Bars from the largest down, and beside them the running share of the whole with a guide line at 80 %."""
    if any(bar.value < 0 for bar in bars):
        raise ValueError(f"A Pareto chart needs figures of zero or more; “{title}” has a negative one.")
    ranked = sorted(bars, key=lambda bar: -bar.value)
    total = sum(bar.value for bar in ranked)
    shares, running = [], 0.0
    for bar in ranked:
        running += bar.value
        shares.append(running / total if total else 0.0)

    def figure(value: float) -> str:
        return written(value, unit, decimals=decimals)

    def percent(share: float) -> str:
        return written(100 * share, "%", decimals=0)

    def draw(paper_width: float, narrow: bool) -> Paper:
        panel = 84 if narrow else 150
        room = max((width(figure(bar.value)) for bar in ranked), default=0) * 1.08 + 8
        head = 26
        rows = lay_out([_named(bar) for bar in ranked], paper_width, narrow, right=panel + 24 + room, top=head)
        scale = Scale(0, max((bar.value for bar in ranked), default=1) or 1, rows.left, rows.right)
        share_left, share_right = paper_width - panel, paper_width - 14
        across = Scale(0, 1, share_left, share_right)
        paper = Paper(paper_width, rows.bottom + 8)
        if not ranked:
            paper.height = 40
            paper.lines(2, 20, [words.nothing])
            return paper
        if not narrow:
            paper.text(share_left, 14, words.cumulative, "fm-letter--quiet")
        paper.rect(share_left, head - 4, share_right - share_left, rows.bottom - head + 4, "fm-panel", 2)
        paper.line(across(guide), head - 4, across(guide), rows.bottom, "fm-guide")
        if narrow:
            paper.text(paper_width, 14, words.cumulative, "fm-letter--quiet", "end")
        if not narrow:
            paper.line(rows.left, head - 4, rows.left, rows.bottom, "fm-axis")
        for bar, row in zip(ranked, rows.rows, strict=True):
            bold = "fm-letter--strong" if bar.stressed else ""
            name_row(paper, row, bold)
            look = "fm-bar fm-bar--stressed" if bar.stressed else "fm-bar"
            end = scale(bar.value)
            paper.rect(rows.left, row.top, end - rows.left, row.bottom - row.top, look, 2)
            paper.text(end + 6, row.middle + LETTER * 0.35, figure(bar.value), f"fm-letter--figure {bold}".strip())
        points = [(across(share), row.middle) for share, row in zip(shares, rows.rows, strict=True)]
        paper.path(points, "fm-line fm-series-2")
        for (x, y), share in zip(points, shares, strict=True):
            paper.mark(x, y, 1, size=4)
            beside = (x + 9, "start") if share < 0.55 else (x - 9, "end")
            paper.text(beside[0], y + LETTER * 0.35, percent(share), "fm-letter--figure fm-letter--halo", beside[1])
        return paper

    head = [label_heading or words.what, value_heading or title, words.share, words.cumulative]
    data = [
        [bar.label, figure(bar.value), percent(bar.value / total if total else 0), percent(share)]
        for bar, share in zip(ranked, shares, strict=True)
    ]
    if not summary and ranked and total:
        enough = next((n for n, share in enumerate(shares, 1) if share >= guide - 1e-9), len(shares))
        summary = words.few_hold_most.format(
            count=enough,
            total=len(ranked),
            share=percent(shares[enough - 1]),
            label=ranked[0].label,
            first=percent(shares[0]),
        )
    return finished(words.pareto, title, summary or words.nothing, draw, table(title, head, data), words)


def histogram(
    title: str,
    values: Sequence[float],
    *,
    unit: str = "",
    bins: int = 24,
    upper: float | None = None,
    markers: Sequence[tuple[str, float]] = (),
    summary: str = "",
    value_heading: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """How often each size occurs. Values from `upper` on share one last bar, set apart; markers are named lines."""
    ordered = sorted(float(value) for value in values)
    top = upper if upper is not None else (ordered[-1] if ordered else 1.0)
    low = min(0.0, ordered[0]) if ordered else 0.0
    edges = ticks(low, top, bins) if ordered else (0.0, 1.0)
    if upper is not None:
        edges = tuple(edge for edge in edges if edge <= upper * (1 + 1e-9)) or edges[:2]
    size = edges[1] - edges[0]
    counts = [0] * (len(edges) - 1)
    over = 0
    for value in ordered:
        index = int((value - edges[0]) / size + 1e-9)
        if index < len(counts):
            counts[index] += 1
        elif upper is None:
            counts[-1] += 1
        else:
            over += 1
    decimals = places(edges)

    def figure(value: float) -> str:
        return written(value, unit)

    def draw(paper_width: float, narrow: bool) -> Paper:
        height, foot, left = (300 if not narrow else 260), 52, 48
        head = 12 + 20 * len(markers)
        tail = 34 if over else 0
        up = ticks(0, max([*counts, over, 1]), 4)
        tall = Scale(0, up[-1], height - foot, head)
        along = Scale(edges[0], edges[-1], left, paper_width - 12 - (tail + 10 if tail else 0))
        paper = Paper(paper_width, height)
        for tick in up:
            paper.line(left, tall(tick), paper_width - 8, tall(tick), "fm-grid")
            paper.text(left - 6, tall(tick) + 5, written(tick), "fm-letter--quiet fm-letter--figure", "end")
        for index, count in enumerate(counts):
            x1, x2 = along(edges[index]) + 0.75, along(edges[index + 1]) - 0.75
            paper.rect(x1, tall(count), x2 - x1, tall(0) - tall(count), "fm-bar")
        if over:
            x = paper_width - 10 - tail
            paper.rect(x, tall(over), tail, tall(0) - tall(over), "fm-bar fm-bar--apart", 2)
            paper.text(x + tail / 2, tall(0) + 18, f"{written(edges[-1], decimals=decimals)}+", "", "middle")
        paper.line(left, tall(0), paper_width - 8, tall(0), "fm-axis")
        for tick in ticks(edges[0], edges[-1], 4 if narrow else 8):
            if tick > edges[-1] + size * 1e-6 or (over and along(tick) > along(edges[-1]) - 24):
                continue
            paper.line(along(tick), tall(0), along(tick), tall(0) + 5, "fm-axis")
            paper.text(along(tick), tall(0) + 20, written(tick, decimals=decimals), "fm-letter--figure", "middle")
        if unit:
            paper.text(paper_width - 8, height - 6, unit, "fm-letter--quiet", "end")
        for index, (label, value) in enumerate(markers):
            x = along(min(max(value, edges[0]), edges[-1]))
            y = 14 + 20 * index
            paper.line(x, y + 4, x, tall(0), "fm-guide")
            text = f"{label} {figure(value)}"
            side = ("end", x - 4) if x + width(text) > paper_width else ("start", x + 4)
            paper.text(side[1], y, text, "fm-letter--strong fm-letter--halo", side[0])
        return paper

    data = [
        [f"{written(edges[i], decimals=decimals)} {words.to} {written(edges[i + 1], decimals=decimals)}", written(n)]
        for i, n in enumerate(counts)
    ]
    if over:
        data.append([words.over.format(value=written(edges[-1], decimals=decimals)), written(over)])
    if not summary:
        summary = words.nothing
        if ordered:
            middle, p95 = ordered[(len(ordered) - 1) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
            summary = words.spread.format(total=written(len(ordered)), median=figure(middle), p95=figure(p95))
    heading = value_heading or (f"{title} ({unit})" if unit else title)
    return finished(words.histogram, title, summary, draw, table(title, [heading, words.count], data), words)
