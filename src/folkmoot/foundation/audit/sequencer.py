"""The one sequencer: gives committed events their places, 1, 2, 3…, and grows the tree.

Database sequences have gaps and commit out of order; a place is therefore given after the commit, by one process at
a time. On SQLite the sequencer's own commit is fully synchronous: it flushes the write-ahead log, and with it every
earlier commit, so that no head is ever signed over events a power failure could still take away.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from folkmoot.foundation.audit.models import Event, Leaf, Node, Pending
from folkmoot.foundation.audit.tree import completed, leaf_hash, node_hash

LOCK = 0x466F6C6B  # "Folk": the PostgreSQL advisory lock of the sequencer
BATCH = 5_000


def seal() -> int:
    """Give every committed event its place; return how many were given."""
    total = 0
    while given := _batch():
        total += given
        if given < BATCH:
            break
    return total


def _batch() -> int:
    with _durable(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        waiting = list(Pending.objects.order_by("pk").values_list("pk", "event_id")[:BATCH])
        if not waiting:
            return 0
        bodies = dict(Event.objects.filter(pk__in=[event for _, event in waiting]).values_list("pk", "body"))
        last = Leaf.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        _grow(last, [(event, bodies[event]) for _, event in waiting])
        Pending.objects.filter(pk__in=[pk for pk, _ in waiting]).delete()
        return len(waiting)


def _grow(last: int, entries: list[tuple[str, str]]) -> None:
    leaves: list[Leaf] = []
    fresh: dict[tuple[int, int], bytes] = {}
    for seq, (event, body) in enumerate(entries, start=last + 1):
        leaf = leaf_hash(body.encode())
        fresh[0, seq - 1] = leaf
        leaves.append(Leaf(seq=seq, event_id=event, hash=leaf.hex()))
        for level, index in completed(seq):
            left = fresh.get((level - 1, 2 * index)) or stored(level - 1, 2 * index)
            fresh[level, index] = node_hash(left, fresh[level - 1, 2 * index + 1])
    Leaf.objects.bulk_create(leaves)
    Node.objects.bulk_create(
        Node(level=level, index=index, hash=value.hex()) for (level, index), value in fresh.items() if level
    )


def stored(level: int, index: int) -> bytes:
    """The hash of a perfect subtree, from the database."""
    if level == 0:
        return bytes.fromhex(Leaf.objects.values_list("hash", flat=True).get(seq=index + 1))
    return bytes.fromhex(Node.objects.values_list("hash", flat=True).get(level=level, index=index))


@contextmanager
def _durable() -> Iterator[None]:
    # Inside somebody's transaction (a test's) SQLite cannot change its synchronous level.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
