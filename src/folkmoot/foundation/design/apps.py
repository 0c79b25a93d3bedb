"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Design(AppConfig):
    name = "folkmoot.foundation.design"
    label = "design"
