"""Studies, options, markets and drawn centres, as another program reads them: what a person would see, and no more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from folkmoot.services.places import queries
from folkmoot.services.places.models import Option, Study
from folkmoot.services.places.retail import queries as retail
from folkmoot.services.places.retail.models import Centre, Market

router = Router(tags=["places"])


class StudyOut(Schema):
    id: UUID
    name: str
    what: str
    source: str
    travel: str
    ready: bool
    areas: int
    people: int
    sites: int
    existing: int
    set_aside: int


class OptionOut(Schema):
    id: UUID
    study: UUID
    name: str
    status: str
    objective: str
    p: int | None
    radius: float | None
    solved_at: datetime | None
    plan_status: str | None
    value: float | None
    bound: float | None
    gap: float | None
    open: list[str]
    verified: bool
    decided_at: datetime | None


class OptionWhole(OptionOut):
    question: dict[str, Any]
    sites: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    explanation: list[str]


class MarketOut(Schema):
    id: UUID
    name: str
    source: str
    areas: int
    people: int
    centres: int
    flows: int
    status: str | None
    parameters: list[dict[str, Any]]


class CentreOut(Schema):
    id: UUID
    market: UUID
    name: str
    status: str
    lon: float
    lat: float
    floor_space_m2: float
    centre_class: str
    law: str | None
    turnover: dict[str, float] | None
    visitors: dict[str, float] | None
    decided_at: datetime | None


class CentreWhole(CentreOut):
    centres: list[dict[str, Any]]
    mix: list[dict[str, Any]]
    catchment: list[dict[str, Any]]
    statements: list[str]


@router.get("/studies", response=list[StudyOut], summary="Studies of the organisations where you plan or decide")
def studies(request: HttpRequest) -> list[StudyOut]:
    """Newest first."""
    return [_study(study) for study in queries.studies(request.user)]


@router.get("/studies/{uuid:key}", response=StudyOut, summary="One study")
def study(request: HttpRequest, key: UUID) -> StudyOut:
    """How large it is and whether it is ready."""
    return _study(get_object_or_404(queries.studies(request.user), pk=key))


@router.get("/options", response=list[OptionOut], summary="Options you may read")
def options(request: HttpRequest, study: UUID | None = None) -> list[OptionOut]:
    """Approved ones for readers, all of them for those who plan or decide; of one study if you name it."""
    found = queries.options(request.user)
    return [OptionOut(**_option(option)) for option in (found.filter(study=study) if study else found)]


@router.get("/options/{uuid:key}", response=OptionWhole, summary="One option with its sites and groups")
def option(request: HttpRequest, key: UUID) -> OptionWhole:
    """Value and bound are in the engine's units: person-minutes, people, sites or pounds, by objective."""
    found = get_object_or_404(queries.options(request.user), pk=key)
    return OptionWhole(
        **_option(found),
        question=found.question,
        sites=found.findings.get("sites", []),
        groups=found.findings.get("groups", []),
        explanation=found.plan.get("explanation", []),
    )


@router.get("/markets", response=list[MarketOut], summary="Markets of the organisations where you plan or decide")
def markets(request: HttpRequest) -> list[MarketOut]:
    """Newest first; `status` is calibrated or uncalibrated, null before the law is found."""
    return [_market(market) for market in retail.markets(request.user)]


@router.get("/centres", response=list[CentreOut], summary="Drawn shopping centres you may read")
def centres(request: HttpRequest, market: UUID | None = None) -> list[CentreOut]:
    """Approved ones for readers, all of them for those who plan or decide; of one market if you name it."""
    found = retail.centres(request.user)
    return [CentreOut(**_centre(centre)) for centre in (found.filter(market=market) if market else found)]


@router.get("/centres/{uuid:key}", response=CentreWhole, summary="One drawn centre with its forecast")
def centre(request: HttpRequest, key: UUID) -> CentreWhole:
    """Turnover in pounds a year; every figure with its interval."""
    found = get_object_or_404(retail.centres(request.user), pk=key)
    who = found.forecast.get("visitors") or {}
    return CentreWhole(
        **_centre(found),
        centres=found.forecast.get("centres", []),
        mix=who.get("mix", []),
        catchment=who.get("catchment", []),
        statements=found.forecast.get("statements", []),
    )


def _market(found: Market) -> MarketOut:
    return MarketOut(
        id=found.pk, name=found.name, source=found.source, areas=found.areas, people=found.people,
        centres=found.centres, flows=found.flows, status=found.law.get("status"),
        parameters=[{k: p[k] for k in ("name", "value", "low", "high")} for p in found.law.get("parameters", [])],
    )  # fmt: skip


def _centre(found: Centre) -> dict[str, Any]:
    mine = found.itself if found.is_forecast else {}
    return {
        "id": found.pk, "market": found.market_id, "name": found.name, "status": found.status, "lon": found.lon,
        "lat": found.lat, "floor_space_m2": found.floor_space_m2, "centre_class": found.centre_class,
        "law": found.forecast.get("status"), "turnover": mine.get("turnover"), "visitors": mine.get("visitors"),
        "decided_at": found.decided_at,
    }  # fmt: skip


def _study(found: Study) -> StudyOut:
    return StudyOut(
        id=found.pk, name=found.name, what=found.what, source=found.source, travel=found.travel, ready=found.is_ready,
        areas=found.areas, people=found.people, sites=found.sites, existing=found.existing,
        set_aside=len(found.set_aside),
    )  # fmt: skip


def _option(found: Option) -> dict[str, Any]:
    asked, plan = found.question, found.plan
    return {
        "id": found.pk, "study": found.study_id, "name": found.name, "status": found.status,
        "objective": asked["objective"], "p": asked.get("p"), "radius": asked.get("radius"),
        "solved_at": found.solved_at, "plan_status": plan.get("status"), "value": plan.get("objective"),
        "bound": plan.get("bound"), "gap": plan.get("gap"), "open": found.open_sites,
        "verified": bool(found.findings.get("verdict", {}).get("holds")), "decided_at": found.decided_at,
    }  # fmt: skip
