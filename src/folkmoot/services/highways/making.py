"""From checked events to a release that waits: gather, protect, hold. What happens on the way stays in the data directory.

What comes out for pages is `report`: counts of cells, never of devices, and nothing of any blank cell but how many there are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

import folkmoot
from folkmoot.engines.mobility import MobilityError
from folkmoot.engines.mobility.disclose import Policy, Provenance
from folkmoot.services.highways import folders, numbers, secret, sources
from folkmoot.services.highways.actions.audited import record
from folkmoot.services.highways.models import Dataset, LawfulBasis, Release, Status

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable

THREADS = 2
"""That compiled loops run on, beside the pages that are answered meanwhile."""

type Progress = Callable[[str, int, int], None]
BASES = {
    LawfulBasis.PUBLIC_TASK: "UK GDPR article 6(1)(e), public task",
    LawfulBasis.LEGITIMATE_INTERESTS: "UK GDPR article 6(1)(f), legitimate interests",
    LawfulBasis.CONSENT: "UK GDPR article 6(1)(a), consent",
    LawfulBasis.LEGAL_OBLIGATION: "UK GDPR article 6(1)(c), legal obligation",
}


def candidate(release: Release, earlier: list[Releasable], progress: Progress | None = None) -> Releasable:
    """The release as disclosure control lets it be beside what is out. Raises `MobilityError` or `SecretLost`."""
    policy = Policy(
        k=release.k, round_base=release.round_base,
        secret=secret.of(release.organisation, [each.manifest for each in earlier]),
    )  # fmt: skip
    evidence = gathered(release, progress)
    return evidence.release(
        policy=policy, name=release.name, earlier=tuple(numbers.known(earlier)), provenance=provenance(release)
    )


def gathered(release: Release, progress: Progress | None = None) -> Any:
    """The evidence of its table, from the checked events; whatever is written on the way is deleted after."""
    from folkmoot.engines.mobility.od import Settings, gather
    from folkmoot.engines.mobility.where import cells, population, zones
    from folkmoot.store import movement

    dataset = release.dataset
    held = {part: folders.part(dataset, part) for part in ("accepted", *sources.PARTS)}
    if held["accepted"] is None or held["cells"] is None or held["zones"] is None:
        raise MobilityError("The events of these data are not there any more, so nothing can be made of them.")
    rails, ways = (sources.lines(path) if (path := held[part]) else None for part in ("rails", "ways"))
    people = population.read(held["population"]).table() if held["population"] else None
    working = folders.dataset(dataset) / "working" / str(release.pk)
    try:
        with movement.session() as backend:
            return gather(
                movement.parquet(backend, held["accepted"]), cells.read(held["cells"]), zones.read(held["zones"]),
                population=people, period=_period(dataset), rails=rails, ways=ways,
                settings=Settings(hour=release.by_hour, mode=release.by_mode, totals=totals(release), check=False),
                threads=THREADS, keep=movement.keeper(backend, working), progress=progress,
            )  # fmt: skip
    finally:
        folders.remove(working)


def totals(release: Release) -> tuple[tuple[str, ...], ...]:
    """Which totals go with the table: of each key, of each pair of zones, and of everything."""
    if not release.with_totals:
        return ()
    pairs = (("origin", "destination"),) if len(release.keys) > 2 else ()
    return (*pairs, *((key,) for key in release.keys), ())


def provenance(release: Release) -> Provenance:
    """What the manifest says beside the numbers; a draft has no approver."""
    return Provenance(
        inputs=release.dataset.digests,
        parameters={
            "purpose": release.purpose,
            "requested_by": release.requested_by.name,
            "data": release.dataset.name,
        },
        code_version=folkmoot.__version__,
        created_at=timezone.now().isoformat(timespec="seconds"),
        lawful_basis=BASES[LawfulBasis(release.lawful_basis)],
        opt_out_version=release.opt_out_version or None,
    )


def hold(release: Release, made: Releasable, zones: Path) -> None:
    """Keep a candidate in its folder, with the zones it is drawn on, and let it wait for a decision."""
    place = folders.held(release)
    folders.remove(place)
    made.write(place)
    shutil.copyfile(zones, place / folders.ZONES)
    _settled(release, status=Status.CANDIDATE, report=report(made), stopped_because="", made_at=timezone.now())


def stop(release: Release, because: str) -> None:
    """Keep why it cannot be released."""
    folders.remove(folders.held(release))
    _settled(release, status=Status.UNSAFE, report={}, stopped_because=because, made_at=timezone.now())


def report(made: Releasable) -> dict[str, Any]:
    """The disclosure report of a release: only what its manifest says, which is public once it is published."""
    manifest = made.manifest
    listed = {
        name: manifest[name] for name in ("keys", "totals", "policy", "cells", "blanks", "blank_rule", "interval")
    }
    named = {key: len(values) for key, values in manifest["domain"].items()}
    return {
        **listed, "domain": named, "dates": [manifest["dates"][0], manifest["dates"][-1]] if manifest["dates"] else [],
        "audit": dict(manifest["audit"]), "statements": list(manifest["statements"]), "whole": manifest["whole"],
    }  # fmt: skip


def _period(dataset: Dataset) -> Any:
    return (dataset.first_day, dataset.last_day) if dataset.first_day and dataset.last_day else None


@transaction.atomic
def _settled(release: Release, **values: Any) -> None:
    rows = Release.objects.for_organisation(release.organisation_id)
    if rows.filter(pk=release.pk, status=Status.WORKING).update(**values):
        record("make", release, "system:worker", {"status": str(values["status"])}, {"status": str(Status.WORKING)})
