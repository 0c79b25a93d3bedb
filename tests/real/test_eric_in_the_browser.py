"""Real trusts of 70 sites through the pages: brought in as published, what is unknown told, and a plan below 70 asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from folkmoot.services.estates.models import Estate
from folkmoot.services.estates.tests import estates

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "estates"

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="The ERIC files are not here (../shared/data/estates)."),
]


@pytest.mark.parametrize(("vintage", "code"), [("2014-15", "R1E"), ("2014-15", "RCB"), ("2016-17", "RXP")])
def test_a_real_trust_is_brought_in_and_asked_below_70(
    client: Client, person: Callable[..., Any], organisation: Any, vintage: str, code: str
) -> None:
    planner = person("planner", organisation)
    client.force_login(planner)
    files = {
        part: SimpleUploadedFile(name, (DATA / name).read_bytes())
        for part, name in (("sites", f"eric_sites_{vintage}.csv"), ("trusts", f"eric_trusts_{vintage}.csv"))
    }
    about = {"form_token": str(uuid4()), "name": code, "origin": "eric", "trust": code}
    answer = client.post("/estates/new/", {**about, **files})
    assert answer.status_code == 302
    estate = Estate.objects.for_organisation(organisation).get()
    assert estate.total == 70
    assert len(estate.aggregates) == 1
    page = client.get(answer.url).content.decode()
    assert "ACCESS IS UNKNOWN" in page
    assert "TENURE IS UNKNOWN" in page
    found = estates.solved(estate, planner, "Fewer than 70", max_sites=69, seconds=30)
    page = client.get(found.get_absolute_url()).content.decode()
    if found.is_within_limits:
        assert found.plan["sites_after"] <= 69
        assert "Checked again by code of its own." in page
        assert all(line["sources"] or line["assumptions"] for line in found.answer["lines"])
    else:
        assert found.answer["breaches"]
        assert "a limit must give way" in page
