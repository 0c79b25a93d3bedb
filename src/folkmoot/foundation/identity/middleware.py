"""Nobody who can see people's records works without a second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import sync_only_middleware

# Where a person without a second factor may still go: to set one up, to log out, to read in their language.
OPEN = ("/account/", "/static/", "/health/", "/language/", "/metrics")
# Set by the demo's personas page, which exists in demo mode only.
PERSONA = "demo_persona"


@sync_only_middleware
def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send staff without a second factor to set one up, whatever page they asked for."""

    def ask(request: HttpRequest) -> HttpResponse:
        if must_set_up(request):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return ask


def must_set_up(request: HttpRequest) -> bool:
    """Whether this person must set up a second factor before anything else."""
    if request.path.startswith(OPEN) or not request.user.is_authenticated:
        return False
    if settings.FOLKMOOT["demo"] and request.session.get(PERSONA):
        return False
    return request.user.is_staff_somewhere and not is_mfa_enabled(request.user)
