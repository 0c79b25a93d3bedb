"""Bringing an estate in, stating what is known of it, and drawing its frontier."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.estate import DEFAULTS, EstateError
from folkmoot.foundation import jobs
from folkmoot.services.estates import question, tables
from folkmoot.services.estates.actions.audited import NotPossible, record
from folkmoot.services.estates.models import Estate, Origin
from folkmoot.services.estates.question import Question
from folkmoot.services.estates.sources import Given


@transaction.atomic
def take_in(*, organisation: Any, name: str, given: Given, origin: str = Origin.ERIC, by: Any) -> Estate:
    """Keep an estate as it was read; its frontier is drawn on request. What cannot be planned with is refused at once."""
    if Estate.objects.for_organisation(organisation).filter(name=name).exists():
        raise NotPossible(_("There is an estate called “%(name)s” already. Choose another name.") % {"name": name})
    estate: Estate = Estate.objects.for_organisation(organisation).create(
        name=name, origin=origin, price_year=given.price_year, sites=len(given.sites), others=given.others,
        has_travel=given.travel is not None, aggregates=list(given.aggregates), set_aside=list(given.set_aside),
        statements=list(given.statements), assumptions=given.assumptions, stated=list(given.stated), 
        offices=list(given.offices), clinics=list(given.clinics),
        by=by,
    )  # fmt: skip
    tables.keep(estate, given.sites, given.travel)
    _usable(estate)
    record("take_in", estate, by, {"sites": estate.sites, "others": estate.others, "set_aside": len(given.set_aside)})
    return estate


@transaction.atomic
def state_figures(*, estate: Estate, figures: dict[str, float], by: Any) -> Estate:
    """State the figures that the data do not hold; one equal to the default is stated too. Programmes keep theirs."""
    before, estate.assumptions = estate.assumptions, figures
    _usable(estate)
    return _stated(estate, "state_figures", before, figures, by)


@transaction.atomic
def state_site(*, estate: Estate, facts: dict[str, Any], by: Any) -> Estate:
    """State what is known of one site besides the data: tenure, lease, rent, position, whether it must be counted open."""
    before = [one for one in estate.stated if str(one.get("code", "")).upper() == facts["code"]]
    estate.stated = [one for one in estate.stated if str(one.get("code", "")).upper() != facts["code"]]
    kept = {name: v for one in before for name, v in one.items()} | facts
    kept = {name: v for name, v in kept.items() if v is not None}
    if len(kept) > 1:
        estate.stated = [*estate.stated, kept]
    _usable(estate)
    return _stated(estate, "state_site", {"stated": before}, kept, by)


@transaction.atomic
def state_desks(*, estate: Estate, office: dict[str, Any], by: Any) -> Estate:
    """State who works at a site, and how: its office floor follows from desks instead of from the floor it has."""
    before = [one for one in estate.offices if one["site"] == office["site"]]
    estate.offices = [*(one for one in estate.offices if one["site"] != office["site"]), office]
    _usable(estate)
    return _stated(estate, "state_desks", {"stated": before}, office, by)


@transaction.atomic
def draw_frontier(*, estate: Estate, by: Any) -> Any:
    """Find the cheapest estate of every size, in the background."""
    job = jobs.start("estates.frontier", by=by, organisation=estate.organisation, estate=str(estate.pk))
    estate.job = job.pk
    estate.save(update_fields=["job"])
    record("draw_frontier", estate, by, {})
    return job


def _stated(estate: Estate, verb: str, before: dict[str, Any], after: dict[str, Any], by: Any) -> Estate:
    # What was drawn from other figures would mislead.
    estate.frontier = {}
    estate.save()
    known = {one.name for one in DEFAULTS} | {"stated"}
    record(verb, estate, by, after, {name: value for name, value in before.items() if name in known})
    return estate


def _usable(estate: Estate) -> None:
    try:
        question.programme(Question(), estate)
    except EstateError as error:
        raise NotPossible(str(error)) from error
