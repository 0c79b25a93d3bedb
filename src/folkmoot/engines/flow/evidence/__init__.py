"""What a log by itself shows: how long patients stayed, for whom they waited, and which team is the likely constraint."""

from folkmoot.engines.flow.evidence.stays import Stays, stays
from folkmoot.engines.flow.evidence.waits import LogConstraint, Wait, Waits, constraint_of, waits

__all__ = ["LogConstraint", "Stays", "Wait", "Waits", "constraint_of", "stays", "waits"]
