"""Estates and programmes, as another program reads them: the rows a person would see on the pages, and no others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from folkmoot.services.estates import queries
from folkmoot.services.estates.models import Estate, Programme

router = Router(tags=["estates"])


class EstateOut(Schema):
    id: UUID
    name: str
    origin: str
    price_year: str
    sites: int
    others: int
    has_travel: bool
    aggregates: int
    set_aside: int


class ProgrammeOut(Schema):
    id: UUID
    estate: UUID
    name: str
    status: str
    max_sites: int | None
    solved_at: datetime | None
    plan_status: str | None
    within_limits: bool
    sites_today: int | None
    sites_after: int | None
    npv: float | None
    bound: float | None
    gap: float | None
    closed: list[str]
    opened: list[str]
    decided_at: datetime | None


class ProgrammeWhole(ProgrammeOut):
    question: dict[str, Any]
    steps: list[dict[str, Any]]
    value: dict[str, Any] | None
    access: list[dict[str, Any]]
    frontier: dict[str, Any]
    assumptions: list[dict[str, Any]]
    breaches: list[dict[str, Any]]
    statements: list[str]


@router.get("/estates", response=list[EstateOut], summary="Estates of the organisations where you plan or decide")
def estates(request: HttpRequest) -> list[EstateOut]:
    """Newest first."""
    return [_estate(found) for found in queries.estates(request.user)]


@router.get("/estates/{uuid:key}", response=EstateOut, summary="One estate")
def estate(request: HttpRequest, key: UUID) -> EstateOut:
    """How large it is, and what was not read."""
    return _estate(get_object_or_404(queries.estates(request.user), pk=key))


@router.get("/programmes", response=list[ProgrammeOut], summary="Programmes you may read")
def programmes(request: HttpRequest, estate: UUID | None = None) -> list[ProgrammeOut]:
    """Approved ones for readers, all of them for those who plan or decide; of one estate if you name it."""
    found = queries.programmes(request.user)
    return [ProgrammeOut(**_programme(one)) for one in (found.filter(estate=estate) if estate else found)]


@router.get("/programmes/{uuid:key}", response=ProgrammeWhole, summary="One programme with steps, value and frontier")
def programme(request: HttpRequest, key: UUID) -> ProgrammeWhole:
    """Net present value and bound in pounds, savings positive; the lines of cash are in the file cash-flow.csv."""
    found = get_object_or_404(queries.programmes(request.user), pk=key)
    answer = found.answer
    lists = {name: answer.get(name, []) for name in ("access", "assumptions", "breaches", "statements")}
    return ProgrammeWhole(
        **_programme(found),
        question=found.question,
        steps=found.plan.get("steps", []),
        value=answer.get("value"),
        frontier=answer.get("frontier", {}),
        **lists,
    )


def _estate(found: Estate) -> EstateOut:
    return EstateOut(
        id=found.pk, name=found.name, origin=found.origin, price_year=found.price_year, sites=found.sites,
        others=found.others, has_travel=found.has_travel, aggregates=len(found.aggregates),
        set_aside=len(found.set_aside),
    )  # fmt: skip


def _programme(found: Programme) -> dict[str, Any]:
    plan = found.plan
    return {
        "id": found.pk, "estate": found.estate_id, "name": found.name, "status": found.status,
        "max_sites": found.question.get("max_sites"), "solved_at": found.solved_at,
        "plan_status": found.answer.get("status"), "within_limits": found.is_within_limits,
        "sites_today": plan.get("sites_today"), "sites_after": plan.get("sites_after"),
        "npv": (found.answer.get("value") or {}).get("npv"),
        "bound": None if plan.get("bound") is None else -plan["bound"], "gap": plan.get("gap"),
        "closed": plan.get("closed", []), "opened": plan.get("opened", []), "decided_at": found.decided_at,
    }  # fmt: skip
