"""Addresses of highways; those of the roads follow."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import path

from folkmoot.services.highways.views import desk

_ROADS = "folkmoot.services.highways.roads"
_there = find_spec(_ROADS) is not None and find_spec(f"{_ROADS}.urls") is not None
roads: list[Any] = import_module(f"{_ROADS}.urls").urlpatterns if _there else []

app_name = "highways"
urlpatterns = [
    path("", desk.home, name="home"),
    path("published/", desk.published, name="published"),
    *roads,
]
