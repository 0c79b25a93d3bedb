"""How allauth treats our people: nobody signs themselves up; organisations let them in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an organisation's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within five minutes of logging in: who is sent to set up a second factor has just given the password."""
        asked = super().is_reauthentication_required(app=app)
        request = context.request
        if not asked or app != "allauth.mfa":
            return asked
        newest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)
        return timezone.now().timestamp() - newest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on logs in people we know by a verified e-mail address; it makes nobody new."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
