"""The frame of every page for templates in Django's own language, which allauth's are: {% frame "frame/top.html" %}."""

from typing import Any

from django import template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: template.Context, name: str, **more: Any) -> SafeString:
    """Render one of our Jinja2 templates here, with the request of this page."""
    return mark_safe(engines["jinja2"].get_template(name).render(more, context.get("request")))  # noqa: S308 – escaped within


@register.simple_tag(takes_context=True)
def component(context: template.Context, name: str, **params: Any) -> SafeString:
    """Draw a component of the design system here."""
    return frame(context, "design/component.html", component_name=name, params=params)
