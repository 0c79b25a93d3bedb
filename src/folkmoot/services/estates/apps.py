"""Django's handle on estates, and their door on the front page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.pages.doors import Door
from folkmoot.services.estates import rules


class Estates(AppConfig):
    name = "folkmoot.services.estates"
    label = "estates"
    verbose_name = _("Estates")
    door = Door(
        url="estates:home",
        title=_("Estates"),
        purpose=_("Which sites of a trust can close, when, what that saves, and how far patients then travel."),
        may=rules.may_read,
    )

    def ready(self) -> None:
        from folkmoot.services.estates import tasks  # noqa: F401 – registers the kinds of background work
