"""Pages of the wards: may they, do it, show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.wards import actions, forms, presenters, queries, rules, wording
from folkmoot.services.wards.actions import NotPossible
from folkmoot.services.wards.models import Analysis, Hospital, Stay, Task, Team

type View = Callable[..., HttpResponse]


def may(rule: Callable[[Any], bool]) -> Callable[[View], View]:
    """Only people whom the rule lets in; everybody else gets 403."""

    def guard(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rule(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _place(request: HttpRequest) -> Hospital | None:
    return queries.hospital(request.user)


def _only(rule: Callable[..., bool], request: HttpRequest, organisation: Any) -> None:
    """The role must be held in the organisation whose row it is, not just somewhere."""
    if not rule(request.user, organisation):
        raise PermissionDenied


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "wards/nothing.html", {"may_analyse": rules.may_analyse(request.user)})


@require_safe
@may(rules.may_enter)
def home(request: HttpRequest) -> HttpResponse:
    """The meeting at nine; analysts, who see no patients, get the analyses."""
    place = _place(request)
    if not rules.may_see_patients(request.user):
        return redirect("wards:analyses")
    if place is None:
        return _nothing_yet(request)
    morning = queries.morning(hospital=place, by=request.user)
    return render(
        request,
        "wards/home.html",
        {"hospital": place, "order_name": wording.order(place.policy), **presenters.morning(morning)},
    )


@require_safe
@may(rules.may_see_patients)
def board(request: HttpRequest) -> HttpResponse:
    """Who is in, how far, and what is next."""
    place = _place(request)
    if place is None:
        return _nothing_yet(request)
    ward = request.GET.get("ward", "")
    found = queries.board(hospital=place, by=request.user, ward=ward)
    return render(request, "wards/board.html", {"hospital": place, "ward": ward, **presenters.board(found)})


@require_safe
@login_required
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Whom this team takes next, and why."""
    place = _place(request)
    found = get_object_or_404(Team.objects.visible_to(request.user), hospital=place, code=code)
    _only(rules.may_see_patients, request, found.organisation)
    shown = queries.team_list(hospital=place, team=found, by=request.user)
    return render(
        request, "wards/team.html", presenters.team(place, shown, request.user, everybody="all" in request.GET)
    )


