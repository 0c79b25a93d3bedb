"""What templates show: answers of queries turned into words, charts and tables, so that templates stay dumb."""

from folkmoot.services.wards.presenters.analyses import Guess, analysis, guess, rejected_csv, what_ifs
from folkmoot.services.wards.presenters.patients import board, morning, paper, patient, team

__all__ = ["Guess", "analysis", "board", "guess", "morning", "paper", "patient", "rejected_csv", "team", "what_ifs"]
