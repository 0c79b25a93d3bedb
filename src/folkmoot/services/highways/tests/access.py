"""Who may ask which address of highways, for the access matrix."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from folkmoot.foundation.identity.roles import Role
from folkmoot.services.highways import exports
from folkmoot.services.highways.tests import movement
from tests.contracts.access import Rule

HOLDS = frozenset({Role.ANALYST})
DECIDES = frozenset({Role.APPROVER})
SEES = frozenset({Role.ANALYST, Role.APPROVER, Role.PLANNER})


class Fresh(Mapping[str, Any]):
    """Form data with a token of its own each time it is read."""

    def __getitem__(self, key: str) -> Any:
        return str(uuid4())

    def __iter__(self) -> Iterator[str]:
        return iter(["form_token"])

    def __len__(self) -> int:
        return 1


def data(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": movement.held(organisation, person).pk}


def waiting(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": movement.candidate(organisation, person).pk}


def unmade(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": movement.waiting(organisation, person).pk}


def out(organisation: Any, person: Any) -> dict[str, Any]:
    return {"key": movement.published(organisation, person).pk}


DONE = frozenset({302})
MATRIX: dict[str, Rule] = {
    # Whoever does not work here is led on to what is published.
    "highways/": Rule(anonymous=True, expect=frozenset({200, 302})),
    "highways/policy/": Rule(roles=DECIDES),
    "highways/data/new/": Rule(roles=HOLDS),
    "highways/data/<uuid:key>/": Rule(roles=HOLDS, make=data),
    "highways/data/<uuid:key>/rejected.csv": Rule(roles=HOLDS, make=data),
    "highways/data/<uuid:key>/check/": Rule(roles=HOLDS, make=data, method="post", data=Fresh(), expect=DONE),
    "highways/data/<uuid:key>/delete/": Rule(roles=HOLDS, make=data),
    "highways/data/<uuid:key>/releases/new/": Rule(roles=HOLDS, make=data),
    "highways/releases/<uuid:key>/": Rule(roles=SEES, make=waiting),
    "highways/releases/<uuid:key>/again/": Rule(roles=HOLDS, make=unmade, method="post", data=Fresh(), expect=DONE),
    "highways/releases/<uuid:key>/decide/": Rule(roles=DECIDES, make=waiting),
    "highways/releases/<uuid:key>/withdraw/": Rule(roles=DECIDES, make=out),
    "highways/published/": Rule(anonymous=True),
    "highways/published/<uuid:key>/": Rule(anonymous=True, make=out),
    **{f"highways/published/<uuid:key>/{name}": Rule(anonymous=True, make=out) for name in exports.FILES},
    # Lists are never refused: they hold what the person may see.
    "api/v1/highways/datasets": Rule(stranger=frozenset({401})),
    "api/v1/highways/datasets/<uuidstr:key>": Rule(roles=HOLDS, make=data, stranger=frozenset({401})),
    "api/v1/highways/releases": Rule(anonymous=True),
    "api/v1/highways/releases/<uuidstr:key>": Rule(anonymous=True, make=out),
}
# What is published is for everybody, whatever organisation published it.
SHARED = frozenset(address for address, rule in MATRIX.items() if rule.anonymous and rule.scoped)

_ROADS = "folkmoot.services.highways.roads"
if find_spec(_ROADS) and find_spec(f"{_ROADS}.tests") and find_spec(f"{_ROADS}.tests.access"):
    MATRIX |= import_module(f"{_ROADS}.tests.access").MATRIX
