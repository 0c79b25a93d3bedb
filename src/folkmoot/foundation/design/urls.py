"""Pages of the design system: gallery, appearance, accessibility statement, privacy."""

from django.urls import path

from folkmoot.foundation.design import views

urlpatterns = [
    path("_components/", views.gallery, name="gallery"),
    path("_components/charts/", views.charts, name="gallery_charts"),
    path("_components/form/", views.form, name="gallery_form"),
    path("_components/map/", views.map_page, name="gallery_map"),
    path("_components/progress/", views.progress, name="gallery_progress"),
    path("_components/<slug:name>/", views.one_component, name="gallery_component"),
    path("appearance/", views.appearance, name="appearance"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
