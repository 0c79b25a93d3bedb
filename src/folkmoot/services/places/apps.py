"""Django's handle on places, and their door on the front page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.pages.doors import Door
from folkmoot.services.places import rules


class Places(AppConfig):
    name = "folkmoot.services.places"
    label = "places"
    verbose_name = _("Places")
    door = Door(
        url="places:home",
        title=_("Places"),
        purpose=_("Which sites to open, keep or close, who gains and who loses, and how close to the best that is."),
        may=rules.may_read,
    )

    def ready(self) -> None:
        from folkmoot.services.places import tasks  # noqa: F401 – registers the kinds of background work
