"""Movement: a synthetic place whose residents go about their days, and the mobile network that sees them.

`build` makes everything at once as Arrow tables, for up to some hundred thousand residents; `stream` gives the events of
any number block by block in bounded memory. The same arguments give the same bytes, however they are cut.

>>> from folkmoot.town.movement import build
>>> made = build(seed=1, residents=3_000)
>>> made["events"].column_names
['user_id', 'timestamp', 'cell_id', 'mcc', 'mnc', 'plmn']
>>> sorted(made.tables)  # doctest: +NORMALIZE_WHITESPACE
['cells', 'events', 'late', 'opt_outs', 'population', 'rail', 'residents', 'stations', 'truth_devices', 'truth_homes',
 'truth_share', 'truth_stays', 'truth_trips', 'ways', 'zones']

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "building": ("Movement", "Batch", "World", "build", "stream", "world"),
    "faulty": ("FAULTS", "Faulty", "faults"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
