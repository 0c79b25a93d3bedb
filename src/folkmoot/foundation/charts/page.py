"""A report as one file: charts, tables and words, its style within it, nothing fetched from anywhere.

>>> page = standalone_page("Report", "What we saw.", [Section("Stays", ("They are long.",))])
>>> page.startswith("<!doctype html>") and "They are long." in page
True
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from folkmoot.foundation.charts.chart import Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs (plain text), then charts and tables (made by `chart.table`) in order."""

    heading: str
    paragraphs: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[str] = ()
    key_figures: Sequence[tuple[str, str]] = ()


_OURS = files("folkmoot.foundation") / "static" / "foundation"


def style(name: str) -> str:
    """One of our own style sheets, with every font it names written into it."""

    def within(found: re.Match[str]) -> str:
        letters = base64.b64encode((_OURS / found[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{letters}")'

    return re.sub(r'url\("(fonts/[^"]+)"\)', within, (_OURS / name).read_text(encoding="utf-8"))


def _key_figures(figures: Sequence[tuple[str, str]]) -> str:
    if not figures:
        return ""
    pairs = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in figures)
    return f'<dl class="fm-key-figures">{pairs}</dl>'


def _section(section: Section) -> str:
    words = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
    drawn = "".join(chart.html for chart in section.charts)
    return (
        f"<section><h2>{escape(section.heading)}</h2>{_key_figures(section.key_figures)}"
        f"{words}{drawn}{''.join(section.tables)}</section>"
    )


def standalone_page(title: str, lede: str, sections: Sequence[Section], *, language: str = "en", made: str = "") -> str:
    """The whole report as HTML. `made` is a line for the foot: what made it, from what, when."""
    foot = f"<footer><p>{escape(made)}</p></footer>" if made else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
        f"<style>{style('fonts.css')}{style('tokens.css')}{style('charts.css')}{style('report.css')}</style></head>"
        f'<body class="fm-report"><header><p class="fm-report__mark">Folkmoot</p></header><main>'
        f'<h1>{escape(title)}</h1><p class="fm-report__lede">{escape(lede)}</p>'
        f"{''.join(_section(section) for section in sections)}</main>{foot}</body></html>\n"
    )
