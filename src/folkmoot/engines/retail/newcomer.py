"""A centre that does not exist yet: what it would be, and what it would cost people to get there.

Travel costs to a new position are best given (from a road network). Where they are not, they are estimated from the
existing pairs, cost ≈ a + b · kilometres as the crow flies, and the estimate and its error are stated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from folkmoot.engines.retail.model import (
    WGS84,
    Areas,
    Centres,
    Floats,
    Market,
    RetailError,
    column,
    positions,
)
from folkmoot.vocabulary.places import EARTH_RADIUS_METRES


@dataclass(frozen=True, slots=True)
class NewCentre:
    """A proposed centre. `cost` is from every area, in the market's order and unit; None: estimated from the position.

    For `place`, `floor_space_m2` is the most that fits on the site. Attractiveness and further variables that are not
    given are those that existing centres of the class have for this floor space.
    """

    lon: float
    lat: float
    floor_space_m2: float
    centre_class: str = ""
    code: str = "new"
    name: str = "New centre"
    running_cost_per_m2: float | None = None
    cost: tuple[float, ...] | None = None
    attractiveness: float | None = None
    further: tuple[tuple[str, float], ...] = ()
    crs: str = WGS84

    def sized(self, floor_space_m2: float) -> NewCentre:
        """The same site with another floor space."""
        return replace(self, floor_space_m2=floor_space_m2)


@dataclass(frozen=True, eq=False)
class Arrival:
    """A newcomer ready to be added: costs from every area, pull per m², further variables, and what was assumed."""

    cost: Floats
    lon: float
    lat: float
    pull_per_m2: float
    further: Mapping[str, float]
    statements: tuple[str, ...]


def arrive(market: Market, new: NewCentre) -> Arrival:
    """Work out what a newcomer leaves open. Raises `RetailError` where it cannot."""
    if new.code in set(market.centres.code.tolist()):
        raise RetailError(f"There is a centre “{new.code}” already; give the new one another code.")
    if not (np.isfinite(new.floor_space_m2) and new.floor_space_m2 > 0):
        raise RetailError(f"“{new.name}” has a floor space of {new.floor_space_m2:g} m²; it must be above zero.")
    label = np.array([new.name])
    x, y = positions([new.lon], [new.lat], 1, label, new.crs)
    said: list[str] = []
    if new.cost is not None:
        cost = np.asarray(new.cost, dtype=np.float64)
        if cost.shape != (len(market.areas),) or np.isnan(cost).any() or (cost < 0).any():
            raise RetailError(
                f"The travel costs to “{new.name}” must be one number for every area, {len(market.areas)} in all, none below "
                "zero or missing; infinity where there is no way."
            )
    else:
        cost, sentence = costs_by_distance(market, float(x[0]), float(y[0]))
        said.append(f"“{new.name}”: {sentence}")
    alike = market.centres.centre_class == new.centre_class
    if not alike.any():
        alike = np.ones(len(market.centres), dtype=bool)
        if market.centres.classes != ("",):
            said.append(f"No centre is of class “{new.centre_class}”; “{new.name}” is compared with all of them.")
    ratio = market.centres.attractiveness[alike] / market.centres.floor_space_m2[alike]
    pull = float(np.median(ratio)) if new.attractiveness is None else new.attractiveness / new.floor_space_m2
    if not pull > 0:
        raise RetailError(f"The attractiveness of “{new.name}” must be above zero.")
    if new.attractiveness is None and not np.allclose(ratio, 1.0):
        said.append(
            f"The attractiveness of “{new.name}” is assumed to be {pull:g} for a square metre, as is usual in its class."
        )
    given = dict(new.further)
    further = {}
    for name, values in market.centres.further.items():
        usual = float(np.exp(np.log(values[alike]).mean()))
        further[name] = float(column(given.get(name, usual), 1, name, label, least=1e-300)[0])
    return Arrival(cost, float(x[0]), float(y[0]), pull, MappingProxyType(further), tuple(said))


def extended(market: Market, new: NewCentre) -> Market:
    """The market with the new centre as its last. Flows are left out: nobody has been there."""
    arrival = arrive(market, new)
    old, size = market.centres, new.floor_space_m2
    running = np.nan if new.running_cost_per_m2 is None else new.running_cost_per_m2
    centres = Centres.of(
        [*old.code.tolist(), new.code],
        name=[*old.name.tolist(), new.name],
        floor_space_m2=np.append(old.floor_space_m2, size),
        attractiveness=np.append(old.attractiveness, arrival.pull_per_m2 * size),
        centre_class=[*old.centre_class.tolist(), new.centre_class],
        running_cost_per_m2=np.append(old.running_cost_per_m2, running),
        lon=np.append(old.lon, arrival.lon),
        lat=np.append(old.lat, arrival.lat),
        further={name: np.append(values, arrival.further[name]) for name, values in old.further.items()},
    )
    cost = np.column_stack([market.cost, arrival.cost])
    said = (*market.statements, *arrival.statements)
    return Market(market.areas, centres, cost, market.unit, statements=said, set_aside=market.set_aside)


def costs_by_distance(market: Market, lon: float, lat: float) -> tuple[Floats, str]:
    """Costs from every area to a position, by a line through the existing pairs, and a sentence saying so."""
    areas, centres = market.areas, market.centres
    if np.isnan([lon, lat]).any() or np.isnan(areas.lon).any():
        raise RetailError(
            "The travel costs to the new centre are not given, and without positions of the areas and of the new centre "
            "they cannot be estimated; give one of the two."
        )
    known = np.isfinite(market.cost) & ~np.isnan(centres.lon)
    if known.sum() < 3:
        raise RetailError("Fewer than three pairs have a cost and positions; give the costs to the new centre.")
    km = np.column_stack([kilometres(areas, float(x), float(y)) for x, y in zip(centres.lon, centres.lat)])
    here, seen = km[known], market.cost[known]
    slope = float(np.cov(here, seen)[0, 1]) / max(float(here.var(ddof=1)), 1e-12)
    base = float(seen.mean() - slope * here.mean())
    if base < 0 or slope < 0:
        base, slope = 0.0, float(seen @ here) / max(float(here @ here), 1e-12)
    error = float(np.sqrt(((seen - base - slope * here) ** 2).mean()))
    unit = market.unit
    return base + slope * kilometres(areas, lon, lat), (
        f"travel costs were not given and are estimated as {base:.1f} + {slope:.2f} {unit} a kilometre as the crow "
        f"flies, which misses the known ones by {error:.1f} {unit} (root mean square)."
    )


def kilometres(areas: Areas, lon: float, lat: float) -> Floats:
    """Great-circle distance from every area to a position (haversine); NaN where a position is unknown."""
    here, there = np.radians(areas.lat), np.radians(lat)
    chord = np.sin((there - here) / 2) ** 2
    chord = chord + np.cos(here) * np.cos(there) * np.sin(np.radians(lon - areas.lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_METRES / 1000 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def minutes_of(rows: Sequence[float | None]) -> tuple[float, ...]:
    """Costs as a `NewCentre` holds them; a missing one means that there is no way."""
    return tuple(float("inf") if value is None else float(value) for value in rows)
