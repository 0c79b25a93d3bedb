"""Be somebody else: only in the demo, where all data is invented."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from folkmoot.foundation.identity.middleware import PERSONA
from folkmoot.foundation.identity.models import User
from folkmoot.foundation.identity.personas import PERSONAS


@require_GET
def personas(request: HttpRequest) -> HttpResponse:
    """Whom would you like to be?"""
    _demo_only()
    people = User.objects.filter(email__in=[persona.email for persona in PERSONAS]).prefetch_related(
        "memberships__organisation"
    )
    return render(request, "identity/personas.html", {"people": people.order_by("joined_at")})


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Be this person until logging out."""
    _demo_only()
    known = [persona.email for persona in PERSONAS]
    person = get_object_or_404(User, email=request.POST.get("email", ""), email__in=known)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[PERSONA] = True
    return redirect("home")


def _demo_only() -> None:
    # A second belt: the addresses are not even mounted outside the demo.
    if not settings.FOLKMOOT["demo"]:
        raise Http404
