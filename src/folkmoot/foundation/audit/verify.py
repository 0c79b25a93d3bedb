"""The auditor's reader: does the log still say what its witnessed heads say it said?

One file, standard library only, no Django and nothing else of Folkmoot, to be read in ten minutes and run anywhere:

    python verify.py --database sqlite:////var/lib/folkmoot/var/folkmoot.sqlite3 --witness /mnt/witness

(PostgreSQL is read through psycopg when the address says so; signatures are checked when `cryptography` is there,
and the answer says so when it is not.) It holds the log to seven rules, in this order, and stops at none:

1. triggers   the database's own guards against changing the log are in place
2. places     the log's places run 1, 2, 3… without a gap, and every event has a place or is waiting for one
3. events     each event's bytes hash to its leaf: SHA-256(00 ‖ body); its columns say what its body says
4. tree       the stored subtrees are SHA-256(01 ‖ left ‖ right) of what is below them (RFC 9162, section 2.1.1)
5. heads      the tree over the first `size` leaves has the root of every witnessed head
6. copies     every head the database remembers is one the witness holds
7. signatures each witnessed head is signed by a key whose public half lies in the witness directory

What it cannot see: events changed before the first head above them was published (at most a minute, by default), and
a witness directory changed by the same hand as the database – so keep that directory elsewhere, and pin `--key`.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TABLES = ("audit_event", "audit_leaf", "audit_node", "audit_head")
COLUMNS = ("id", "at", "actor", "organisation", "action", "target")
GUARDS = {"sqlite": ("update", "delete", "insert"), "postgresql": ("update", "delete", "truncate")}


@dataclass
class Report:
    """What was found: `holds` is the verdict, `problems` are sentences, `first_bad_seq` the earliest place in doubt."""

    events: int = 0
    waiting: int = 0
    heads: int = 0
    covered: int = 0
    signatures: str = "not checked"
    root: str = ""
    problems: list[str] = field(default_factory=list)
    doubts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems

    @property
    def first_bad_seq(self) -> int | None:
        """The first place in doubt, as narrowly as the evidence allows: a wide doubt yields to a narrower inside it."""
        narrow = [
            (first, last)
            for first, last in self.doubts
            if not any(first <= a and b <= last and (a, b) != (first, last) for a, b in self.doubts)
        ]
        return min((first for first, _ in narrow), default=None)

    def problem(self, sentence: str, first: int | None = None, last: int | None = None) -> None:
        self.problems.append(sentence)
        if first is not None:
            self.doubts.append((first, last or first))

    def as_json(self) -> str:
        return json.dumps(
            {"holds": self.holds, "first_bad_seq": self.first_bad_seq, **asdict(self)}, ensure_ascii=False
        )


class Log:
    """The database, opened to read."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.kind = "sqlite" if parts.scheme == "sqlite" else "postgresql"
        self.connection: Any
        if self.kind == "sqlite":
            path = Path(unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path))
            if not path.is_file():
                raise FileNotFoundError(f"There is no database file {path}: give the one to be verified by --database.")
            self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            self.connection.execute("BEGIN")  # everything is read from one moment, however busy the writers
        else:
            import psycopg

            self.connection = psycopg.connect(address.replace("postgres://", "postgresql://", 1))
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def rows(self, query: str) -> Iterator[Any]:
        yield from self.connection.execute(query)

    def one(self, query: str) -> Any:
        return next(self.rows(query))[0]

    def guards(self) -> set[str]:
        """Names of the triggers in force."""
        if self.kind == "sqlite":
            return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        return {name for (name,) in self.rows("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")}


class Tree:
    """A growing Merkle tree that keeps only its right edge: the perfect subtrees of which it is made so far."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[tuple[int, bytes]] = []  # (level, hash), largest first

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf; give every perfect subtree it completes as (level, index, hash)."""
        self.size += 1
        level, found = 0, leaf
        while self.edge and self.edge[-1][0] == level:
            found = hashlib.sha256(b"\x01" + self.edge.pop()[1] + found).digest()
            level += 1
            yield level, (self.size >> level) - 1, found
        self.edge.append((level, found))

    def root(self) -> str:
        if not self.edge:
            return hashlib.sha256().hexdigest()
        found = self.edge[-1][1]
        for _, left in reversed(self.edge[:-1]):
            found = hashlib.sha256(b"\x01" + left + found).digest()
        return found.hex()


def verify(database: str, witness: Path, key: str | None = None) -> Report:
    """Hold the log in `database` to the heads in `witness`. Raises only when one of them cannot be read at all."""
    log, report = Log(database), Report()
    heads = _witnessed(witness, report)
    try:
        _check_guards(log, report)
        _check_tree(log, heads, report)
        # Read again: a head published meanwhile reached the witness before it reached the database.
        _check_copies(log, _witnessed(witness, Report()), report)
    finally:
        log.connection.close()
    _check_signatures(witness, heads, key, report)
    return report


def _witnessed(witness: Path, report: Report) -> list[dict[str, Any]]:
    path = witness / "heads.jsonl"
    if not path.is_file():
        return []
    heads: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            head = json.loads(line)
            heads.append({name: head[name] for name in ("at", "key", "root", "signature", "size")})
        except (ValueError, KeyError, TypeError):
            report.problem(f"Line {number} of {path} is not a signed head: the witness was damaged.")
    report.heads = len(heads)
    return sorted(heads, key=lambda head: int(head["size"]))


def _check_guards(log: Log, report: Report) -> None:
    wanted = {f"{table}_no_{guard}" for table in TABLES for guard in GUARDS[log.kind]}
    for name in sorted(wanted - log.guards()):
        report.problem(f"The trigger {name}, which refuses to change the log, is missing or switched off.")


