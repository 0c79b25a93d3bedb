"""Addresses of estates."""

from django.urls import path

from folkmoot.services.estates import exports
from folkmoot.services.estates.views import deciding, desk, estates, programmes

app_name = "estates"
urlpatterns = [
    path("", desk.home, name="home"),
    path("approved/", desk.approved, name="approved"),
    path("new/", estates.take_in, name="take_in"),
    path("<uuid:key>/", estates.estate, name="estate"),
    path("<uuid:key>/figures/", estates.figures, name="figures"),
    path("<uuid:key>/sites/<path:code>/desks/", estates.desks, name="desks"),
    path("<uuid:key>/sites/<path:code>/", estates.site, name="site"),
    path("<uuid:key>/frontier/", estates.frontier, name="frontier"),
    path("<uuid:key>/set-aside.csv", estates.set_aside, name="set_aside"),
    path("<uuid:key>/compare/", programmes.compare, name="compare"),
    path("<uuid:key>/programmes/new/", programmes.ask, name="ask"),
    path("programmes/<uuid:key>/", programmes.programme, name="programme"),
    path("programmes/<uuid:key>/pounds/", programmes.pounds, name="pounds"),
    path("programmes/<uuid:key>/paper/", programmes.paper, name="paper"),
    path("programmes/<uuid:key>/again/", programmes.again, name="again"),
    path("programmes/<uuid:key>/propose/", deciding.propose, name="propose"),
    path("programmes/<uuid:key>/withdraw/", deciding.withdraw, name="withdraw"),
    path("programmes/<uuid:key>/decide/", deciding.decide, name="decide"),
    *(
        path(
            f"programmes/<uuid:key>/{name}",
            programmes.file,
            {"name": name},
            name=name.replace(".", "_").replace("-", "_"),
        )
        for name in exports.FILES
    ),
]
