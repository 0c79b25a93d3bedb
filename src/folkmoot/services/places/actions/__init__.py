"""What people do with places. Each verb is one transaction, audited, and returns what it changed."""

from folkmoot.services.places.actions.audited import NotPossible
from folkmoot.services.places.actions.deciding import approve, decline, propose, withdraw
from folkmoot.services.places.actions.options import ask, find_alternatives, solve_again, try_uncertain_demand
from folkmoot.services.places.actions.studies import (
    begin,
    begin_in_the_town,
    put_areas,
    put_sites,
    put_travel,
    route_over_streets,
)

__all__ = [
    "NotPossible",
    "approve",
    "ask",
    "begin",
    "begin_in_the_town",
    "decline",
    "find_alternatives",
    "propose",
    "put_areas",
    "put_sites",
    "put_travel",
    "route_over_streets",
    "solve_again",
    "try_uncertain_demand",
    "withdraw",
]
