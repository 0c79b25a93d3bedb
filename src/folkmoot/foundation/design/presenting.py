"""What templates call: field, error_summary, chart words, doors. `equip` puts them into the Jinja2 environment.

`{{ error_summary(form) }}` above the heading, then `{{ field(form["name"]) }}` for each field, `{{ once() }}` in forms
whose view is `once_only`, and `{{ component("button", {"text": _("Save")}) }}`.
"""

from typing import Any

from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from folkmoot.foundation.design.components import component
from folkmoot.foundation.design.once import hidden_token
from folkmoot.foundation.pages.doors import doors

THEME_COOKIE = "folkmoot_theme"
THEMES = ("light", "dark")


@pass_context
def field(context: Context, bound: BoundField) -> Markup:
    """A field of a form, drawn by the component it names."""
    return component(context, bound.field.component, bound.field.params(bound))


@pass_context
def error_summary(context: Context, form: BaseForm) -> Markup:
    """Every error of a form, each a link to its field; nothing when there is none."""
    if not form.is_bound or not form.errors:
        return Markup("")
    errors: list[dict[str, Any]] = [{"text": text} for text in form.non_field_errors()]
    for bound in form:
        first = bound.field.first_id(bound) if hasattr(bound.field, "first_id") else bound.auto_id
        errors += [{"text": text, "href": f"#{first}"} for text in bound.errors]
    return component(context, "error-summary", {"titleText": _("There is a problem"), "errorList": errors})


@pass_context
def attempted_title(context: Context, title: str, form: BaseForm | None = None) -> str:
    """The page's title, with “Error” before it when the form came back with errors."""
    return _("Error: %(title)s") % {"title": title} if form is not None and form.is_bound and form.errors else title


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every page: the chosen theme, messages, the doors in the navigation."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "doors": doors(getattr(request, "user", None)),
        "notices": lambda: [{"text": str(m), "level": m.level_tag} for m in get_messages(request)],
        "here": request.get_full_path(),
    }


def grouped(value: float, decimals: int | None = None) -> str:
    """A figure with its thousands set apart, as the page's language does it: `{{ 10192|number }}`."""
    # Django cuts surplus decimals off; people expect them rounded.
    return number_format(value if decimals is None else round(value, decimals), decimals, force_grouping=True)


def equip(environment: Environment) -> None:
    """Give templates our functions."""
    environment.filters["number"] = grouped
    environment.globals.update(
        component=component,
        field=field,
        error_summary=error_summary,
        attempted_title=attempted_title,
        once=hidden_token,
    )
