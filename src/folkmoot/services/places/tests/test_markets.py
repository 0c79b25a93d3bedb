"""Markets and drawn centres: what is taken in, what is said when nothing was observed, and who may decide."""

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from folkmoot.engines.retail import hold_out
from folkmoot.engines.siting.problem import ProblemError
from folkmoot.foundation.audit.models import Event
from folkmoot.services.places import seed
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.retail import actions, exports, presenters, sources, tables
from folkmoot.services.places.retail.models import Market
from folkmoot.services.places.tests import markets, places

pytestmark = pytest.mark.django_db

FLOWS = (
    "area_code,centre_id,visits\nA,X,300\nA,Y,60\nA,Z,5\nB,X,140\nB,Y,80\nB,Z,10\nC,X,50\nC,Y,140\nC,Z,8\n"
    "D,X,8\nD,Y,30\nD,Z,60\n"
)
CANDIDATES = "candidate_id,name,lon,lat,largest_m2\nK,Kiln,-0.46,53.00,4000\nL,Lido,-0.48,53.00,3000\n"


@pytest.fixture
def planner(person: Callable[..., Any], organisation: Any) -> Any:
    return person("planner", organisation)


def _small(organisation: Any, planner: Any, folder: Path, **changed: str) -> Market:
    seed.worked(
        actions.begin(organisation=organisation, name="Small", given=markets.given(folder, **changed), by=planner)
    )
    return Market.objects.for_organisation(organisation).get()


def test_the_law_of_the_town_is_found_again(organisation: Any, planner: Any) -> None:
    found = markets.town(organisation, planner)
    assert (found.areas, found.centres, found.flows) == (60, 10, 12_000)
    assert found.is_calibrated
    by_name = {p["name"]: p for p in found.law["parameters"]}
    assert by_name["alpha"]["low"] < 0.9 < by_name["alpha"]["high"]
    assert by_name["beta"]["low"] < 0.16 < by_name["beta"]["high"]


def test_without_flows_every_page_says_uncalibrated(
    organisation: Any, planner: Any, tmp_path: Path, client: Client
) -> None:
    small = _small(organisation, planner, tmp_path)
    assert not small.is_calibrated
    seed.worked(
        actions.draw(market=small, by=planner, name="New", lon=-0.46, lat=53.0, floor_space_m2=4000, centre_class="")
    )
    new = small.drawn.get()
    client.force_login(planner)
    for url in (
        "/places/markets/",
        small.get_absolute_url(),
        new.get_absolute_url(),
        f"{new.get_absolute_url()}paper/",
    ):
        assert "Uncalibrated" in client.get(url).content.decode(), url
    low, value, high = (new.itself["turnover"][name] for name in ("low", "value", "high"))
    assert low < value < high  # the range over what could be assumed


def test_a_market_in_kilometres_never_speaks_of_minutes(
    organisation: Any, planner: Any, tmp_path: Path, client: Client
) -> None:
    kilometres = markets.FILES["travel_minutes"].replace("minutes", "km")
    small = _small(
        organisation, planner, tmp_path, travel_minutes=kilometres, shopping_flows=FLOWS, centre_candidates=CANDIDATES
    )
    assert small.is_calibrated
    for name, lon in (("New", -0.46), ("Other", -0.475)):
        seed.worked(
            actions.draw(market=small, by=planner, name=name, lon=lon, lat=53.0, floor_space_m2=4000, centre_class="")
        )
    asked = {"objective": "benefit", "margin": None, "most_loss_percent": None}
    seed.worked(actions.find_place(market=small, asked=asked, by=planner))
    first, second = small.drawn.all()
    client.force_login(planner)
    for url in (
        small.get_absolute_url(),
        f"{small.get_absolute_url()}best/",
        f"{small.get_absolute_url()}compare/?centre={first.pk}&centre={second.pk}",
        first.get_absolute_url(),
    ):
        page = client.get(url).content.decode()
        assert "kilometres" in page, url
        assert "minutes" not in page, url


