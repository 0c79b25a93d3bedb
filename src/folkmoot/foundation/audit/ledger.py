"""Writing events: inside the transaction of the change they tell of."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import models, transaction
from django.utils import timezone

from folkmoot.foundation.audit.canonical import Open, canonical, digest
from folkmoot.foundation.audit.models import Event, Pending, Salt
from folkmoot.foundation.identifiers import uuid7

# A consultation of more rows than this is several events, so that no body grows without limit.
TARGETS_AN_EVENT = 500


def record(
    *,
    action: str,
    target: models.Model | str,
    by: Any,
    purpose: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    organisation: Any = None,
) -> Event:
    """Record that `by` did `action` to `target`. Call it in the action, in the same transaction as the change.

    Values in `before` and `after` become salted digests, unless wrapped in `Open`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"The audit event '{action}' was recorded outside a transaction, so it could be lost while its change is "
            "kept: decorate the action with @transaction.atomic."
        )
    body: dict[str, Any] = {}
    salt = secrets.token_hex(16)
    for name, values in (("before", before), ("after", after)):
        if values is not None:
            body[name] = {
                key: value.value if isinstance(value, Open) else digest(_plain(value), salt)
                for key, value in values.items()
            }
    salted = any(not isinstance(value, Open) for values in (before, after) for value in (values or {}).values())
    return _write(action, target, by, purpose, organisation, body, salt if salted else None)


def consulted(
    *, targets: Iterable[models.Model | str], by: Any, purpose: str, organisation: Any = None, query: str = ""
) -> int:
    """Record that `by` is about to see these rows, and return how many. Call it before handing them over."""
    seen = [reference(target) for target in targets]
    with transaction.atomic():
        for start in range(0, len(seen), TARGETS_AN_EVENT):
            some = seen[start : start + TARGETS_AN_EVENT]
            target = some[0] if len(some) == 1 else f"{some[0].split(':')[0]}:{len(some)} rows"
            _write("consulted", target, by, purpose, organisation, {"targets": some, "query": query}, None)
    return len(seen)


def forget(*, target: models.Model | str, by: Any, purpose: str, organisation: Any = None) -> int:
    """Destroy the salts of a target's events, so that no digest can be tied to a value again. Proofs still verify."""
    with transaction.atomic():
        gone, _ = Salt.objects.filter(event__target=reference(target)).delete()
        record(
            action="audit.forget", target=target, by=by, purpose=purpose, organisation=organisation,
            after={"salts": Open(gone)},
        )  # fmt: skip
    return gone


def reference(target: models.Model | str) -> str:
    """How the log names a thing: its model and key, never its name."""
    return target if isinstance(target, str) else f"{target._meta.label_lower}:{target.pk}"


def _write(
    action: str, target: Any, by: Any, purpose: str | None, organisation: Any, extra: dict[str, Any], salt: str | None
) -> Event:
    columns = {
        "id": str(uuid7()),
        "at": timezone.now().astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": _actor(by),
        "organisation": str(getattr(organisation, "pk", organisation) or ""),
        "action": action,
        "target": reference(target),
    }
    context = structlog.contextvars.get_contextvars()
    body = {**columns, **extra, "purpose": purpose or "", "request": str(context.get("request_id", "")), "version": 1}
    event = Event.objects.create(**columns, body=canonical(body))
    Pending.objects.create(event=event)
    if salt:
        Salt.objects.create(event=event, salt=salt)
    return event


def _actor(by: Any) -> str:
    """A person by id; a machine by the name it goes by, such as `system:worker`."""
    if isinstance(by, str):
        return by
    if by is None or getattr(by, "pk", None) is None:
        return "anonymous"
    return f"user:{by.pk}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
