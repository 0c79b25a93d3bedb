"""What templates show: answers of queries turned into words, charts, maps and tables, so that templates stay dumb."""

from folkmoot.services.places.presenters.comparing import compare
from folkmoot.services.places.presenters.desk import desk, study
from folkmoot.services.places.presenters.equity import equity
from folkmoot.services.places.presenters.maps import plan_map, study_map
from folkmoot.services.places.presenters.options import option, sources, summary

__all__ = ["compare", "desk", "equity", "option", "plan_map", "sources", "study", "study_map", "summary"]
