"""The Jinja2 environment: our templates first, then the official GOV.UK and NHS macros.

A template imports a macro by `{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}`
or `{% from "nhsuk/components/button/macro.jinja" import button %}`.
"""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone, translation
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, select_autoescape

from folkmoot.foundation.design.presenting import equip


def environment(**options: Any) -> Environment:
    """Django hands over its own options; loader and undefined are replaced, because passing one twice is an error."""
    options["loader"] = ChoiceLoader(
        [
            options["loader"],
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            PackageLoader("nhsuk_frontend_jinja"),
        ]
    )
    options["undefined"] = ChainableUndefined
    options["autoescape"] = select_autoescape(default=True, default_for_string=True)
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701 – autoescape is set above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    made.globals.update(static=staticfiles_storage.url, url=_url, get_language=translation.get_language)
    made.filters.update(localtime=timezone.localtime, date=formats.date_format, number=formats.number_format)
    equip(made)
    return made


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def page(request: HttpRequest) -> dict[str, object]:
    """What every page may show: languages, the demo's banner, the live server's address."""
    return {
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "demo": settings.FOLKMOOT["demo"],
        "live_url": settings.FOLKMOOT["live_url"],
    }
