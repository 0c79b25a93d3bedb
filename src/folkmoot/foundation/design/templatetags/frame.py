"""The frame of every page for templates in Django's own language, which allauth's are: {% frame "frame/top.html" %}."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import engines
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from folkmoot.foundation.design.presenting import page

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: template.Context, frame_name: str, /, **more: Any) -> SafeString:
    """Render one of our Jinja2 templates here, with the request of this page."""
    return mark_safe(engines["jinja2"].get_template(frame_name).render(more, context.get("request")))  # noqa: S308 – escaped within


@register.simple_tag(takes_context=True)
def component(context: template.Context, component_name: str, /, **params: Any) -> SafeString:
    """Draw a component of the design system here."""
    return frame(context, "design/component.html", component_name=component_name, params=params)


@register.simple_tag(takes_context=True)
def theme_attribute(context: template.Context) -> SafeString:
    """The chosen theme, for the <html> element."""
    theme = page(context["request"])["theme"]
    return format_html(' data-theme="{}"', theme) if theme else SafeString("")


@register.simple_tag(takes_context=True)
def account_fields(context: template.Context, form: BaseForm) -> SafeString:
    """allauth's fields as components, hidden ones as they are."""
    drawn = [bound.as_hidden() if bound.is_hidden else _drawn(context, bound) for bound in form]
    return SafeString("".join(drawn))


@register.simple_tag(takes_context=True)
def account_errors(context: template.Context, form: BaseForm) -> SafeString:
    """The error summary of one of allauth's forms."""
    errors = [{"text": text} for text in form.non_field_errors()]
    errors += [{"text": text, "href": f"#{bound.id_for_label}"} for bound in form for text in bound.errors]
    return component(context, "error-summary", titleText=_("There is a problem"), errorList=errors)


def _drawn(context: template.Context, bound: BoundField) -> SafeString:
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    label = {"text": bound.label}
    error = {"text": bound.errors[0], "visuallyHiddenText": _("Error")} if bound.errors else None
    if kind == "checkbox":
        item = {"value": "on", "text": bound.label, "checked": bool(bound.value()), "id": bound.id_for_label}
        return component(
            context, "checkboxes", idPrefix=bound.id_for_label, name=bound.html_name, items=[item], errorMessage=error
        )
    value = "" if kind == "password" or bound.value() is None else str(bound.value())
    autocomplete = widget.attrs.get("autocomplete", "")
    return component(
        context,
        "input",
        id=bound.id_for_label,
        name=bound.html_name,
        type=kind,
        label=label,
        value=value,
        errorMessage=error,
        hint={"html": bound.help_text} if bound.help_text else None,
        **({"autocomplete": autocomplete} if autocomplete else {}),
        **({"inputmode": "numeric"} if autocomplete == "one-time-code" else {}),
        spellcheck=False,
    )
