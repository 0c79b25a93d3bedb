"""What a person states in `plan.toml`: assumptions, limits, leases, positions, new sites, desks and clinics.

Every entry is checked and an unknown name refused, so that a misspelt limit cannot be silently without effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from folkmoot.engines.estate.eric import CLINIC, OFFICE
from folkmoot.engines.estate.settings import Settings
from folkmoot.engines.estate.sites import CostLine, EstateError, EstateSite, Source
from folkmoot.engines.estate.space import clinic_rooms, desks
from folkmoot.vocabulary.money import Money

LIMITS = (
    "max_sites", "other_sites", "start_year", "must_keep", "must_close", "early_exit", "most_km", "most_minutes",
    "decile_worse_by", "capital", "revenue",
)  # fmt: skip
SITE = (
    "code", "name", "kind", "gia_m2", "clinical_m2", "non_clinical_m2", "empty_percent", "under_used_percent",
    "running_cost", "rent", "tenure", "lease_break", "lease_end", "lon", "lat", "is_open", "opening_cost", "needs",
    "spare", "accepts", "one_of_others",
)  # fmt: skip
OFFICES = ("site", "headcount", "mobile_share", "peak_factor", "people_per_desk", "m2_per_desk")
CLINICS = ("site", "service", "booked", "observed_share", "sessions_a_room", "ceiling", "m2_per_room")

TEMPLATE = """\
# What the data do not hold about an estate. Every line may be left out; what is left out is assumed, and the result says so.

[assumptions]   # the figures of `folkmoot estate assumptions`; a stated one is no longer listed as a default
# plan_years = 5
# refit_clinical = 1500            # £ per m²
# running_follows_share = 0.6      # share of running cost that moves along with the work

[limits]
# max_sites = 69                   # fewer than 70
# other_sites = 25                 # sites counted but in no row of their own; read from --trusts where given
# start_year = 2027
# must_keep = ["RXX01"]
# must_close = []
# early_exit = "pay"               # or "forbid": may a lease be left before its break?
# most_km = 20                     # straight-line distance work may move; needs lon and lat of every site
# most_minutes = 45                # an area within reach of a service stays within reach; needs --travel
# decile_worse_by = 5              # no deprivation decile's mean travel grows by more minutes; needs --travel
# capital = [1_000_000, 1_000_000, 1_000_000, 500_000, 500_000]         # £, one figure a year
# revenue = [30_000_000, 30_000_000, 29_000_000, 29_000_000, 29_000_000]

# A site in the file: what is known besides. A site not in the file: name, gia_m2 and the rest, also a new one to open.
# [[site]]
# code = "RXX02"
# tenure = "leasehold"
# rent = 84_000                    # £ a year, besides what ERIC shows
# lease_break = 2028
# lease_end = 2033
# lon = -0.55
# lat = 53.05

# [[site]]
# code = "HUB1"
# name = "New health hub"
# is_open = false
# gia_m2 = 2400
# opening_cost = 5_200_000
# running_cost = 310_000
# spare = { floor = 2000 }
# accepts = ["outpatient", "non-clinical"]

# A small site hidden in an aggregate row becomes a place once it is named; one_of_others takes it out of the count of others.
# [[site]]
# code = "SMALL1"
# name = "Station Road clinic"
# one_of_others = true
# gia_m2 = 300
# clinical_m2 = 200
# non_clinical_m2 = 60
# running_cost = 41_000

# Desks = headcount × (1 − mobile share) × peak factor ÷ people per desk: each as low, likely, high.
# [[offices]]
# site = "RXX02"
# headcount = 120
# mobile_share = [0.2, 0.3, 0.4]
# peak_factor = [0.9, 1.0, 1.1]
# people_per_desk = [1.2, 1.5, 2.0]
# m2_per_desk = 8

# Rooms from sessions seen in use, not from bookings alone.
# [[clinic]]
# site = "RXX02"
# service = "outpatient"
# booked = 120                     # sessions a week
# observed_share = 0.6
# sessions_a_room = 10
# ceiling = 0.8
# m2_per_room = 16
"""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Sites with what was stated about them, settings, and the limits by name."""

    sites: tuple[EstateSite, ...]
    settings: Settings
    limits: Mapping[str, Any]
    named_others: int
    statements: tuple[str, ...]


