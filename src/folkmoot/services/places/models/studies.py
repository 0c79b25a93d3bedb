"""A study: areas with people, candidate sites, and the travel between them. Its tables are Parquet, see `tables`."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.places.models.rows import Row


class Source(models.TextChoices):
    TOWN = "town", _("The invented town of Aldermoor")
    FILES = "files", _("Files of our own")


class Travel(models.TextChoices):
    """How the minutes came about."""

    MATRIX = "matrix", _("A table of travel times")
    STREETS = "streets", _("The shortest way over streets")
    STRAIGHT = "straight", _("Straight lines at one speed")


class Study(Row):
    """One question of place. It is ready when areas, sites and travel are all in."""

    name = models.CharField(_("name"), max_length=120)
    what = models.CharField(_("what is sited"), max_length=80)
    source = models.CharField(max_length=10, choices=Source)
    areas = models.PositiveIntegerField(default=0)
    people = models.PositiveBigIntegerField(default=0)
    sites = models.PositiveIntegerField(default=0)
    existing = models.PositiveIntegerField(default=0)
    travel = models.CharField(max_length=10, choices=Travel, blank=True)
    # Rows that are not in the study: table, line, code, reason. Sentences on what was assumed, by step.
    set_aside = models.JSONField(default=list)
    statements = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_study_is_named_once"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="study_source_is_known"),
            models.CheckConstraint(
                condition=Q(travel="") | Q(travel__in=Travel.values, areas__gt=0, sites__gt=0),
                name="travel_is_between_areas_and_sites",
            ),
            models.CheckConstraint(condition=Q(existing__lte=models.F("sites")), name="existing_sites_are_sites"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:study", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return bool(self.travel)
