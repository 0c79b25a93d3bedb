"""What every verb of this room shares: how it refuses, and how it is written into the audit log."""

from __future__ import annotations

from typing import Any

from folkmoot.foundation import audit
from folkmoot.services.highways.models import Release

PURPOSE = "evidence of movement"


class NotPossible(ValueError):
    """The thing asked for cannot be done now; the message says why, to the person who asked."""


def record(action: str, target: Any, by: Any, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    """One event of the audit log. Names, states and reasons are public business; no count of devices is ever among them."""
    audit.record(
        action=f"highways.{action}", target=target, by=by, purpose=PURPOSE, organisation=target.organisation,
        before={k: audit.Open(v) for k, v in (before or {}).items()}, after={k: audit.Open(v) for k, v in after.items()},
    )  # fmt: skip


def locked(release: Release) -> Release:
    """The release as the database has it now, held until the verb is done."""
    found: Release = (
        Release.objects.for_organisation(release.organisation_id)
        .select_for_update(of=("self",))
        .select_related("dataset", "organisation")
        .get(pk=release.pk)
    )
    return found
