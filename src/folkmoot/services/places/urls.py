"""Addresses of places."""

from django.urls import path

from folkmoot.services.places import exports
from folkmoot.services.places.retail.urls import urlpatterns as retail
from folkmoot.services.places.views import deciding, desk, files, options, studies

app_name = "places"
urlpatterns = [
    path("", desk.home, name="home"),
    path("approved/", desk.approved, name="approved"),
    path("studies/new/", studies.begin, name="begin"),
    path("studies/<uuid:key>/", studies.study, name="study"),
    path("studies/<uuid:key>/areas/", studies.areas, name="areas"),
    path("studies/<uuid:key>/sites/", studies.sites, name="sites"),
    path("studies/<uuid:key>/travel/", studies.travel, name="travel"),
    path("studies/<uuid:key>/set-aside.csv", studies.set_aside, name="set_aside"),
    path("studies/<uuid:key>/compare/", options.compare, name="compare"),
    path("studies/<uuid:key>/options/new/", options.goal, name="goal"),
    path("studies/<uuid:key>/options/new/<slug:goal>/", options.ask, name="ask"),
    path("options/<uuid:key>/", options.option, name="option"),
    path("options/<uuid:key>/paper/", options.paper, name="paper"),
    path("options/<uuid:key>/solve/", options.again, name="solve"),
    path("options/<uuid:key>/alternatives/", options.alternatives, name="alternatives"),
    path("options/<uuid:key>/robustness/", options.robustness, name="robustness"),
    path("options/<uuid:key>/propose/", deciding.propose, name="propose"),
    path("options/<uuid:key>/withdraw/", deciding.withdraw, name="withdraw"),
    path("options/<uuid:key>/decide/", deciding.decide, name="decide"),
    *(
        path(f"options/<uuid:key>/{name}", files.file, {"name": name}, name=name.replace(".", "_"))
        for name in exports.FILES
    ),
    *retail,
]
