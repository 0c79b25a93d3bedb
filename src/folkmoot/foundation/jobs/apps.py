"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class Jobs(AppConfig):
    name = "folkmoot.foundation.jobs"
    label = "jobs"
