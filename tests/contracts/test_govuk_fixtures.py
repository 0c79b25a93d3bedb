"""The official GOV.UK component fixtures through our `component` call: every one gives the published tokens."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

from folkmoot.foundation.design.components import GOVUK, macro

COMPONENTS = Path(__file__).parents[2] / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
FIXTURES = sorted(COMPONENTS.glob("*/fixtures.json"))
pytestmark = pytest.mark.skipif(not FIXTURES, reason="node_modules is absent: run `make test` once, which fetches it.")


class Tokens(HTMLParser):
    """A page as a stream of tokens: white space between words is one, attributes are in any order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stream: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stream.append((tag, sorted((name, " ".join((value or "").split())) for name, value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.stream.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.stream.append(words)


def tokens(html: str) -> list[object]:
    reader = Tokens()
    reader.feed(html)
    reader.close()
    return reader.stream


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_a_component_gives_the_published_tokens(path: Path) -> None:
    environment = engines["jinja2"].env
    said = json.loads(path.read_text(encoding="utf-8"))
    draw = macro(environment, GOVUK, said["component"])
    for fixture in said["fixtures"]:
        assert tokens(str(draw(fixture["options"]))) == tokens(fixture["html"]), fixture["name"]


def test_all_657_published_fixtures_are_compared() -> None:
    assert sum(len(json.loads(path.read_text(encoding="utf-8"))["fixtures"]) for path in FIXTURES) == 657


def test_two_streams_that_differ_by_one_attribute_differ() -> None:
    assert tokens('<p class="a">x</p>') != tokens('<p class="b">x</p>')
    assert tokens('<p class="a" id="b"> x </p>') == tokens('<p id="b"\nclass="a">x</p>')
