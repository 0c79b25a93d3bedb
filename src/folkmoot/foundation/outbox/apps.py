"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Outbox(AppConfig):
    name = "folkmoot.foundation.outbox"
    label = "outbox"

    def ready(self) -> None:
        from folkmoot.foundation.jobs.ticks import every_second
        from folkmoot.foundation.outbox.delivery import deliver

        every_second("outbox", deliver)
