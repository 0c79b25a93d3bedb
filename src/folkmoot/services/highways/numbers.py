"""The only way to a number: a release read from its folder, every file held against its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from folkmoot.engines.mobility import MobilityError
from folkmoot.engines.mobility.disclose import read
from folkmoot.services.highways import folders
from folkmoot.services.highways.models import Release, Status

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Published, Releasable


def of(release: Release) -> Releasable:
    """What was published. Raises `MobilityError` when a file is not the one that was."""
    place = folders.published(release)
    manifest = place / "manifest.json"
    if not manifest.exists() or folders.sha256(manifest) != release.digest:
        raise MobilityError(
            _("The files of “%(name)s” are not those that were published, so nothing is shown. Tell whoever runs this.")
            % {"name": release.name}
        )
    return read(place)


def held(release: Release) -> Releasable:
    """What would be published."""
    return read(folders.held(release))


def out(organisation: Any, *, but: Release | None = None) -> list[Release]:
    """Releases whose numbers have left, withdrawn ones too, the oldest first."""
    rows = Release.objects.for_organisation(organisation).filter(status__in=[Status.PUBLISHED, Status.WITHDRAWN])
    return list((rows.exclude(pk=but.pk) if but else rows).order_by("published_at"))


def everything_out(organisation: Any, *, but: Release | None = None) -> list[Releasable]:
    """All of it as it was published."""
    return [of(each) for each in out(organisation, but=but)]


def known(released: list[Releasable]) -> list[Published]:
    """What everybody knows of them."""
    return [each.published for each in released]
