"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Audit(AppConfig):
    name = "folkmoot.foundation.audit"
    label = "audit"