def test_a_centre_left_out_is_said_to_be_missed_by_the_median_of_all(organisation: Any, planner: Any) -> None:
    found = markets.town(organisation, planner)
    missed = sorted((abs(one["error_percent"]), one["code"]) for one in found.hold_out["centres"])
    least, most = missed[0], missed[-1]
    assert most[0] - least[0] > 5
    known = tables.engine_market(tables.read(found))
    # Of two, the median lies halfway between.
    found.hold_out = asdict(hold_out(known, decay=found.law["law"]["decay"], codes=[least[1], most[1]]))
    said = dict(presenters.market(found, tables.read(found), [])["figures"])["A centre left out is missed by"]
    assert said == f"{(least[0] + most[0]) / 2:.0f}\N{NO-BREAK SPACE}%"


def test_what_a_new_centre_takes_is_what_the_others_and_elsewhere_lose(organisation: Any, planner: Any) -> None:
    new = markets.drawn(markets.town(organisation, planner), planner)
    lost = sum(c["change"]["value"] for c in new.forecast["centres"] if not c["is_new"])
    spent = sum(c["turnover"]["value"] for c in new.forecast["centres"])
    before = sum(c["turnover_before"] for c in new.forecast["centres"] if not c["is_new"])
    assert lost < 0
    assert spent - before == pytest.approx(new.itself["turnover"]["value"] + lost)
    everybody = [g["share"]["value"] for g in new.forecast["visitors"]["mix"] if g["kind"] == "imd_decile"]
    assert sum(everybody) == pytest.approx(1)


def test_spending_that_no_file_states_is_asked_for_and_then_said_to_be_assumed(tmp_path: Path) -> None:
    areas = "area_code,population\nA,10\nB,20\n"
    with pytest.raises(ProblemError, match=r"“areas\.csv” does not say what people spend"):
        markets.given(tmp_path, areas=areas)
    paths = {name: tmp_path / f"{name}.csv" for name in markets.FILES}
    for name, text in (markets.FILES | {"areas": areas}).items():
        paths[name].write_text(text, encoding="utf-8")
    found = sources.from_files(paths, spend_per_head=2400)
    assert found.statements == ("Assumed: everybody spends £2,400 a year in shops. The file does not say.",)
    assert found.tables["areas"]["spend_per_head_pounds"].to_pylist() == ["2400", "2400"]


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("centres", "centre_id,floor_space_m2\nX,-5\nY,6000\n", "floor_space_m2"),
        ("areas", "area_code,population,spend_pounds\nA,10,5\nA,20,5\n", "The area “A” is in rows 1 and 2"),
        ("travel_minutes", "area_code,centre_id,minutes\nQ,X,2\n", "area"),
    ],
    ids=["floor space below zero", "an area twice", "travel of nowhere"],
)
def test_files_that_cannot_be_meant_are_refused_and_nothing_is_kept(
    organisation: Any, planner: Any, tmp_path: Path, table: str, text: str, said: str
) -> None:
    with pytest.raises(NotPossible, match=said):
        _small(organisation, planner, tmp_path, **{table: text})
    assert not Market.objects.for_organisation(organisation).exists()


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"“centres\.csv” has two columns named “name”"):
        markets.given(tmp_path, centres="centre_id,name,name,floor_space_m2\nX,a,b,5\n")


def test_a_centre_far_from_everything_is_refused_before_it_is_kept(
    organisation: Any, planner: Any, tmp_path: Path
) -> None:
    small = _small(organisation, planner, tmp_path)
    with pytest.raises(NotPossible):
        actions.draw(market=small, by=planner, name="Far", lon=0.0, lat=0.0, floor_space_m2=0.0, centre_class="")
    assert not small.drawn.exists()


def test_nobody_decides_their_own_centre_and_each_step_is_in_the_audit(
    organisation: Any, planner: Any, person: Callable[..., Any]
) -> None:
    new = markets.drawn(markets.town(organisation, planner), planner)
    proposed = actions.propose(centre=new, reason="Near and small.", at=timezone.now(), by=planner)
    with pytest.raises(NotPossible, match="somebody else must decide"):
        actions.decide(centre=proposed, verb="approve", reason="Mine.", at=timezone.now(), by=planner)
    approver = places.somebody(organisation, "approver")
    decided = actions.decide(centre=proposed, verb="approve", reason="Fair.", at=timezone.now(), by=approver)
    assert decided.status == "approved"
    assert [step.verb for step in decided.decisions.all()] == ["propose", "approve"]
    verbs = set(Event.objects.values_list("action", flat=True))
    assert {"places.draw", "places.propose_centre", "places.approve_centre"} <= verbs
    with pytest.raises(NotPossible, match="law stays as it is"):
        actions.find_law(market=decided.market, by=planner)


