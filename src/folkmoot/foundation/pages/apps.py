"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Pages(AppConfig):
    name = "folkmoot.foundation.pages"
    label = "pages"
