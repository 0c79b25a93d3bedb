"""Django's handle on highways, and their door on the front page."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.pages.doors import Door
from folkmoot.services.highways import rules


class Highways(AppConfig):
    name = "folkmoot.services.highways"
    label = "highways"
    verbose_name = _("Highways")
    door = Door(
        url="highways:home",
        title=_("Highways"),
        purpose=_("Who travels from where to where, published so that nobody is given away; which roads jam, and why."),
        may=rules.may_read,
    )

    def ready(self) -> None:
        # Registers the kinds of background work, those of the roads among them.
        for name in ("tasks", "roads.tasks"):
            if find_spec(f"{self.name}.{name.split('.')[0]}") and find_spec(f"{self.name}.{name}"):
                import_module(f"{self.name}.{name}")
