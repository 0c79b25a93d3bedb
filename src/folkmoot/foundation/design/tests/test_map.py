"""The map of roads: its table, and lines within the page or at an address; tests/journeys/test_roads.py presses it."""

import re
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory

LINE = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "properties": {}}


def test_both_directions_of_a_road_lie_side_by_side_and_the_fullest_row_is_first(client: Client, db: None) -> None:
    page = client.get("/_components/map/").content.decode()
    cells = [int(n) for n in re.findall(r"<tr data-fm-line=[^>]+>.*?<td>(\d+)", page)]
    assert len(cells) == 8
    assert cells == sorted(cells, reverse=True)
    assert '"side": true' in page
    assert "fm-map__line--flow-5" in page


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"type": "FeatureCollection", "features": [LINE]}, "data-fm-lines"),
        ("/flows.geojson", 'data-lines="/flows.geojson"'),
    ],
    ids=["within the page", "from an address"],
)  # fmt: skip
def test_lines_are_within_the_page_or_at_an_address(lines: Any, expected: str) -> None:
    source = '{% from "design/map.html" import map with context %}{{ map("m", "R", lines=lines, ramp="change", credit="W") }}'
    engine = get_template("gallery/map.html").backend  # type: ignore[attr-defined]
    made = engine.from_string(source).render({"lines": lines}, RequestFactory().get("/"))
    assert expected in made
    assert ("data-fm-lines" in made) != ("data-lines=" in made)
    assert 'data-ramp="change"' in made
    assert '<p class="fm-map__credit">W</p>' in made
