"""The base of every model whose rows belong to an organisation.

class Ward(OrganisationScoped):
    name = models.CharField(max_length=100)

Ward.objects.count()                                  # raises ScopeMissing
Ward.objects.visible_to(request.user).count()         # this person's organisations
get_object_or_404(Ward.objects.visible_to(user), pk=key)   # a guessed id is not found
"""

from typing import Any, ClassVar, Self

from django.core import checks
from django.db import models

from folkmoot.foundation.scope.context import EVERYBODY, Scope, reading
from folkmoot.foundation.scope.querysets import ScopedQuerySet
from folkmoot.foundation.scope.writes import check_writes

ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class OrganisationScoped(models.Model):
    """A row that belongs to one organisation, for life."""

    belongs_to_organisation = True
    first_organisation_id: Any = None

    organisation = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        row = super().from_db(db, field_names, values, **kwargs)
        row.first_organisation_id = row.__dict__.get("organisation_id")
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        check_writes([self])
        super().save(*args, **kwargs)
        self.first_organisation_id = self.organisation_id

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._do_update(base_qs.for_organisation(self.organisation_id), *args, **kwargs)

    def _save_table(self, *args: Any, **kwargs: Any) -> Any:
        with reading(Scope(frozenset({self.organisation_id}))):
            return super()._save_table(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        check_writes([self])
        with reading(EVERYBODY):  # what cascades from this row belongs to its organisation
            return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        # A relation's id is looked up within this organisation only: a foreign id "does not exist".
        with reading(Scope(frozenset({self.organisation_id}))):
            super().clean_fields(exclude)

    def validate_unique(self, exclude: Any = None) -> None:
        with reading(EVERYBODY):  # the database's uniqueness knows no organisations
            super().validate_unique(exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        with reading(EVERYBODY):
            super().validate_constraints(exclude)

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        for manager in (cls._default_manager, cls._base_manager):
            if not issubclass(manager._queryset_class, ScopedQuerySet):
                found.append(
                    checks.Error(
                        f"{cls.__name__}'s manager '{manager.name}' does not ask whose rows it may see: derive its "
                        "queryset from ScopedQuerySet, and inherit Meta from OrganisationScoped.Meta.",
                        obj=cls,
                        id="scope.E001",
                    )
                )
        return found