def _check_tree(log: Log, heads: list[dict[str, Any]], report: Report) -> None:
    nodes = log.rows('SELECT level, "index", hash FROM audit_node ORDER BY ("index" + 1) * (1 << level), level')
    tree, due, good, expected = Tree(), list(heads), 0, 0
    matching, doubted = True, False
    rows = log.rows(
        "SELECT leaf.seq, leaf.hash, event.body, event.id, event.at, event.actor, event.organisation, event.action, "
        "event.target FROM audit_leaf AS leaf LEFT JOIN audit_event AS event ON event.id = leaf.event_id "
        "ORDER BY leaf.seq"
    )
    for seq, leaf, body, *columns in rows:
        expected += 1
        if seq != expected:
            report.problem(f"Place {expected} is missing: the log goes on at {seq}.", expected)
            expected = seq
        _check_event(seq, leaf, body, columns, report)
        # Hash what the event says now, so that a leaf rewritten to match an edited event still betrays itself.
        content = bytes.fromhex(leaf) if body is None else hashlib.sha256(b"\x00" + body.encode()).digest()
        for level, index, found in tree.append(content):
            stored = next(nodes, None) if matching else None
            if matching and (stored is None or tuple(stored) != (level, index, found.hex())):
                # From here on the stored nodes are out of step, and one sentence says enough.
                first, last, matching = index * 2**level + 1, (index + 1) * 2**level, False
                report.problem(f"The stored subtree over places {first} to {last} is false.", first, last)
        while due and int(due[0]["size"]) == tree.size:
            head = due.pop(0)
            if head["root"] == tree.root():
                good = tree.size
            elif not doubted:
                doubted = True
                report.problem(
                    f"Places {good + 1} to {tree.size} are not what was witnessed at {head['at']}: something there was "
                    "changed, reordered or replaced.",
                    good + 1,
                    tree.size,
                )
    for head in due[-1:]:
        report.problem(
            f"The witness saw {head['size']} events at {head['at']}, the database holds {tree.size}: the end was cut "
            "off, or an older copy was restored.",
            tree.size + 1,
        )
    report.events, report.covered, report.root = tree.size, good, tree.root()
    report.waiting = log.one("SELECT count(*) FROM audit_pending")
    lost = log.one(
        "SELECT count(*) FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_leaf) "
        "AND id NOT IN (SELECT event_id FROM audit_pending)"
    )
    if lost:
        report.problem(f"{lost} events have no place and wait for none: their places were taken from them.")
    if tree.size and not heads:
        report.problem(
            "The witness directory holds no heads, so nothing outside the database vouches for the log.", 1, tree.size
        )


def _check_event(seq: int, leaf: str, body: str | None, columns: list[str], report: Report) -> None:
    if body is None:
        report.problem(f"The event at place {seq} was deleted.", seq)
    elif hashlib.sha256(b"\x00" + body.encode()).hexdigest() != leaf:
        report.problem(f"The event at place {seq} was edited: it no longer hashes to its leaf.", seq)
    else:
        said = json.loads(body)
        for name, value in zip(COLUMNS, columns, strict=True):
            if said.get(name) != value:
                report.problem(f"At place {seq} the column {name} was edited: it differs from the event's body.", seq)


def _check_copies(log: Log, heads: list[dict[str, Any]], report: Report) -> None:
    witnessed = {(int(head["size"]), head["root"]) for head in heads}
    for size, root in log.rows("SELECT size, root FROM audit_head ORDER BY size"):
        if heads and (size, root) not in witnessed:
            report.problem(f"The database remembers a head over {size} events that the witness does not hold.")


def _check_signatures(witness: Path, heads: list[dict[str, Any]], pinned: str | None, report: Report) -> None:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        report.signatures = "not checked: the cryptography package is not installed here"
        return
    good = 0
    for head in heads:
        name, path = str(head["key"]), witness / f"{head['key']}.pub"
        public = bytes.fromhex(path.read_text().strip()) if name.isalnum() and path.is_file() else b""
        said = {part: head[part] for part in ("at", "key", "root", "size")}
        message = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        if hashlib.sha256(public).hexdigest()[:16] != name:
            report.problem(
                f"The head over {head['size']} events names the key {name}, which the witness does not hold."
            )
        elif pinned and name != pinned:
            report.problem(f"The head over {head['size']} events is signed by {name}, not by the pinned key {pinned}.")
        else:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(head["signature"]), message)
                good += 1
            except (InvalidSignature, ValueError):
                report.problem(f"The head over {head['size']} events has a false signature.")
    report.signatures = f"{good} of {len(heads)} good"


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict; 0 only when everything holds."""
    parser = argparse.ArgumentParser(description="Verify the audit log against its witnessed heads.")
    parser.add_argument("--database", required=True, help="sqlite:////full/path or postgresql://…")
    parser.add_argument("--witness", required=True, type=Path, help="the directory of heads.jsonl")
    parser.add_argument("--key", help="the only key that may have signed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    try:
        report = verify(given.database, given.witness, given.key)
    except Exception as fault:  # whatever keeps the log from being read, it is not verified
        report = Report(problems=[f"The log could not be read: {fault}"])
    print(report.as_json() if given.json else told(report))
    return 0 if report.holds else 1


def told(report: Report) -> str:
    """The report as a person reads it."""
    lines = [
        f"{report.events} events in the log, {report.covered} under a witnessed head, {report.waiting} waiting.",
        f"{report.heads} witnessed heads; signatures: {report.signatures}.",
        *(f"✗ {sentence}" for sentence in report.problems),
        "Everything holds."
        if report.holds
        else f"It does NOT hold{f'; first place in doubt: {report.first_bad_seq}' if report.first_bad_seq else ''}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
