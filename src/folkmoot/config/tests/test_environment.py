"""What an installation may decide, and what it is told when it decides wrongly."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from folkmoot.config.database import parse
from folkmoot.config.environment import Config


def test_sqlite_is_the_default_and_lies_in_var(tmp_path: Path) -> None:
    config = Config(home=tmp_path, database_url="")
    assert parse(config.database_url)["NAME"] == str(tmp_path / "var" / "folkmoot.sqlite3")


def test_sqlite_is_tuned_for_several_writers() -> None:
    options = parse("sqlite:////tmp/x.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_a_postgresql_address_is_taken_apart() -> None:
    entry = parse("postgresql://nia:p%40ss@db.example:5433/folk%20moot?sslmode=require")
    assert {key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "folk moot", "USER": "nia", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }  # fmt: skip


def test_a_postgresql_socket_is_a_folder() -> None:
    assert parse("postgresql:///folkmoot?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(("url", "said"), [
    ("mysql://x/y", "is not a database Folkmoot knows"),
    ("", "is not a database Folkmoot knows"),
    ("sqlite://", "names no file"),
    ("postgresql://host", "names no database"),
    ("postgresql://host:port/x", "port that is not a number"),
    ("postgresql://host/x?sslmod=require", "'sslmod'"),
])  # fmt: skip
def test_a_wrong_address_is_answered_with_a_sentence(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(url)


def test_a_password_is_never_repeated_in_an_error() -> None:
    with pytest.raises(ValueError) as refusal:
        parse("postgresql://nia:s3cret@host:port/x")
    assert "s3cret" not in str(refusal.value)


def test_the_made_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = Config(home=tmp_path, mode="demo", secret_key="").key
    assert Config(home=tmp_path, mode="demo", secret_key="").key == first
    assert len(first) >= 50
    kept = tmp_path / "var" / "keys" / "secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(("given", "said"), [
    ({"mode": "production", "secret_key": ""}, "SECRET_KEY must be set"),
    ({"mode": "production", "secret_key": "short"}, "SECRET_KEY must be set"),
    ({"mode": "production", "secret_key": "x" * 60, "debug": True}, "production refuses it"),
    ({"mode": "demo", "allowed_hosts": "*"}, "serves this machine only"),
    ({"mode": "holiday"}, "mode"),
    ({"database_url": "mysql://x/y"}, "is not a database"),
])  # fmt: skip
def test_a_dangerous_decision_is_refused_with_a_sentence(given: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=said):
        Config(home=tmp_path, **given)
