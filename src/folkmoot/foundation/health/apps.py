"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Health(AppConfig):
    name = "folkmoot.foundation.health"
    label = "health"
