"""Residents and workers of an area, kept apart from its visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROLES = ("resident", "worker", "visitor", "unknown")


def roles(contributions: ir.Table, places: ir.Table, served: ir.Table) -> ir.Table:
    """Rows with area and user_id (visits, presence, visitors…) with `role`, to be one more key.

    A resident has the home in a cell of the area, a worker the place of work; a visitor has a home elsewhere; of a device
    without a home label the role is unknown. With few cells to an area neighbours count as residents.
    """
    import ibis

    table: Any = contributions
    labels: Any = places.select(labelled_user="user_id", home_cell="home_cell", work_cell="work_cell")
    joined = table.left_join(labels, table.user_id == labels.labelled_user)
    for kind in ("home", "work"):
        there: Any = served.select(**{f"{kind}_area": "area", f"{kind}_of": "cell_id"})
        joined = joined.left_join(
            there, [joined[f"{kind}_cell"] == there[f"{kind}_of"], joined.area == there[f"{kind}_area"]]
        )
    role = ibis.cases(
        (joined.home_cell.isnull(), "unknown"),
        (joined.home_of.notnull(), "resident"),
        (joined.work_of.notnull(), "worker"),
        else_="visitor",
    )
    found: Any = joined.mutate(role=role).select(*table.columns, "role")
    return found
