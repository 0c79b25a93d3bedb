"""Mobility: from events of a mobile network to evidence about movement that is safe to publish.

The stages, each a room: `quality` (what is wrong with which event), `stays` (where a device stayed), `where` (which zone a
cell is), `labels` and `trips` (home, work, purpose, mode), `expand` (to the population), `footfall`, `od`, and `disclose`,
the only door out: nothing leaves but a `Releasable`, and only `disclose` makes one.

What SQL can say is an Ibis expression, given tables and giving tables, the same on DuckDB and on Spark; what it cannot say
is a compiled loop over Arrow. No room opens a connection: `folkmoot.store.movement` does.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "errors": ("MobilityError",),
    "schema": ("CELL", "EVENT", "POPULATION", "ZONE", "Contract", "SemanticError", "SyntacticError"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
