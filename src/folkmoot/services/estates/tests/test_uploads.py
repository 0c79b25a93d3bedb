"""Files as people send them: ERIC rows, travel times, plan.toml; what is wrong is said, what is not read is counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from folkmoot.engines.estate import EstateError
from folkmoot.services.estates import question, sources
from folkmoot.services.estates.models import Estate
from folkmoot.services.estates.tests import estates


def _file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _read(folder: Path, *, code: str = "RXX", others: int | None = 3, **files: str) -> sources.Given:
    sites = _file(folder, "sites.csv", estates.eric(*estates.ERIC_ROWS))
    names = {"travel": "minutes.csv", "plan": "plan.toml"}
    paths = {part: _file(folder, names[part], files[part]) if part in files else None for part in names}
    return sources.of_eric(sites, code, trusts=None, others=others, **paths)


def test_places_aggregates_and_rows_set_aside_are_told_apart(tmp_path: Path) -> None:
    given = _read(tmp_path)
    assert [site.code for site in given.sites] == ["RXX01", "RXX02", "RXX04"]
    assert [(one["code"], one["row"], one["m2"]) for one in given.aggregates] == [("AGGRE", 6, 2000.0)]
    assert [(one["row"], one["code"]) for one in given.set_aside] == [(4, "RXX03")]
    assert "“about 400” is not a number" in given.set_aside[0]["reason"]
    assert given.others == 3


def test_without_a_count_of_hidden_sites_no_number_is_promised(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="give the trust file, or the number of sites"):
        _read(tmp_path, others=None)


def test_an_organisation_that_is_not_in_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="RZZ"):
        _read(tmp_path, code="RZZ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "plan.toml is no TOML"),
        ("[surprise]\n", "“surprise”, which is not known"),
        ("[limits]\nmax_sites = 3\n", "ask for it in a programme"),
        ("[assumptions]\nnonsense = 1\n", "There is no assumption “nonsense”"),
        ("[assumptions]\nusable_empty_share = 3\n", "cannot be above 1"),
    ],
)
def test_a_plan_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EstateError, match=said):
        _read(tmp_path, plan=text)


HEAD = "area,population,imd_decile,site,minutes\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,site,minutes\nE1,RXX01,5\n", "lacks the column “imd_decile”"),
        (HEAD + "E1,100,1,RXX01,five\n", "Row 2 of minutes.csv cannot be used"),
        (HEAD + "E1,100,1,RXX01,5\nE1,100,1,RXX01,6\n", "are there twice"),
        (HEAD + "E1,100,1,RXX01,5\nE2,100,1,RXX02,6\n", "give every pair"),
        (HEAD + "E1,100,1,RXX01,nan\n", "give minutes of 0 or more"),
        (HEAD + "E1,100,1,RXX01,-4\n", "give minutes of 0 or more"),
        (HEAD + "E1,-100,1,RXX01,4\n", "Populations of the areas must be 0 or more"),
        (HEAD + "E1,100,14,RXX01,4\n", "decile"),
        (HEAD + "E1,100,1,RXX01,4\nE1,200,1,RXX02,4\n", "two populations or deciles"),
        (HEAD, "no rows"),
    ],
)
def test_travel_times_that_cannot_be_meant_are_refused_with_their_row(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EstateError, match=said):
        _read(tmp_path, travel=text)


def test_travel_times_are_read_in_any_order(tmp_path: Path) -> None:
    rows = [f"E{a},{100 * a},{a},RXX0{s},{10 * a + s}\n" for a in (1, 2) for s in (1, 2, 4)]
    travel = _read(tmp_path, travel=HEAD + "".join(reversed(rows))).travel
    assert travel is not None
    assert (travel.areas, travel.sites) == (("E1", "E2"), ("RXX01", "RXX02", "RXX04"))
    assert travel.minutes.tolist() == [[11, 12, 14], [21, 22, 24]]


@pytest.mark.django_db
class TestOnThePage:
    """The same through the form."""

    def _send(self, client: Client, **data: Any) -> Any:
        given = {"form_token": str(uuid4()), "name": "Ours", "origin": "eric", "trust": "rxx", "others": "3", **data}
        return client.post("/estates/new/", given)

    @pytest.fixture
    def planner(self, client: Client, person: Callable[..., Any], organisation: Any) -> Any:
        found = person("planner", organisation)
        client.force_login(found)
        return found

    def test_an_estate_is_brought_in_and_what_is_unknown_is_told(
        self, client: Client, planner: Any, organisation: Any
    ) -> None:
        sites = SimpleUploadedFile("../sites 2016.csv", estates.eric(*estates.ERIC_ROWS))
        response = self._send(client, sites=sites)
        assert response.status_code == 302
        estate = Estate.objects.for_organisation(organisation).get()
        assert (estate.sites, estate.others, estate.has_travel) == (3, 3, False)
        assert question.sites(estate)[0].source.file == "sites 2016.csv"
        page = client.get(response.url).content.decode()
        assert "The position of 3 sites of 3" in page
        assert "ACCESS IS UNKNOWN" in page
        assert "no places, and never closed" in page
        assert "“about 400” is not a number" in page
        aside = client.get(f"/estates/{estate.pk}/set-aside.csv").content.decode()
        assert aside.splitlines()[1].startswith("4,RXX03,")

    @pytest.mark.parametrize(
        ("name", "body", "said"),
        [
            ("no.csv", b"a,b\n1,2\n", "no.csv"),
            ("empty.csv", b"", "empty"),
            ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "picture.csv"),
        ],
    )
    def test_a_file_that_is_no_eric_is_refused_in_words(
        self, client: Client, planner: Any, name: str, body: bytes, said: str
    ) -> None:
        response = self._send(client, sites=SimpleUploadedFile(name, body))
        assert response.status_code == 422
        assert said in response.content.decode()

    def test_nothing_is_taken_for_granted(self, client: Client, planner: Any) -> None:
        page = self._send(client, trust="").content.decode()
        assert "Choose a file." in page
        assert "Enter the code of the organisation" in page
