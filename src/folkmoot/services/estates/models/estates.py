"""An estate: its sites (Parquet in the data directory, see `tables`), what was not read, and what a person stated."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.estates.models.rows import Row


class Origin(models.TextChoices):
    TOWN = "town", _("The invented town of Aldermoor")
    ERIC = "eric", _("ERIC files")


class Estate(Row):
    """The sites of a trust at one time. `others` are counted by the trust but named in no row: never closed."""

    name = models.CharField(_("name"), max_length=120)
    origin = models.CharField(max_length=10, choices=Origin)
    price_year = models.CharField(max_length=40)
    sites = models.PositiveIntegerField()
    others = models.PositiveIntegerField(default=0)
    has_travel = models.BooleanField(default=False)
    # Rows that stand for many sites: code, name, square metres, pounds a year, where they were read.
    aggregates = models.JSONField(default=list)
    # Rows not read: number, code, reason. Sentences on how the files were read.
    set_aside = models.JSONField(default=list)
    statements = models.JSONField(default=list)
    # What a person states: figures of the settings by name; facts of sites, desks and clinics as plan.toml has them.
    assumptions = models.JSONField(default=dict)
    stated = models.JSONField(default=list)
    offices = models.JSONField(default=list)
    clinics = models.JSONField(default=list)
    # The frontier as the engine gives it, worked in the background.
    frontier = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="an_estate_is_named_once"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="estate_origin_is_known"),
            models.CheckConstraint(condition=Q(sites__gt=0), name="an_estate_has_sites"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("estates:estate", args=[self.pk])

    @property
    def inputs(self) -> dict[str, list[dict[str, Any]]]:
        """What a person stated of its sites, as the engine takes it."""
        return {"site": self.stated, "offices": self.offices, "clinic": self.clinics}

    @property
    def total(self) -> int:
        """Sites named and unnamed."""
        return self.sites + self.others
