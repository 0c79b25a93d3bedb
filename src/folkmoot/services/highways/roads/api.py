"""Studies of roads and their schemes, as another program reads them: what a person would see, and no more.

What is approved needs no log-in.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from folkmoot.services.highways.roads import queries
from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy

router = Router(tags=["highways"])


class RoadStudyOut(Schema):
    id: UUID
    name: str
    source: str
    links: int
    zones: int
    km: float
    trips: dict[str, float]
    assigned_at: datetime | None
    gap: float | None
    vehicle_hours: float | None
    delay: float | None
    vehicle_km: float | None


class RoadStudyWhole(RoadStudyOut):
    busiest: list[dict[str, Any]]
    worst: list[dict[str, Any]]
    ranking: dict[str, Any]
    statements: list[str]


class RoadSchemeOut(Schema):
    id: UUID
    study: UUID
    organisation: str
    name: str
    status: str
    pounds: int
    changes: list[dict[str, Any]]
    before: dict[str, float] | None
    after: dict[str, float] | None
    decided_at: datetime | None


class RoadSchemeWhole(RoadSchemeOut):
    links: list[dict[str, Any]]
    statements: list[str]


@router.get("/roads/studies", response=list[RoadStudyOut], summary="Studies of roads where you plan or decide")
def road_studies(request: HttpRequest) -> list[RoadStudyOut]:
    """Newest first; hours, delay and kilometres are of the assigned hour, null before it is assigned."""
    return [RoadStudyOut(**_study(each)) for each in queries.studies(request.user)]


@router.get("/roads/studies/{uuid:key}", response=RoadStudyWhole, summary="One study of roads")
def road_study(request: HttpRequest, key: UUID) -> RoadStudyWhole:
    """Its busiest links, its worst bottlenecks with the queue of each quarter hour, and its ranked schemes."""
    found = get_object_or_404(queries.studies(request.user), pk=key)
    return RoadStudyWhole(
        **_study(found),
        busiest=found.findings.get("busiest", []),
        worst=found.findings.get("worst", []),
        ranking=found.ranking,
        statements=[*found.statements, *found.findings.get("statements", [])],
    )


@router.get("/roads/schemes", response=list[RoadSchemeOut], summary="Schemes of the studies you may read")
def road_schemes(request: HttpRequest, study: UUID | None = None) -> list[RoadSchemeOut]:
    """In every state; of one study if you name it."""
    found = queries.schemes(request.user)
    return [RoadSchemeOut(**_scheme(each)) for each in (found.filter(study=study) if study else found)]


@router.get("/roads/schemes/{uuid:key}", response=RoadSchemeWhole, summary="One scheme with what it changes")
def road_scheme(request: HttpRequest, key: UUID) -> RoadSchemeWhole:
    """Totals before and after, and the links that change most."""
    return _whole(get_object_or_404(queries.schemes(request.user), pk=key))


@router.get("/roads/approved", response=list[RoadSchemeOut], auth=None, summary="Approved road schemes, for everybody")
def approved_road_schemes(request: HttpRequest) -> list[RoadSchemeOut]:
    """Of every organisation, the newest decision first."""
    return [RoadSchemeOut(**_scheme(each)) for each in queries.approved()]


def _whole(found: RoadScheme) -> RoadSchemeWhole:
    return RoadSchemeWhole(
        **_scheme(found),
        links=found.findings.get("rows", []),
        statements=[*found.study.statements, *found.findings.get("statements", [])],
    )


def _study(found: RoadStudy) -> dict[str, Any]:
    return {
        "id": found.pk, "name": found.name, "source": found.source, "assigned_at": found.assigned_at,
        **{key: found.facts[key] for key in ("links", "zones", "km", "trips")},
        **{key: found.findings.get(key) for key in ("gap", "vehicle_hours", "delay", "vehicle_km")},
    }  # fmt: skip


def _scheme(found: RoadScheme) -> dict[str, Any]:
    return {
        "id": found.pk, "study": found.study_id, "organisation": found.organisation.name, "name": found.name,
        "status": found.status, "pounds": found.pounds, "changes": found.changes,
        "before": found.findings.get("before"), "after": found.findings.get("after"), "decided_at": found.decided_at,
    }  # fmt: skip
