"""What planners keep: studies of a place, options to decide between, and what was decided.

Each kind of study has a module of its own; Django finds them all here. Markets have theirs in `retail`.
"""

from folkmoot.services.places.models.deciding import Decision, Verb
from folkmoot.services.places.models.options import Option, Status
from folkmoot.services.places.models.studies import Source, Study, Travel

# The retail half builds on the rows above, so it comes last.
from folkmoot.services.places.retail.models import Centre, CentreDecision, Market  # isort: skip

__all__ = ["Centre", "CentreDecision", "Decision", "Market", "Option", "Source", "Status", "Study", "Travel", "Verb"]
