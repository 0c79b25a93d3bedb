"""Origin–destination matrices: reading and writing them, and holding two against one another."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "matrix": ("Matrix", "read_csv", "read_matrix"),
    "comparing": ("Comparison", "Screenline", "compare"),
    "omx": ("read_omx", "write_omx"),
    "desire": ("desire_lines",),
    "evidence": ("Evidence", "Settings", "gather"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
