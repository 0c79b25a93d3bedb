"""Movement data and releases, as another program reads them: the rows a person would see on the pages, and no others.

What is published needs no log-in. Numbers come from the folder of the release, held against its digests.
"""

from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from folkmoot.services.highways import numbers, queries, rules
from folkmoot.services.highways.models import Dataset, Release, Status

router = Router(tags=["highways"])
_ROADS = "folkmoot.services.highways.roads"


class DatasetOut(Schema):
    id: UUID
    name: str
    origin: str
    state: str
    first_day: date | None
    last_day: date | None
    read: int | None
    opted_out: int | None
    rejected: int | None
    accepted: int | None
    opt_out_version: str
    deleted_at: datetime | None


class ReleaseOut(Schema):
    id: UUID
    organisation: str
    name: str
    status: str
    keys: list[str]
    k: int
    purpose: str
    lawful_basis: str
    cells: int | None
    blanks: dict[str, int]
    dates: list[str]
    requested_at: datetime
    decided_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    stopped_because: str
    digest: str


class ReleaseWhole(ReleaseOut):
    manifest: dict[str, Any]
    table: list[dict[str, Any]]
    suppressed: list[dict[str, Any]]


@router.get(
    "/datasets", response=list[DatasetOut], summary="Movement data of the organisations where you are an analyst"
)
def datasets(request: HttpRequest) -> list[DatasetOut]:
    """Newest first. Counts are of whole files; nothing about any device."""
    return [_dataset(each) for each in queries.datasets(request.user)]


@router.get("/datasets/{uuid:key}", response=DatasetOut, summary="One data set")
def dataset(request: HttpRequest, key: UUID) -> DatasetOut:
    """How much of it was accepted, and whether its events are still there."""
    return _dataset(get_object_or_404(queries.datasets(request.user), pk=key))


@router.get(
    "/releases", response=list[ReleaseOut], auth=None, summary="What is published, and what your organisation has"
)
def releases(request: HttpRequest) -> list[ReleaseOut]:
    """Everybody sees what is published or withdrawn; who works there sees what waits, too."""
    out = list(queries.published())
    user: Any = request.user
    own = list(queries.releases(user)) if user.is_authenticated and rules.may_see(user) else []
    known = {each.pk for each in out}
    return [_release(each, user) for each in [*(each for each in own if each.pk not in known), *out]]


@router.get("/releases/{uuid:key}", response=ReleaseWhole, auth=None, summary="A published release with its cells")
def release(request: HttpRequest, key: UUID) -> ReleaseWhole:
    """Every number with its interval, every blank with its reason. A withdrawn release has neither any more."""
    found = get_object_or_404(queries.published(), pk=key)
    if found.status == Status.WITHDRAWN:
        raise Http404("This release is withdrawn.")
    made = numbers.of(found)
    return ReleaseWhole(
        **_release(found, request.user).model_dump(), manifest=dict(made.manifest), table=made.table.to_pylist(),
        suppressed=made.suppressed.to_pylist(),
    )  # fmt: skip


def _dataset(found: Dataset) -> DatasetOut:
    counts = {name: found.report.get(name) for name in ("read", "opted_out", "rejected", "accepted")}
    return DatasetOut(
        id=found.pk, name=found.name, origin=found.origin, state=found.state, first_day=found.first_day,
        last_day=found.last_day, opt_out_version=found.opt_out_version, deleted_at=found.deleted_at, **counts,
    )  # fmt: skip


def _release(found: Release, user: Any) -> ReleaseOut:
    told, place = found.report, found.organisation
    # The reason names a blank cell, which is for those alone who hold the data or decide.
    inside = user.is_authenticated and (rules.may_hold(user, place) or rules.may_decide(user, place))
    return ReleaseOut(
        id=found.pk, organisation=found.organisation.code, name=found.name, status=found.status, keys=list(found.keys),
        k=found.k, purpose=found.purpose, lawful_basis=found.lawful_basis, cells=told.get("cells"),
        blanks=told.get("blanks", {}), dates=told.get("dates", []), requested_at=found.requested_at,
        decided_at=found.decided_at, published_at=found.published_at, withdrawn_at=found.withdrawn_at,
        stopped_because=found.stopped_because if inside else "", digest=found.digest,
    )  # fmt: skip


if find_spec(_ROADS) and find_spec(f"{_ROADS}.api"):
    router.add_router("", import_module(f"{_ROADS}.api").router)
