"""Who listens to what. Filled once, when the applications start."""

from collections.abc import Callable
from dataclasses import dataclass

from folkmoot.vocabulary.events import Event

type Handler = Callable[[Event], None]


@dataclass(frozen=True)
class Consumer:
    """A listener: the event it wants, a name that never changes, and what it does."""

    event: type[Event]
    name: str
    handler: Handler


_consumers: dict[str, Consumer] = {}


def consume(event: type[Event], name: str, handler: Handler) -> None:
    """Have `handler` called for every `event`. The name says, across restarts, what was already delivered to whom."""
    known = _consumers.get(name)
    if known is not None and known.handler is not handler:
        raise ValueError(f"Two consumers are called {name}: give one of them another name.")
    _consumers[name] = Consumer(event, name, handler)


def forget(name: str) -> None:
    """Stop listening (used by tests)."""
    _consumers.pop(name, None)


def named(name: str) -> Consumer | None:
    return _consumers.get(name)


def of(event: Event) -> list[Consumer]:
    """Everyone who wants this event, in order of name."""
    return [each for _, each in sorted(_consumers.items()) if isinstance(event, each.event)]
