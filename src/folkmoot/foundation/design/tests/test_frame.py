"""The frame: languages, light and dark, the statement's figures, the vendors' sheets without their fonts."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from lxml import html

from folkmoot.foundation.design.presenting import grouped
from folkmoot.foundation.design.statement import last_run
from folkmoot.foundation.design.vendor import without_fonts

RUN = {
    "on": "2026-11-23", "axe_version": "4.14.1", "browser": "Chromium 156", "routes": 18, "states": 115,
    "languages": ["cy", "en"], "checks": 484, "planted": 49, "caught": 49, "findings": 2, "incomplete": 5,
}  # fmt: skip


@pytest.mark.django_db
def test_a_chosen_theme_is_kept_in_a_cookie_and_said_on_the_page(client: Client) -> None:
    answer = client.post("/appearance/", {"theme": "dark", "next": "/privacy/"})
    assert answer["Location"] == "/privacy/"
    assert html.fromstring(client.get("/privacy/").content).get("data-theme") == "dark"
    client.post("/appearance/", {"theme": "", "next": "/privacy/"})
    assert html.fromstring(client.get("/privacy/").content).get("data-theme") is None


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_theme_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.post("/appearance/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_theme_in_the_cookie_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["folkmoot_theme"] = '"><script>'
    assert b"<script>&" not in client.get("/privacy/").content
    assert html.fromstring(client.get("/privacy/").content).get("data-theme") is None


@pytest.mark.django_db
def test_numbers_and_dates_of_the_statement_are_those_of_the_last_run(client: Client, settings, tmp_path: Path) -> None:
    (tmp_path / "accessibility.json").write_text(json.dumps(RUN))
    settings.FOLKMOOT = settings.FOLKMOOT | {"var": tmp_path}
    english = html.fromstring(client.get("/accessibility/").content).text_content()
    assert "49 of 49" in english
    assert "23 Nov 2026" in english
    assert "No disabled person has tested this platform yet" in english
    client.cookies["django_language"] = "cy"
    welsh = html.fromstring(client.get("/accessibility/").content).text_content()
    assert "49 o 49" in welsh
    assert "23 Tachwedd 2026" in welsh


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_large_numbers_are_set_apart_in_thousands(language: str) -> None:
    with translation.override(language):
        assert grouped(10192) == "10,192"
        assert grouped(142.26, 1) == "142.3"


@pytest.mark.django_db
def test_the_statement_never_says_fully_compliant(client: Client) -> None:
    assert b"fully compliant" not in client.get("/accessibility/").content.lower()


def test_without_a_run_there_are_no_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.foundation.design.statement.PACKAGED", tmp_path / "none.json")
    assert last_run(tmp_path) is None


def test_fonts_are_taken_out_of_a_sheet_and_nothing_else_is() -> None:
    sheet = 'a{b:c}@font-face{font-family:X;src:url("https://elsewhere/x.woff2")}@media print{d{e:f}}'
    assert without_fonts(sheet) == "a{b:c}@media print{d{e:f}}"


@pytest.mark.parametrize("name", ["govuk.css", "nhsuk.css"])
def test_the_served_vendor_sheets_declare_no_font_and_name_no_other_host(name: str) -> None:
    found = finders.find(f"vendor/{name}")
    if not found:
        pytest.skip("node_modules is absent: run `make test` once, which fetches it.")
    sheet = Path(str(found)).read_text(encoding="utf-8")
    assert "@font-face" not in sheet
    assert "url(http" not in sheet
    assert len(sheet) > 100_000


@pytest.mark.django_db
def test_a_missing_page_has_the_frame_and_says_what_to_do(client: Client) -> None:
    answer = client.get("/nowhere/")
    page = html.fromstring(answer.content)
    assert answer.status_code == 404
    assert page.xpath("//h1/text()") == ["Page not found"]
    assert page.xpath("//main//a[@href='/']")


@pytest.mark.django_db
def test_every_page_allows_only_itself(client: Client) -> None:
    policy = client.get("/_components/charts/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
