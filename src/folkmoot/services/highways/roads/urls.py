"""Addresses of roads, within those of highways."""

from django.urls import path

from folkmoot.services.highways.roads.views import files, schemes, studies

urlpatterns = [
    path("roads/", studies.home, name="roads"),
    path("roads/new/", studies.begin, name="begin_roads"),
    path("roads/approved/", schemes.approved, name="approved_schemes"),
    path("roads/approved/<uuid:key>/", schemes.approved_scheme, name="approved_scheme"),
    path("roads/approved/<uuid:key>/change.geojson", files.approved_change, name="approved_scheme_change"),
    path("roads/approved/<uuid:key>/before-and-after.csv", files.approved_csv, name="approved_scheme_csv"),
    path("roads/schemes/<uuid:key>/", schemes.scheme, name="road_scheme"),
    path("roads/schemes/<uuid:key>/changes/", schemes.changes, name="road_changes"),
    path("roads/schemes/<uuid:key>/run/", schemes.run, name="run_scheme"),
    path("roads/schemes/<uuid:key>/propose/", schemes.propose, name="propose_scheme"),
    path("roads/schemes/<uuid:key>/withdraw/", schemes.withdraw, name="withdraw_scheme"),
    path("roads/schemes/<uuid:key>/decide/", schemes.decide, name="decide_scheme"),
    path("roads/schemes/<uuid:key>/change.geojson", files.change, name="road_scheme_change"),
    path("roads/schemes/<uuid:key>/before-and-after.csv", files.scheme_csv, name="road_scheme_csv"),
    path("roads/<uuid:key>/", studies.study, name="road_study"),
    path("roads/<uuid:key>/assign/", studies.assign, name="assign_roads"),
    path("roads/<uuid:key>/link/", studies.link, name="road_link"),
    path("roads/<uuid:key>/ranking/", studies.ranking, name="road_ranking"),
    path("roads/<uuid:key>/schemes/new/", schemes.draw_up, name="draw_up_scheme"),
    path("roads/<uuid:key>/flows.geojson", files.flows, name="road_flows"),
    path("roads/<uuid:key>/links.csv", files.links_csv, name="road_links_csv"),
    path("roads/<uuid:key>/links.geojson", files.links_geojson, name="road_links_geojson"),
]
