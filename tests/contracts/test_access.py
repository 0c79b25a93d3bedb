"""Every address × every role × every organisation: nobody sees what is another organisation's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from folkmoot.foundation.identity.roles import Role
from tests.contracts.access import PERSONAL, addresses, filled, matrix, shared

ROWS = matrix()


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known = {address for address in addresses() if not address.startswith(PERSONAL)}
    assert known - set(ROWS) == set(), "addresses without a row in the access matrix"
    assert set(ROWS) - known == set(), "rows of the access matrix without an address"


def _ask(client: Client, address: str, arguments: Any) -> int:
    rule = ROWS[address]
    return getattr(client, rule.method)(filled(address, arguments), dict(rule.data)).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("address", ROWS)
def test_a_stranger_gets_what_is_public_and_nothing_else(
    address: str, client: Client, organisation: Any, person: Callable[..., Any]
) -> None:
    rule = ROWS[address]
    arguments = rule.make(organisation, person("analyst", organisation))
    assert _ask(client, address, arguments) in (rule.expect if rule.anonymous else rule.stranger)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ROWS)
def test_a_member_gets_what_their_role_may(
    address: str, client: Client, organisation: Any, person: Callable[..., Any]
) -> None:
    rule = ROWS[address]
    arguments = rule.make(organisation, person("analyst", organisation))
    surprises = {}
    for role in Role.values:
        client.force_login(person(role, organisation))
        status = _ask(client, address, arguments)
        if status not in (rule.expect if role in rule.roles else rule.without):
            surprises[role] = status
    assert surprises == {}


@pytest.mark.django_db
@pytest.mark.parametrize("address", [each for each in ROWS if ROWS[each].scoped and each not in shared()])
def test_a_member_of_another_organisation_is_told_there_is_nothing(
    address: str, client: Client, organisation: Any, other_organisation: Any, person: Callable[..., Any]
) -> None:
    rule = ROWS[address]
    arguments = rule.make(organisation, person("analyst", organisation))
    told = {}
    for role in Role.values:
        client.force_login(person(role, other_organisation))
        told[role] = _ask(client, address, arguments)
    assert told == dict.fromkeys(Role.values, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [each for each in ROWS if not ROWS[each].anonymous])
def test_staff_without_a_second_factor_are_sent_to_set_one_up(
    address: str, client: Client, organisation: Any, person: Callable[..., Any]
) -> None:
    rule = ROWS[address]
    arguments = rule.make(organisation, person("analyst", organisation))
    client.force_login(person(Role.FLOW_MANAGER, organisation, factor=False))
    answer = getattr(client, rule.method)(filled(address, arguments), dict(rule.data))
    assert answer.status_code == 302
    assert answer["Location"] == "/account/2fa/totp/activate/"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", *Role.values])
def test_the_account_pages_never_break_and_tell_of_nobody_else(
    role: str, client: Client, organisation: Any, other_organisation: Any, person: Callable[..., Any]
) -> None:
    secret = person("analyst", other_organisation)
    if role:
        client.force_login(person(role, organisation))
    for address in (each for each in addresses() if each.startswith(PERSONAL) and "<" not in each and "^" not in each):
        answer = client.get("/" + address)
        assert answer.status_code < 500, address
        assert secret.email.encode() not in getattr(answer, "content", b""), address
