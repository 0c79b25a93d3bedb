"""Logs, five steps and what-ifs: background work from the form to the page."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from folkmoot.foundation.audit.models import Event
from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.wards import actions, tasks
from folkmoot.services.wards.models import Analysis, Hospital
from folkmoot.services.wards.tests import hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client: Client, person: Any, organisation: Any) -> Any:
    user = person("analyst", organisation)
    client.force_login(user)
    return user


def _run(organisation: Any) -> Job:
    job = Job.objects.for_organisation(organisation).get(state="waiting")
    running.run(str(job.pk))
    return Job.objects.for_organisation(organisation).get(pk=job.pk)


def _send(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, {**data, "form_token": str(uuid4())})


def test_a_log_is_uploaded_mapped_analysed_and_shown(client: Client, analyst: Any, organisation: Any) -> None:
    log = hospital.a_log(organisation, analyst)
    page = client.get(f"/wards/analyses/{log.pk}/columns/").content.decode()
    assert re.search(r'<option\s+value="team"\s+selected', page)
    answer = _send(
        client,
        f"/wards/analyses/{log.pk}/columns/",
        case="patient",
        activity="activity",
        timestamp="time",
        resource="team",
    )
    assert answer.status_code == 302
    assert _run(organisation).error == ""
    shown = client.get(f"/wards/analyses/{log.pk}/").content.decode()
    result = Analysis.objects.for_organisation(organisation).get(pk=log.pk).result
    assert (result["cases"], result["events"], result["stays"]["count"]) == (20, 60, 20)
    # Completions only: nothing is promised, and the page says why.
    assert result["steps"] is None
    assert "completion times only" in shown


def test_columns_no_name_gives_away_are_shown_to_be_chosen(client: Client, analyst: Any, organisation: Any) -> None:
    log = hospital.a_log(organisation, analyst, header="wer,was,wann,wo")
    page = client.get(f"/wards/analyses/{log.pk}/columns/").content.decode()
    assert set(re.findall(r'<option\s+value="(w\w+)"', page)) == {"wer", "was", "wann", "wo"}
    assert _send(client, f"/wards/analyses/{log.pk}/columns/", case="wer").status_code == 422


def test_a_file_that_is_no_log_gets_a_sentence(client: Client, analyst: Any, organisation: Any) -> None:
    kept = actions.upload(organisation=organisation, file=SimpleUploadedFile("x.csv", b"\x00\x01\x02" * 99), by=analyst)
    assert "The file is not text" in client.get(f"/wards/analyses/{kept.pk}/columns/").content.decode()


def test_rows_whose_times_are_none_are_counted_named_and_downloadable(
    client: Client, analyst: Any, organisation: Any
) -> None:
    log = hospital.a_log(organisation, analyst)
    _send(client, f"/wards/analyses/{log.pk}/columns/", case="patient", activity="time", timestamp="activity")
    assert _run(organisation).error == ""
    result = Analysis.objects.for_organisation(organisation).get(pk=log.pk).result
    assert (result["events"], sum(count for _reason, count in result["rejected"])) == (0, 60)
    assert client.get(f"/wards/analyses/{log.pk}/").status_code == 200
    assert len(client.get(f"/wards/analyses/{log.pk}/rejected.csv").content.decode().splitlines()) == 61


def test_who_reads_an_analysis_or_its_rows_is_in_the_audit_log(client: Client, analyst: Any, organisation: Any) -> None:
    log = hospital.a_log(organisation, analyst)
    for part in ("", "rejected.csv"):
        assert client.get(f"/wards/analyses/{log.pk}/{part}").status_code == 200
    read = Event.objects.filter(action="consulted", target__contains=str(log.pk)).order_by("pk")
    assert [event.actor for event in read] == [f"user:{analyst.pk}"] * 2


def test_the_simulator_answers_with_baseline_interval_ablation_and_bound(
    client: Client, person: Any, organisation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "FUTURES", 2)
    place = hospital.of_the_town(organisation)
    client.force_login(person("flow_manager", organisation))
    _send(client, "/wards/what-if/", team="social", change="staff", extra="2", days=["5"])
    assert _run(organisation).error == ""
    answer = place.what_ifs.get().answer
    assert answer["change"]["low"] <= answer["change"]["value"] <= answer["change"]["high"]
    assert answer["staff_hours_a_week"] > 0
    assert answer["bound"] <= answer["changed"]["value"]
    assert answer["order_worth"]
    assert answer["change_without_order"]
    shown = client.get("/wards/what-if/").content.decode()
    assert "2 more people (Saturday)" in shown
    assert "No order can do better than" in shown


def test_more_staff_without_a_number_is_asked_again(client: Client, person: Any, organisation: Any) -> None:
    hospital.small(organisation)
    client.force_login(person("flow_manager", organisation))
    answer = _send(client, "/wards/what-if/", team="social", change="staff", extra="")
    assert answer.status_code == 422
    assert "Say how many more people" in answer.content.decode()


def test_the_five_steps_are_worked_through_in_the_background(
    client: Client, person: Any, organisation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "HISTORIES", 2)
    place: Hospital = hospital.of_the_town(organisation)
    client.force_login(person("flow_manager", organisation))
    _send(client, "/wards/analyses/five-steps/")
    job = _run(organisation)
    assert job.error == ""
    found = Analysis.objects.for_organisation(organisation).get(kind="hospital", name=place.name)
    assert found.result["steps"][0]["name"] == "as it is"
    shown = client.get(f"/wards/analyses/{found.pk}/").content.decode()
    assert "No order, however clever, can bring the stay below the bound" in shown
