"""Addresses of shopping centres, within those of places."""

from django.urls import path

from folkmoot.services.places.retail import deciding, exports, views

urlpatterns = [
    path("markets/", views.markets, name="markets"),
    path("markets/new/", views.begin, name="begin_market"),
    path("markets/<uuid:key>/", views.market, name="market"),
    path("markets/<uuid:key>/law/", views.law, name="law"),
    path("markets/<uuid:key>/draw/", views.draw, name="draw"),
    path("markets/<uuid:key>/best/", views.best, name="best"),
    path("markets/<uuid:key>/compare/", views.compare, name="compare_centres"),
    path("centres/<uuid:key>/", views.centre, name="centre"),
    path("centres/<uuid:key>/paper/", views.paper, name="centre_paper"),
    path("centres/<uuid:key>/forecast/", views.again, name="forecast"),
    path("centres/<uuid:key>/propose/", deciding.propose, name="propose_centre"),
    path("centres/<uuid:key>/withdraw/", deciding.withdraw, name="withdraw_centre"),
    path("centres/<uuid:key>/decide/", deciding.decide, name="decide_centre"),
    *(
        path(f"centres/<uuid:key>/{name}", exports.file, {"name": name}, name=f"centre_{name.replace('.', '_')}")
        for name in exports.FILES
    ),
]
