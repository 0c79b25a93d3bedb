"""From a drawn centre to a decision: propose, withdraw, approve or decline, each with a reason."""

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
from folkmoot.services.places import rules
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.forms import Reason, Verdict
from folkmoot.services.places.retail import actions, presenters, queries
from folkmoot.services.places.retail.models import Centre


@login_required
@once_only
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a centre forward, with a reason."""
    found, form = queries.centre_of(request, key, rules.may_propose), Reason(request.POST or None)
    words = {
        "title": _("Propose this centre"), "button": _("Propose"),
        "lede": _("An approver of your organisation reads it and decides. From now on its forecast stays as it is."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.propose(centre=found, reason=given["reason"], at=timezone.now(), by=request.user)

    return _answered(request, found, form, do, words, _("The centre is proposed."))


@login_required
@once_only
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a proposal back, with a reason."""
    found, form = queries.centre_of(request, key, rules.may_propose), Reason(request.POST or None)
    words = {
        "title": _("Withdraw this centre"), "button": _("Withdraw"),
        "lede": _("It is a draft again, and the history keeps that it was proposed."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.withdraw(centre=found, reason=given["reason"], by=request.user)

    return _answered(request, found, form, do, words, _("The proposal is withdrawn."))


@login_required
@once_only
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or decline a proposal, with a reason."""
    found, form = queries.centre_of(request, key, rules.may_decide), Verdict(request.POST or None)
    words = {
        "title": _("Decide on this centre"), "button": _("Decide"),
        "lede": _("A decision stays. Read first who would come and who would lose."),
    }  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        actions.decide(centre=found, verb=given["verb"], reason=given["reason"], at=timezone.now(), by=request.user)

    return _answered(request, found, form, do, words, _("The decision is recorded."))


def _answered(
    request: HttpRequest, found: Centre, form: Any, do: Callable[[dict[str, Any]], None], words: dict[str, str],
    said: str,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(found)
    shown = {"centre": found, "form": form, "words": words, "summary": presenters.summary(found)}
    return render(request, "places/retail/decide.html", shown, status=422 if form.errors else 200)
