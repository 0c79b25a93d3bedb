"""No row is written for another organisation, or tied to another organisation's row."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from folkmoot.foundation.scope.context import EVERYBODY, Scope, may_write, reading
from folkmoot.foundation.scope.errors import WriteRefused


def check_writes(rows: Sequence[Any], scope: Scope | None = None) -> None:
    """Raise WriteRefused, naming the first row, unless all rows may be written here and now."""
    allowed = may_write()
    for position, row in enumerate(rows):
        kind = row._meta.verbose_name
        if row.organisation_id is None:
            raise WriteRefused(f"Row {position + 1}: this {kind} has no organisation, so nothing was saved.")
        if row.first_organisation_id not in (None, row.organisation_id):
            raise WriteRefused(f"Row {position + 1}: this {kind} belongs to another organisation and stays with it.")
        if allowed is not None and row.organisation_id not in allowed:
            raise WriteRefused(
                f"Row {position + 1}: you do not belong to the organisation of this {kind}, so nothing was saved."
            )
        if scope is not None and scope.organisations is not None and row.organisation_id not in scope.organisations:
            raise WriteRefused(
                f"Row {position + 1}: this {kind} is for an organisation outside the query that saves it."
            )
    _check_relations(rows)


def _check_relations(rows: Sequence[Any]) -> None:
    for field in rows[0]._meta.concrete_fields if rows else ():
        target = field.related_model
        if target is None or not getattr(target, "belongs_to_organisation", False):
            continue
        wanted: dict[Any, set[Any]] = defaultdict(set)
        for row in rows:
            if (key := getattr(row, field.attname)) is not None:
                wanted[key].add(row.organisation_id)
        with reading(EVERYBODY):
            owners = dict(target.objects.filter(pk__in=wanted).values_list("pk", "organisation_id"))
        for key, organisations in wanted.items():
            # An absent row and a foreign one get the same answer, so that an id cannot be tried out.
            if organisations != {owners.get(key)}:
                raise WriteRefused(f"The {field.verbose_name} given is not one of this organisation's: check its id.")
