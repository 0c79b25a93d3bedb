"""Where a log-in by OpenID Connect begins and ends; allauth mounts these."""

from django.urls import path

from folkmoot.foundation.openid import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
