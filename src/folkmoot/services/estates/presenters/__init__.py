"""What templates show: answers of queries turned into words, charts, maps and tables, so that templates stay dumb."""

from folkmoot.services.estates.presenters.comparing import compare
from folkmoot.services.estates.presenters.desk import desk
from folkmoot.services.estates.presenters.estates import estate, site
from folkmoot.services.estates.presenters.money import pounds_page
from folkmoot.services.estates.presenters.programmes import programme, summary

__all__ = ["compare", "desk", "estate", "pounds_page", "programme", "site", "summary"]
