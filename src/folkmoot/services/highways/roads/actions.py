"""What people do with studies and schemes of roads. Each verb is one transaction, audited, and returns what it changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.engines.traffic import TrafficError, changed
from folkmoot.foundation import audit, jobs
from folkmoot.services.highways.actions.audited import NotPossible
from folkmoot.services.highways.roads import kept
from folkmoot.services.highways.roads.changes import change_of, opposite
from folkmoot.services.highways.roads.models import RoadDecision, RoadScheme, RoadStudy, Status, Verb
from folkmoot.services.highways.roads.queries import PURPOSE
from folkmoot.services.highways.roads.sources import GivenRoads, on_a_page


@transaction.atomic
def begin(*, organisation: Any, name: str, given: GivenRoads, source: str, by: Any) -> Any:
    """Keep a network and its trips, and have them assigned; returns the job."""
    if RoadStudy.objects.for_organisation(organisation).filter(name=name).exists():
        raise NotPossible(_("There is a study called “%(name)s” already. Choose another name.") % {"name": name})
    study = RoadStudy.objects.for_organisation(organisation).create(
        name=name, source=source, facts=given.facts(), statements=given.statements(), by=by
    )
    kept.write(study, given)
    _record("take_roads", study, by, {"source": source, "links": study.facts["links"], "zones": study.facts["zones"]})
    return assign(study=study, by=by)


@transaction.atomic
def assign(*, study: RoadStudy, by: Any) -> Any:
    """Assign the trips to the roads until the gap that was asked; returns the job."""
    if study.schemes.exclude(status=Status.DRAFT).exists():
        raise NotPossible(_("Schemes of this study have been proposed, so its flows stay as they are."))
    _record("assign", study, by, {"gap": str(study.facts["gap"])})
    return _started(study, "highways.assign", by, study=str(study.pk))


@transaction.atomic
def draw_up(*, study: RoadStudy, name: str, pounds: int, by: Any) -> RoadScheme:
    """Begin a scheme: a name and a cost; its changes come one by one."""
    if not study.is_assigned:
        raise NotPossible(_("This study has no flows yet, so there is nothing to change."))
    if study.schemes.filter(name=name).exists():
        raise NotPossible(_("There is a scheme called “%(name)s” already. Choose another name.") % {"name": name})
    scheme: RoadScheme = RoadScheme.objects.for_organisation(study.organisation_id).create(
        study=study, name=name, pounds=pounds, by=by
    )
    _record("draw_up_scheme", scheme, by, {"pounds": pounds})
    return scheme


@transaction.atomic
def change(*, scheme: RoadScheme, link: str, what: str, value: float | None, both_ways: bool, by: Any) -> RoadScheme:
    """Add a change to a draft, for the road the other way too if asked. What was found before no longer holds."""
    scheme = _draft(scheme)
    network = kept.network(scheme.study)
    if link not in network.link_id:
        raise NotPossible(no_link(link))
    try:
        k = network.index(link)
        links = [network.link_id[k]]
        other = opposite(network, k) if both_ways else None
        if other is not None:
            links.append(network.link_id[other])
        rows = [row for row in scheme.changes if row["link"] not in links or row["what"] != what]
        rows += [{"link": each, "what": what, "value": value} for each in links]
        changed(network, change_of(rows))
    except TrafficError as error:
        raise NotPossible(on_a_page(str(error))) from error
    if network.kind[k] == "connector":
        raise NotPossible(_("“%(link)s” joins a zone to the roads; it is no road to be changed.") % {"link": link})
    return _changed(scheme, rows, by)


@transaction.atomic
def take_back(*, scheme: RoadScheme, number: int, by: Any) -> RoadScheme:
    """Take one change out of a draft; the first is number 1."""
    scheme = _draft(scheme)
    if not 1 <= number <= len(scheme.changes):
        raise NotPossible(_("This scheme has no such change any more."))
    return _changed(scheme, scheme.changes[: number - 1] + scheme.changes[number:], by)


@transaction.atomic
def run(*, scheme: RoadScheme, by: Any) -> Any:
    """Assign a draft with its changes; returns the job."""
    scheme = _draft(scheme)
    if not scheme.changes:
        raise NotPossible(_("This scheme changes nothing yet. Add a change first."))
    _record("run_scheme", scheme, by, {"changes": len(scheme.changes)})
    return _started(scheme, "highways.scheme", by, scheme=str(scheme.pk))


@transaction.atomic
def rank(*, study: RoadStudy, asked: dict[str, Any], by: Any) -> Any:
    """Rank the schemes that have changes by delay saved for a pound; returns the job."""
    if not study.is_assigned:
        raise NotPossible(_("This study has no flows yet, so there is nothing to change."))
    if not any(scheme.changes for scheme in study.schemes.all()):
        raise NotPossible(_("No scheme of this study changes anything yet."))
    _record("rank_schemes", study, by, {key: str(value) for key, value in asked.items()})
    return jobs.start("highways.rank", by=by, organisation=study.organisation, study=str(study.pk), asked=asked)


@transaction.atomic
def propose(*, scheme: RoadScheme, reason: str, at: datetime, by: Any) -> RoadScheme:
    """Put a scheme forward for a decision."""
    scheme = _draft(scheme)
    if not scheme.is_run:
        raise NotPossible(_("Only a scheme that has been run can be proposed: run it first."))
    scheme.status, scheme.proposed_by, scheme.proposed_at = Status.PROPOSED, by, at
    return _step(scheme, Verb.PROPOSE, reason, by, Status.DRAFT)


@transaction.atomic
def withdraw(*, scheme: RoadScheme, reason: str, by: Any) -> RoadScheme:
    """Take a proposal back: it is a draft again."""
    scheme = _locked(scheme)
    if scheme.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed scheme can be withdrawn."))
    scheme.status, scheme.proposed_by, scheme.proposed_at = Status.DRAFT, None, None
    return _step(scheme, Verb.WITHDRAW, reason, by, Status.PROPOSED)


@transaction.atomic
def decide(*, scheme: RoadScheme, verb: str, reason: str, at: datetime, by: Any) -> RoadScheme:
    """Approve or decline a proposal; what is approved everybody can read."""
    scheme = _locked(scheme)
    if scheme.status != Status.PROPOSED:
        raise NotPossible(_("Only a proposed scheme can be decided; this one has been decided or withdrawn."))
    if scheme.proposed_by_id == by.pk:
        raise NotPossible(_("You proposed this scheme, so somebody else must decide."))
    scheme.status = Status.APPROVED if verb == Verb.APPROVE else Status.DECLINED
    scheme.decided_by, scheme.decided_at = by, at
    return _step(scheme, verb, reason, by, Status.PROPOSED)


def no_link(link: str) -> str:
    """What somebody is told who names a link that the study does not have."""
    return _(
        "There is no link “%(link)s” in this study. Take the id from its tables, or from the file of all links."
    ) % {"link": link}


def _record(action: str, target: Any, by: Any, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    """One event of the audit log. Roads are public business, so values are kept open."""
    audit.record(
        action=f"highways.{action}", target=target, by=by, purpose=PURPOSE, organisation=target.organisation,
        before={k: audit.Open(v) for k, v in (before or {}).items()}, after={k: audit.Open(v) for k, v in after.items()},
    )  # fmt: skip


def _started(row: RoadStudy | RoadScheme, kind: str, by: Any, **arguments: Any) -> Any:
    job = jobs.start(kind, by=by, organisation=row.organisation, **arguments)
    row.job = job.pk
    row.save(update_fields=["job"])
    return job


def _changed(scheme: RoadScheme, rows: list[dict[str, Any]], by: Any) -> RoadScheme:
    before = len(scheme.changes)
    scheme.changes, scheme.findings, scheme.run_at = rows, {}, None
    scheme.save(update_fields=["changes", "findings", "run_at"])
    _record("change_scheme", scheme, by, {"changes": len(rows)}, {"changes": before})
    return scheme


def _step(scheme: RoadScheme, verb: str, reason: str, by: Any, before: str) -> RoadScheme:
    if not reason.strip():
        raise NotPossible(_("Give a reason: it is shown beside the decision."))
    scheme.save()
    RoadDecision.objects.for_organisation(scheme.organisation_id).create(
        scheme=scheme, verb=verb, reason=reason.strip(), by=by
    )
    _record(f"{verb}_scheme", scheme, by, {"status": scheme.status}, {"status": before})
    return scheme


def _draft(scheme: RoadScheme) -> RoadScheme:
    found = _locked(scheme)
    if found.status != Status.DRAFT:
        raise NotPossible(_("This scheme is not a draft any more."))
    return found


def _locked(scheme: RoadScheme) -> RoadScheme:
    found: RoadScheme = (
        RoadScheme.objects.for_organisation(scheme.organisation_id)
        .select_related("study", "organisation")
        .select_for_update(of=("self",))
        .get(pk=scheme.pk)
    )
    return found
