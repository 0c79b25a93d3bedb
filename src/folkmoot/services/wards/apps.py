"""Django's handle on the wards, and their door on the front page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.pages.doors import Door
from folkmoot.services.wards import rules


class Wards(AppConfig):
    name = "folkmoot.services.wards"
    label = "wards"
    verbose_name = _("Wards")
    door = Door(
        url="wards:home",
        title=_("Wards"),
        purpose=_("Whom each team should see next, what holds patients up, and what would change it."),
        may=rules.may_enter,
    )

    def ready(self) -> None:
        from folkmoot.services.wards import tasks  # noqa: F401 – registers the kinds of background work
