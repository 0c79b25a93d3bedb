"""Who gets in, and where a row is found: what a person may not read does not exist for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from folkmoot.services.highways import queries, rules
from folkmoot.services.highways.models import Dataset, Release

type View = Callable[..., HttpResponse]


def may(rule: Callable[[Any], bool]) -> Callable[[View], View]:
    """Only people whom the rule lets in; everybody else gets 403."""

    def guard(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rule(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def dataset_of(request: HttpRequest, key: UUID) -> Dataset:
    """Movement data of an organisation where this person is an analyst."""
    found: Dataset = get_object_or_404(queries.datasets(request.user), pk=key)
    return found


def release_of(request: HttpRequest, key: UUID, rule: Callable[..., bool] = rules.may_see) -> Release:
    """A release this person may see and, in its organisation, do this to."""
    found: Release = get_object_or_404(queries.releases(request.user), pk=key)
    if not rule(request.user, found.organisation):
        raise PermissionDenied
    return found


def organisation_for(request: HttpRequest, rule: Callable[..., bool]) -> Any:
    """The organisation in which this person may do this: the first of theirs."""
    user: Any = request.user
    return next(m.organisation for m in user.memberships.select_related("organisation") if rule(user, m.organisation))
