"""Passwords, second factors, personas, roles."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from folkmoot.foundation.audit.models import Event
from folkmoot.foundation.identity import actions, personas
from folkmoot.foundation.identity.models import Membership, User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough passphrase"


@pytest.fixture
def clinician(person: Callable[..., Any], organisation: Any) -> Any:
    user = person("clinician", organisation, factor=False)
    user.set_password(PASSWORD)
    user.save()
    return user


def _log_in(client: Client, user: Any, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": user.email, "password": password})


def _who(client: Client) -> int:
    return client.get("/api/v1/whoami").status_code


def test_a_wrong_password_lets_nobody_in(client: Client, clinician: Any) -> None:
    assert _log_in(client, clinician, "wrong").status_code == 200
    assert _who(client) == 401


def test_staff_set_up_a_second_factor_before_anything_else(client: Client, clinician: Any) -> None:
    assert _log_in(client, clinician).status_code == 302
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_password_is_not_enough_once_there_is_a_second_factor(
    client: Client, person: Callable[..., Any], organisation: Any
) -> None:
    user = person("clinician", organisation)
    user.set_password(PASSWORD)
    user.save()
    assert _log_in(client, user)["Location"].startswith("/account/2fa/authenticate/")
    assert _who(client) == 401
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert _who(client) == 401


def test_a_public_reader_needs_no_second_factor(client: Client, person: Callable[..., Any], organisation: Any) -> None:
    client.force_login(person("public_reader", organisation))
    assert client.get("/").status_code == 200


def test_passwords_are_kept_by_argon2(clinician: Any, settings: Any) -> None:
    # Tests put a quick hasher before what is used in earnest.
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    clinician.set_password(PASSWORD)
    assert clinician.password.startswith("argon2")


def test_nobody_signs_themselves_up(client: Client) -> None:
    given = {"email": "new@test.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", given)
    assert not User.objects.filter(email="new@test.example").exists()


def test_there_are_no_personas_outside_the_demo(client: Client, settings: Any) -> None:
    assert settings.FOLKMOOT["demo"] is False
    assert client.get("/demo/personas/").status_code == 404
    assert client.post("/demo/personas/enter/", {"email": "flora@demo.example"}).status_code == 404


def test_the_personas_views_refuse_by_themselves_even_if_mounted(rf: Any) -> None:
    from django.http import Http404

    from folkmoot.foundation.identity import demo_views

    with pytest.raises(Http404):
        demo_views.enter(rf.post("/x", {"email": "flora@demo.example"}))
    with pytest.raises(Http404):
        demo_views.personas(rf.get("/x"))


def test_a_persona_mark_in_the_session_is_worth_nothing_outside_the_demo(client: Client, clinician: Any) -> None:
    client.force_login(clinician)
    session = client.session
    session["demo_persona"] = True
    session.save()
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"


def test_the_demos_people_are_made_once_and_never_in_production(settings: Any) -> None:
    assert len(personas.make()) == len(personas.make()) == User.objects.count()
    assert {held.role for held in Membership.objects.all()} == {each.role for each in personas.PERSONAS}
    settings.FOLKMOOT = {**settings.FOLKMOOT, "production": True}
    with pytest.raises(RuntimeError, match="never made in production"):
        personas.make()


def test_admitting_is_audited_and_dismissing_ends_the_view(organisation: Any) -> None:
    held = actions.admit(
        email="Nia@test.example", name="Nia", role="analyst", organisation="T01", password=PASSWORD, by="system:test"
    )
    assert held.user.holds("analyst", organisation=organisation)
    assert Event.objects.filter(action="identity.admit").count() == 1
    actions.dismiss(membership=held, by="system:test")
    assert User.objects.get(email="nia@test.example").organisation_ids == frozenset()


@pytest.mark.parametrize(("wrong", "said"), [
    ({"organisation": "none"}, "no organisation with the code none"),
    ({"role": "king"}, "no role called king"),
    ({"password": "short"}, "too short"),
])  # fmt: skip
def test_who_cannot_be_admitted_is_told_why(organisation: Any, wrong: dict[str, str], said: str) -> None:
    given = {"email": "nia@test.example", "name": "Nia", "role": "analyst", "organisation": "T01", "password": PASSWORD}
    with pytest.raises(actions.NotAdmitted, match=said):
        actions.admit(**{**given, **wrong}, by="system:test")
    assert not User.objects.exists()


def test_a_member_of_a_closed_organisation_sees_nothing(organisation: Any, person: Callable[..., Any]) -> None:
    member = person("analyst", organisation)
    organisation.active = False
    organisation.save()
    assert User.objects.get(pk=member.pk).organisation_ids == frozenset()
