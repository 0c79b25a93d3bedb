"""From draft to decision: propose, withdraw, approve or decline, each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from folkmoot.foundation.design.once import once_only
from folkmoot.services.estates import actions, forms, presenters, rules
from folkmoot.services.estates.actions import NotPossible
from folkmoot.services.estates.models import Programme, Verb
from folkmoot.services.estates.views.guards import programme_of


@login_required
@once_only
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a programme forward, with a reason."""
    found, form = programme_of(request, key, rules.may_propose), forms.Reason(request.POST or None)

    def do(given: dict[str, Any]) -> None:
        actions.propose(programme=found, reason=given["reason"], at=timezone.now(), by=request.user)

    words = {
        "title": _("Propose this programme"), "button": _("Propose"),
        "lede": _("An approver of your organisation reads it and decides. From now on its plan stays as it is."),
    }  # fmt: skip
    return _answered(request, found, form, do, words, _("The programme is proposed."))


@login_required
@once_only
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a proposal back, with a reason."""
    found, form = programme_of(request, key, rules.may_propose), forms.Reason(request.POST or None)

    def do(given: dict[str, Any]) -> None:
        actions.withdraw(programme=found, reason=given["reason"], by=request.user)

    words = {
        "title": _("Withdraw this programme"), "button": _("Withdraw"),
        "lede": _("It is a draft again, and the history keeps that it was proposed."),
    }  # fmt: skip
    return _answered(request, found, form, do, words, _("The proposal is withdrawn."))


@login_required
@once_only
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or decline a proposal, with a reason."""
    found, form = programme_of(request, key, rules.may_decide), forms.Verdict(request.POST or None)

    def do(given: dict[str, Any]) -> None:
        verb = actions.approve if given["verb"] == Verb.APPROVE else actions.decline
        verb(programme=found, reason=given["reason"], at=timezone.now(), by=request.user)

    words = {
        "title": _("Decide on this programme"), "button": _("Decide"),
        "lede": _("A decision stays. Read first who gains and who loses."),
    }  # fmt: skip
    return _answered(request, found, form, do, words, _("The decision is recorded."))


def _answered(
    request: HttpRequest,
    found: Programme,
    form: Any,
    do: Callable[[dict[str, Any]], None],
    words: dict[str, str],
    said: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(found)
    shown = {"programme": found, "form": form, "row": presenters.summary(found), "words": words}
    return render(request, "estates/decide.html", shown, status=422 if form.errors else 200)
