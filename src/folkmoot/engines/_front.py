"""The front of an engine: public names, each loaded from its module when first asked for, so that importing costs nothing.

>>> every, get, names = front("folkmoot.engines.traffic", {"demand": ("Demand", "VehicleClass")}, rooms=("ways",))
>>> every
['Demand', 'VehicleClass', 'ways']
>>> get("Demand").__module__
'folkmoot.engines.traffic.demand'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def front(
    package: str, homes: Mapping[str, tuple[str, ...]], rooms: tuple[str, ...] = ()
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """`__all__`, `__getattr__` and `__dir__` of a package (PEP 562): names by module, and public modules."""
    home = {name: module for module, names in homes.items() for name in names}
    every = sorted({*home, *rooms})

    def get(name: str) -> Any:
        if name in home:
            return getattr(import_module(f"{package}.{home[name]}"), name)
        if name in rooms:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return every, get, lambda: every
