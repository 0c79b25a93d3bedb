"""Every way we know of to tamper with the audit log, and every crash, against the stand-alone reader.

The faults are done with the database's own means, triggers off, as its owner could: what must notice is the witness.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from folkmoot.foundation import audit
from folkmoot.foundation.audit import triggers, verify
from folkmoot.foundation.audit.models import Event, Head, Leaf, Pending, Salt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("audit")]


@pytest.fixture(autouse=True)
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "witness"
    monkeypatch.setitem(settings.FOLKMOOT, "witness", directory)
    monkeypatch.setitem(settings.FOLKMOOT, "audit_key", tmp_path / "audit.pem")
    return directory


def address() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host, port = database["HOST"] or "127.0.0.1", database["PORT"] or 5432
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}:{port}/{database['NAME']}"


def write(count: int = 1, action: str = "test.did") -> list[Event]:
    with transaction.atomic():
        return [
            audit.record(action=action, target=f"test.thing:{number}", by="system:test", after={"name": f"n{number}"})
            for number in range(count)
        ]


def read(witness: Path, key: str | None = None) -> verify.Report:
    return verify.verify(address(), witness, key)


def owner(*statements: str) -> None:
    """Change history as the database's owner could: triggers and foreign keys off, and on again afterwards."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in ("SET session_replication_role = replica", *statements, "RESET session_replication_role"):
                cursor.execute(statement)
        return
    raw = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        raw.execute(statement)
    for _, sql in guards:
        raw.execute(sql)
    raw.close()


def rearm() -> None:
    """Put the triggers back that a test took away."""
    triggers.remove(connection)
    triggers.install(connection)


@pytest.fixture
def log(witness: Path) -> list[Event]:
    """Twenty events under two heads."""
    events = write(11)
    audit.publish()
    events += write(9)
    audit.publish()
    assert read(witness).holds
    return events


def test_an_untouched_log_holds(log: list[Event], witness: Path) -> None:
    report = read(witness)
    assert (report.events, report.covered, report.heads, report.waiting) == (20, 20, 2, 0)
    assert report.signatures == "2 of 2 good"
    assert report.first_bad_seq is None


def test_an_edited_event_is_named(log: list[Event], witness: Path) -> None:
    owner(f"UPDATE audit_event SET body = replace(body, 'test.did', 'test.hid') WHERE id = '{log[6].pk}'")
    report = read(witness)
    assert not report.holds
    assert report.first_bad_seq == 7
    assert any("place 7 was edited" in each for each in report.problems)


def test_an_edited_column_is_named(log: list[Event], witness: Path) -> None:
    owner(f"UPDATE audit_event SET actor = 'user:somebody-else' WHERE id = '{log[4].pk}'")
    report = read(witness)
    assert report.first_bad_seq == 5
    assert any("column actor" in each for each in report.problems)


def test_an_event_edited_together_with_its_leaf_is_caught_by_the_tree(log: list[Event], witness: Path) -> None:
    from folkmoot.foundation.audit.tree import leaf_hash

    body = log[6].body.replace("test.thing:6", "test.thing:9")
    owner(
        f"UPDATE audit_event SET body = '{body}', target = 'test.thing:9' WHERE id = '{log[6].pk}'",
        f"UPDATE audit_leaf SET hash = '{leaf_hash(body.encode()).hex()}' WHERE seq = 7",
    )
    report = read(witness)
    assert not report.holds
    assert report.first_bad_seq == 7
    assert any("subtree over places 7 to 8" in each for each in report.problems)


def test_a_whole_rewritten_tree_is_caught_by_the_witness(log: list[Event], witness: Path) -> None:
    body = log[6].body.replace("test.thing:6", "test.thing:9")
    owner(
        f"UPDATE audit_event SET body = '{body}', target = 'test.thing:9' WHERE id = '{log[6].pk}'",
        "DELETE FROM audit_node",
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_head",
        "INSERT INTO audit_pending (event_id) SELECT id FROM audit_event ORDER BY id",
    )
    audit.seal()
    report = read(witness)
    assert not report.holds
    assert report.first_bad_seq == 1, "nothing but the witness can say where, and its first head covers 1 to 11"
    assert any("Places 1 to 11 are not what was witnessed" in each for each in report.problems)


