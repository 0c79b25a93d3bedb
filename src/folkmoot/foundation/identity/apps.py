"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Identity(AppConfig):
    name = "folkmoot.foundation.identity"
    label = "identity"
