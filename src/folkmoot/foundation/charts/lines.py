"""Lines over a number or a time, with bands for intervals, and spans of time in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from folkmoot.foundation.charts.chart import Chart, finished, table
from folkmoot.foundation.charts.drawing import LETTER, Paper, width
from folkmoot.foundation.charts.rows import lay_out, name_row
from folkmoot.foundation.charts.scale import Scale, places, stamp, ticks, time_ticks, when, written
from folkmoot.foundation.charts.words import ENGLISH, Words

type Along = float | datetime


@dataclass(frozen=True, slots=True)
class Series:
    """A named line of (x, y); `band` holds (low, high) for each point where an interval is known."""

    label: str
    points: Sequence[tuple[Along, float]]
    band: Sequence[tuple[float, float]] = ()

    def __post_init__(self) -> None:
        if self.band and len(self.band) != len(self.points):
            raise ValueError(f"Series “{self.label}” has {len(self.points)} points but {len(self.band)} intervals.")


def _position(x: Along) -> float:
    return x.timestamp() if isinstance(x, datetime) else float(x)


def line_chart(
    title: str,
    series: Sequence[Series],
    *,
    unit: str = "",
    x_label: str = "",
    x_unit: str = "",
    from_zero: bool = True,
    decimals: int | None = None,
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """Several series, each with a mark of its own and its name at its end (on a phone, in a key above)."""
    series = [one for one in series if one.points]
    xs = sorted({x for one in series for x, _ in one.points}, key=_position)
    ys = [y for one in series for _, y in one.points] + [v for one in series for pair in one.band for v in pair]
    up = ticks(min([0.0, *ys]) if from_zero else min(ys), max([0.0, *ys]) if from_zero else max(ys), 5) if ys else (0,)
    is_time = bool(xs) and isinstance(xs[0], datetime)
    span = xs[-1] - xs[0] if is_time else timedelta(0)

    def figure(value: float) -> str:
        return written(value, unit, decimals=decimals)

    def draw(paper_width: float, narrow: bool) -> Paper:
        height = 300 if narrow else 340
        if not series:
            paper = Paper(paper_width, 40)
            paper.lines(2, 20, [words.nothing])
            return paper
        labels = [written(tick, decimals=places(up)) for tick in up]
        left = max(width(label) for label in labels) + 12
        head, foot = 28.0, (48 if x_label or x_unit else 30)
        direct = not narrow and len(series) > 1
        right = paper_width - (min(max(width(one.label) for one in series) + 22, 190) if direct else 14)
        paper = Paper(paper_width, height)
        if not direct and len(series) > 1:
            x, y = left, 14.0
            for index, one in enumerate(series):
                if x > left and x + width(one.label) + 24 > paper_width:
                    x, y = left, y + 22
                paper.mark(x + 6, y - 5, index)
                paper.text(x + 18, y, one.label)
                x += width(one.label) + 38
            head = y + 40
        if unit:
            paper.text(2, head - 14, unit, "fm-letter--quiet")
        tall = Scale(up[0], up[-1], height - foot, head)
        along = Scale(_position(xs[0]), _position(xs[-1]), left + 8, right - 8)
        for tick, label in zip(up, labels, strict=True):
            paper.line(left, tall(tick), right, tall(tick), "fm-axis" if tick == 0 else "fm-grid")
            paper.text(left - 8, tall(tick) + 5, label, "fm-letter--quiet fm-letter--figure", "end")
        marks = _x_ticks(xs, 4 if narrow else 7, span, words)
        for at, label in marks:
            x = along(at)
            if not left - 1 <= x <= right + 1:
                continue
            paper.line(x, tall(up[0]), x, tall(up[0]) + 5, "fm-axis")
            half = width(label) / 2
            paper.text(min(max(x, half + 2), paper_width - half - 2), tall(up[0]) + 21, label, "", "middle")
        caption = x_label or x_unit
        if caption:
            paper.text((left + right) / 2, height - 6, caption, "fm-letter--quiet", "middle")
        for index, one in enumerate(series):
            if one.band:
                upper = [(along(_position(x)), tall(hi)) for (x, _), (_, hi) in zip(one.points, one.band, strict=True)]
                lower = [(along(_position(x)), tall(lo)) for (x, _), (lo, _) in zip(one.points, one.band, strict=True)]
                paper.path(upper + lower[::-1], f"fm-band fm-series-{index % 6 + 1}", closed=True)
        for index, one in enumerate(series):
            dots = [(along(_position(x)), tall(y)) for x, y in one.points]
            paper.path(dots, f"fm-line fm-line-{index % 6 + 1} fm-series-{index % 6 + 1}")
            every = max(1, len(dots) // (6 if narrow else 12))
            for x, y in dict.fromkeys([*dots[::every], dots[-1]]):
                paper.mark(x, y, index, size=4.5)
        if direct:
            for index, y in _apart([tall(one.points[-1][1]) for one in series], LETTER + 5, head, height - foot):
                paper.text(right + 8, y + LETTER * 0.35, series[index].label, f"fm-ink-{index % 6 + 1}")
        return paper

    head_x = x_label or (x_unit or words.what)
    head = [head_x]
    for one in series:
        head += [one.label, *([f"{one.label}: {words.interval.lower()}"] if one.band else [])]
    rows = []
    lookup = [{x: i for i, (x, _) in enumerate(one.points)} for one in series]
    for x in xs:
        row = [stamp(x, words) if isinstance(x, datetime) else written(x, decimals=places((x,)))]
        for one, places_of in zip(series, lookup, strict=True):
            i = places_of.get(x)
            row.append("–" if i is None else figure(one.points[i][1]))
            if one.band:
                both = None if i is None else one.band[i]
                row.append("–" if both is None else f"{figure(both[0])} {words.to} {figure(both[1])}")
        rows.append(row)
    if not summary:
        summary = " ".join(
            words.trend.format(label=one.label, first=figure(one.points[0][1]), last=figure(one.points[-1][1]))
            for one in series
        )
    return finished(words.line_chart, title, summary or words.nothing, draw, table(title, head, rows), words)


def _x_ticks(xs: Sequence[Along], count: int, span: timedelta, words: Words) -> list[tuple[float, str]]:
    first, last = xs[0], xs[-1]
    if isinstance(first, datetime) and isinstance(last, datetime):
        return [(m.timestamp(), when(m, words, span=span)) for m in time_ticks(first, last, count)]
    values = ticks(float(first), float(last), count)  # type: ignore[arg-type]
    return [(value, written(value, decimals=places(values))) for value in values]


def _apart(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[tuple[int, float]]:
    """Move labels the least that keeps them `gap` apart, from the top down, then back up from the bottom."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [wanted[i] for i in order]
    for n in range(len(placed)):
        placed[n] = max(placed[n], top if n == 0 else placed[n - 1] + gap)
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], bottom if n == len(placed) - 1 else placed[n + 1] - gap)
    return list(zip(order, placed, strict=True))


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts from start to end, of a kind that the key explains."""

    start: datetime
    end: datetime
    kind: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A span of “{self.kind}” ends at {self.end}, before it starts at {self.start}.")


def timeline(
    title: str,
    rows: Sequence[tuple[str, Sequence[Span]]],
    *,
    now: tuple[str, datetime] | None = None,
    row_heading: str = "",
    summary: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """Rows of spans over time (H. L. Gantt, 1910s); kinds are told apart by fill, edge and the letter on the bar."""
    spans = [span for _, some in rows for span in some]
    kinds = list(dict.fromkeys(span.kind for span in spans))
    moments = [m for span in spans for m in (span.start, span.end)] + ([now[1]] if now else [])

    def draw(paper_width: float, narrow: bool) -> Paper:
        if not spans:
            paper = Paper(paper_width, 40)
            paper.lines(2, 20, [words.nothing])
            return paper
        paper = Paper(paper_width, 0)
        x, y = 2.0, 16.0
        for index, kind in enumerate(kinds):
            text = f"{_letter(kind, kinds)}  {kind}" if _letter(kind, kinds) else kind
            if x > 2 and x + width(kind) + 44 > paper_width:
                x, y = 2.0, y + 24
            paper.rect(x, y - 14, 20, 18, f"fm-span fm-span-{index % 6 + 1}", 3)
            paper.text(x + 10, y, _letter(kind, kinds), f"fm-on-span-{index % 6 + 1}", "middle")
            paper.text(x + 27, y, kind)
            x += width(text) + 44
        laid = lay_out([name for name, _ in rows], paper_width, narrow, right=10, top=y + 34, thickness=20)
        low, high = min(moments), max(moments)
        scale = Scale(low.timestamp(), high.timestamp(), laid.left, laid.right)
        last = -100.0
        for moment in time_ticks(low, high, 3 if narrow else 7):
            at = scale(moment.timestamp())
            label = when(moment, words, span=high - low)
            half = width(label) / 2
            paper.line(at, laid.top - 4, at, laid.bottom, "fm-grid")
            place = min(max(at, half + 2), paper_width - half - 2)
            if place - half > last:
                paper.text(place, laid.bottom + 18, label, "fm-letter--quiet", "middle")
                last = place + half + 8
        for (_, some), row in zip(rows, laid.rows, strict=True):
            name_row(paper, row)
            for span in some:
                index = kinds.index(span.kind) % 6 + 1
                x1, x2 = scale(span.start.timestamp()), scale(span.end.timestamp())
                paper.rect(x1, row.top, max(x2 - x1, 2), row.bottom - row.top, f"fm-span fm-span-{index}", 3)
                if x2 - x1 > 16:
                    at = row.middle + LETTER * 0.36
                    paper.text((x1 + x2) / 2, at, _letter(span.kind, kinds), f"fm-on-span-{index}", "middle")
        if now:
            at = scale(now[1].timestamp())
            paper.line(at, laid.top - 8, at, laid.bottom, "fm-guide fm-guide--now")
            half = width(now[0]) / 2
            paper.text(
                min(max(at, half + 2), paper_width - half - 2), laid.top - 12, now[0], "fm-letter--strong", "middle"
            )
        paper.height = laid.bottom + 28
        return paper

    with_note = any(span.note for span in spans)
    head = [row_heading or words.row, words.what, words.start, words.end, *([words.note] if with_note else [])]
    data = [
        [name, span.kind, stamp(span.start, words), stamp(span.end, words), *([span.note] if with_note else [])]
        for name, some in rows
        for span in some
    ]
    if not summary:
        summary = words.nothing
        if spans:
            summary = words.spans.format(
                rows=len(rows), first=stamp(min(moments), words), last=stamp(max(moments), words)
            )
    return finished(words.timeline, title, summary, draw, table(title, head, data, numeric_from=len(head)), words)


def _letter(kind: str, kinds: Sequence[str]) -> str:
    """The first letter of a kind that no earlier kind has taken, to be set on its bars."""
    taken: set[str] = set()
    for other in kinds:
        letter = next((c.upper() for c in other if c.isalnum() and c.upper() not in taken), "")
        if other == kind:
            return letter
        taken.add(letter)
    return ""
