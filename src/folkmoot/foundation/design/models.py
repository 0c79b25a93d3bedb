"""Forms that have been sent: the database, not the page, makes sure that a form counts once."""

from typing import ClassVar

from django.db import models


class SentForm(models.Model):
    """One form as it was shown to one person. Its token is unique, so a second sending finds the first."""

    token = models.UUIDField(primary_key=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    led_to = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["sent_at"], name="sent_forms_by_time")]

    def __str__(self) -> str:
        return f"{self.token} → {self.led_to}"
