"""Asking for programmes, reading them, following their pounds, comparing them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from folkmoot.foundation.design.once import once_only
from folkmoot.services.estates import actions, exports, forms, presenters, queries, rules
from folkmoot.services.estates.actions import NotPossible
from folkmoot.services.estates.views.guards import estate_of, programme_of

MOST_COMPARED = 4


@login_required
@once_only
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Limits and figures; then it is worked out in the background."""
    found = estate_of(request, key, rules.may_plan)
    form = forms.Ask(request.POST or None, estate=found)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.ask(estate=found, name=form.cleaned_data["name"], asked=form.question(), by=request.user)
            return redirect(job.get_absolute_url())
        except NotPossible as error:
            form.add_error(None, str(error))
    return render(request, "estates/ask.html", {"estate": found, "form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def programme(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the programme saves, how good it provably is, what happens when, and who travels further."""
    found = programme_of(request, key)
    user, place = request.user, found.organisation
    may = {
        "see": rules.may_see(user, place),
        "plan": rules.may_plan(user, place),
        "propose": rules.may_propose(user, place),
        "decide": rules.may_decide(user, place) and found.proposed_by_id != user.pk,
    }
    if not found.is_solved:
        job = queries.job_of(found)
        return render(request, "estates/unsolved.html", {"programme": found, "job": job, "may": may})
    return render(request, "estates/programme.html", {"programme": found, "may": may, **presenters.programme(found)})


@require_safe
@login_required
def pounds(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every line of cash with the file, row and column or the assumption it comes from; all, or those behind a figure."""
    found = programme_of(request, key)
    if not found.has_plan:
        return redirect(found)
    shown = presenters.pounds_page(found, request.GET)
    return render(request, "estates/pounds.html", {"programme": found, **shown})


@require_safe
@login_required
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """The business case to print: assumptions first."""
    found = programme_of(request, key)
    if not found.is_solved:
        return redirect(found)
    return render(request, "estates/paper.html", {"programme": found, **presenters.programme(found)})


@require_safe
@login_required
def compare(request: HttpRequest, key: UUID) -> HttpResponse:
    """Two to four programmes side by side."""
    found = estate_of(request, key)
    chosen = request.GET.getlist("programme")
    offered = [each for each in queries.programmes(request.user).filter(estate=found) if each.has_plan]
    picked = [each for each in offered if str(each.pk) in chosen]
    shown = {"estate": found, "programmes": offered, "chosen": {each.pk for each in picked}, "problem": ""}
    if chosen and not 2 <= len(picked) <= MOST_COMPARED:
        shown["problem"] = _("Choose two, three or four programmes to compare.")
    elif picked:
        shown |= presenters.compare(picked)
    return render(request, "estates/compare.html", shown, status=422 if shown["problem"] else 200)


@require_POST
@login_required
@once_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Work a draft out once more."""
    found = programme_of(request, key, rules.may_plan)
    try:
        return redirect(actions.solve_again(programme=found, by=request.user).get_absolute_url())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(found)


@require_safe
@login_required
def file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One of the files of a programme."""
    found = programme_of(request, key)
    if not found.has_plan:
        return redirect(found)
    queries.consult(target=found, by=request.user, part=name)
    write, kind = exports.FILES[name]
    body = write(found)
    if not body:
        raise Http404
    return exports.as_file(body, name, kind)
