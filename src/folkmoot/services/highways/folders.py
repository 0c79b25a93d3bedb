"""Where the room's files lie in the data directory; only this machine's user may enter.

`datasets/KEY`: what came in, checked events, rejected rows. `held/KEY`: a release that waits for a decision.
`published/KEY`: what has left. A file is written beside its place and moved there when it is whole.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from folkmoot.foundation.identifiers import uuid7

if TYPE_CHECKING:
    from folkmoot.services.highways.models import Dataset, Release

ZONES = "zones.geojson"
ABOUT_DEVICES = ("events", "accepted", "rejected", "unreadable", "opt_outs", "report", "working")
"""Everything that holds a row about a device. Deleting a data set's events deletes these, and nothing else."""


def room() -> Path:
    """The room's own folder."""
    return _made(Path(settings.FOLKMOOT["data"]) / "highways")


def arriving() -> Path:
    """A new folder for files that are looked at before anything is kept of them."""
    return _made(_made(room() / "arriving") / str(uuid7()))


def dataset(found: Dataset) -> Path:
    """A data set's folder."""
    return _made(_made(room() / "datasets") / str(found.pk))


def held(found: Release) -> Path:
    """Where a release waits."""
    return _made(room() / "held") / str(found.pk)


def published(found: Release) -> Path:
    """Where a release lies that has left."""
    return _made(room() / "published") / str(found.pk)


def part(found: Dataset, name: str) -> Path | None:
    """The file of one part of a data set, whatever its kind; None where nobody gave it or it was deleted."""
    there = sorted(dataset(found).glob(f"{name}.*"))
    return there[0] if there else None


def forget_devices(found: Dataset) -> int:
    """Delete every file about devices; returns how many there were."""
    gone = 0
    for each in sorted(dataset(found).iterdir()):
        if each.name.split(".")[0] not in ABOUT_DEVICES:
            continue
        gone += 1
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()
    return gone


def remove(place: Path) -> None:
    """Delete a folder, if it is there."""
    shutil.rmtree(place, ignore_errors=True)


def sha256(path: Path) -> str:
    """Of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
