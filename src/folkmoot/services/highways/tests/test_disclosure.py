"""What must never be seen is nowhere: not on a page, in a file, in the API, the database, a job or the audit log."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from folkmoot.engines.mobility import MobilityError
from folkmoot.foundation.audit.models import Event
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.highways import actions, folders, making, numbers, publishing, secret, sources
from folkmoot.services.highways.actions import NotPossible
from folkmoot.services.highways.models import Dataset, LawfulBasis, Release
from folkmoot.services.highways.tests import movement

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(person: Callable[..., Any], organisation: Any) -> Any:
    return person("analyst", organisation)


@pytest.fixture
def approver(person: Callable[..., Any], organisation: Any) -> Any:
    return person("approver", organisation)


def test_a_suppressed_number_is_on_no_page_in_no_file_and_in_no_answer_of_the_api(
    client: Client, organisation: Any, analyst: Any, approver: Any
) -> None:
    """The blank from Cedar to Birch has four devices; a marker in place of its number must not come out anywhere."""
    marked = 7_654_321
    rows = movement.contributions().to_pylist()
    few = [row for row in rows if (row["origin"], row["destination"]) == ("C", "B")]
    assert len(few) == movement.FEW
    for row in few:
        row["trips"] = marked
    found = movement.candidate(organisation, analyst, rows=rows)
    texts = {}
    for user, addresses in (
        (approver, [f"/highways/releases/{found.pk}/", f"/highways/releases/{found.pk}/decide/", "/highways/"]),
        (analyst, [f"/highways/data/{found.dataset_id}/"]),
    ):
        client.force_login(user)
        for address in addresses:
            texts[address] = client.get(address).content.decode()
    found = movement.published(organisation, analyst)
    client.logout()
    public = f"/highways/published/{found.pk}/"
    for address in (
        public, f"{public}od.csv", f"{public}suppressed.csv", f"{public}manifest.json", f"{public}desire-lines.geojson",
        "/highways/published/", "/api/v1/highways/releases", f"/api/v1/highways/releases/{found.pk}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        texts[address] = answer.content.decode()
    texts["jobs"] = json.dumps(
        list(Job.objects.for_organisation(organisation).values("arguments", "result", "message"))
    )
    texts["audit"] = " ".join(Event.objects.values_list("body", flat=True))
    texts["database"] = json.dumps(
        list(Release.objects.for_organisation(organisation).values("report", "stopped_because"))
    )
    # Alone or all four together, rounded or not.
    signs = (str(marked)[:6], str(movement.FEW * marked)[:7])
    tellers = {where for where, text in texts.items() if any(sign in text.replace(",", "") for sign in signs)}
    assert tellers == set()
    assert '"C","B","fewer_than_k"' in texts[f"{public}suppressed.csv"]
    assert "Ash → Birch" in texts[public]


def test_nobody_decides_on_their_own_release_whatever_the_code_above_does(organisation: Any, analyst: Any) -> None:
    found = movement.candidate(organisation, analyst)
    with pytest.raises(NotPossible, match="somebody else must decide"):
        actions.approve(release=found, reason="Mine.", at=timezone.now(), by=analyst)
    rows = Release.objects.for_organisation(organisation).filter(pk=found.pk)
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_release"), transaction.atomic():
        rows.update(status="approved", decided_by=analyst, decided_at=timezone.now())


def test_no_release_goes_below_the_threshold_of_the_organisation(organisation: Any, analyst: Any) -> None:
    actions.set_policy(organisation=organisation, minimum_k=15, round_base=5, by=analyst)
    wanted = sources.Wanted("Few", "To see.", LawfulBasis.PUBLIC_TASK, k=14)
    with pytest.raises(NotPossible, match="at least 15 devices"):
        actions.request(dataset=movement.held(organisation, analyst), wanted=wanted, by=analyst)
    found = movement.waiting(organisation, analyst, k=15)
    with pytest.raises(IntegrityError, match="a_release_keeps_the_threshold"), transaction.atomic():
        Release.objects.for_organisation(organisation).filter(pk=found.pk).update(k=14)


def test_what_was_changed_after_publishing_is_not_shown(client: Client, organisation: Any, analyst: Any) -> None:
    found = movement.published(organisation, analyst)
    file = folders.published(found) / "od.csv"
    file.write_text(file.read_text().replace("60", "61"), encoding="utf-8")
    with pytest.raises(MobilityError, match="changed afterwards"):
        numbers.of(found)
    answer = client.get(f"/highways/published/{found.pk}/")
    assert answer.status_code == 500
    assert "Ash" not in answer.content.decode()
    manifest = folders.published(found) / "manifest.json"
    manifest.write_text(manifest.read_text().replace("Some approver", "Somebody else"), encoding="utf-8")
    with pytest.raises(MobilityError, match="not those that were published"):
        numbers.of(found)


def test_approval_holds_a_candidate_against_what_was_published_since_and_stops_it(
    organisation: Any, analyst: Any
) -> None:
    found = movement.stopped(organisation, analyst)
    assert (found.status, found.digest, found.decided_by, found.report) == ("unsafe", "", None, {})
    assert "leaves a few devices" in found.stopped_because
    assert not folders.published(found).exists()
    assert Event.objects.filter(action="highways.stop", target=f"highways.release:{found.pk}").exists()


def test_a_withdrawn_release_still_counts_in_the_audit(organisation: Any, analyst: Any, approver: Any) -> None:
    actions.set_policy(organisation=organisation, minimum_k=10, round_base=1, by=analyst)
    found = movement.candidate(organisation, analyst, "Trips with totals", totals=True)
    movement.withdrawn(organisation, analyst, "Trips alone")
    actions.approve(release=found, reason="Safe.", at=timezone.now(), by=approver)
    found = Release.objects.for_organisation(organisation).select_related("organisation").get(pk=found.pk)
    assert publishing.publish(found) is False
    assert making.report(numbers.held(found))["cells"] == 7


def test_the_manifest_names_the_approver_and_what_it_was_held_against(organisation: Any, analyst: Any) -> None:
    movement.published(organisation, analyst, "First")
    manifest = numbers.of(movement.published(organisation, analyst, "Second")).manifest
    assert manifest["approved_by"] == f"Some approver, {organisation.name}"
    assert manifest["audit"]["held_against"] == ["First"]
    assert manifest["lawful_basis"] == "UK GDPR article 6(1)(e), public task"
    assert set(manifest["inputs"]) == {"cells", "events", "opt_outs", "zones"}
    assert manifest["opt_out_version"] == manifest["inputs"]["opt_outs"][:16]


def test_the_rounding_secret_is_made_once_for_each_organisation_and_nobody_else_may_read_it(
    organisation: Any, other_organisation: Any, analyst: Any
) -> None:
    kept = secret.of(organisation)
    assert len(kept) == secret.BYTES
    assert secret.of(organisation) == kept != secret.of(other_organisation)
    path = secret.path_of(organisation)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir() if organisation.pk.hex in each.name.replace("-", "")] == [
        path.name
    ]
    manifest = numbers.of(movement.published(organisation, analyst)).manifest
    assert kept.hex() not in json.dumps(dict(manifest))
    path.chmod(0o644)
    with pytest.raises(secret.SecretLost, match="Set its mode to 600"):
        secret.of(organisation, [manifest])
    path.unlink()
    with pytest.raises(secret.SecretLost, match="from a backup"):
        secret.of(organisation, [manifest])
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, b"x" * secret.BYTES)
    os.close(descriptor)
    with pytest.raises(secret.SecretLost, match="not the one that earlier releases were made with"):
        secret.of(organisation, [manifest])


def test_deleting_the_events_keeps_zones_and_releases_and_nothing_about_devices(
    organisation: Any, analyst: Any
) -> None:
    found = movement.checked(organisation, analyst)
    release = movement.published(organisation, analyst)
    assert folders.part(found, "accepted") is not None
    actions.delete_events(dataset=found, reason="The time limit is over.", at=timezone.now(), by=analyst)
    left = {path.name for path in folders.dataset(found).iterdir()}
    assert left == {"cells.csv", "zones.geojson"}
    assert numbers.of(release).manifest["cells"] == 5
    with pytest.raises(NotPossible, match="events are deleted"):
        actions.request(
            dataset=Dataset.objects.for_organisation(organisation).get(pk=found.pk),
            wanted=sources.Wanted("Late", "To see.", LawfulBasis.PUBLIC_TASK), by=analyst,
        )  # fmt: skip
    assert Event.objects.filter(action="highways.delete_events", target=f"highways.dataset:{found.pk}").exists()


def test_every_look_at_rejected_rows_is_in_the_audit_log(client: Client, organisation: Any, analyst: Any) -> None:
    found = movement.held(organisation, analyst)
    client.force_login(analyst)
    body = b"".join(client.get(f"/highways/data/{found.pk}/rejected.csv").streaming_content)  # type: ignore[attr-defined]
    assert body.decode().splitlines() == ["user_id,reason", "'=1+1,user_id is empty"]
    seen = Event.objects.filter(action="consulted", target=f"highways.dataset:{found.pk}").values_list(
        "body", flat=True
    )
    assert any("rejected rows" in each for each in seen)


def test_work_that_breaks_says_its_line_and_shows_no_row(
    organisation: Any, analyst: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: Any, **_named: Any) -> Any:
        raise RuntimeError("device0001 was at cellA")

    monkeypatch.setattr(making, "candidate", broken)
    wanted = sources.Wanted("Broken", "To see.", LawfulBasis.PUBLIC_TASK)
    job = movement.worked(
        actions.request(dataset=movement.held(organisation, analyst), wanted=wanted, by=analyst)
    )  # fmt: skip
    assert job.state == "failed"
    assert "RuntimeError in line" in job.error
    assert "device0001" not in job.error + caplog.text
