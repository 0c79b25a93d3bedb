"""Whatever is wrong with a file is said in a sentence, and no row is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from folkmoot.services.highways import actions, checking, folders, sources
from folkmoot.services.highways.actions import NotPossible
from folkmoot.services.highways.tests import movement

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(person: Callable[..., Any], organisation: Any) -> Any:
    return person("analyst", organisation)


def test_every_line_ends_accepted_rejected_opted_out_or_unreadable(organisation: Any, analyst: Any) -> None:
    found = movement.checked(organisation, analyst)
    place = folders.dataset(found)
    report = found.report
    lines = len(movement.events().splitlines()) - 1
    assert report["accepted"] + report["rejected"] + report["opted_out"] + report["unreadable"] == lines
    assert len(pq.read_table(place / "accepted.parquet")) == report["accepted"]
    rejected = pq.read_table(place / "rejected.parquet").to_pylist()
    assert sorted({row["reason"] for row in rejected}) == [
        "the device is at two places in one instant", "there is no such cell", "timestamp is empty",
        "timestamp is not an instant such as 2026-03-29T08:30:00Z",
    ]  # fmt: skip
    assert (place / "unreadable.txt").read_text() == "a,line,with,too,much"
    assert "device9999" not in pq.read_table(place / "accepted.parquet")["user_id"].to_pylist()
    assert not (place / "working" / "check").exists()


def test_a_clock_that_ran_wild_does_not_stretch_the_period(organisation: Any, analyst: Any) -> None:
    wild = movement.events() + "device0004,2019-01-01T00:00:00Z,cellA\n"
    found = movement.checked(organisation, analyst, events=wild)
    assert (found.first_day, found.last_day) == (movement.DAY, movement.DAY)
    reasons = [each["reason"] for each in checking.details(found)["errors"]]
    assert "timestamp is outside 2026-03-02 to 2026-03-02" in reasons


@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ("events", "device,when\n1,2\n", "“events.csv” has no column user_id, timestamp"),
        ("cells", "cell_id,latitude\nA,53\n", "longitude"),
        ("zones", "{}", "zones.geojson"),
        ("opt_outs", "name\nJo\n", "“opt-outs.csv” has no column user_id"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_where_it_was_given(part: str, text: str, sentence: str) -> None:
    with pytest.raises(sources.Refused, match=sentence) as refused:
        movement.given(**{part: text})
    assert refused.value.part == part


def test_events_without_an_instant_end_in_a_sentence_and_can_be_checked_again(organisation: Any, analyst: Any) -> None:
    found = movement.checked(organisation, analyst, events="user_id,timestamp,cell_id\na,yesterday,cellA\n")
    assert (found.state, found.report["problem"]) == (
        "failed", "There is no event with an instant. Check the column timestamp.",
    )  # fmt: skip
    assert actions.check_again(dataset=found, by=analyst).state == "waiting"
    with pytest.raises(NotPossible, match="Work on these data is under way"):
        actions.delete_events(dataset=found, reason="Useless.", at=timezone.now(), by=analyst)


def test_a_file_that_is_too_large_is_refused_with_the_size(
    client: Client, analyst: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from folkmoot.services.highways import forms

    monkeypatch.setattr(forms.BringIn.base_fields["cells"], "largest_bytes", 1_000_000)
    client.force_login(analyst)
    sent = {"name": "Large", "origin": "files", "cells": SimpleUploadedFile("cells.csv", b"x" * 1_500_000)}
    answer = client.post("/highways/data/new/", {**sent, "form_token": "019c0000-0000-7000-8000-000000000001"})
    assert answer.status_code == 422
    assert "This file is 2 MB; at most 1 MB can be sent." in answer.content.decode()
