"""Is the process alive, can it do its work, and what has it been doing."""

from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and is up to date; else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "The database does not answer."}, status=503)
    if behind:
        reason = f"The database is {len(behind)} migrations behind: run `folkmoot serve` or `migrate`."
        return JsonResponse({"ready": False, "reason": reason}, status=503)
    return JsonResponse({"ready": True})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for this machine or the bearer of the token; to others it does not exist."""
    token = settings.FOLKMOOT["metrics_token"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # Behind a proxy every caller is on this machine, so then only the token counts.
    direct = request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers
    if not ((token and compare_digest(token, given)) or (direct and not token)):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
