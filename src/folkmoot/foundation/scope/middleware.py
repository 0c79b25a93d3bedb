"""A request writes rows of the organisations its person belongs to, and no others."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_only_middleware

from folkmoot.foundation.scope.context import writing_for


@sync_only_middleware
def write_scope(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set the organisations this request may write for."""

    def answer(request: HttpRequest) -> HttpResponse:
        with writing_for(lambda: getattr(request.user, "organisation_ids", frozenset())):
            return get_response(request)

    return answer
