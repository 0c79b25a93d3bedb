"""Official components by their official names, in the brand of the page.

Parameters are those of the Nunjucks macros: https://design-system.service.gov.uk and https://service-manual.nhs.uk.
`component("error-summary", {...})` gives GOV.UK's, or the NHS's on a page whose base is `base_nhs.html`.
"""

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

GOVUK = "govuk"
NHS = "nhs"

# The two systems name a few components differently.
_NHS_NAMES = {"breadcrumbs": "breadcrumb", "table": "tables", "warning-text": "warning-callout"}
_NHS_MACROS = {"tables": "table", "images": "image", "do-dont-list": "list"}


def macro(environment: Environment, brand: str, name: str) -> Any:
    """The macro of this component, as a function from its parameters to markup."""
    if brand == NHS:
        name = _NHS_NAMES.get(name, name)
        template = environment.get_template(f"nhsuk/components/{name}/macro.jinja")
        return getattr(template.module, _NHS_MACROS.get(name, _camel(name)))
    template = environment.get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    return getattr(template.module, f"govuk{_camel(name, capital=True)}")


def _camel(name: str, *, capital: bool = False) -> str:
    first, *rest = name.split("-")
    return (first.capitalize() if capital else first) + "".join(part.capitalize() for part in rest)


@pass_context
def component(context: Context, name: str, params: dict[str, Any] | None = None, **more: Any) -> Markup:
    """Draw a component on this page; keyword arguments are parameters too."""
    brand = context.get("brand") or GOVUK
    return Markup(macro(context.environment, brand, name)({**(params or {}), **more}))  # noqa: S704 – made by a template
