"""Two matrices side by side: r², GEH, the lengths of trips, and what crosses a screenline.

Only cells with a number in both are compared; how many are in one alone, and the trips of them, is said. GEH is the
statistic of the Design Manual for Roads and Bridges: √(2 (m − c)² ÷ (m + c)), for hourly flows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.od.matrix import Floats, Matrix

EDGES_KM = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0, np.inf)


@dataclass(frozen=True, slots=True)
class Screenline:
    """Trips from one side of a line to the other, each way, in both matrices."""

    name: str
    out_first: float
    out_second: float
    back_first: float
    back_second: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two matrices are. Shares of trips by length are (lower edge km, first, second)."""

    cells: int
    only_first: int
    only_second: int
    total_first: float
    total_second: float
    r_squared: float
    slope: float
    rmse: float
    mean_absolute_error: float
    geh_below_5: float
    geh_median: float
    mean_km_first: float | None
    mean_km_second: float | None
    coincidence: float | None
    lengths: tuple[tuple[float, float, float], ...]
    screenlines: tuple[Screenline, ...]
    statements: tuple[str, ...]


def geh(a: Floats, b: Floats) -> Floats:
    """GEH of two arrays of hourly flows of one shape; 0 where both are 0."""
    both = a + b
    return np.asarray(np.sqrt(2 * (a - b) ** 2 / np.where(both > 0, both, 1.0)))


def compare(
    first: Matrix,
    second: Matrix,
    *,
    centroids: Mapping[str, tuple[float, float]] | None = None,
    screenlines: Mapping[str, Sequence[str]] | None = None,
    within: bool = False,
) -> Comparison:
    """Compare cell by cell. `centroids`: zone → (longitude, latitude). `screenlines`: name → the zones on one side.

    Trips within a zone are left out unless `within`. Raises `MobilityError` when no cell has a number in both.
    """
    zones = tuple(sorted(set(first.zones) | set(second.zones)))
    a, b = first.on(zones).trips, second.on(zones).trips
    count = ~np.eye(len(zones), dtype=bool) | within
    there_a, there_b = np.isfinite(a) & count, np.isfinite(b) & count
    both = there_a & there_b
    x, y = a[both], b[both]
    if not len(x):
        raise MobilityError("The two matrices have no cell in common. Are their zones of the same set?")
    said = _said(there_a & ~there_b, there_b & ~there_a, a, b)
    km = _kilometres(zones, centroids) if centroids else None
    if km is not None and (lost := both & np.isnan(km)).any():
        said += (f"{int(lost.sum()):,} pairs have an end without a position and are in no length.",)
    lengths, means, coincidence = _lengths(km, both if km is None else both & np.isfinite(km), a, b)
    varied = float(x.var()) > 0 and float(y.var()) > 0
    gap = geh(x, y)
    return Comparison(
        cells=len(x), only_first=int((there_a & ~there_b).sum()), only_second=int((there_b & ~there_a).sum()),
        total_first=float(x.sum()), total_second=float(y.sum()),
        r_squared=float(np.corrcoef(x, y)[0, 1] ** 2) if varied else float("nan"),
        slope=float((x * y).sum() / (x * x).sum()) if (x * x).sum() else float("nan"),
        rmse=float(np.sqrt(((x - y) ** 2).mean())), mean_absolute_error=float(np.abs(x - y).mean()),
        geh_below_5=float((gap < 5).mean()), geh_median=float(np.median(gap)),
        mean_km_first=means[0], mean_km_second=means[1], coincidence=coincidence, lengths=lengths,
        screenlines=tuple(_screenline(name, side, zones, both, a, b) for name, side in (screenlines or {}).items()),
        statements=said,
    )  # fmt: skip


def _said(only_a: NDArray[np.bool_], only_b: NDArray[np.bool_], a: Floats, b: Floats) -> tuple[str, ...]:
    return tuple(
        f"{int(only.sum()):,} cells have a number in the {which} matrix only ({values[only].sum():,.0f} trips); they are "
        "not compared."
        for which, only, values in (("first", only_a, a), ("second", only_b, b))
        if only.any()
    )


def _kilometres(zones: tuple[str, ...], centroids: Mapping[str, tuple[float, float]]) -> Floats:
    from folkmoot.engines.siting.access.streets import haversine

    if not any(zone in centroids for zone in zones):
        raise MobilityError(
            f"Not one of {len(zones):,} zones has a position, {zones[0]} for one. Are these their zones?"
        )
    points = np.array([centroids.get(zone, (np.nan, np.nan)) for zone in zones], dtype=np.float64)
    return np.asarray(haversine(points[:, None, :], points[None, :, :]) / 1000)


def _lengths(
    km: Floats | None, both: NDArray[np.bool_], a: Floats, b: Floats
) -> tuple[tuple[tuple[float, float, float], ...], tuple[float | None, float | None], float | None]:
    """Shares by band of length, mean lengths, and the coincidence ratio (the overlap of the two distributions)."""
    if km is None:
        return (), (None, None), None
    shares, means = [], []
    for values in (a, b):
        held = np.histogram(km[both], EDGES_KM, weights=values[both])[0]
        total = held.sum()
        shares.append(held / total if total else held)
        means.append(float((km[both] * values[both]).sum() / total) if total else None)
    overlap = float(np.minimum(*shares).sum() / np.maximum(*shares).sum()) if sum(s.sum() for s in shares) else None
    lengths = tuple((edge, float(p), float(q)) for edge, p, q in zip(EDGES_KM, *shares))
    return lengths, (means[0], means[1]), overlap


def _screenline(
    name: str, side: Sequence[str], zones: tuple[str, ...], both: NDArray[np.bool_], a: Floats, b: Floats
) -> Screenline:
    here = np.isin(np.array(zones), list(side))
    if not here.any() or here.all():
        raise MobilityError(f"The screenline “{name}” has all zones on one side; name the zones of one of two sides.")
    out, back = both & here[:, None] & ~here[None, :], both & ~here[:, None] & here[None, :]
    return Screenline(name, *(float(values[way].sum()) for way in (out, back) for values in (a, b)))
