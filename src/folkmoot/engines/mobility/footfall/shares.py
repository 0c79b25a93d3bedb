"""What released counts say of dwell and return: computed from what may leave, so that it may leave too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.footfall.stops import DWELL_BANDS, RETURN_BANDS, dwell_labels

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable


@dataclass(frozen=True, slots=True)
class DwellQuantile:
    """Minutes that a share of the visits of an area lasts at most; None where it lies in the open band at the end."""

    area: str
    share: float
    minutes: float | None
    complete: bool
    """No band of the area was suppressed; otherwise the quantile is that of the bands shown."""


def dwell_quantiles(
    released: Releasable, *, shares: tuple[float, ...] = (0.25, 0.5, 0.75), bands: tuple[int, ...] = DWELL_BANDS
) -> list[DwellQuantile]:
    """Quantiles of dwell by area from released bands, linear within a band."""
    labels, found = dwell_labels(bands), []
    edges = (0, *bands)
    for area, counts in by_area(released, "dwell").items():
        total = sum(counts.values())
        for share in shares:
            wanted, passed, minutes = share * total, 0.0, None
            for number, label in enumerate(labels[:-1]):
                held = counts.get(label, 0.0)
                if passed + held >= wanted and held > 0:
                    width = edges[number + 1] - edges[number]
                    minutes = edges[number] + width * max(0.0, wanted - passed) / held
                    break
                passed += held
            found.append(DwellQuantile(area, share, minutes, not _blank(released, area)))
    return found


def return_rate(released: Releasable) -> dict[str, float | None]:
    """{area: share of its devices that came on more than one day}; None where a band of the area is suppressed."""
    once = RETURN_BANDS[0][0]
    found: dict[str, float | None] = {}
    for area, counts in by_area(released, "days").items():
        total = sum(counts.values())
        found[area] = None if _blank(released, area) or not total else 1 - counts.get(once, 0.0) / total
    return found


def by_area(released: Releasable, key: str) -> dict[str, dict[str, float]]:
    """{area: {value of the key: released count}}; refuses what is not released."""
    from folkmoot.engines.mobility.disclose import Releasable

    if not isinstance(released, Releasable):
        raise MobilityError(
            f"This takes counts that disclosure control has released, not {type(released).__name__}: "
            "call disclose.release first."
        )
    table: Any = released.table
    if gone := {"area", key} - set(table.column_names):
        raise MobilityError(f"The release has no column {', '.join(sorted(gone))}; release counts by area and {key}.")
    found: dict[str, dict[str, float]] = {}
    for row in table.to_pylist():
        if row["area"] is not None and row[key] is not None:
            found.setdefault(str(row["area"]), {})[str(row[key])] = float(row[measure_of(released)])
    return found


def measure_of(released: Releasable) -> str:
    """The column of the released value: the one that is neither a key nor a bound."""
    names = released.table.column_names
    return "trips" if "trips" in names else names[names.index("low") - 1]


def _blank(released: Releasable, area: str) -> bool:
    suppressed: Any = released.suppressed
    return any(row.get("area") == area for row in suppressed.to_pylist())
