"""Every test: its own database file, no network but this machine, a home that is thrown away."""

import os
import tempfile
from pathlib import Path

import pytest

# Before Django's settings are read: tests keep nothing in the checkout.
os.environ.setdefault("FOLKMOOT_HOME", tempfile.mkdtemp(prefix="folkmoot-test-"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file for SQLite, since servers and workers in tests are further threads and processes."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
