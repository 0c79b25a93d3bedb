"""A market, the centres drawn into it, and what was decided about them. Tables of a market are Parquet, see `tables`."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.services.places.models.deciding import Verb
from folkmoot.services.places.models.options import Status
from folkmoot.services.places.models.rows import Row
from folkmoot.services.places.models.studies import Source


class Market(Row):
    """Where people live, where they shop, and the law by which they choose: the engine's record of it."""

    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=10, choices=Source)
    areas = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()
    centres = models.PositiveIntegerField()
    # Observed visits (or pounds); none where nothing was observed.
    flows = models.PositiveBigIntegerField(default=0)
    set_aside = models.JSONField(default=list)
    statements = models.JSONField(default=list)
    law = models.JSONField(default=dict)
    hold_out = models.JSONField(default=dict)
    best = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["-at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_market_is_named_once"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="market_source_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:market", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        """There is a law, calibrated or assumed."""
        return bool(self.law)

    @property
    def is_calibrated(self) -> bool:
        return self.law.get("status") == "calibrated"


class Centre(Row):
    """A shopping centre that does not exist yet, and what the law says would follow from it."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="drawn")
    name = models.CharField(_("name"), max_length=120)
    lon = models.FloatField()
    lat = models.FloatField()
    floor_space_m2 = models.FloatField()
    centre_class = models.CharField(max_length=80, blank=True)
    forecast = models.JSONField(default=dict)
    balance = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["market", "name"], name="a_centre_is_named_once"),
            models.CheckConstraint(condition=Q(floor_space_m2__gt=0), name="a_centre_has_floor_space"),
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90), name="a_centre_is_on_earth"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="centre_status_is_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_their_own_centre",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:centre", args=[self.pk])

    @property
    def is_forecast(self) -> bool:
        return bool(self.forecast)

    @property
    def itself(self) -> dict[str, Any]:
        """Its own line of the forecast."""
        found: dict[str, Any] = next(c for c in self.forecast["centres"] if c["is_new"])
        return found


class CentreDecision(Row):
    """A step on the way of a centre, with its reason."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb)
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="centre_verb_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_centre_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.centre}: {self.get_verb_display()}"
