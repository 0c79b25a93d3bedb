"""Alive, ready, measured, and quiet towards strangers."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_lives_and_is_ready(client: Client) -> None:
    assert client.get("/health/live").json() == {"live": True}
    assert client.get("/health/ready").json() == {"ready": True}


def test_it_is_not_ready_when_migrations_are_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.foundation.health.views.MigrationExecutor.migration_plan", lambda *given: [1, 2])
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "2 migrations behind" in answer.json()["reason"]


def test_it_is_not_ready_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(connection: Any) -> None:
        raise OperationalError("host=secret")

    monkeypatch.setattr("folkmoot.foundation.health.views.MigrationExecutor", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "secret" not in answer.content.decode()


def test_metrics_are_for_this_machine_or_the_token(client: Client, settings: Any) -> None:
    assert b"folkmoot_requests_total" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "10.0.0.9"}).status_code == 404
    settings.FOLKMOOT = {**settings.FOLKMOOT, "metrics_token": "t" * 32}
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer " + "x" * 32}).status_code == 404
    assert (
        client.get("/metrics", headers={"authorization": "Bearer " + "t" * 32}, REMOTE_ADDR="10.0.0.9").status_code
        == 200
    )


def test_every_answer_has_an_id_and_a_strict_policy(client: Client) -> None:
    answer = client.get("/")
    assert len(answer["X-Request-Id"]) == 36
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_an_error_is_a_page_with_a_sentence_and_no_insides(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("folkmoot.foundation.pages.views.doors", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_form_without_its_token_is_told_it_expired() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/language/", {"language": "cy"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()
