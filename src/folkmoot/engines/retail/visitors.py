"""Who would come: visitors of a centre by age, deprivation, classification and car access, and where they live.

Visitors of a centre are the residents of all areas, each counted with the probability of going there. Their mix is that
of their areas: Σ_i P_ij · population_i · mix_i. People of one area are taken to choose alike, so a centre that draws
differently within an area (more of its young, say) will differ from this; a statement says so wherever a mix is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from folkmoot.engines.retail.calibrate import Interval
from folkmoot.engines.retail.model import Areas, Floats

BANDS = ((0.5, "first half of visitors"), (0.8, "up to 80 % of visitors"), (1.0, "the rest"))

WITHIN_AREAS = (
    "The mix of visitors is that of the areas they come from; people of one area are taken to choose alike, whatever "
    "their age, income or car."
)


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group's share of visitors and of everybody; `index` is 100 where both are the same."""

    kind: str
    group: str
    share: Interval
    of_everybody: float
    index: float


@dataclass(frozen=True, slots=True)
class CatchmentArea:
    """How many of an area's people come, as a number and as a share; `band` 0.5, 0.8 or 1 by cumulative visitors."""

    code: str
    name: str
    visitors: float
    probability: Interval
    cumulative: float
    band: float


@dataclass(frozen=True, slots=True)
class Visitors:
    """The visitors of one centre. `catchment` is in order of visitors; areas that send nobody are left out."""

    code: str
    name: str
    visitors: Interval
    turnover: Interval
    mix: tuple[GroupShare, ...]
    catchment: tuple[CatchmentArea, ...]

    def areas_within(self, band: float) -> tuple[str, ...]:
        """Codes of the areas that together send this share of the visitors (0.5 or 0.8)."""
        return tuple(area.code for area in self.catchment if area.band <= band)


@dataclass(frozen=True, eq=False)
class Groups:
    """Every group's share of each area's people (areas × groups), NaN rows where an area's are unknown."""

    labels: tuple[tuple[str, str], ...]
    share: Floats

    def mix(self, weight: Floats) -> Floats:
        """Share of each group among people weighted by area; NaN if nobody is known."""
        known = ~np.isnan(self.share)
        total = weight @ known
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weight @ np.where(known, self.share, 0.0)) / np.where(total > 0, total, np.nan))


def groups(areas: Areas) -> Groups:
    """The groups these areas tell apart."""
    labels: list[tuple[str, str]] = []
    columns: list[Floats] = []
    for number, band in enumerate(areas.age_bands):
        labels.append(("age", band))
        columns.append(areas.age[:, number])
    if (areas.imd_decile > 0).any():
        for decile in range(1, 11):
            labels.append(("imd_decile", str(decile)))
            mine = (areas.imd_decile == decile).astype(np.float64)
            columns.append(np.where(areas.imd_decile > 0, mine, np.nan))
    named = areas.classification != ""
    for name in sorted(set(areas.classification[named].tolist())):
        labels.append(("classification", name))
        columns.append(np.where(named, (areas.classification == name).astype(np.float64), np.nan))
    if (~np.isnan(areas.car_access)).any():
        labels += [("car", "access to a car"), ("car", "no access to a car")]
        columns += [areas.car_access, 1.0 - areas.car_access]
    share = np.column_stack(columns) if columns else np.empty((len(areas), 0))
    return Groups(tuple(labels), share)


def visitors_of(
    code: str,
    name: str,
    areas: Areas,
    going: Floats,
    tried: Floats,
    interval: Callable[[float, Floats], Interval],
) -> Visitors:
    """Visitors of one centre. `going` is the probability of each area's people, `tried` (laws × areas) under other laws."""
    told = groups(areas)
    people, others = going * areas.population, tried * areas.population
    mix, everybody = told.mix(people), told.mix(areas.population)
    mixes = np.array([told.mix(row) for row in others])
    shares = tuple(
        GroupShare(
            kind, group, interval(float(mix[k]), mixes[:, k]), float(everybody[k]),
            float(100.0 * mix[k] / everybody[k]) if everybody[k] > 0 else 0.0,
        )
        for k, (kind, group) in enumerate(told.labels)
        if np.isfinite(mix[k]) and np.isfinite(mixes[:, k]).all()
    )  # fmt: skip
    return Visitors(
        code,
        name,
        interval(float(people.sum()), others.sum(axis=1)),
        interval(float(going @ areas.spend), tried @ areas.spend),
        shares,
        _catchment(areas, going, people, tried, interval),
    )


def _catchment(
    areas: Areas, going: Floats, people: Floats, tried: Floats, interval: Callable[[float, Floats], Interval]
) -> tuple[CatchmentArea, ...]:
    order = np.argsort(-people, kind="stable")
    order = order[people[order] > 0]
    total = float(people.sum())
    found = []
    before = 0.0
    for i in order.tolist():
        # An area belongs to the band in which its first visitor stands, so that a band holds at least its share.
        band = next(level for level, _ in BANDS if before < level * total * (1 - 1e-12) or level == 1.0)
        before += float(people[i])
        found.append(
            CatchmentArea(
                str(areas.code[i]), str(areas.name[i]), float(people[i]), interval(float(going[i]), tried[:, i]),
                before / total, band,
            )
        )  # fmt: skip
    return tuple(found)
