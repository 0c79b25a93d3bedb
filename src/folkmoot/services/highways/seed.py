"""The demonstration: movement of an invented town for its roads authority, with releases; then its roads."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

_ROADS = "folkmoot.services.highways.roads"


def demo() -> None:
    """Everything the room shows, once; run again it changes nothing."""
    if find_spec(_ROADS) and find_spec(f"{_ROADS}.seed"):
        import_module(f"{_ROADS}.seed").demo()