def test_the_best_place_keeps_the_limit_and_names_its_certainty(
    organisation: Any, planner: Any, client: Client
) -> None:
    shops = markets.town(organisation, planner)
    seed.worked(
        actions.find_place(
            market=shops, asked={"objective": "benefit", "margin": None, "most_loss_percent": 12.0}, by=planner
        )
    )
    shops.refresh_from_db()
    assert shops.best["best"]["hardest_hit_percent"]["value"] <= 12.0
    assert any(option["breaks"] for option in shops.best["options"])
    assert presenters.best(shops, tables.read(shops))["answer"]["winner"]["code"] == shops.best["options"][0]["code"]
    client.force_login(planner)
    assert client.get(f"{shops.get_absolute_url()}best/").status_code == 200


def test_the_best_place_is_never_shown_without_what_was_asked(
    organisation: Any, planner: Any, person: Callable[..., Any], client: Client
) -> None:
    shops = markets.town(organisation, planner)
    asked = {"objective": "profit", "margin": 0.09, "most_loss_percent": 15.0}
    seed.worked(actions.find_place(market=shops, asked=asked, by=planner))
    client.force_login(person("approver", organisation))
    page = client.get(f"{shops.get_absolute_url()}best/").content.decode()
    for words in ("Most profit", "9\N{NO-BREAK SPACE}%", "15\N{NO-BREAK SPACE}%"):
        assert f"<dd>{words}</dd>" in page
    client.force_login(planner)
    page = client.get(f"{shops.get_absolute_url()}best/").content.decode()
    (chosen,) = re.findall(r'<input[^>]*type="radio"[^>]*\bchecked\b[^>]*>', page)
    assert 'value="profit"' in chosen
    for name, value in (("margin", "9"), ("most_loss", "15")):
        (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert f'value="{value}"' in field


def test_a_market_without_candidates_is_not_searched(organisation: Any, planner: Any, tmp_path: Path) -> None:
    small = _small(organisation, planner, tmp_path)
    with pytest.raises(NotPossible, match="no candidate sites"):
        actions.find_place(market=small, asked={}, by=planner)


@pytest.mark.parametrize("name", sorted(exports.FILES))
def test_every_file_of_a_centre_can_be_taken_and_is_written_down(
    organisation: Any, planner: Any, client: Client, name: str
) -> None:
    new = markets.drawn(markets.town(organisation, planner), planner)
    client.force_login(planner)
    answer = client.get(f"{new.get_absolute_url()}{name}")
    assert answer.status_code == 200
    assert len(answer.content) > 500
    assert Event.objects.filter(action__contains="consult").exists()


def test_formulas_of_a_file_do_not_run_in_a_spreadsheet(organisation: Any, planner: Any, tmp_path: Path) -> None:
    small = _small(
        organisation, planner, tmp_path,
        centres='centre_id,name,floor_space_m2,lon,lat\nX,"=HYPERLINK(""x"")",9000,-0.5,53\nY,Quay,6000,-0.47,53\n'
        "Z,Parade,2000,-0.44,53\n",
    )  # fmt: skip
    seed.worked(
        actions.draw(market=small, by=planner, name="+new", lon=-0.46, lat=53.0, floor_space_m2=4000, centre_class="")
    )
    text = exports.centres_csv(small.drawn.get()).decode()
    assert "'=HYPERLINK" in text
    assert "'+new" in text
    assert "\n=" not in text


def test_a_loss_that_rounds_to_nothing_has_no_sign() -> None:
    from folkmoot.services.places.presenters.figures import number

    assert (number(-0.001, 2), number(-0.01, 2), number(-1234.5, 1)) == ("0.00", "−0.01", "−1,234.5")


def test_markets_of_others_are_not_found(
    organisation: Any, planner: Any, person: Callable[..., Any], client: Client
) -> None:
    from folkmoot.foundation.identity.models import Organisation

    shops = markets.town(organisation, planner)
    other = Organisation.objects.create(code="Z99", name="Elsewhere")
    client.force_login(person("planner", other))
    assert client.get(shops.get_absolute_url()).status_code == 404
    assert tables.read(shops)["areas"].num_rows == 60