def test_a_deleted_event_is_named(log: list[Event], witness: Path) -> None:
    Salt.objects.filter(event_id=log[12].pk).delete()
    owner(f"DELETE FROM audit_event WHERE id = '{log[12].pk}'")
    report = read(witness)
    assert report.first_bad_seq == 13
    assert any("place 13 was deleted" in each for each in report.problems)


def test_a_deleted_place_is_named(log: list[Event], witness: Path) -> None:
    owner("DELETE FROM audit_leaf WHERE seq = 3")
    report = read(witness)
    assert report.first_bad_seq == 3
    assert any("Place 3 is missing" in each for each in report.problems)
    assert any("1 events have no place" in each for each in report.problems)


def test_two_events_that_changed_places_are_noticed(log: list[Event], witness: Path) -> None:
    a, b = log[13], log[15]
    rows = {leaf.event_id: leaf.hash for leaf in Leaf.objects.filter(event_id__in=[a.pk, b.pk])}
    owner(
        "DELETE FROM audit_leaf WHERE seq IN (14, 16)",
        f"INSERT INTO audit_leaf (seq, event_id, hash) VALUES (14, '{b.pk}', '{rows[b.pk]}')",
        f"INSERT INTO audit_leaf (seq, event_id, hash) VALUES (16, '{a.pk}', '{rows[a.pk]}')",
    )
    report = read(witness)
    assert not report.holds
    assert any("subtree over places 13 to 14" in each for each in report.problems)
    assert any("Places 12 to 20" in each for each in report.problems)
    assert report.first_bad_seq == 13, "as near as it can be known: the smallest false subtree holds 13 and 14"


def test_a_cut_off_end_is_noticed(log: list[Event], witness: Path) -> None:
    late = ", ".join(f"'{event.pk}'" for event in log[15:])
    Salt.objects.filter(event_id__in=[event.pk for event in log[15:]]).delete()
    owner(
        "DELETE FROM audit_leaf WHERE seq > 15",
        'DELETE FROM audit_node WHERE ("index" + 1) * (1 << level) > 15',
        f"DELETE FROM audit_event WHERE id IN ({late})",
        "DELETE FROM audit_head WHERE size > 15",
    )
    report = read(witness)
    assert report.first_bad_seq == 16
    assert any("the end was cut off, or an older copy was restored" in each for each in report.problems)


def test_an_emptied_log_is_noticed(log: list[Event], witness: Path) -> None:
    owner(*[f"DELETE FROM {table}" for table in (
        "audit_salt", "audit_pending", "audit_leaf", "audit_node", "audit_head", "audit_event",
    )])  # fmt: skip
    report = read(witness)
    assert not report.holds
    assert report.first_bad_seq == 1


def test_a_restored_backup_is_noticed_also_after_new_events(log: list[Event], witness: Path, tmp_path: Path) -> None:
    tables = ("audit_event", "audit_leaf", "audit_node", "audit_head", "audit_salt", "audit_pending")
    owner(*[f"CREATE TABLE kept_{table} AS SELECT * FROM {table}" for table in tables])
    try:
        write(6)
        audit.publish()
        owner(
            *[f"DELETE FROM {table}" for table in reversed(tables)],
            *[f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in tables],
        )
        report = read(witness)
        assert any("an older copy was restored" in each for each in report.problems)
        assert report.first_bad_seq == 21
        write(9, action="test.did_instead")
        audit.seal()
        report = read(witness)
        assert any("Places 21 to 26 are not what was witnessed" in each for each in report.problems)
    finally:
        owner(*[f"DROP TABLE kept_{table}" for table in tables])


