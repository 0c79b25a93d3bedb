"""What people do with markets and drawn centres. Each verb is one transaction, audited, and returns what it changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.retail import RetailError, extended
from folkmoot.foundation import jobs
from folkmoot.services.places.actions.audited import NotPossible, record
from folkmoot.services.places.models import Source, Status, Verb
from folkmoot.services.places.retail import sources, tables
from folkmoot.services.places.retail.models import Centre, CentreDecision, Market
from folkmoot.services.places.retail.sources import GivenMarket


@transaction.atomic
def begin(*, organisation: Any, name: str, given: GivenMarket, source: str = Source.FILES, by: Any) -> Any:
    """Take in a market and find its law; returns the job. What cannot be meant is refused before anything is kept."""
    if Market.objects.for_organisation(organisation).filter(name=name).exists():
        raise NotPossible(_("There is a market called “%(name)s” already. Choose another name.") % {"name": name})
    try:
        facts = sources.facts(tables.engine_market(given.tables))
    except RetailError as error:
        raise NotPossible(str(error)) from error
    facts["statements"] = [*given.statements, *facts["statements"]]
    market = Market.objects.for_organisation(organisation).create(name=name, source=source, by=by, **facts)
    tables.keep(market, given.tables)
    record("take_market", market, by, {"source": source, "areas": market.areas, "centres": market.centres})
    return find_law(market=market, by=by)


@transaction.atomic
def find_law(*, market: Market, by: Any) -> Any:
    """Calibrate on the flows, or assume the textbook law where there are none."""
    if market.drawn.exclude(status=Status.DRAFT).exists():
        raise NotPossible(_("Centres of this market have been proposed, so its law stays as it is."))
    record("find_law", market, by, {})
    job = jobs.start("places.law", by=by, organisation=market.organisation, market=str(market.pk))
    market.job = job.pk
    market.save(update_fields=["job"])
    return job


@transaction.atomic
def draw(*, market: Market, by: Any, name: str, **what: Any) -> Any:
    """Draw a centre into the market and have it forecast; returns the job. `what`: lon, lat, floor space, class."""
    if not market.is_ready:
        raise NotPossible(_("This market has no law yet."))
    if market.drawn.filter(name=name).exists():
        raise NotPossible(_("There is a centre called “%(name)s” already. Choose another name.") % {"name": name})
    held = tables.read(market)
    try:
        known = tables.engine_market(held)
        extended(known, tables.newcomer(Centre(name=name, **what), held, known))
    except RetailError as error:
        raise NotPossible(str(error)) from error
    centre = Centre.objects.for_organisation(market.organisation_id).create(market=market, name=name, by=by, **what)
    record("draw", centre, by, {key: str(value) for key, value in what.items()})
    return _forecast(centre, by)


@transaction.atomic
def forecast_again(*, centre: Centre, by: Any) -> Any:
    """Forecast a draft once more, for example after the law was found anew."""
    if centre.status != Status.DRAFT:
        raise NotPossible(_("This centre has been proposed, so its forecast stays as it is."))
    record("forecast", centre, by, {})
    return _forecast(centre, by)


@transaction.atomic
def find_place(*, market: Market, asked: dict[str, Any], by: Any) -> Any:
    """Look for the best place and floor space among the candidate sites; returns the job."""
    if not market.is_ready:
        raise NotPossible(_("This market has no law yet."))
    if "centre_candidates" not in tables.read(market):
        raise NotPossible(_("This market has no candidate sites. Give them with the files of a new market."))
    record("find_place", market, by, {key: str(value) for key, value in asked.items()})
    return jobs.start("places.best_place", by=by, organisation=market.organisation, market=str(market.pk), asked=asked)


@transaction.atomic
def propose(*, centre: Centre, reason: str, at: datetime, by: Any) -> Centre:
    """Put a centre forward for a decision."""
    centre = _locked(centre)
    if centre.status != Status.DRAFT:
        raise NotPossible(_("This centre is not a draft any more."))
    if not centre.is_forecast:
        raise NotPossible(_("Only a centre with a forecast can be proposed; this one has none."))
    centre.status, centre.proposed_by, centre.proposed_at = Status.PROPOSED, by, at
    return _step(centre, Verb.PROPOSE, reason, by, Status.DRAFT)


@transaction.atomic
def withdraw(*, centre: Centre, reason: str, by: Any) -> Centre:
    """Take a proposal back: it is a draft again."""
    centre = _locked(centre)
    if centre.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed centre can be withdrawn."))
    centre.status, centre.proposed_by, centre.proposed_at = Status.DRAFT, None, None
    return _step(centre, Verb.WITHDRAW, reason, by, Status.PROPOSED)


@transaction.atomic
def decide(*, centre: Centre, verb: str, reason: str, at: datetime, by: Any) -> Centre:
    """Approve or decline a proposal; what is approved the public can read."""
    centre = _locked(centre)
    if centre.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed centre can be decided; this one has been decided or withdrawn."))
    if centre.proposed_by_id == by.pk:
        raise NotPossible(_("You proposed this centre, so somebody else must decide."))
    centre.status = Status.APPROVED if verb == Verb.APPROVE else Status.DECLINED
    centre.decided_by, centre.decided_at = by, at
    return _step(centre, verb, reason, by, Status.PROPOSED)


def _forecast(centre: Centre, by: Any) -> Any:
    job = jobs.start("places.forecast", by=by, organisation=centre.organisation, centre=str(centre.pk))
    centre.job = job.pk
    centre.save(update_fields=["job"])
    return job


def _step(centre: Centre, verb: str, reason: str, by: Any, before: str) -> Centre:
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is shown beside the decision."))
    centre.save()
    CentreDecision.objects.for_organisation(centre.organisation_id).create(
        centre=centre, verb=verb, reason=reason.strip(), by=by
    )
    record(f"{verb}_centre", centre, by, {"status": centre.status}, {"status": before})
    return centre


def _locked(centre: Centre) -> Centre:
    found: Centre = (
        Centre.objects.for_organisation(centre.organisation_id)
        .select_related("market")
        .select_for_update(of=("self",))
        .get(pk=centre.pk)
    )
    return found
