"""Rules that no other tool holds: no raw SQL outside the rooms that need it, light imports, complete migrations."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "folkmoot"
# Raw SQL knows nothing of organisations, so each room that writes it is named here with its reason.
MAY_WRITE_SQL = {
    "foundation/audit": "locks, triggers, durability, and the stand-alone reader",
    "foundation/scope": "is the guard itself, and its tests show what it refuses",
    "store": "event data is read by DuckDB",
}
CALLED = frozenset({"raw", "extra", "RawSQL", "cursor"})
NAMED = frozenset({"_base_manager"})


def _uses(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return sorted((CALLED & called) | (NAMED & named))


@pytest.mark.parametrize("floor", ["foundation", "services", "config", "cli"])
def test_nobody_goes_around_row_scope_by_raw_sql(floor: str) -> None:
    found = {
        str(path.relative_to(SOURCE)): uses
        for path in (SOURCE / floor).rglob("*.py")
        if (uses := _uses(path)) and not str(path.relative_to(SOURCE)).startswith(tuple(MAY_WRITE_SQL))
    }
    assert found == {}, "say it with a scoped query, or name the room and its reason in MAY_WRITE_SQL"


def test_the_lint_sees_what_it_should(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("import pyogrio.raw; row.extra; pyogrio.raw.write(row)")
    assert _uses(planted) == []
    planted.write_text("Ward.objects.raw('x'); connection.cursor(); Ward._base_manager.all(); RawSQL('x', [])")
    assert _uses(planted) == ["RawSQL", "_base_manager", "cursor", "raw"]


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # The browser's tests set this for their own process; a fresh one must not inherit it.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, env={**inherited, **environment}
    )


HEAVY = ("django", "numba", "scipy", "pyarrow", "numpy", "pydantic")


@pytest.mark.parametrize(
    "script", ["import folkmoot", "import folkmoot.cli", "import folkmoot.foundation.audit.verify"]
)
def test_a_light_import_stays_light(script: str) -> None:
    done = _python("-c", f"{script}\nimport sys\nprint([each for each in {HEAVY!r} if each in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_help_imports_no_command_and_names_every_one() -> None:
    script = (
        "import sys\nsys.argv = ['folkmoot', '--help']\nfrom folkmoot.cli import main\n"
        f"try: main()\nexcept SystemExit: print([each for each in {HEAVY!r} if each in sys.modules])"
    )
    done = _python("-c", script)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
    for name in ("serve", "audit", "people"):
        assert f" {name} " in done.stdout


def test_every_change_of_a_model_has_its_migration() -> None:
    done = _python(
        "-m", "django", "makemigrations", "--check", "--dry-run", DJANGO_SETTINGS_MODULE="folkmoot.config.settings"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_production_passes_djangos_own_deployment_check(tmp_path: Path) -> None:
    done = _python(
        "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="folkmoot.config.settings", FOLKMOOT_MODE="production", FOLKMOOT_HOME=str(tmp_path),
        SECRET_KEY="k9" * 10 + "Zq-7_" * 9, ALLOWED_HOSTS="folkmoot.example", DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_production_has_no_personas_and_no_key_of_its_own_making(tmp_path: Path) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "folkmoot.config.settings", "FOLKMOOT_HOME": str(tmp_path)}
    script = (
        "import django; django.setup()\nfrom django.urls import resolve, Resolver404\n"
        "try: print(resolve('/demo/personas/').route)\nexcept Resolver404: print('absent')\n"
        "from folkmoot.foundation.identity import personas\n"
        "try: personas.make()\nexcept RuntimeError as refusal: print(refusal)"
    )
    key = "k9" * 10 + "Zq-7_" * 9
    production = _python("-c", script, **environment, FOLKMOOT_MODE="production", SECRET_KEY=key)
    assert production.stdout.splitlines()[0] == "absent", production.stderr
    assert "never made in production" in production.stdout
    assert _python("-c", script, **environment, FOLKMOOT_MODE="demo").stdout.startswith("demo/personas/")
    refused = _python("-c", script, **environment, FOLKMOOT_MODE="production", SECRET_KEY="")
    assert refused.returncode != 0
    assert "SECRET_KEY must be set" in refused.stderr
