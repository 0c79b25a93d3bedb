"""Background work of shopping centres: the law, a forecast, the best place. Results are plain JSON."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.engines.retail import RetailError
from folkmoot.foundation import jobs
from folkmoot.services.places.retail import tables
from folkmoot.services.places.retail.models import Centre, Market

SECONDS = 120
MOST_HELD_OUT = 150
"""Up to so many centres each is left out and foretold; beyond, that takes too long for a page."""


def _market_url(job: Any) -> str:
    return reverse("places:market", args=[job.result["market"]])


def _best_url(job: Any) -> str:
    return reverse("places:best", args=[job.result["market"]])


def _centre_url(job: Any) -> str:
    return reverse("places:centre", args=[job.result["centre"]])


@jobs.kind("places.law", title=_("Finding the law by which people choose"), result_url=_market_url)
def run_law(job: Any, progress: Any, *, market: str) -> dict[str, str]:
    """Calibrate on the flows by maximum likelihood and foretell each centre from the others; else assume."""
    kept = Market.objects.for_organisation(job.organisation_id).get(pk=market)
    try:
        found, held = jobs.watched(
            job, progress, lambda watch: _law(tables.read(kept), watch), message=_("Reading what people chose")
        )
    except RetailError as error:
        raise jobs.JobFailed(str(error)) from error
    kept.law, kept.hold_out, kept.best = asdict(found), {} if held is None else asdict(held), {}
    kept.save(update_fields=["law", "hold_out", "best"])
    return {"market": market}


def _law(held: dict[str, Any], watch: Any) -> tuple[Any, Any]:
    from folkmoot.engines.retail import assume, fit, hold_out

    market = tables.engine_market(held)
    if market.flows is None:
        return assume(market.unit), None
    found = fit(market)
    if not 3 <= len(market.centres) <= MOST_HELD_OUT:
        return found, None
    watch.note(1, 2)
    held_out = hold_out(market, decay=found.law.decay)
    # What is calibrated carries the sentence on to every forecast made with it.
    return replace(found, statements=(*found.statements, held_out.statement)), held_out


@jobs.kind("places.forecast", title=_("Foretelling who would come"), result_url=_centre_url)
def run_forecast(job: Any, progress: Any, *, centre: str) -> dict[str, str]:
    """Visitors, turnover and what the others lose; and which centres grow or shrink in the long run."""
    from folkmoot.engines.retail import equilibrium, predict

    kept = Centre.objects.for_organisation(job.organisation_id).select_related("market").get(pk=centre)
    held = tables.read(kept.market)
    try:
        market, law = tables.engine_market(held), tables.law(kept.market)
        new = tables.newcomer(kept, held, market)
        found = jobs.watched(
            job, progress, lambda watch: predict(market, law, new, should_stop=watch.should_stop),
            seconds=SECONDS, message=_("Trying every law that the calibration allows"),
        )  # fmt: skip
        rest = jobs.watched(
            job, progress, lambda watch: equilibrium(market, law, new, should_stop=watch.should_stop),
            seconds=SECONDS, message=_("Letting centres grow and shrink until they rest"),
        )  # fmt: skip
    except RetailError as error:
        raise jobs.JobFailed(str(error)) from error
    kept.forecast, kept.balance = asdict(found), asdict(rest)
    kept.save(update_fields=["forecast", "balance"])
    return {"centre": centre}


@jobs.kind("places.best_place", title=_("Looking for the best place and size"), result_url=_best_url)
def run_best_place(job: Any, progress: Any, *, market: str, asked: dict[str, Any]) -> dict[str, str]:
    """Every candidate site at every floor space, under every law that the calibration allows."""
    from folkmoot.engines.retail import Limits, candidates_from_table, place

    kept = Market.objects.for_organisation(job.organisation_id).get(pk=market)
    held = tables.read(kept)
    try:
        known = tables.engine_market(held)
        sites = candidates_from_table(held["centre_candidates"], known, held.get("candidate_minutes"))
        found = jobs.watched(
            job, progress,
            lambda watch: place(
                known, tables.law(kept), sites, objective=asked["objective"], margin=asked["margin"],
                limits=Limits(most_loss_percent=asked["most_loss_percent"]), should_stop=watch.should_stop,
            ),
            seconds=SECONDS, message=_("Trying every site at every size"),
        )  # fmt: skip
    except RetailError as error:
        raise jobs.JobFailed(str(error)) from error
    kept.best = {"asked": asked, **asdict(found)}
    kept.save(update_fields=["best"])
    return {"market": market}