@pytest.mark.parametrize("statement", [
    "UPDATE audit_event SET actor = 'x'",
    "DELETE FROM audit_event",
    "DELETE FROM audit_leaf WHERE seq = 1",
    "UPDATE audit_node SET hash = 'x'",
    "UPDATE audit_head SET root = 'x'",
    "DELETE FROM audit_head",
])  # fmt: skip
def test_the_database_itself_refuses_to_change_the_log(log: list[Event], witness: Path, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert read(witness).holds


def test_insert_or_replace_is_refused(log: list[Event], witness: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's; PostgreSQL's TRUNCATE is tried below.")
    # A connection of the attacker's own, without our recursive_triggers pragma.
    with sqlite3.connect(connection.settings_dict["NAME"]) as raw:
        for statement in (
            f"INSERT OR REPLACE INTO audit_event SELECT id, at, 'x', organisation, action, target, body "
            f"FROM audit_event WHERE id = '{log[0].pk}'",
            "INSERT OR REPLACE INTO audit_leaf SELECT seq, event_id, 'x' FROM audit_leaf WHERE seq = 1",
            "INSERT OR REPLACE INTO audit_head SELECT size, 'x', at, key, signature FROM audit_head",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                raw.execute(statement)
    raw.close()
    assert read(witness).holds


def test_truncate_is_refused(log: list[Event], witness: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; an emptied log is tried above.")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_event CASCADE")
    assert read(witness).holds


def test_a_missing_trigger_is_reported(log: list[Event], witness: Path) -> None:
    on = " ON audit_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_event_no_update{on}")
    try:
        assert any("audit_event_no_update" in each for each in read(witness).problems)
    finally:
        rearm()


def test_a_trigger_switched_off_is_reported(log: list[Event], witness: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot switch a trigger off, only drop it, which is tried above.")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_delete")
    try:
        assert any("audit_event_no_delete" in each for each in read(witness).problems)
    finally:
        rearm()


def test_a_lost_witness_is_a_failure_not_a_comfort(log: list[Event], witness: Path) -> None:
    shutil.rmtree(witness)
    report = read(witness)
    assert not report.holds
    assert any("holds no heads" in each for each in report.problems)


def test_a_line_taken_out_of_the_witness_is_noticed(log: list[Event], witness: Path) -> None:
    lines = (witness / "heads.jsonl").read_text().splitlines()
    (witness / "heads.jsonl").write_text(lines[0] + "\n")
    assert any("does not hold" in each for each in read(witness).problems)


def test_a_forged_head_has_a_false_signature(log: list[Event], witness: Path) -> None:
    path = witness / "heads.jsonl"
    head = json.loads(path.read_text().splitlines()[-1])
    path.write_text(path.read_text() + json.dumps({**head, "at": "2030-01-01T00:00:00+00:00"}) + "\nnot a head\n")
    report = read(witness)
    assert any("false signature" in each for each in report.problems)
    assert any("is not a signed head" in each for each in report.problems)


def test_a_head_by_another_key_is_refused_when_the_key_is_pinned(log: list[Event], witness: Path) -> None:
    known = Head.objects.values_list("key", flat=True).first()
    assert read(witness, known).holds
    assert any("pinned key" in each for each in read(witness, "0" * 16).problems)


def test_two_writers_at_once_lose_nothing_and_get_places_without_gaps(witness: Path) -> None:
    faults: list[BaseException] = []

    def writer() -> None:
        try:
            for _ in range(15):
                write(2)
                audit.seal()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    audit.publish()
    report = read(witness)
    assert report.holds, report.problems
    assert report.events == 60
    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 61))


def test_a_clock_that_steps_back_changes_no_place(
    log: list[Event], witness: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = timezone.now() - timedelta(days=2)
    monkeypatch.setattr("folkmoot.foundation.audit.ledger.timezone.now", lambda: earlier)
    late = write(3)
    audit.publish()
    report = read(witness)
    assert report.holds, report.problems
    assert [event.leaf.seq for event in Event.objects.filter(pk__in=[e.pk for e in late]).order_by("leaf__seq")] == [
        21,
        22,
        23,
    ]


def test_an_event_rolled_back_leaves_no_trace_and_no_gap(log: list[Event], witness: Path) -> None:
    with transaction.atomic():
        audit.record(action="test.never", target="test.thing:1", by="system:test")
        transaction.set_rollback(True)
    write(1)
    audit.publish()
    assert not Event.objects.filter(action="test.never").exists()
    assert read(witness).events == 21


@pytest.fixture
def in_another_process(witness: Path, tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[bytes]]:
    def run(script: str) -> subprocess.CompletedProcess[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "folkmoot.config.settings",
            "DATABASE_URL": address(),
            "FOLKMOOT_HOME": str(tmp_path),
            "FOLKMOOT_WITNESS_DIR": str(witness),
            "FOLKMOOT_AUDIT_KEY_FILE": str(tmp_path / "audit.pem"),
        }
        return subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + script], env=environment, timeout=60
        )

    return run


