"""What the pages of shopping centres show: sentences, figures, charts with tables, maps."""

from folkmoot.services.places.retail.presenters.centre import centre, compare
from folkmoot.services.places.retail.presenters.maps import market_map
from folkmoot.services.places.retail.presenters.market import best, market
from folkmoot.services.places.retail.presenters.words import markets, row, summary

__all__ = ["best", "centre", "compare", "market", "market_map", "markets", "row", "summary"]