def with_inputs(sites: Iterable[EstateSite], stated: Mapping[str, Any], file: str = "plan.toml") -> Inputs:
    """Sites as read and what a person states about them, together."""
    _known(stated, ("assumptions", "limits", "site", "offices", "clinic"), file)
    limits = dict(stated.get("limits", {}))
    _known(limits, LIMITS, f"[limits] of {file}")
    settings = Settings.of(stated.get("assumptions", {}), source=file)
    by_code = {site.code: site for site in sites}
    said: list[str] = []
    others = 0
    for number, entry in enumerate(stated.get("site", ()), start=1):
        _known(entry, SITE, f"[[site]] {number} of {file}")
        code = str(entry.get("code", "")).upper()
        if not code or "AGGRE" in code:
            raise EstateError(f"[[site]] {number} of {file} needs a code of its own; AGGRE stands for many sites.")
        others += bool(entry.get("one_of_others", False))
        by_code[code] = _stated(by_code.get(code), code, entry, number, file)
    for entry in stated.get("offices", ()):
        _known(entry, OFFICES, f"[[offices]] of {file}", all_of=True)
        site = _of(by_code, entry["site"], file)
        ranges = {name: tuple(entry[name]) for name in ("mobile_share", "peak_factor", "people_per_desk")}
        count = desks(int(entry["headcount"]), **ranges)
        m2 = count.likely * float(entry["m2_per_desk"])
        by_code[site.code] = _need(site, OFFICE, m2)
        said.append(
            f"{site.code} needs {count.likely} desks ({count.least} to {count.most} over the ranges), {m2:,.0f} m², for "
            f"{entry['headcount']} people."
        )
    for entry in stated.get("clinic", ()):
        _known(entry, CLINICS, f"[[clinic]] of {file}", all_of=True)
        site = _of(by_code, entry["site"], file)
        rooms = clinic_rooms(
            **{name: float(entry[name]) for name in ("booked", "observed_share", "sessions_a_room", "ceiling")}
        )
        by_code[site.code] = _need(site, str(entry["service"]), rooms.rooms * float(entry["m2_per_room"]))
        said.append(
            f"{site.code} needs {rooms.rooms} rooms for {entry['service']} by use as seen; bookings alone would have "
            f"asked for {rooms.on_bookings_alone}."
        )
    for name in ("must_keep", "must_close"):
        if name in limits:
            limits[name] = frozenset(str(code).upper() for code in limits[name])
    for name in ("capital", "revenue"):
        if name in limits:
            limits[name] = tuple(_pounds(value, name) for value in limits[name])
    return Inputs(tuple(by_code.values()), settings, limits, others, tuple(said))


def _known(entry: Mapping[str, Any], names: tuple[str, ...], where: str, *, all_of: bool = False) -> None:
    if strange := [name for name in entry if name not in names]:
        raise EstateError(f"{where} has “{strange[0]}”, which is not known; known are {', '.join(names)}.")
    if all_of and (missing := [name for name in names if name not in entry]):
        raise EstateError(f"{where} lacks “{missing[0]}”; it needs {', '.join(names)}.")


def _of(sites: Mapping[str, EstateSite], code: str, file: str) -> EstateSite:
    if str(code).upper() not in sites:
        raise EstateError(f"{file} speaks of site {code}, which is in neither the data nor the file.")
    return sites[str(code).upper()]


def _pounds(value: object, name: str) -> Money:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EstateError(f"“{name}” must be pounds as a number, not {value!r}.")
    if not abs(value) < 1e13:
        raise EstateError(f"“{name}” is {value}, which is no amount of money.")
    return Money(round(value * 100))


def _need(site: EstateSite, service: str, m2: float) -> EstateSite:
    needs = dict(site.needs) | {service: m2}
    return replace(site, needs=tuple(needs.items()), needs_stated=(*site.needs_stated, service))


def _stated(known: EstateSite | None, code: str, entry: Mapping[str, Any], number: int, file: str) -> EstateSite:
    source = Source(file, number, "site")
    if known is None:
        gia = entry.get("gia_m2")
        if not isinstance(gia, int | float) or gia <= 0:
            raise EstateError(f"Site {code} is not in the data, so [[site]] {number} of {file} must state its gia_m2.")
        clinical, office = entry.get("clinical_m2"), entry.get("non_clinical_m2")
        known = EstateSite(
            code, str(entry.get("name", code)), "", float(gia), None, None, None, None, (), source,
            needs=tuple((s, float(a)) for s, a in ((CLINIC, clinical), (OFFICE, office)) if a),
            accepts=(CLINIC, OFFICE),
        )  # fmt: skip
    changes: dict[str, Any] = {
        name: entry[name] for name in ("name", "kind", "tenure", "lease_break", "lease_end", "is_open") if name in entry
    }
    for name in ("gia_m2", "clinical_m2", "non_clinical_m2", "empty_percent", "under_used_percent", "lon", "lat"):
        if name in entry:
            changes[name] = float(entry[name])
    for name in ("needs", "spare"):
        if name in entry:
            changes[name] = tuple((str(key), float(m2)) for key, m2 in entry[name].items())
    if "needs" in entry:
        changes["needs_stated"] = tuple(entry["needs"])
    if "accepts" in entry:
        changes["accepts"] = tuple(map(str, entry["accepts"]))
    if "opening_cost" in entry:
        changes["opening_cost"] = _pounds(entry["opening_cost"], "opening_cost")
    costs = list(known.costs)
    for name, kind in (("running_cost", "running"), ("rent", "rent")):
        if name in entry:
            costs.append(CostLine(name, _pounds(entry[name], name), kind, Source(file, number, name)))
    return replace(known, costs=tuple(costs), **changes)
