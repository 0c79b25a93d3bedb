"""What planners keep: studies of a place, options to decide between, and what was decided.

Each kind of study has a module of its own; Django finds them all here.
"""

from folkmoot.services.places.models.deciding import Decision, Verb
from folkmoot.services.places.models.options import Option, Status
from folkmoot.services.places.models.studies import Source, Study, Travel

__all__ = ["Decision", "Option", "Source", "Status", "Study", "Travel", "Verb"]
