"""Forms of places."""

from folkmoot.services.places.forms.deciding import Reason, Verdict
from folkmoot.services.places.forms.options import Ask, Goal, offered
from folkmoot.services.places.forms.studies import Areas, Begin, Sites, TravelTimes

__all__ = ["Areas", "Ask", "Begin", "Goal", "Reason", "Sites", "TravelTimes", "Verdict", "offered"]
