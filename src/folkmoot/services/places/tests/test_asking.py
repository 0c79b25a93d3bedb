"""Options from the question to the page, the files and the API: what is said is what was proved."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from folkmoot.services.places import exports, question, tables
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.presenters.sentences import told
from folkmoot.services.places.question import Question
from folkmoot.services.places.tests import access, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client: Client, person: Callable[..., Any], organisation: Any) -> Any:
    user = person("planner", organisation)
    client.force_login(user)
    return user


@pytest.fixture
def study(organisation: Any, planner: Any) -> Study:
    return places.small(organisation, planner)


# Sites at 0, 8 and 20 minutes; 400, 300, 200 and 100 people at 0, 4, 8 and 20: worked out by hand.
GOALS = {
    "p-median": (
        {"objective": "p-median", "p": 2, "radius": None},
        "With 2 sites people travel 2.4 minutes on average. No plan with 2 sites can bring that below 2.4 minutes.",
    ),
    "mclp": (
        {"objective": "mclp", "p": 1, "radius": 5.0},
        "With 1 site, 70.0\N{NO-BREAK SPACE}% of people (700) are within 5 minutes. "
        "No plan with 1 site can bring in more than 70.0\N{NO-BREAK SPACE}%.",
    ),
    "lscp": (
        {"objective": "lscp", "p": None, "radius": 8.0},
        "2 sites bring everybody within 8 minutes. It cannot be done with fewer than 2.",
    ),
    "p-center": (
        {"objective": "p-center", "p": 2, "radius": None},
        "With 2 sites nobody is further than 8.0 minutes. No plan with 2 sites can bring everybody nearer than 8.0 minutes.",
    ),
    "capacitated-p-median": (
        {"objective": "capacitated-p-median", "p": 2, "radius": None},
        "With 2 sites people travel 3.2 minutes on average. No plan with 2 sites can bring that below 3.2 minutes.",
    ),
    "uflp": (
        {"objective": "uflp", "p": None, "radius": None, "rate": 1.0},
        "3 sites cost £4,200 a year, travel counted in. No plan can cost less than £4,200.",
    ),
}


@pytest.mark.parametrize("goal", GOALS)
def test_the_first_sentence_says_what_the_plan_is_and_what_no_plan_can_be(
    goal: str, study: Study, planner: Any, client: Client
) -> None:
    asked, sentence = GOALS[goal]
    option = places.solved(study, planner, **asked)
    said = told(option)
    assert said is not None
    assert option.findings["verdict"]["holds"], option.findings["verdict"]["statements"]
    assert (f"{said.result} {said.limit}", said.proof) == (sentence, "Proved the best possible.")
    assert client.get(option.get_absolute_url()).status_code == 200


def test_an_impossible_question_is_explained_with_names_not_codes(study: Study, planner: Any, client: Client) -> None:
    option = places.solved(study, planner, objective="lscp", p=None, radius=2.0)
    assert (option.plan["status"], option.has_plan) == ("infeasible", False)
    page = client.get(option.get_absolute_url()).content.decode()
    assert "“Birch” cannot be served within 2" in page


def test_a_limit_for_every_decile_is_kept(study: Study, planner: Any) -> None:
    # Without a limit the one best hall is the new one, and decile 9, in Ash, would lose eight minutes.
    free = places.solved(study, planner, "One", objective="p-median", p=1, radius=None, must_close=("S1",))
    assert free.findings["groups"][0]["most_lost"] == 8.0
    fair = places.solved(study, planner, "One, fair", objective="p-median", p=1, radius=None, slack=0.0)
    assert fair.open_sites == ["S1"]


def test_a_plan_found_when_time_ran_out_does_not_say_best(study: Study, planner: Any) -> None:
    option = places.solved(study, planner)
    option.plan |= {"status": "feasible", "bound": 950.0, "gap": 50 / 900}
    said = told(option)
    assert said is not None
    assert not said.sure
    assert said.proof == (
        "Not proved the best: when the search ended it was at most 5.6\N{NO-BREAK SPACE}% from the best possible."
    )


@pytest.mark.parametrize("goal", GOALS)
def test_the_bundle_is_verified_by_the_command_it_names(
    goal: str, study: Study, planner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    from folkmoot.cli.siting import app

    # With room and fairness both, the bound would rest on HiGHS, and the command would say so.
    fair = {} if goal == "capacitated-p-median" else {"slack": 9.0}
    option = places.solved(study, planner, **(GOALS[goal][0] | {"longest": 21.0} | fair))
    held = tables.read(study)
    with zipfile.ZipFile(io.BytesIO(exports.bundle(option, held))) as packed:
        packed.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(exports.command(option))
    assert words[:3] == ["folkmoot", "siting", "verify"]
    assert exports.command(option) in (tmp_path / "README.txt").read_text()
    right = CliRunner().invoke(app, words[2:])
    assert right.exit_code == 0, right.output
    # And it is no formality: a plan that claims more is refused.
    plan = json.loads((tmp_path / "plan.json").read_text())
    plan["objective"] *= 1.01 if plan["kind"] == "mclp" else 0.99
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert CliRunner().invoke(app, words[2:]).exit_code == 1


def test_geojson_is_in_degrees_and_says_what_becomes_of_each_site(study: Study, planner: Any) -> None:
    option = places.solved(study, planner)
    found = json.loads(exports.geojson(option, tables.read(study)))
    sites = {f["properties"]["site"]: f for f in found["features"] if f["properties"]["layer"] == "sites"}
    assert {code: f["properties"]["change"] for code, f in sites.items()} == {
        "S1": "keep", "S2": "open", "S3": "unused",
    }  # fmt: skip
    assert sites["S2"]["geometry"] == {"type": "Point", "coordinates": [0.02, 53.0]}
    assert "crs" not in found
    assert len(found["features"]) == 7


def test_the_geopackage_opens_with_both_layers(study: Study, planner: Any, tmp_path: Path) -> None:
    import pyogrio

    path = tmp_path / "plan.gpkg"
    path.write_bytes(exports.geopackage(places.solved(study, planner), tables.read(study)))
    assert sorted(pyogrio.list_layers(path)[:, 0]) == ["areas", "sites"]
    meta, _ids, _wkb, columns = pyogrio.raw.read(path, layer="areas")
    assert meta["crs"] == "EPSG:4326"
    rows = dict(zip(meta["fields"], columns))
    assert rows["site"].tolist() == ["S1", "S1", "S2", "S2"]
    assert rows["minutes"].tolist() == [0.0, 4.0, 0.0, 12.0]


def test_names_that_look_like_formulas_stay_text_in_csv(study: Study, planner: Any) -> None:
    option = places.solved(study, planner)
    option.findings["sites"][0]["name"] = '=HYPERLINK("http://evil.example")'
    rows = list(csv.DictReader(io.StringIO(exports.sites_csv(option, tables.read(study)).decode())))
    assert rows[0]["name"].startswith("'=")
    assert (rows[1]["site"], rows[1]["people"], rows[1]["mean_minutes"]) == ("S2", "300", "4")


def test_a_question_comes_back_from_the_database_as_it_was_asked() -> None:
    asked = Question("p-median", p=3, must_open=("S1",), longest=20.0, slack=1.5, seconds=300, gap=0.01)
    assert question.of(json.loads(json.dumps(asked.record()))) == asked


def test_the_form_asks_only_for_what_the_goal_needs(study: Study, planner: Any, client: Client) -> None:
    mclp = client.get(f"/places/studies/{study.pk}/options/new/mclp/").content.decode()
    lscp = client.get(f"/places/studies/{study.pk}/options/new/lscp/").content.decode()
    assert 'name="p"' in mclp
    assert 'name="p"' not in lscp
    assert client.get(f"/places/studies/{study.pk}/options/new/astrology/").status_code == 404


def test_what_the_engine_refuses_is_said_on_the_form(study: Study, planner: Any, client: Client) -> None:
    answer = client.post(
        f"/places/studies/{study.pk}/options/new/mclp/",
        access.Fresh(
            name="Odd", p="2", radius="5", whom="people", must_open=["S1"], must_close=["S1"], seconds="20", gap="0"
        ),
    )
    assert answer.status_code == 422
    assert "Old hall must be open and must not be used; it cannot be both." in answer.content.decode()
    assert not study.options.exists()


def test_a_form_sent_twice_makes_one_option(study: Study, planner: Any, client: Client) -> None:
    data = dict(access.Fresh(name="Once", p="2", radius="5", whom="people", seconds="20", gap="0"))
    first = client.post(f"/places/studies/{study.pk}/options/new/mclp/", data)
    second = client.post(f"/places/studies/{study.pk}/options/new/mclp/", data)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert study.options.count() == 1


def test_alternatives_and_robustness_are_worked_out_and_shown(
    study: Study, planner: Any, organisation: Any, client: Client
) -> None:
    option = places.solved(study, planner, p=1, radius=8.0)
    client.post(f"/places/options/{option.pk}/alternatives/", access.Fresh())
    assert places.started(organisation).error == ""
    client.post(f"/places/options/{option.pk}/robustness/", access.Fresh())
    assert places.started(organisation).error == ""
    kept = Option.objects.for_organisation(organisation).get(pk=option.pk)
    # Old and New hall both bring 900 people within eight minutes: one is as good as the other.
    assert [sorted(each["open"]) for each in kept.alternatives["plans"]] == [
        sorted({"S1", "S2"} - set(kept.open_sites))
    ]
    assert kept.robustness["draws"] == 60
    assert sum(part for _code, part in kept.robustness["chosen"]) == pytest.approx(1.0)
    page = client.get(option.get_absolute_url()).content.decode()
    assert "Alternative 1: 1 site is different" in page


def test_readers_get_approved_options_from_the_api_and_nothing_else(
    client: Client, person: Callable[..., Any], organisation: Any
) -> None:
    analyst = person("analyst", organisation)
    approved = access.an_approved_plan(organisation, analyst)["key"]
    study = Study.objects.for_organisation(organisation).get()
    places.solved(study, analyst, "Still a draft", p=1)
    client.force_login(person("public_reader", organisation))
    assert [row["id"] for row in client.get("/api/v1/places/options").json()] == [str(approved)]
    assert client.get("/api/v1/places/studies").json() == []
    client.force_login(analyst)
    assert len(client.get("/api/v1/places/options").json()) == 2
    assert client.get("/api/v1/places/studies").json()[0]["people"] == 1000


def test_the_demonstration_has_something_to_decide_and_something_decided(organisation: Any) -> None:
    from folkmoot.foundation.identity.models import Organisation
    from folkmoot.foundation.identity.personas import make
    from folkmoot.services.places import seed

    make()
    seed.demo()
    seed.demo()
    council = Organisation.objects.get(code="E09")
    found = Option.objects.for_organisation(council)
    assert sorted(found.values_list("status", flat=True)) == ["approved", "draft", "draft", "proposed"]
    assert all(option.has_plan and option.findings["verdict"]["holds"] for option in found)
