"""The secret that rounds the same people the same way in every release of an organisation.

It is made once and kept in a file that its owner alone may read, never in the database and on no page. With another secret
the same people would be rounded another way, and the mean of two releases would be nearer the truth than either; so a
secret that does not fit what was published is refused.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from folkmoot.services.highways import folders

BYTES = 32


class SecretLost(Exception):
    """The secret is not the one that earlier releases were made with, or others may read it; a sentence."""


def of(organisation: Any, earlier: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """The organisation's secret, made when there is none. `earlier`: manifests of what has been published."""
    path = path_of(organisation)
    known = {str(manifest["policy"]["secret"]) for manifest in earlier}
    if not path.exists() and not known:
        _make(path)
    if not path.exists():
        raise SecretLost(
            _("The rounding secret is gone, and releases were made with it. Bring back %(file)s from a backup.")
            % {"file": path.name}
        )
    if path.stat().st_mode & 0o077:
        raise SecretLost(
            _("Others than its owner may read the rounding secret %(file)s. Set its mode to 600.") % {"file": path.name}
        )
    kept = path.read_bytes()
    if known - {fingerprint(kept)}:
        raise SecretLost(
            _("The rounding secret %(file)s is not the one that earlier releases were made with. Bring that one back.")
            % {"file": path.name}
        )
    return kept


def path_of(organisation: Any) -> Path:
    """Where it is kept."""
    place = folders.room() / "secrets"
    place.mkdir(mode=0o700, exist_ok=True)
    return place / f"rounding-{organisation.pk}.key"


def fingerprint(kept: bytes) -> str:
    """What manifests say of it."""
    return hashlib.sha256(b"folkmoot secret " + kept).hexdigest()[:16]


def _make(path: Path) -> None:
    """Whole or not at all, and only once: a link to a finished file fails where another process was quicker."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
