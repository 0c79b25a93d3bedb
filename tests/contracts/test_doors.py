"""The house shows a person who has logged in only the doors that open to them."""

from typing import Any

import pytest
from django.test import Client

from folkmoot.foundation.pages.doors import doors

pytestmark = pytest.mark.django_db


def test_a_planner_is_led_to_places_and_not_to_wards(client: Client, person: Any, organisation: Any) -> None:
    assert {"wards:home", "places:home"} <= {door.url for door in doors()}
    planner = person("planner", organisation)
    assert {door.url for door in doors(planner)} & {"wards:home", "places:home"} == {"places:home"}
    client.force_login(planner)
    assert 'href="/wards/"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "role", ["flow_manager", "clinician", "ward_clerk", "analyst", "planner", "approver", "public_reader"]
)
def test_every_door_that_is_shown_opens(client: Client, person: Any, organisation: Any, role: str) -> None:
    from django.urls import reverse

    somebody = person(role, organisation)
    client.force_login(somebody)
    for door in doors(somebody):
        assert client.get(reverse(door.url), follow=True).status_code == 200, door.url
