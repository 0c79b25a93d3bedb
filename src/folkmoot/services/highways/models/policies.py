"""The least an organisation asks of its releases. There is one for each, made when it is first needed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from folkmoot.services.highways.models.rows import Row


class DisclosurePolicy(Row):
    """A release may ask for more devices in a cell than `minimum_k`, never for fewer."""

    minimum_k = models.PositiveIntegerField(_("fewest devices in a cell"), default=10)
    round_base = models.PositiveIntegerField(_("published numbers are multiples of"), default=5)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta(Row.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation"], name="one_disclosure_policy_each"),
            models.CheckConstraint(condition=Q(minimum_k__gte=3), name="a_threshold_protects_somebody"),
            models.CheckConstraint(condition=Q(round_base__gte=1), name="a_rounding_base_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.minimum_k}"
