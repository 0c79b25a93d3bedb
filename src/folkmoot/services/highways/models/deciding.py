"""What was done with a release, by whom and why: one row for each step, none ever changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from folkmoot.services.highways.models.releases import Release
from folkmoot.services.highways.models.rows import Row


class Verb(models.TextChoices):
    REQUEST = "request", _("Asked for")
    AGAIN = "again", _("Asked for again")
    APPROVE = "approve", _("Approved")
    REFUSE = "refuse", _("Refused")
    WITHDRAW = "withdraw", _("Withdrawn")


class Decision(Row):
    """A step on the way of a release."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb)
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="release_decision_verb_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_release_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.get_verb_display()}"
