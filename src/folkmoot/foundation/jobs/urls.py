"""Where a job is watched."""

from django.urls import path

from folkmoot.foundation.jobs import views

urlpatterns = [
    path("jobs/<uuid:key>/", views.job, name="job"),
    path("jobs/<uuid:key>/stop", views.stop, name="job_stop"),
    path("jobs/<uuid:key>/progress", views.fragment, name="job_progress"),
]
