"""What estates directors keep: estates, programmes that would shrink them, and what was decided.

Django finds them all here.
"""

from folkmoot.services.estates.models.deciding import Decision, Verb
from folkmoot.services.estates.models.estates import Estate, Origin
from folkmoot.services.estates.models.programmes import Programme, Status

__all__ = ["Decision", "Estate", "Origin", "Programme", "Status", "Verb"]
