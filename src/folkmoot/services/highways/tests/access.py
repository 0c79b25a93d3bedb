"""Who may ask which address of highways, for the access matrix."""

from importlib import import_module
from importlib.util import find_spec

from folkmoot.foundation.identity.roles import Role
from tests.contracts.access import Rule

SEES = frozenset({Role.ANALYST, Role.APPROVER, Role.PLANNER})

MATRIX: dict[str, Rule] = {
    # Whoever does not work here is led on to what is published.
    "highways/": Rule(anonymous=True, expect=frozenset({200, 302})),
    "highways/published/": Rule(anonymous=True),
}
_ROADS = "folkmoot.services.highways.roads"
if find_spec(_ROADS) and find_spec(f"{_ROADS}.tests") and find_spec(f"{_ROADS}.tests.access"):
    MATRIX |= import_module(f"{_ROADS}.tests.access").MATRIX
