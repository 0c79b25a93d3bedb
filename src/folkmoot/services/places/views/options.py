"""Making options, reading them, comparing them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.engines.siting.problem import Objective
from folkmoot.foundation.design.once import once_only
from folkmoot.services.places import actions, forms, presenters, queries, rules, tables, wording
from folkmoot.services.places.actions import NotPossible
from folkmoot.services.places.views.guards import option_of, study_of

MOST_COMPARED = 4


@require_safe
@login_required
def goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """First question of a new option: what is best?"""
    found = study_of(request, key, rules.may_plan)
    if not found.is_ready:
        return redirect(found)
    form = forms.Goal(
        request.GET if "goal" in request.GET or "asked" in request.GET else None, tables=tables.read(found)
    )
    if form.is_bound and form.is_valid():
        return redirect("places:ask", found.pk, form.cleaned_data["goal"])
    return render(request, "places/goal.html", {"study": found, "form": form}, status=422 if form.errors else 200)


@login_required
@once_only
def ask(request: HttpRequest, key: UUID, goal: str) -> HttpResponse:
    """The numbers and limits of that goal; then it is solved in the background."""
    found = study_of(request, key, rules.may_plan)
    if not found.is_ready:
        return redirect(found)
    held = tables.read(found)
    if goal not in forms.offered(held):
        raise Http404
    form = forms.Ask(request.POST or None, goal=Objective(goal), tables=held)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.ask(study=found, name=form.cleaned_data["name"], asked=form.question(), by=request.user)
            return redirect(job.get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    shown = {
        "study": found,
        "form": form,
        "goal": wording.OBJECTIVES[Objective(goal)],
        "term": wording.TERMS[Objective(goal)],
    }
    return render(request, "places/ask.html", shown, status=422 if form.errors else 200)


@require_safe
@login_required
def option(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the plan is, how good it provably is, who gains and who loses."""
    found = option_of(request, key)
    user, place = request.user, found.organisation
    may = {
        "see": rules.may_see(user, place),
        "plan": rules.may_plan(user, place),
        "propose": rules.may_propose(user, place),
        "decide": rules.may_decide(user, place) and found.proposed_by_id != user.pk,
    }
    if not found.is_solved:
        job = queries.job_of(found)
        return render(request, "places/unsolved.html", {"option": found, "job": job, "may": may})
    shown = presenters.option(found, tables.read(found.study))
    return render(request, "places/option.html", {"option": found, "may": may, **shown})


@require_safe
@login_required
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """The options paper, to print: question, answer, data, assumptions, who decided."""
    found = option_of(request, key)
    if not found.is_solved:
        return redirect(found)
    shown = presenters.option(found, tables.read(found.study))
    return render(request, "places/paper.html", {"option": found, **shown, **presenters.sources(found)})


@require_safe
@login_required
def compare(request: HttpRequest, key: UUID) -> HttpResponse:
    """Two to four options side by side."""
    found = study_of(request, key)
    chosen = request.GET.getlist("option")
    options = [o for o in queries.options(request.user).filter(study=found) if o.has_plan]
    picked = [o for o in options if str(o.pk) in chosen]
    shown = {"study": found, "options": options, "chosen": {o.pk for o in picked}, "problem": ""}
    if chosen and not 2 <= len(picked) <= MOST_COMPARED:
        shown["problem"] = _("Choose two, three or four options to compare.")
    elif picked:
        shown |= presenters.compare(picked)
    return render(request, "places/compare.html", shown, status=422 if shown["problem"] else 200)


@require_POST
@login_required
@once_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Solve a draft once more."""
    found = option_of(request, key, rules.may_plan)
    return _started(request, lambda: actions.solve_again(option=found, by=request.user), found)


@require_POST
@login_required
@once_only
def alternatives(request: HttpRequest, key: UUID) -> HttpResponse:
    """Look for plans nearly as good that differ most."""
    found = option_of(request, key, rules.may_plan)
    return _started(request, lambda: actions.find_alternatives(option=found, by=request.user), found)


@require_POST
@login_required
@once_only
def robustness(request: HttpRequest, key: UUID) -> HttpResponse:
    """Try the plan with demand as it could be."""
    found = option_of(request, key, rules.may_plan)
    return _started(request, lambda: actions.try_uncertain_demand(option=found, by=request.user), found)


def _started(request, work, found) -> HttpResponse:  # type: ignore[no-untyped-def]
    from django.contrib import messages

    try:
        return redirect(work().get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)
