"""Addresses of the wards."""

from django.urls import path

from folkmoot.services.wards import views

app_name = "wards"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("lists/<slug:code>/", views.team, name="team"),
    path("patients/<uuid:key>/", views.patient, name="patient"),
    path("patients/<uuid:key>/plan/", views.plan, name="plan"),
    path("patients/<uuid:key>/criteria/", views.criteria, name="criteria"),
    path("tasks/<uuid:key>/", views.act, name="act"),
    path("order/", views.order, name="order"),
    path("paper/", views.paper, name="paper"),
    path("what-if/", views.what_ifs, name="what_ifs"),
    path("analyses/", views.analyses, name="analyses"),
    path("analyses/upload/", views.upload, name="upload"),
    path("analyses/five-steps/", views.five_steps, name="five_steps"),
    path("analyses/<uuid:key>/", views.analysis, name="analysis"),
    path("analyses/<uuid:key>/columns/", views.columns, name="columns"),
    path("analyses/<uuid:key>/rejected.csv", views.rejected, name="rejected"),
]
