"""The API's description is a promise: changing it is a decision, made by replacing the snapshot.

python -m tests.contracts.test_openapi          writes the snapshot anew
"""

import json
from pathlib import Path

import pytest
from django.test import Client

SNAPSHOT = Path(__file__).with_name("openapi.json")


def _now() -> str:
    from folkmoot.config.api import api

    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, default=str, ensure_ascii=False) + "\n"


def test_the_api_is_as_promised() -> None:
    assert _now() == SNAPSHOT.read_text(encoding="utf-8"), "run `python -m tests.contracts.test_openapi` if it is meant"


@pytest.mark.django_db
def test_the_description_is_served(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Folkmoot"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.config.settings")
    django.setup()
    SNAPSHOT.write_text(_now(), encoding="utf-8")
