"""Addresses of identity that allauth does not bring."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
