"""A finished chart: two drawings, one sentence, one table. Frozen, so that it may cross walls.

>>> from folkmoot.foundation.charts import Bar, bar_chart
>>> chart = bar_chart("Beds", [Bar("Ward A", 12), Bar("Ward B", 30)], unit="beds")
>>> chart.summary
'Ward B is the largest at 30\\xa0beds.'
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from folkmoot.foundation.charts.drawing import NARROW, WIDE, Paper
from folkmoot.foundation.charts.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Chart:
    """What a page needs: `html` shows everything; the parts stand alone where a page wants less."""

    title: str
    summary: str
    svg: str
    svg_narrow: str
    table: str
    language: str = "en"
    table_label: str = ENGLISH.as_a_table

    @property
    def html(self) -> str:
        return (
            f'<figure class="fm-chart">'
            f'<figcaption class="fm-chart__caption"><span class="fm-chart__title">{escape(self.title)}</span> '
            f'<span class="fm-chart__summary">{escape(self.summary)}</span></figcaption>'
            f'<div class="fm-chart__plot">{self.svg}{self.svg_narrow}</div>'
            f'<details class="fm-chart__data"><summary>{escape(self.table_label)}'
            f'<span class="fm-hidden">: {escape(self.title)}</span></summary>{self.table}</details>'
            f"</figure>"
        )

    def __html__(self) -> str:
        return self.html


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numeric_from: int = 1,
    hide_caption: bool = False,
) -> str:
    """An HTML table with a caption and headings for columns and rows. Wide ones scroll inside a named region."""

    def cell(index: int, text: str) -> str:
        look = ' class="fm-figure"' if index >= numeric_from else ""
        return f'<th scope="row"{look}>{escape(text)}</th>' if index == 0 else f"<td{look}>{escape(text)}</td>"

    def heading(index: int, text: str) -> str:
        look = ' class="fm-figure"' if index >= numeric_from else ""
        return f'<th scope="col"{look}>{escape(text)}</th>'

    hidden = ' class="fm-hidden"' if hide_caption else ""
    body = "".join(f"<tr>{''.join(cell(i, text) for i, text in enumerate(row))}</tr>" for row in rows)
    made = (
        f'<table class="fm-table"><caption{hidden}>{escape(caption)}</caption>'
        f"<thead><tr>{''.join(heading(i, text) for i, text in enumerate(head))}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    if len(head) < 4:
        return made
    return f'<div class="fm-scroll" role="region" aria-label="{escape(caption)}" tabindex="0">{made}</div>'


def finished(
    kind: str,
    title: str,
    summary: str,
    draw: Callable[[float, bool], Paper],
    data_table: str,
    words: Words,
) -> Chart:
    """Draw wide and narrow, name both, and put the parts together."""
    name = f"{kind}: {title}. {summary}"
    return Chart(
        title=title,
        summary=summary,
        svg=draw(WIDE, False).svg(name, "fm-drawing--wide"),
        svg_narrow=draw(NARROW, True).svg(name, "fm-drawing--narrow"),
        table=data_table,
        language=words.language,
        table_label=words.as_a_table,
    )
