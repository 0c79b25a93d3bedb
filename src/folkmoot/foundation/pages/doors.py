"""The doors on the front page: a service names its own in its AppConfig.

>>> class Wards(AppConfig):                                     # doctest: +SKIP
...     door = Door(url="wards:board", title=_("Wards"), purpose=_("Who waits for what"))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True)
class Door:
    """A service as the front page shows it: a URL name, a title, one sentence, and whose door it is."""

    url: str
    title: str | Promise
    purpose: str | Promise
    may: Callable[[Any], bool] = lambda user: True
    """Whether a person who has logged in may enter; to everybody else the house shows all it has."""


def doors(user: Any = None) -> tuple[Door, ...]:
    """Every installed service's door, in the order of installation; for somebody, those that open to them."""
    every = (app.door for app in apps.get_app_configs() if isinstance(getattr(app, "door", None), Door))
    known = user is not None and user.is_authenticated
    return tuple(door for door in every if not known or door.may(user))