KILLED_BEFORE_THE_HEAD = """
import os, signal
from django.db import transaction
from folkmoot.foundation import audit
from folkmoot.foundation.audit import heads
with transaction.atomic():
    for number in range(4):
        audit.record(action="test.late", target=f"test.thing:{number}", by="system:test")
heads._append = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
audit.publish()
"""
KILLED_BEFORE_THE_COPY = """
import os, signal
from django.db import transaction
from folkmoot.foundation import audit
from folkmoot.foundation.audit import heads
with transaction.atomic():
    for number in range(4):
        audit.record(action="test.late", target=f"test.thing:{number}", by="system:test")
append = heads._append
def then_die(*given):
    append(*given)
    os.kill(os.getpid(), signal.SIGKILL)
heads._append = then_die
audit.publish()
"""
KILLED_BEFORE_THE_COMMIT = """
import os, signal
from django.db import transaction
from folkmoot.foundation import audit
with transaction.atomic():
    audit.record(action="test.late", target="test.thing:1", by="system:test")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_between_commit_and_head_loses_nothing(
    log: list[Event], witness: Path, in_another_process: Callable[[str], Any]
) -> None:
    assert in_another_process(KILLED_BEFORE_THE_HEAD).returncode == -signal.SIGKILL
    report = read(witness)
    assert report.holds, report.problems
    assert (report.events, report.covered) == (24, 20)
    audit.publish()
    assert (read(witness).covered, Pending.objects.count()) == (24, 0)


def test_killed_between_the_witness_and_its_copy_is_completed(
    log: list[Event], witness: Path, in_another_process: Callable[[str], Any]
) -> None:
    assert in_another_process(KILLED_BEFORE_THE_COPY).returncode == -signal.SIGKILL
    assert Head.objects.count() == 2
    assert read(witness).holds
    audit.publish()
    report = read(witness)
    assert Head.objects.count() == 3
    assert report.holds, report.problems


def test_killed_before_the_commit_leaves_nothing(
    log: list[Event], witness: Path, in_another_process: Callable[[str], Any]
) -> None:
    assert in_another_process(KILLED_BEFORE_THE_COMMIT).returncode == -signal.SIGKILL
    assert Event.objects.count() == 20
    assert read(witness).holds


def test_forgetting_a_person_keeps_every_proof(log: list[Event], witness: Path) -> None:
    before = audit.receipt(log[3])
    assert before.salt
    assert audit.forget(target="test.thing:3", by="system:test", purpose="erasure") == 2
    audit.publish()
    after = audit.receipt(log[3])
    assert after.salt == ""
    assert after.holds()
    assert before.holds()
    assert read(witness).holds


def test_the_reader_runs_alone_and_its_exit_tells(log: list[Event], witness: Path, tmp_path: Path) -> None:
    """A copy of the one file, in a folder of its own, by an interpreter without site-packages when SQLite allows."""
    shutil.copy(verify.__file__, tmp_path / "reader.py")
    alone = ["-I", "-S"] if connection.vendor == "sqlite" else ["-I"]
    command = [
        sys.executable,
        *alone,
        str(tmp_path / "reader.py"),
        "--database",
        address(),
        "--witness",
        str(witness),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert said["holds"] is True
    assert said["events"] == 20
    owner("DELETE FROM audit_leaf WHERE seq = 20")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert json.loads(done.stdout)["first_bad_seq"] == 20


def test_a_database_that_cannot_be_read_is_not_verified(witness: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--database", "sqlite:////nowhere/at/all.sqlite3", "--witness", str(witness), "--json"]) == 1
    assert "There is no database file" in json.loads(capsys.readouterr().out)["problems"][0]
