"""Addresses of highways; those of the roads follow."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import path

from folkmoot.services.highways import exports
from folkmoot.services.highways.views import datasets, desk, public, releases

_ROADS = "folkmoot.services.highways.roads"
_there = find_spec(_ROADS) is not None and find_spec(f"{_ROADS}.urls") is not None
roads: list[Any] = import_module(f"{_ROADS}.urls").urlpatterns if _there else []

app_name = "highways"
urlpatterns = [
    path("", desk.home, name="home"),
    path("policy/", desk.policy, name="policy"),
    path("data/new/", datasets.bring_in, name="bring_in"),
    path("data/<uuid:key>/", datasets.dataset, name="dataset"),
    path("data/<uuid:key>/rejected.csv", datasets.rejected, name="rejected"),
    path("data/<uuid:key>/check/", datasets.again, name="check_again"),
    path("data/<uuid:key>/delete/", datasets.delete, name="delete"),
    path("data/<uuid:key>/releases/new/", releases.ask, name="ask"),
    path("releases/<uuid:key>/", releases.release, name="release"),
    path("releases/<uuid:key>/again/", releases.again, name="again"),
    path("releases/<uuid:key>/decide/", releases.decide, name="decide"),
    path("releases/<uuid:key>/withdraw/", releases.withdraw, name="withdraw"),
    path("published/", public.published, name="published"),
    path("published/<uuid:key>/", public.evidence, name="evidence"),
    *(
        path(
            f"published/<uuid:key>/{name}",
            public.file,
            {"name": name},
            name=name.replace(".", "_").replace("-", "_"),
        )
        for name in exports.FILES
    ),
    *roads,
]
