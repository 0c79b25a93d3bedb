"""What kinds of work there are. Filled once, when the applications start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


class JobFailed(Exception):
    """The work cannot be done; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: its name, what the person reads while waiting, what it does, where its result is shown."""

    name: str
    title: str | Promise
    work: Callable[..., dict[str, Any] | None]
    result_url: Callable[[Any], str] | None
    lines: tuple[str | Promise, str | Promise] | None = None
    """What the two lines of its trail are called; a kind with a trail can be stopped, and gives what it has by then."""


_kinds: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    title: str | Promise,
    result_url: Callable[[Any], str] | None = None,
    lines: tuple[str | Promise, str | Promise] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function below as this kind of work; `result_url(job)` says where to look when it is done."""

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        _kinds[name] = Kind(name, title, work, result_url, lines)
        return work

    return register


def find(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(sorted(_kinds)) or "none"
        raise LookupError(f"There is no kind of work called {name}; there are: {known}.") from None
