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
        purpose=_(
            "Which sites to open or close, who gains and who loses; where a shopping centre goes, and who would come."
        ),
        may=rules.may_read,
    )

    def ready(self) -> None:
        from folkmoot.services.places import tasks  # noqa: F401 – registers the kinds of background work
        from folkmoot.services.places.retail import tasks as of_centres  # noqa: F401 – and those of shopping centres
