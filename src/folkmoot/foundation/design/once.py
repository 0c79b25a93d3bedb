"""A form that is sent twice does what it says once: double clicks, reloads, a page left open since yesterday.

The template writes `{{ once() }}` inside the form; the view is decorated:

    @once_only
    def discharge(request): ...

The token is inserted in the same transaction as the work. A view that answers with anything but a redirect (a form with
errors, say) has done nothing, so its token may be used again.
"""

import functools
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from folkmoot.foundation.design.models import SentForm
from folkmoot.foundation.identifiers import uuid7

FIELD = "form_token"

type View = Callable[..., HttpResponse]


def hidden_token() -> SafeString:
    """A hidden input with a token of its own for this showing of the form."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid7())


def once_only(view: View) -> View:
    """Run a POST once for each token; send a repeat to where the first one led."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            token = UUID(request.POST.get(FIELD, ""))
        except ValueError:
            return HttpResponseBadRequest(
                _("This form came without its token. Go back, reload the page and try again.")
            )
        try:
            with transaction.atomic():
                with transaction.atomic():
                    sent = SentForm.objects.create(token=token)
                response = view(request, *args, **kwargs)
                if 300 <= response.status_code < 400:
                    SentForm.objects.filter(token=token).update(led_to=response["Location"][:500])
                else:
                    sent.delete()
                return response
        except IntegrityError:
            first = SentForm.objects.filter(token=token).first()
            if first is None:
                raise
            return redirect(first.led_to or "/")

    return guarded
