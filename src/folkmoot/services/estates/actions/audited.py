"""What every verb of this room shares: how it refuses, and how it is written into the audit log."""

from __future__ import annotations

from typing import Any

from folkmoot.foundation import audit
from folkmoot.services.estates.models import Programme

PURPOSE = "planning of estates"


class NotPossible(ValueError):
    """The thing asked for cannot be done now; the message says why, to the person who asked."""


def record(action: str, target: Any, by: Any, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    """One event of the audit log. Plans are public business, so values are kept open."""
    audit.record(
        action=f"estates.{action}",
        target=target,
        by=by,
        purpose=PURPOSE,
        organisation=target.organisation,
        before={k: audit.Open(_written(v)) for k, v in (before or {}).items()},
        after={k: audit.Open(_written(v)) for k, v in after.items()},
    )


def _written(value: Any) -> Any:
    """As the log holds it: figures with a fraction as text, so that every reader computes the same digest."""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, dict):
        return {name: _written(each) for name, each in value.items()}
    return [_written(each) for each in value] if isinstance(value, list | tuple) else value


def locked(programme: Programme) -> Programme:
    """The programme as the database has it now, held until the verb is done."""
    found: Programme = (
        Programme.objects.for_organisation(programme.organisation_id)
        .select_for_update(of=("self",))
        .get(pk=programme.pk)
    )
    return found
