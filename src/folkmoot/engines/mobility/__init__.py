"""Mobility: from events of a mobile network to evidence about movement that is safe to publish.

The stages, each a room: `quality` (what is wrong with which event), `stays` (where a device stayed), `where` (which zone a
cell is), `labels` and `trips` (home, work, purpose, mode), `expand` (to the population), `footfall`, `od`, and `disclose`,
the only door out: nothing leaves but a `Releasable`, and only `disclose` makes one.

What SQL can say is an Ibis expression, given tables and giving tables, the same on DuckDB and on Spark; what it cannot say
is a compiled loop over Arrow. No room opens a connection: `folkmoot.store.movement` does.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "errors": ("MobilityError",),
    "schema": ("CELL", "EVENT", "POPULATION", "ZONE", "Contract", "SemanticError", "SyntacticError"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
