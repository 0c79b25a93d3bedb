"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Audit(AppConfig):
    name = "folkmoot.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from folkmoot.foundation.audit.heads import tick
        from folkmoot.foundation.jobs.ticks import every_second

        every_second("audit", tick)
