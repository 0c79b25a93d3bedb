"""What templates show: answers of queries turned into words, charts, maps and tables, so that templates stay dumb."""

from folkmoot.services.highways.presenters.datasets import dataset
from folkmoot.services.highways.presenters.desk import desk
from folkmoot.services.highways.presenters.evidence import evidence, listed
from folkmoot.services.highways.presenters.releases import report, summary

__all__ = ["dataset", "desk", "evidence", "listed", "report", "summary"]
