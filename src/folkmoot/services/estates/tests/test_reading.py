"""What pages and files show: pounds that add up and lead to their source, files that no spreadsheet obeys, what is known."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pyogrio
import pytest
from django.test import Client

from folkmoot.services.estates import exports, presenters
from folkmoot.services.estates.models import Programme
from folkmoot.services.estates.presenters.figures import exact, figure, gap, pounds, proper
from folkmoot.services.estates.presenters.frontier import mark, mark_name
from folkmoot.services.estates.tests import estates

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(person: Callable[..., Any], organisation: Any) -> Any:
    return person("planner", organisation)


@pytest.fixture
def programme(organisation: Any, planner: Any) -> Programme:
    return estates.solved(estates.small(organisation, planner), planner)


def _rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_the_rows_of_the_value_add_up_to_it_and_each_leads_to_lines_that_add_up_to_the_row(
    programme: Programme,
) -> None:
    shown = presenters.programme(programme)["money"]
    total = 0.0
    for row in shown["rows"]:
        asked = dict(
            part.split("=") for part in row["url"].split("?")[1].replace("+", " ").replace("%3A", ":").split("&")
        )
        behind = presenters.pounds_page(programme, asked)
        assert behind["totals"] == [("All in today’s money", row["value"])]
        kept = [line for line in programme.answer["lines"] if line["kind"] == asked["kind"]]
        assert kept
        total += sum(_worth(programme, line) for line in kept if line["item"].startswith(asked["item"]))
    assert total == pytest.approx(programme.answer["value"]["npv"], abs=1)


def test_a_figure_of_a_year_is_the_sum_of_the_lines_behind_it(programme: Programme) -> None:
    first = programme.answer["value"]["years"][0]
    for kind, pence in first["by_kind"]:
        shown = presenters.pounds_page(programme, {"kind": kind, "year": str(first["year"])})
        assert shown["totals"][0] == (f"In {first['year']}", exact(-pence))


def test_every_line_of_cash_has_a_source_or_an_assumption(programme: Programme) -> None:
    assert programme.answer["lines"]
    for line in programme.answer["lines"]:
        assert line["formula"]
        assert all(each["file"] == estates.FILE and each["row"] >= 2 for each in line["sources"])
        assert line["sources"] or line["assumptions"]


def test_the_cash_flow_as_a_file_adds_up_to_the_value(programme: Programme) -> None:
    factor = {str(one["year"]): one["factor"] for one in programme.answer["value"]["years"]}
    valued = {"capital", "one-off", "running", "backlog"}
    rows = [row for row in _rows(exports.cash_flow(programme)) if row["class"] in valued]
    npv = -sum(float(row["pounds"]) * factor[row["year"]] for row in rows)
    assert npv == pytest.approx(programme.answer["value"]["npv"], abs=1)


def test_a_name_that_begins_like_a_formula_is_harmless_in_every_file(programme: Programme) -> None:
    names = [row["name"] for row in _rows(exports.steps(programme)) if row["site"] == "R3"]
    assert names
    assert all("=OLD OFFICE" in name and not name.startswith("=") for name in names)
    for name, (write, kind) in exports.FILES.items():
        if kind.startswith("text/csv"):
            cells = [cell for row in csv.reader(io.StringIO(write(programme).decode())) for cell in row]
            # A figure with a minus is a figure; anything else that starts so would be a formula.
            assert not [c for c in cells if c[:1] in "=+@\t" and c], name


def test_sites_are_points_longitude_first_and_unplaced_ones_have_no_geometry(
    organisation: Any, planner: Any, programme: Programme
) -> None:
    made = json.loads(exports.geojson(programme))
    west = next(one for one in made["features"] if one["id"] == "R1")
    assert west["geometry"] == {"type": "Point", "coordinates": [-0.48, 53.0]}
    closed = {one["id"] for one in made["features"] if one["properties"]["closes"]}
    assert closed == set(programme.plan["closed"])
    blind = estates.solved(estates.small(organisation, planner, "Blind", placed=False), planner)
    assert {one["geometry"] for one in json.loads(exports.geojson(blind))["features"]} == {None}


def test_a_geopackage_holds_sites_and_moves(programme: Programme, tmp_path: Any) -> None:
    path = tmp_path / "plan.gpkg"
    path.write_bytes(exports.geopackage(programme))
    assert [tuple(row) for row in pyogrio.list_layers(path)] == [("sites", "Point"), ("moves", "LineString")]
    moves = sum(len(step["moves"]) for step in programme.plan["steps"])
    assert pyogrio.read_info(path, layer="moves")["features"] == moves
    assert pyogrio.read_info(path, layer="sites")["crs"] == "EPSG:4326"


def test_without_positions_there_is_no_geopackage(client: Client, organisation: Any, planner: Any) -> None:
    blind = estates.solved(estates.small(organisation, planner, "Blind", placed=False), planner)
    client.force_login(planner)
    assert "GeoPackage" not in client.get(blind.get_absolute_url()).content.decode()
    assert client.get(f"{blind.get_absolute_url()}plan.gpkg").status_code == 404


def test_where_nobody_gave_travel_times_nothing_is_said_about_access(
    client: Client, organisation: Any, planner: Any
) -> None:
    found = estates.solved(estates.small(organisation, planner, "Unknown", travel=False), planner)
    client.force_login(planner)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "It is not claimed that nobody travels further." in page
    assert "Deprivation decile" not in page


def test_an_address_with_a_strange_filter_shows_no_line_and_does_not_fail(client: Client, programme: Programme) -> None:
    client.force_login(programme.by)
    for query in ("site=<script>", "kind=nothing", "year=99999", "year=two", "item=gold"):
        response = client.get(f"{programme.get_absolute_url()}pounds/?{query}")
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    assert presenters.pounds_page(programme, {"kind": "nothing"})["count"] == "0"


def test_a_program_reads_what_the_page_says(client: Client, programme: Programme) -> None:
    client.force_login(programme.by)
    whole = client.get(f"/api/v1/estates/programmes/{programme.pk}").json()
    assert (whole["sites_today"], whole["sites_after"]) == (7, programme.plan["sites_after"])
    assert whole["npv"] == programme.answer["value"]["npv"]
    assert whole["bound"] >= whole["npv"] - 1
    assert [one["name"] for one in client.get("/api/v1/estates/estates").json()] == ["Road"]


def test_figures_are_written_as_people_write_them() -> None:
    assert [pounds(v) for v in (None, -0.2, 1234.4, -2_500_000)] == ["–", "£0", "£1,234", "−£2.50 million"]
    assert (exact(-12_345_67), figure(0.24, "share"), figure(60, "£ per m²")) == (
        "−£12,345.67",
        "24\xa0%",
        "£60 per m²",
    )
    assert (gap(0.0), gap(0.00001), gap(0.5)) == ("0\xa0%", "0.001\xa0%", "50.0\xa0%")
    assert proper("ST MARY'S HOSPITAL AT MILL") == "St Mary's Hospital at Mill"


def _worth(programme: Programme, line: dict[str, Any]) -> float:
    factor = [one["factor"] for one in programme.answer["value"]["years"]]
    return float(-line["pence"] / 100 * sum(factor[line["first"] : line["last"] + 1]))


def test_fewer_than_70_is_marked_where_there_are_more_today_and_what_was_asked_elsewhere() -> None:
    def points(most: int, wanted: int | None = None) -> list[dict[str, Any]]:
        return [{"sites": n, "cost": float(n), "wanted": n == wanted} for n in range(most, most - 5, -1)]

    assert mark(points(72)) == {"sites": 68, "cost": 68.0, "wanted": False}
    assert mark(points(20)) is None
    found = mark(points(20, wanted=18))
    assert found is not None
    assert (found["sites"], mark_name(found)) == (18, "Asked for: 18 sites")
