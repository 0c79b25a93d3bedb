"""The provider, as allauth finds it: every log-in carries a nonce, kept in the session with its state."""

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse

from folkmoot.foundation.openid.views import StrictAdapter


class StrictProvider(OpenIDConnectProvider):
    """OpenID Connect with a nonce."""

    oauth2_adapter_class = StrictAdapter
    supports_token_authentication = False

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        # allauth lets the address add parameters; nobody but us decides what is asked of the provider.
        return self.get_auth_params()

    def redirect(self, request: HttpRequest, process: str, *given: Any, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        asked = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        return super().redirect(request, process, *given, auth_params=asked, nonce=nonce, **kwargs)


provider_classes = [StrictProvider]
