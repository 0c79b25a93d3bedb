"""What was approved leaves, if it is still safe beside everything that has left since it was made.

The numbers are those that were approved, byte by byte; the manifest gets the approver and the audit of now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from folkmoot.engines.mobility import MobilityError
from folkmoot.engines.mobility.disclose import audit
from folkmoot.services.highways import folders, making, numbers
from folkmoot.services.highways.actions.audited import record
from folkmoot.services.highways.models import Release, Status

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Audit, Releasable

TRIES = 5
"""So often is the audit done anew because something else was published meanwhile."""


def publish(release: Release, progress: Callable[[int, int], None] | None = None) -> bool:
    """Whether it left. Else the release says why it was stopped."""
    for _ in range(TRIES):
        out = numbers.out(release.organisation, but=release)
        made = numbers.held(release)
        checked = audit(made.published, [numbers.of(each).published for each in out], progress=progress)
        if not checked.safe:
            _stopped(release, checked)
            return False
        if _left(release, approved(release, made, checked), [each.pk for each in out]):
            return True
    raise MobilityError("Other releases are being published just now. Try again in a minute.")


def approved(release: Release, made: Releasable, checked: Audit) -> Releasable:
    """The same numbers, with the approver and the last audit in the manifest."""
    who, when = release.decided_by, release.decided_at
    by = f"{who.name}, {release.organisation.name}" if who else None
    return made.approved(by=by, at=when.isoformat(timespec="seconds") if when else None, checked=checked)


def _left(release: Release, made: Releasable, beside: list[Any]) -> bool:
    """Put it in its place, unless something has been published since the audit began."""
    place, waiting = folders.published(release), folders.held(release)
    folders.remove(place)
    made.write(place)
    (place / folders.ZONES).write_bytes((waiting / folders.ZONES).read_bytes())
    with transaction.atomic():
        rows = Release.objects.for_organisation(release.organisation_id)
        # Whoever publishes for this organisation at the same moment waits here.
        held = list(rows.select_for_update(of=("self",)).filter(status__in=[Status.PUBLISHED, Status.WITHDRAWN]))
        if {each.pk for each in held} != set(beside):
            return False
        changed = rows.filter(pk=release.pk, status=Status.APPROVED).update(
            status=Status.PUBLISHED, published_at=timezone.now(), digest=folders.sha256(place / "manifest.json"),
            report=making.report(made),
        )  # fmt: skip
        if not changed:
            raise MobilityError("This release is not approved any more, so it does not leave.")
        record("publish", release, release.decided_by, {"status": "published"}, {"status": "approved"})
    folders.remove(waiting)
    return True


@transaction.atomic
def _stopped(release: Release, checked: Audit) -> None:
    rows = Release.objects.for_organisation(release.organisation_id)
    rows.filter(pk=release.pk, status=Status.APPROVED).update(
        status=Status.UNSAFE, decided_by=None, decided_at=None, report={},
        stopped_because=" ".join(each.sentence for each in checked.given_away[:3]),
    )  # fmt: skip
    record("stop", release, release.decided_by, {"status": "unsafe"}, {"status": "approved"})
