"""Signed tree heads, appended to the witness directory: what the database's owner cannot take back.

The witness file is written and flushed first, the database's copy second: a crash between the two leaves the witness
ahead, which verifies, and the next call completes the copy.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from folkmoot.foundation.audit import tree
from folkmoot.foundation.audit.canonical import canonical
from folkmoot.foundation.audit.keys import key_id, public_bytes, signing_key
from folkmoot.foundation.audit.models import Head, Leaf
from folkmoot.foundation.audit.sequencer import seal, stored

AT_LEAST_EVERY = timedelta(minutes=1)


def publish() -> Head | None:
    """Seal what is committed, sign the head, append it to the witness. None when the last head already says it all."""
    seal()
    size = Leaf.objects.count()
    latest = Head.objects.order_by("-size").first()
    if size == 0 or (latest is not None and latest.size >= size):
        return None
    key = signing_key(settings.FOLKMOOT["audit_key"])
    said = {
        "at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "key": key_id(public_bytes(key)),
        "root": tree.root(stored, size).hex(),
        "size": size,
    }
    head = {**said, "signature": key.sign(canonical(said).encode()).hex()}
    _append(settings.FOLKMOOT["witness"], head, public_bytes(key))
    with transaction.atomic():
        # Two publishers at once sign the same root; the first one's copy stays.
        found, _ = Head.objects.get_or_create(size=size, defaults={k: v for k, v in head.items() if k != "size"})
        return found


def tick() -> Head | None:
    """Called by the worker: seal always, publish every N events or every minute, whichever comes first."""
    seal()
    latest = Head.objects.order_by("-size").first()
    size = Leaf.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    fresh = size - (latest.size if latest else 0)
    if fresh <= 0:
        return None
    old = latest is None or timezone.now() - datetime.fromisoformat(latest.at) >= AT_LEAST_EVERY
    return publish() if old or fresh >= settings.FOLKMOOT["audit_head_every"] else None


def _append(directory: Path, head: dict[str, object], public: bytes) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    pinned = directory / f"{head['key']}.pub"
    if not pinned.exists():
        pinned.write_text(public.hex() + "\n")
    line = json.dumps(head, sort_keys=True, separators=(",", ":")) + "\n"
    # One write in append mode: two publishers cannot interleave their lines.
    descriptor = os.open(directory / "heads.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
