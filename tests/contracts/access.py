"""The access matrix: for every address, who may ask it and what everybody else gets.

A service adds its own rows in `folkmoot/services/NAME/tests/access.py`, as `MATRIX: dict[str, Rule]`. An address
without a row fails `test_access.py`, and so does a row without an address.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from folkmoot.config.rooms import rooms
from folkmoot.foundation.identity.roles import Role

EVERYBODY = frozenset(Role.values)


def _nothing(organisation: Any, person: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Rule:
    """Who may: `anonymous` people, members with one of `roles`.

    `make(organisation, person)` makes the row the address is about and gives the address's arguments; with it, members
    of another organisation must be told 404, whatever their role. `without` is what those get who lack the role.
    """

    anonymous: bool = False
    roles: frozenset[str] = EVERYBODY
    make: Callable[[Any, Any], Mapping[str, Any]] = _nothing
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    expect: frozenset[int] = frozenset({200})
    without: frozenset[int] = frozenset({403, 404})
    stranger: frozenset[int] = frozenset({302})

    @property
    def scoped(self) -> bool:
        return self.make is not _nothing


def a_job(organisation: Any, person: Any) -> dict[str, Any]:
    from folkmoot.foundation.jobs.models import Job

    return {"key": Job.objects.for_organisation(organisation).create(kind="test.kind", by=person).pk}


def a_sealed_event(organisation: Any, person: Any) -> dict[str, Any]:
    from folkmoot.foundation import audit

    event = audit.record(action="test.did", target="test.thing:1", by=person, organisation=organisation)
    audit.publish()
    return {"event": event.pk}


PUBLIC = Rule(anonymous=True)
POSTED = Rule(anonymous=True, method="post", expect=frozenset({302}))
API = Rule(stranger=frozenset({401}))

MATRIX: dict[str, Rule] = {
    "": PUBLIC,
    "language/": POSTED,
    "appearance/": POSTED,
    "accessibility/": PUBLIC,
    "privacy/": PUBLIC,
    "_components/": PUBLIC,
    "_components/charts/": PUBLIC,
    "_components/form/": PUBLIC,
    "_components/map/": PUBLIC,
    "_components/progress/": PUBLIC,
    "_components/<slug:name>/": Rule(anonymous=True, make=lambda organisation, person: {"name": "button"}),
    "health/live": PUBLIC,
    "health/ready": PUBLIC,
    # The test client calls from this machine; test_health.py shows that others are told 404.
    "metrics": PUBLIC,
    "jobs/<uuid:key>/": Rule(make=a_job),
    "jobs/<uuid:key>/progress": Rule(make=a_job),
    "jobs/<uuid:key>/stop": Rule(make=a_job, method="post", expect=frozenset({302})),
    "api/v1/": Rule(anonymous=True, expect=frozenset({404})),
    "api/v1/openapi.json": PUBLIC,
    "api/v1/whoami": API,
    "api/v1/jobs/": API,
    "api/v1/jobs/<uuidstr:key>": Rule(make=a_job, stranger=frozenset({401})),
    "api/v1/audit/heads": PUBLIC,
    "api/v1/audit/consistency": Rule(anonymous=True, expect=frozenset({404}), data={"old": 1, "size": 2}),
    "api/v1/audit/receipts/<uuidstr:event>": Rule(
        make=a_sealed_event, roles=frozenset({Role.AUDITOR}), stranger=frozenset({401})
    ),
}
# Rows that tell the same to people of every organisation, though their address takes an argument; services add theirs.
SHARED = frozenset({"_components/<slug:name>/"})
# allauth's own pages are about the person who asks, and hold no organisation's rows.
PERSONAL = "account/"


def matrix() -> dict[str, Rule]:
    """The foundation's rows and every service's."""
    found = dict(MATRIX)
    for room in rooms():
        if find_spec(f"folkmoot.services.{room}.tests") and find_spec(f"folkmoot.services.{room}.tests.access"):
            found |= import_module(f"folkmoot.services.{room}.tests.access").MATRIX
    return found


def shared() -> frozenset[str]:
    """What tells everybody the same: the foundation's and every service's, as what a public body has published."""
    found = SHARED
    for room in rooms():
        if find_spec(f"folkmoot.services.{room}.tests") and find_spec(f"folkmoot.services.{room}.tests.access"):
            found |= getattr(import_module(f"folkmoot.services.{room}.tests.access"), "SHARED", frozenset())
    return found


def addresses() -> list[str]:
    """Every address of the house, as the URLconf spells it."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def filled(address: str, arguments: Mapping[str, Any]) -> str:
    """The address with its arguments in place."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(arguments[part[1]]), address)
