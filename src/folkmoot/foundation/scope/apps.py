"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Scope(AppConfig):
    name = "folkmoot.foundation.scope"
    label = "scope"
