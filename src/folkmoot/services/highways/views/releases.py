"""Asking for a release, reading its disclosure report, deciding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.highways import actions, forms, presenters, queries, rules
from folkmoot.services.highways.actions import NotPossible
from folkmoot.services.highways.models import Verb
from folkmoot.services.highways.views.guards import dataset_of, release_of


@login_required
@once_only
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which table, protected how, for what; then a candidate is made in the background."""
    found = dataset_of(request, key)
    form = forms.Ask(request.POST or None, policy=queries.policy(found.organisation))
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.request(dataset=found, wanted=form.wanted(), by=request.user)
            return redirect(job.get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {"dataset": found, "form": form}
    return render(request, "highways/ask.html", shown, status=422 if form.errors else 200)


@require_safe
@login_required
def release(request: HttpRequest, key: UUID) -> HttpResponse:
    """How it was made safe, step by step, what would leave, and what has been decided."""
    found = release_of(request, key)
    user, place = request.user, found.organisation
    may = {
        "hold": rules.may_hold(user, place),
        "decide": rules.may_decide(user, place) and found.requested_by_id != user.pk,
        "withdraw": rules.may_decide(user, place),
    }
    own = found.requested_by_id == user.pk and rules.may_decide(user, place)
    shown = {"release": found, "job": queries.job_of(found), "may": may, "own": own, **presenters.report(found)}
    return render(request, "highways/release.html", shown)


@require_POST
@login_required
@once_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have the candidate made anew, or go on publishing what was approved."""
    found = release_of(request, key)
    approved = found.status == "approved"
    found = release_of(request, key, rules.may_decide if approved else rules.may_hold)
    verb = actions.publish_again if approved else actions.make_again
    try:
        return redirect(verb(release=found, by=request.user).get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)


@login_required
@once_only
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or refuse, with a reason; never by who asked for it."""
    found, form = release_of(request, key, rules.may_decide), forms.Verdict(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["verb"] == Verb.APPROVE:
                job = actions.approve(release=found, reason=given["reason"], at=timezone.now(), by=request.user)
                return redirect(job.get_absolute_url())
            actions.refuse(release=found, reason=given["reason"], at=timezone.now(), by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The release is refused. Nothing leaves."))
            return redirect(found)
    words = {
        "title": _("Decide on this release"), "button": _("Decide"),
        "lede": _("What has left cannot be taken back. Read the disclosure report first."),
    }  # fmt: skip
    shown = {"release": found, "form": form, "words": words, "row": presenters.summary(found)}
    return render(request, "highways/decide.html", shown, status=422 if form.errors else 200)


@login_required
@once_only
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw what was published, with a reason."""
    found, form = release_of(request, key, rules.may_decide), forms.Withdrawal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(release=found, reason=form.cleaned_data["reason"], at=timezone.now(), by=request.user)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The release is withdrawn. It stays listed, and still counts in every audit."))
            return redirect(found)
    words = {
        "title": _("Withdraw this release"), "button": _("Withdraw"),
        "lede": _("Its page and files show no numbers any more. Nobody can take back what was read, so it stays listed."),
    }  # fmt: skip
    shown = {"release": found, "form": form, "words": words, "row": presenters.summary(found)}
    return render(request, "highways/decide.html", shown, status=422 if form.errors else 200)
