"""Logging in through a provider of identities, and everything it may not get away with."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from folkmoot.foundation.openid.tests.provider import CLIENT, Provider, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as found:
        app = {
            "provider_id": "place", "name": "the place", "client_id": CLIENT, "secret": "s",
            "settings": {"server_url": found.address, "fetch_userinfo": False},
        }  # fmt: skip
        known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
        yield found


@pytest.fixture
def reader(person: Callable[..., Any], organisation: Any, provider: Provider) -> Any:
    known = person("public_reader", organisation)
    provider.claims["email"] = known.email
    return known


def _go(client: Client) -> dict[str, list[str]]:
    """Begin to log in; what the provider is asked."""
    answer = client.post("/account/oidc/place/login/")
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)


def _log_in(client: Client, provider: Provider) -> Any:
    asked = _go(client)
    provider.nonce = asked["nonce"][0]
    return client.get("/account/oidc/place/login/callback/", {"code": "c", "state": asked["state"][0]})


def _who(client: Client) -> str:
    return client.get("/api/v1/whoami").json().get("email", "")


def test_a_person_we_know_logs_in(client: Client, provider: Provider, reader: Any) -> None:
    assert _log_in(client, provider)["Location"] == "/"
    assert _who(client) == reader.email


def test_the_provider_is_asked_with_state_nonce_and_pkce(client: Client, provider: Provider, reader: Any) -> None:
    asked = _go(client)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 43
    assert len(asked["state"][0]) >= 16
    provider.nonce = asked["nonce"][0]
    client.get("/account/oidc/place/login/callback/", {"code": "c", "state": asked["state"][0]})
    assert len(provider.asked[0]["code_verifier"][0]) >= 43


def test_a_stranger_the_provider_vouches_for_is_not_let_in(client: Client, provider: Provider, reader: Any) -> None:
    provider.claims["email"] = "stranger@elsewhere.example"
    _log_in(client, provider)
    assert _who(client) == ""


def test_an_address_the_provider_has_not_verified_is_not_believed(
    client: Client, provider: Provider, reader: Any
) -> None:
    provider.claims["email_verified"] = False
    _log_in(client, provider)
    assert _who(client) == ""


@pytest.mark.parametrize("fault", ["unsigned", "swapped", "another key", "another key's name"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    fault: str, client: Client, provider: Provider, reader: Any
) -> None:
    provider.fault = fault
    assert _log_in(client, provider).status_code in {200, 401, 403}
    assert _who(client) == ""


@pytest.mark.parametrize("claims", [
    {"aud": "another-client"},
    {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    {"iss": "http://127.0.0.1:1"},
    {"exp": 1},
    {"nonce": "replayed"},
    {"nonce": None},
    {"sub": None},
], ids=lambda claims: ",".join(claims))  # fmt: skip
def test_a_token_that_was_not_made_for_this_log_in_is_refused(
    claims: dict[str, Any], client: Client, provider: Provider, reader: Any
) -> None:
    provider.claims |= claims
    assert _log_in(client, provider).status_code in {200, 401, 403}
    assert _who(client) == ""


def test_an_answer_is_good_once(client: Client, provider: Provider, reader: Any) -> None:
    asked = _go(client)
    provider.nonce = asked["nonce"][0]
    query = {"code": "c", "state": asked["state"][0]}
    client.get("/account/oidc/place/login/callback/", query)
    assert _who(client) == reader.email
    client.post("/account/logout/")
    assert _who(client) == ""
    client.get("/account/oidc/place/login/callback/", query)
    assert _who(client) == ""


def test_an_answer_to_somebody_elses_question_is_refused(client: Client, provider: Provider, reader: Any) -> None:
    asked = _go(Client())
    provider.nonce = asked["nonce"][0]
    client.get("/account/oidc/place/login/callback/", {"code": "c", "state": asked["state"][0]})
    assert _who(client) == ""


def test_staff_who_come_by_the_provider_still_show_their_second_factor(
    client: Client, provider: Provider, person: Callable[..., Any], organisation: Any
) -> None:
    provider.claims["email"] = person("clinician", organisation).email
    assert _log_in(client, provider)["Location"].startswith("/account/2fa/authenticate/")
    assert _who(client) == ""


def test_an_unknown_provider_is_not_found(client: Client) -> None:
    assert client.post("/account/oidc/nobody/login/").status_code == 404