@require_POST
@login_required
@once_only
def act(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a task, end it, or say why it waits."""
    task = get_object_or_404(
        Task.objects.visible_to(request.user).select_related("stay__hospital", "team"), pk=key, team__isnull=False
    )
    _only(rules.may_see_patients, request, task.organisation)
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "")
    now = timezone.now()
    try:
        if verb == "take":
            place = queries.position(task=task, now=now) or 0
            actions.take(task=task, at=now, position=place, reason=reason, by=request.user)
            said = _("%(patient)s is in hand.")
        elif verb == "done":
            actions.finish(task=task, at=now, by=request.user)
            said = _("Done for %(patient)s.")
        elif verb == "cancel":
            actions.cancel(task=task, at=now, by=request.user)
            said = _("Not needed for %(patient)s any more.")
        else:
            actions.delay(task=task, reason=reason, at=now, by=request.user)
            said = _("The reason for %(patient)s is recorded.")
        messages.success(request, said % {"patient": task.stay.pseudonym})
    except NotPossible as error:
        messages.error(request, str(error))
    if request.POST.get("back") == "patient":
        return redirect("wards:patient", task.stay.pk)
    return redirect("wards:team", task.team.code)


@require_safe
@login_required
def patient(request: HttpRequest, key: UUID) -> HttpResponse:
    """One patient's path home: what is done, what decides, what waits and why."""
    return _patient(request, _stay(request, key), forms.Plan())


@require_POST
@login_required
@once_only
def plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move the planned discharge date."""
    stay, form = _stay(request, key), forms.Plan(request.POST)
    if form.is_valid():
        evening = timezone.make_aware(datetime.combine(form.cleaned_data["discharge"], time(17)))
        try:
            actions.plan(stay=stay, discharge=evening, by=request.user)
        except NotPossible as error:
            form.add_error("discharge", str(error))
        else:
            messages.success(request, _("The planned discharge has moved. The first date still counts for the order."))
            return redirect("wards:patient", stay.pk)
    return _patient(request, stay, form)


@require_POST
@login_required
@once_only
def criteria(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether the patient meets the criteria to reside."""
    stay = _stay(request, key)
    actions.assess(stay=stay, meets_criteria=request.POST.get("meets") == "yes", at=timezone.now(), by=request.user)
    messages.success(request, _("The criteria to reside are recorded."))
    return redirect("wards:patient", stay.pk)


def _stay(request: HttpRequest, key: UUID) -> Stay:
    found: Stay = get_object_or_404(
        Stay.objects.visible_to(request.user).select_related("hospital", "ward", "organisation"), pk=key
    )
    _only(rules.may_see_patients, request, found.organisation)
    return found


def _patient(request: HttpRequest, stay: Stay, form: forms.Plan) -> HttpResponse:
    shown = presenters.patient(queries.patient(stay=stay, by=request.user))
    return render(
        request, "wards/patient.html", {"stay": stay, "form": form, **shown}, status=422 if form.errors else 200
    )


@may(rules.may_choose_order)
@once_only
def order(request: HttpRequest) -> HttpResponse:
    """By which order all lists are made."""
    place = _place(request)
    if place is None:
        return _nothing_yet(request)
    form = forms.Order(request.POST or None, initial={"policy": place.policy})
    if request.method == "POST" and form.is_valid():
        actions.choose_order(hospital=place, policy=form.cleaned_data["policy"], by=request.user)
        messages.success(request, _("All lists follow this order now."))
        return redirect("wards:home")
    return render(request, "wards/order.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@may(rules.may_analyse)
def analyses(request: HttpRequest) -> HttpResponse:
    """What has been analysed, and the way to a new analysis."""
    shown = queries.analyses(request.user)[:50]
    return render(
        request, "wards/analyses.html", {"analyses": shown, "form": forms.Upload(), "hospital": _place(request)}
    )


@require_POST
@may(rules.may_analyse)
@once_only
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a log, and ask which column is what."""
    form = forms.Upload(request.POST, request.FILES)
    if not form.is_valid():
        shown = {"analyses": queries.analyses(request.user)[:50], "form": form, "hospital": _place(request)}
        return render(request, "wards/analyses.html", shown, status=422)
    user: Any = request.user
    organisation = next(m.organisation for m in user.memberships.all() if rules.may_analyse(user, m.organisation))
    kept = actions.upload(organisation=organisation, file=form.cleaned_data["log"], by=request.user)
    return redirect("wards:columns", kept.pk)


@login_required
@once_only
def columns(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which column is what: guessed, shown, and changed if wrong."""
    kept = get_object_or_404(Analysis.objects.visible_to(request.user).filter(kind="log"), pk=key)
    _only(rules.may_analyse, request, kept.organisation)
    queries.consult(analysis=kept, by=request.user, part="columns")
    guess = presenters.guess(kept)
    form = forms.Columns(request.POST or None, columns=guess.columns, initial=guess.initial)
    if request.method == "POST" and (not guess.columns or form.is_valid()):
        mapping = form.cleaned_data if guess.columns else {}
        return redirect(actions.analyse_log(analysis=kept, mapping=mapping, by=request.user).get_absolute_url())
    shown = {"form": form, "guess": guess, "analysis": kept}
    return render(request, "wards/columns.html", shown, status=422 if request.method == "POST" else 200)


@require_POST
@may(rules.may_analyse)
@once_only
def five_steps(request: HttpRequest) -> HttpResponse:
    """Work through the five steps on the hospital's own history."""
    place = _place(request)
    if place is None:
        return _nothing_yet(request)
    return redirect(actions.analyse_hospital(hospital=place, by=request.user).get_absolute_url())


@require_safe
@login_required
def analysis(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was found."""
    found = get_object_or_404(Analysis.objects.visible_to(request.user), pk=key)
    _only(rules.may_analyse, request, found.organisation)
    queries.consult(analysis=found, by=request.user, part="analysis")
    template = "wards/five_steps.html" if found.kind == "hospital" else "wards/log.html"
    return render(request, template, {"analysis": found, **presenters.analysis(found)})


@require_safe
@login_required
def rejected(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows set aside, with their reasons, as CSV that no spreadsheet will obey."""
    found = get_object_or_404(Analysis.objects.visible_to(request.user).filter(kind="log"), pk=key)
    _only(rules.may_analyse, request, found.organisation)
    queries.consult(analysis=found, by=request.user, part="rejected rows")
    response = HttpResponse(presenters.rejected_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response


@may(rules.may_analyse)
@once_only
def what_ifs(request: HttpRequest) -> HttpResponse:
    """Ask the simulator, and see what it answered before."""
    place = _place(request)
    if place is None:
        return _nothing_yet(request)
    form = forms.Question(request.POST or None, teams=list(place.teams.all()), initial={"change": "staff"})
    if request.method == "POST" and form.is_valid():
        return redirect(actions.ask(hospital=place, question=form.question(), by=request.user).get_absolute_url())
    shown = {"form": form, "hospital": place, "asked": presenters.what_ifs(place, queries.what_ifs(place))}
    return render(request, "wards/what_ifs.html", shown, status=422 if form.errors else 200)


@require_safe
@may(rules.may_see_patients)
def paper(request: HttpRequest) -> HttpResponse:
    """Board and lists to print, for when the screens are down."""
    place = _place(request)
    if place is None:
        return _nothing_yet(request)
    shown = queries.lists(hospital=place, by=request.user)
    return render(
        request, "wards/paper.html", {"hospital": place, "now": timezone.now(), "lists": presenters.paper(shown)}
    )
