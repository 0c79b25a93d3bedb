"""The doors on the front page: a service names its own in its AppConfig.

>>> class Wards(AppConfig):                                     # doctest: +SKIP
...     door = Door(url="wards:board", title=_("Wards"), purpose=_("Who waits for what"))
"""

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True)
class Door:
    """A service as the front page shows it: a URL name, a title, one sentence."""

    url: str
    title: str | Promise
    purpose: str | Promise


def doors() -> tuple[Door, ...]:
    """Every installed service's door, in the order of installation."""
    return tuple(app.door for app in apps.get_app_configs() if isinstance(getattr(app, "door", None), Door))
