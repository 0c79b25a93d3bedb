"""What people are asked for on the pages of estates."""

from folkmoot.services.estates.forms.asking import Ask
from folkmoot.services.estates.forms.deciding import Reason, Verdict
from folkmoot.services.estates.forms.desks import Desks, desks_of
from folkmoot.services.estates.forms.estates import Figures, SiteFacts, TakeIn, facts_of

__all__ = ["Ask", "Desks", "Figures", "Reason", "SiteFacts", "TakeIn", "Verdict", "desks_of", "facts_of"]
