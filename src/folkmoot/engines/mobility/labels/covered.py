"""How many devices have a label, said before anybody uses them.

>>> print(Coverage(devices=200, with_home=150, with_work=60).statements[0])
150 of 200 devices (75 %) have a home, 60 (30 %) a place of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.labels.support import Support

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of devices, whole, inside the secure setting: they pass `disclose` like any other count before they leave."""

    devices: int
    with_home: int
    with_work: int
    support: Support | None = None

    @property
    def home_share(self) -> float:
        """Share of devices with a home; 0 without devices."""
        return self.with_home / self.devices if self.devices else 0.0

    @property
    def work_share(self) -> float:
        """Share of devices with a place of work; 0 without devices."""
        return self.with_work / self.devices if self.devices else 0.0

    @property
    def statements(self) -> tuple[str, ...]:
        """What the labels cover and rest on, as sentences."""
        covered = (
            f"{self.with_home:,} of {self.devices:,} devices ({100 * self.home_share:.0f} %) have a home, "
            f"{self.with_work:,} ({100 * self.work_share:.0f} %) a place of work."
        )
        return (covered, self.support.statement) if self.support else (covered,)


def coverage(places: ir.Table, support: Support | None = None) -> Coverage:
    """Counts over the labels of all devices (`places`); this runs the query."""
    table: Any = places
    row = (
        table.agg(
            devices=table.count(),
            with_home=table.home_cell.notnull().sum(),
            with_work=table.work_cell.notnull().sum(),
        )
        .to_pyarrow()
        .to_pylist()[0]
    )
    return Coverage(int(row["devices"]), int(row["with_home"] or 0), int(row["with_work"] or 0), support)
