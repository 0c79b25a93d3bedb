"""Every request gets an id, a line in the log and a place in the metrics. No names, no query strings."""

from collections.abc import Callable
from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_only_middleware
from prometheus_client import Counter, Histogram

from folkmoot.foundation.identifiers import uuid7

log = structlog.get_logger("folkmoot.request")
SEEN = Counter("folkmoot_requests_total", "Requests answered", ["route", "method", "status"])
TOOK = Histogram("folkmoot_request_seconds", "Time to answer", ["route"])


@sync_only_middleware
def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Bind the request id for every log line made while answering."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.id = str(uuid7())
        began = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request.id):
            response = get_response(request)
            seconds = perf_counter() - began
            route = request.resolver_match.route if request.resolver_match else "none"
            SEEN.labels(route, request.method, response.status_code).inc()
            TOOK.labels(route).observe(seconds)
            if not request.path.startswith(("/static/", "/health/")):
                log.info(
                    "answered", method=request.method, route=route, status=response.status_code,
                    milliseconds=round(seconds * 1000, 1),
                )  # fmt: skip
        response["X-Request-Id"] = request.id
        return response

    return answer
