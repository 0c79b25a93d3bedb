"""The front page and the language switch."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_speaks_welsh_once_asked_to(client: Client) -> None:
    assert 'lang="en' in client.get("/").content.decode()
    answer = client.post("/language/", {"language": "cy", "next": "/?a=1"})
    assert answer["Location"] == "/?a=1"
    assert 'lang="cy"' in client.get("/").content.decode()


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "xx"})
    assert 'lang="en' in client.get("/").content.decode()


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client: Client, away: str) -> None:
    assert client.post("/language/", {"language": "cy", "next": away})["Location"] == "/"
