"""Every test: its own database file, a home that is thrown away, and people to act as."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A busy machine is slow at times; that is no fault of what is tested.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

# Processes that tests start read this; Django's settings were read before this file was.
HOME = Path(tempfile.mkdtemp(prefix="folkmoot-test-"))
os.environ["FOLKMOOT_HOME"] = str(HOME)  # noqa: TID251


def drop_stale_compilations(folder: Path) -> list[Path]:
    """Delete numba's saved code under `folder` where it is older than any source file there; returns what went.

    Compiled loops are kept on disk by file; numba does not notice a change in another file that they call.
    """
    newest = max((source.stat().st_mtime for source in folder.rglob("*.py")), default=0.0)
    stale = [path for path in folder.rglob("*.nb[ic]") if path.stat().st_mtime < newest]
    for path in stale:
        path.unlink(missing_ok=True)
    return stale


@pytest.fixture(scope="session", autouse=True)
def _fresh_compilations() -> None:
    import folkmoot.engines

    for engine in sorted(Path(folkmoot.engines.__path__[0]).iterdir()):
        if engine.is_dir():
            drop_stale_compilations(engine)


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_kept_in_the_checkout() -> None:
    from django.conf import settings

    settings.FOLKMOOT |= {
        "var": HOME / "var",
        "data": HOME / "var" / "data",
        "witness": HOME / "var" / "witness",
        "audit_key": HOME / "var" / "keys" / "audit.pem",
    }


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly() -> None:
    """Argon2 is slow on purpose; every browser test makes every persona. What is served in earnest is not touched."""
    from django.conf import settings
    from django.contrib.auth import hashers

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file for SQLite, since servers and workers in tests are further threads and processes."""
    from django.conf import settings
    from django.db import connections

    # Settings and the open connection hold the same dictionary, so the name is set once for both.
    database = connections["default"].settings_dict
    assert database is settings.DATABASES["default"] or database == settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _a_flush_may_empty_the_audit_log() -> Iterator[None]:
    """Emptying the database between tests is the one thing that may take the audit log's triggers off."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from folkmoot.foundation.audit import triggers

    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, statements: list[str]) -> None:
        triggers.remove(self.connection)
        try:
            original(self, statements)
        finally:
            triggers.install(self.connection)

    patch = pytest.MonkeyPatch()
    for operations in (BaseDatabaseOperations, *BaseDatabaseOperations.__subclasses__()):
        if "execute_sql_flush" in vars(operations):
            patch.setattr(operations, "execute_sql_flush", flush)
    yield
    patch.undo()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark for the whole run, in one worker: starting it takes longer than most of what is asked of it."""
    pytest.importorskip("pyspark", reason="Spark is not installed (the extra “spark”).")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, and there is no `java` here.")
    from folkmoot.store.movement import session

    with session("spark", threads=2) as opened:
        yield opened


@pytest.fixture
def organisation(db: None) -> Any:
    """A hospital."""
    from folkmoot.foundation.identity.models import Organisation

    return Organisation.objects.create(code="T01", name="Test Hospital")


@pytest.fixture
def other_organisation(db: None) -> Any:
    """Another hospital, whose rows are nobody else's business."""
    from folkmoot.foundation.identity.models import Organisation

    return Organisation.objects.create(code="T02", name="Other Hospital")


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """Make somebody: `person("analyst", organisation)`. Staff get a second factor, so that pages let them in."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from folkmoot.foundation.identity.models import Membership, User
    from folkmoot.foundation.identity.roles import STAFF

    def make(role: str, place: Any, *, factor: bool = True) -> Any:
        number = User.objects.count()
        user = User.objects.create_user(f"{role}{number}@test.example", name=f"{role} {number}", password=None)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Membership.objects.create(user=user, organisation=place, role=role)
        if factor and role in STAFF:
            TOTP.activate(user, generate_totp_secret())
        return user

    return make
