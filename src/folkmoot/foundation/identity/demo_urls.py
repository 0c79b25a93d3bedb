"""The personas page: present in demo mode only (config.urls)."""

from django.urls import path

from folkmoot.foundation.identity import demo_views

urlpatterns = [
    path("personas/", demo_views.personas, name="personas"),
    path("personas/enter/", demo_views.enter, name="persona_enter"),
]
