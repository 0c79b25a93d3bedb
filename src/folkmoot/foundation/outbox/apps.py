"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Outbox(AppConfig):
    name = "folkmoot.foundation.outbox"
    label = "outbox"
