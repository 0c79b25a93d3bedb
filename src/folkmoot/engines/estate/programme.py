"""The question a plan answers: the sites, how many may remain, over which years, within which limits.

`programme_of` makes it from ERIC sites, and states every substitute for what ERIC does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.estate.settings import Settings
from folkmoot.engines.estate.sites import EstateError, EstateSite
from folkmoot.vocabulary.money import Money

FLOOR = "floor"


@dataclass(frozen=True, eq=False, slots=True)
class Travel:
    """Minutes from areas to sites (areas × sites), and the limits that a plan must keep.

    `most_minutes`: an area that now has a site with a service within so many minutes keeps one.
    `decile_worse_by`: no deprivation decile's mean time to the nearest site with a service grows by more minutes.
    """

    areas: tuple[str, ...]
    population: NDArray[np.float64]
    imd_decile: NDArray[np.int64]
    sites: tuple[str, ...]
    minutes: NDArray[np.float64]
    most_minutes: float | None = None
    decile_worse_by: float | None = None

    def __post_init__(self) -> None:
        shape = (len(self.areas), len(self.sites))
        if self.minutes.shape != shape or len(self.population) != shape[0] or len(self.imd_decile) != shape[0]:
            raise EstateError(
                f"Travel times of shape {self.minutes.shape} do not fit {shape[0]} areas × {shape[1]} sites."
            )
        bad = ~np.isfinite(self.minutes) | (self.minutes < 0)
        if bad.any():
            i, j = (int(k) for k in np.argwhere(bad)[0])
            raise EstateError(
                f"The travel time from {self.areas[i]} to {self.sites[j]} is {self.minutes[i, j]}; give minutes of 0 or more."
            )
        if not np.isfinite(self.population).all() or (self.population < 0).any() or self.population.sum() <= 0:
            raise EstateError("Populations of the areas must be 0 or more, and not all 0.")


@dataclass(frozen=True, eq=False, slots=True)
class Programme:
    """Everything a plan is made from. Years run from 0; `start_year` is the calendar year of year 0."""

    sites: tuple[EstateSite, ...]
    settings: Settings
    others: int = 0
    start_year: int = 2027
    price_year: str = "not stated"
    max_sites: int | None = None
    must_keep: frozenset[str] = frozenset()
    must_close: frozenset[str] = frozenset()
    pools: tuple[tuple[str, str], ...] = ()
    clinical: frozenset[str] = frozenset()
    capital: tuple[Money, ...] | None = None
    revenue: tuple[Money, ...] | None = None
    early_exit: str = "pay"
    travel: Travel | None = None
    most_km: float | None = None
    statements: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        codes = [site.code for site in self.sites]
        if len(set(codes)) < len(codes):
            twice = next(code for code in codes if codes.count(code) > 1)
            raise EstateError(f"Site {twice} is given twice; give every site once.")
        if not any(site.is_open for site in self.sites):
            raise EstateError("No open site is named, so there is nothing to plan; name at least one.")
        known = set(codes)
        for name in ("must_keep", "must_close"):
            if missing := sorted(getattr(self, name) - known):
                raise EstateError(f"{name} names {missing[0]}, which is not among the {len(known)} sites.")
        if both := sorted(self.must_keep & self.must_close):
            raise EstateError(f"Site {both[0]} is to be both kept and closed; take it out of one list.")
        if self.early_exit not in ("pay", "forbid"):
            raise EstateError(f"early_exit is “{self.early_exit}”; say pay or forbid.")
        for name in ("capital", "revenue"):
            budget = getattr(self, name)
            if budget is not None and len(budget) != self.years:
                raise EstateError(f"The {name} budget has {len(budget)} years; the plan has {self.years}.")
        if self.max_sites is not None and self.max_sites < 1:
            raise EstateError(f"At most {self.max_sites} sites leave no estate; give at least 1.")
        if self.others < 0:
            raise EstateError(f"{self.others} other sites cannot be; give 0 or more.")
        for site in self.sites:
            figures = [site.gia_m2, *(m2 for _, m2 in site.needs), *(m2 for _, m2 in site.spare)]
            if any(not math.isfinite(f) or f < 0 for f in figures):
                raise EstateError(
                    f"An area of site {site.code} is negative or no number; correct row {site.source.row}."
                )
            if site.lease_end is not None and site.lease_break is not None and site.lease_break > site.lease_end:
                raise EstateError(
                    f"The lease of {site.code} breaks in {site.lease_break}, after it ends in {site.lease_end}."
                )
        if self.travel is not None and (absent := sorted(known - set(self.travel.sites))):
            raise EstateError(f"No travel times are given to site {absent[0]}; give them for every site or for none.")

    @property
    def years(self) -> int:
        return int(self.settings.value("plan_years"))

    @property
    def horizon(self) -> int:
        return int(self.settings.value("appraisal_years"))

    @property
    def open_today(self) -> int:
        """Sites open at the beginning: the named ones and the others."""
        return sum(site.is_open for site in self.sites) + self.others

    def pool(self, service: str) -> str:
        """Which pool of spare floor a service takes."""
        return dict(self.pools).get(service, FLOOR)

    def may_receive(self, giver: EstateSite, service: str, taker: EstateSite) -> bool:
        """Whether a service of one site may move to another, space apart."""
        if giver.code == taker.code or service not in taker.accepts or taker.code in self.must_close:
            return False
        if self.most_km is None:
            return True
        return kilometres(giver, taker) <= self.most_km


def kilometres(one: EstateSite, other: EstateSite) -> float:
    """Great-circle distance (haversine); sites without a position raise."""
    places = (one.lon, one.lat, other.lon, other.lat)
    if any(place is None for place in places):
        raise EstateError(f"most_km needs the position of {one.code} and {other.code}; give lon and lat for both.")
    lon1, lat1, lon2, lat2 = (math.radians(float(place)) for place in places if place is not None)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def programme_of(sites: Iterable[EstateSite], settings: Settings, **limits: object) -> Programme:
    """A programme from sites whose spare floor follows from their empty and under-used shares.

    Needs shrink to the floor in use: area × (1 − empty − under-used), × `space_needed_share` at the new place.
    """
    said: list[str] = []
    prepared = []
    for site in sorted(sites, key=lambda one: one.code):
        empty, under = (site.empty_percent or 0.0) / 100, (site.under_used_percent or 0.0) / 100
        if site.empty_percent is None and not site.spare:
            said.append(f"{site.code} {site.name}: its empty floor is not known, and counted as none.")
        spare = site.gia_m2 * (
            empty * settings.value("usable_empty_share") + under * settings.value("usable_under_used_share")
        )
        used = max(0.0, 1 - empty - under)
        if not site.needs and site.is_open:
            said.append(f"{site.code} {site.name}: clinical and non-clinical areas are not known; it is kept open.")
        prepared.append(
            site
            if site.spare
            else replace(
                site,
                needs=tuple((s, a if s in site.needs_stated else round(a * used, 1)) for s, a in site.needs),
                spare=((FLOOR, round(spare, 1)),),
            )
        )
    unknown = frozenset(one.code for one in prepared if one.is_open and not one.needs)
    keep = frozenset(limits.pop("must_keep", frozenset()))  # type: ignore[call-overload]
    close = frozenset(limits.pop("must_close", frozenset()))  # type: ignore[call-overload]
    clinical = frozenset(
        limits.pop("clinical", None) or {s for p in prepared for s, _ in p.needs if s != "non-clinical"}
    )  # type: ignore[call-overload]
    if all(one.lon is None for one in prepared) and limits.get("travel") is None:
        said.append(
            "ACCESS IS UNKNOWN: no positions or travel times are given. Work moves only to sites of the same kind with room "
            "for it, however far away; no claim about patients' travel is made."
        )
    if all(one.tenure == "unknown" for one in prepared):
        said.append(
            "TENURE IS UNKNOWN: no leases are given, so no lease holds a site and no rent beyond a lease is charged."
        )
    if limits.get("capital") is None:
        said.append("No capital budget is given: capital is counted, and not limited.")
    if limits.get("revenue") is None:
        said.append("No revenue budget is given: running costs are counted, and not limited.")
    limits["statements"] = (*said, *limits.get("statements", ()))  # type: ignore[misc]
    return Programme(
        tuple(prepared), settings, must_keep=keep | (unknown - close), must_close=close, clinical=clinical, **limits,  # type: ignore[arg-type]
    )  # fmt: skip
