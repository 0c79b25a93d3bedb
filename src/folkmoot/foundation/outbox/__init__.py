"""Events between services: written with the change, delivered at least once, in the background.

In an action, inside its transaction:       outbox.publish(BedFreed(id=uuid7(), occurred_at=now, organisation=…, …))
In a consumer's AppConfig.ready():          outbox.consume(BedFreed, "wards.free_bed", handler)

A handler runs in a transaction together with the mark that it was delivered, so its database work happens once;
anything else it does (a letter, a call) must be harmless when done twice, judged by the event's id.
"""

from typing import Any

_HOMES = {"publish": "sending", "consume": "consumers", "deliver": "delivery"}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"folkmoot.foundation.outbox.{_HOMES[name]}"), name)
    raise AttributeError(f"folkmoot.foundation.outbox has no {name}")
