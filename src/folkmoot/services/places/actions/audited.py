"""What every verb of this room shares: how it refuses, and how it is written into the audit log."""

from __future__ import annotations

from typing import Any

from folkmoot.foundation import audit

PURPOSE = "planning of places"


class NotPossible(ValueError):
    """The thing asked for cannot be done now; the message says why, to the person who asked."""


def record(action: str, target: Any, by: Any, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    """One event of the audit log. Plans are public business, so values are kept open."""
    audit.record(
        action=f"places.{action}",
        target=target,
        by=by,
        purpose=PURPOSE,
        organisation=target.organisation,
        before={k: audit.Open(v) for k, v in (before or {}).items()},
        after={k: audit.Open(v) for k, v in after.items()},
    )
