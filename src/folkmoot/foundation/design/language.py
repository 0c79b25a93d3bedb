"""The language of the page, for what is drawn without Django."""

from django.utils.translation import get_language

from folkmoot.foundation import charts


def chart_words() -> charts.Words:
    """The chart's own words, in the language of the page."""
    return charts.WELSH if (get_language() or "").startswith("cy") else charts.ENGLISH
