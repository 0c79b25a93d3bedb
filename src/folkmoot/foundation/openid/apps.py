"""Django's handle on this room of the foundation."""

from django.apps import AppConfig


class OpenId(AppConfig):
    name = "folkmoot.foundation.openid"
    label = "openid"
