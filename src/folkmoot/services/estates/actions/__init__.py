"""What people do with estates. Each verb is one transaction, audited, and returns what it changed."""

from folkmoot.services.estates.actions.audited import NotPossible
from folkmoot.services.estates.actions.deciding import approve, decline, propose, withdraw
from folkmoot.services.estates.actions.estates import draw_frontier, state_desks, state_figures, state_site, take_in
from folkmoot.services.estates.actions.programmes import ask, solve_again

__all__ = [
    "NotPossible",
    "approve",
    "ask",
    "decline",
    "draw_frontier",
    "propose",
    "solve_again",
    "state_desks",
    "state_figures",
    "state_site",
    "take_in",
    "withdraw",
]
