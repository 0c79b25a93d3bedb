"""Querysets that refuse to run until they say whose rows they may see.

Guarded: iteration, get, count, exists, aggregate, update, delete, bulk writes, subqueries and combinations. A relation
followed from a scoped row (`ward.stays`, `stay.ward`, `refresh_from_db`) inherits that row's scope, which is sound
because no write may tie rows of two organisations together. Not guarded: raw SQL (a test forbids it) and joins that
begin at a model which belongs to nobody.
"""

from collections.abc import Iterable
from typing import Any, Self

import structlog
from django.db import models

from folkmoot.foundation.scope.context import EVERYBODY, Scope, reading, reading_scope
from folkmoot.foundation.scope.errors import ScopeMissing, WriteRefused
from folkmoot.foundation.scope.writes import check_writes

log = structlog.get_logger("folkmoot.scope")


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to organisations."""

    _scope: Scope | None = None

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, query, using, hints)
        if query is None:
            self._inherit(hints or {})

    def _inherit(self, hints: dict[str, Any]) -> None:
        origin = hints.get("instance")
        if _owner(origin) is not None:
            self._scope = Scope(frozenset({_owner(origin)}))
        elif (scope := reading_scope()) is not None:
            self._scope = scope
            if scope.organisations is not None:
                self.query.add_q(models.Q(organisation_id__in=scope.organisations))

    def _add_hints(self, **hints: Any) -> None:
        super()._add_hints(**hints)
        if self._scope is None:
            self._inherit(hints)

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._scope = self._scope
        return clone

    # The three ways to say whose rows.

    def visible_to(self, user: Any) -> Self:
        """Rows of the organisations this person belongs to; none for a stranger."""
        organisations = frozenset(getattr(user, "organisation_ids", frozenset()))
        return self._within(Scope(organisations))

    def for_organisation(self, organisation: Any) -> Self:
        """Rows of one organisation, given as the object or its id."""
        return self._within(Scope(frozenset({getattr(organisation, "pk", organisation)})))

    def across_organisations(self, *, because: str) -> Self:
        """Rows of everybody. The reason is logged."""
        if not because.strip():
            raise ScopeMissing(self.model.__name__)
        log.info("across organisations", model=self.model._meta.label, because=because)
        clone = self._chain()
        clone._scope = Scope(None, because)
        return clone

    def _within(self, scope: Scope) -> Self:
        clone = self.filter(organisation_id__in=scope.organisations)
        clone._scope = scope
        return clone

    # Everything that touches the database asks first.

    def _ask(self) -> Scope:
        if self._scope is None:
            raise ScopeMissing(self.model.__name__)
        return self._scope

    def _fetch_all(self) -> None:
        self._ask()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return super().iterator(*args, **kwargs)

    def aiterator(self, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return super().aiterator(*args, **kwargs)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._ask()
        return super().aggregate(*args, **kwargs)

    def count(self) -> int:
        self._ask()
        return super().count()

    def exists(self) -> bool:
        self._ask()
        return super().exists()

    def explain(self, **kwargs: Any) -> str:
        self._ask()
        return super().explain(**kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return super().resolve_expression(*args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise ScopeMissing(self.model.__name__)

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Any:
        self._same_scope(*others)
        return super()._combinator_query(combinator, *others, all=all)

    def __or__(self, other: Any) -> Any:
        self._same_scope(other)
        return super().__or__(other)

    def __and__(self, other: Any) -> Any:
        self._same_scope(other)
        return super().__and__(other)

    def __xor__(self, other: Any) -> Any:
        self._same_scope(other)
        return super().__xor__(other)

    def _same_scope(self, *others: Any) -> None:
        for other in others:
            if getattr(other, "_scope", None) != self._ask():
                raise ScopeMissing(self.model.__name__)

    # Writes stay inside.

    def update(self, **values: Any) -> int:
        scope = self._ask()
        _check_values(self.model, values, scope)
        return super().update(**values)

    def _update(self, values: Any, *args: Any) -> Any:
        self._ask()
        return super()._update(values, *args)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._ask()
        with reading(EVERYBODY):  # the rows to delete were chosen in scope; what cascades belongs to them
            return super().delete()

    def _raw_delete(self, using: Any) -> Any:
        self._ask()
        return super()._raw_delete(using)

    def create(self, **values: Any) -> Any:
        return super().create(**self._filled(values))

    def _filled(self, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in the organisation when the scope leaves no doubt."""
        scope = self._scope
        if "organisation" in values or "organisation_id" in values or scope is None or scope.organisations is None:
            return values
        if len(scope.organisations) != 1:
            return values
        return {**values, "organisation_id": next(iter(scope.organisations))}

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        check_writes(rows, self._scope)
        with reading(EVERYBODY):
            return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        self._ask()
        if {"organisation", "organisation_id"} & set(names):
            raise WriteRefused("A row stays with its organisation: make a new one for the other organisation instead.")
        check_writes(rows, self._scope)
        return super().bulk_update(rows, names, *args, **kwargs)


def _owner(origin: Any) -> Any:
    """The organisation a relation is followed from."""
    if origin is None:
        return None
    if origin._meta.label == "identity.Organisation":
        return origin.pk
    return getattr(origin, "organisation_id", None) if getattr(origin, "belongs_to_organisation", False) else None


def _check_values(model: Any, values: dict[str, Any], scope: Scope) -> None:
    if {"organisation", "organisation_id"} & set(values):
        raise WriteRefused(f"A {model._meta.verbose_name} stays with its organisation, so update() may not change it.")
    for name, value in values.items():
        field = model._meta.get_field(name)
        target = field.related_model
        if value is None or not getattr(target, "belongs_to_organisation", False):
            continue
        if scope.organisations is None:
            raise WriteRefused(f"Changing {name} needs one organisation: begin with .for_organisation(organisation).")
        key = getattr(value, "pk", value)
        if (
            not target.objects.across_organisations(because="checking a relation before writing it")
            .filter(pk=key, organisation_id__in=scope.organisations)
            .exists()
            or len(scope.organisations) != 1
        ):
            raise WriteRefused(f"The {name} given does not belong to the same organisation, so nothing was changed.")
