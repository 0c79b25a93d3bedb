"""The front page, and the language switch."""

from django.urls import path

from folkmoot.foundation.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
]
