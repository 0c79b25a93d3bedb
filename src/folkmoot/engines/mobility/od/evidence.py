"""From events to counts that disclosure can judge, in one go: check, stays, home and work, trips, zones, weights, devices.

    events → quality.check → stays.cell.runs → labels.places → trips.between → purpose, mode
           → where.footprint → placed → trips.contributions → expand.weigh → disclose.count

What is written on the way is kept by the caller (`keep`), in the secure setting; what comes back is an `Evidence`, whose
counts only `disclose.release` can take further.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from folkmoot.engines.mobility.disclose import Policy, Provenance, Published, RawCounts, Releasable, count, release
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.od.placing import placed
from folkmoot.engines.mobility.stays.from_events import Keep, stays_of
from folkmoot.engines.mobility.stays.rule import Rule
from folkmoot.engines.mobility.trips.counts import OUTSIDE
from folkmoot.engines.mobility.trips.modes import MODES
from folkmoot.engines.mobility.trips.why import PURPOSES

if TYPE_CHECKING:
    from folkmoot.engines.mobility.expand import Weights
    from folkmoot.engines.mobility.where import Cells, Confusion, Zones

type Progress = Callable[[str, int, int], None]

STEPS = (
    "Checking events and finding stays", "Telling homes and work", "Joining stays into trips", "Placing cells in zones",
    "Counting by origin and destination", "Raking devices to residents", "Counting distinct devices",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What table is wanted, and what a stay and a trip are. `totals`: for each total the keys that stay.

    A device at rest is heard of seldom, so a stay may be silent for twelve hours (multimno's default). `footprint_error`: by
    what part of a count a footprint may itself be wrong, at each end. With 0.15 intervals of homes held the truth in 88 to
    98 % of the zones of four invented towns.
    """

    hour: bool = False
    mode: bool = False
    purpose: bool = False
    totals: tuple[tuple[str, ...], ...] = ()
    min_stay_seconds: float = 600.0
    max_gap_seconds: float = 43_200.0
    min_distance_metres: float = 500.0
    footprint: str = "signal"
    weight_cap: float | None = 5.0
    footprint_error: float = 0.15
    check: bool = True
    zone: str = LONDON

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the table, the ends first."""
        further = {"hour": self.hour, "mode": self.mode, "purpose": self.purpose}
        return ("origin", "destination", *(name for name, wanted in further.items() if wanted))


@dataclass(frozen=True, eq=False)
class Evidence:
    """Counts ready for disclosure, and what has to be said beside them.

    `statements` go out with a release: they hold no exact count of devices, for the difference of two would tell who came or
    went. `found` and `inside` are for the secure setting.
    """

    raw: RawCounts
    domain: Mapping[str, tuple[str, ...]] = field(repr=False)
    dates: tuple[str, ...]
    statements: tuple[str, ...]
    inside: tuple[str, ...] = field(repr=False)
    found: Mapping[str, Any] = field(repr=False)
    confusion: Confusion = field(repr=False)
    footprint_error: float = 0.0

    def location_error(self, key: Mapping[str, str], devices: float) -> float:
        """Relative standard error of a count that location alone makes, at most 1; 0 of ends outside, where none is known.

        That of the draws, and for each end that of the footprint.
        """
        from folkmoot.engines.mobility.where import uncertainty

        ends = [key[name] for name in ("origin", "destination") if key.get(name, OUTSIDE) != OUTSIDE]
        if not ends or devices <= 0:
            return 0.0
        error = uncertainty(self.confusion, devices, *ends).relative_standard_error
        return 0.0 if error != error else min(math.hypot(error, *[self.footprint_error] * len(ends)), 1.0)

    def release(
        self, *, policy: Policy, name: str, earlier: tuple[Published, ...] = (), provenance: Provenance | None = None
    ) -> Releasable:
        """The releasable table of these counts; see `disclose.release`. The statements go into its manifest."""
        given = provenance or Provenance()
        said = Provenance(
            given.inputs, given.parameters, given.code_version, given.created_at, given.approved_by, given.lawful_basis,
            given.opt_out_version, (*self.statements, *given.statements),
        )  # fmt: skip
        return release(
            self.raw, policy=policy, name=name, domain=self.domain, dates=self.dates, earlier=earlier,
            location_error=self.location_error, provenance=said,
        )  # fmt: skip


def gather(
    events: Any,
    cells: Cells,
    zones: Zones,
    *,
    population: pa.Table | None = None,
    opt_out: Any = None,
    period: tuple[date, date] | None = None,
    rails: Any = None,
    ways: Any = None,
    activity: Mapping[str, float] | None = None,
    settings: Settings | None = None,
    threads: int | None = None,
    keep: Keep,
    progress: Progress | None = None,
) -> Evidence:
    """Evidence of the trips between zones that events show.

    `events`: an Ibis table in the contract's columns. `population`: zone_id, age_band, sex, people; without it nothing is
    expanded, and it is said. `period`: first and last local date; by default those of the events. `rails`, `ways`: GeoJSON,
    by which rail is told from road. `activity`: how much goes on in each zone (jobs, shoppers), for where devices are away
    from home; without it that is learned from them. `threads`: so many run compiled loops over the events on this machine;
    None leaves everything to the backend, as on Spark.

    Raises `MobilityError` when no event, stay or trip is left, and says where it was lost.
    """
    import ibis

    from folkmoot.engines.mobility import labels, quality, trips, where
    from folkmoot.engines.mobility.expand import about

    asked = settings or Settings()
    told = _teller(progress)
    if opt_out is not None:
        events, _ = quality.without(events, opt_out)
    rule = Rule(
        period or quality.period_of(events, zone=asked.zone), asked.zone, asked.check, asked.max_gap_seconds,
        asked.min_stay_seconds, threads,
    )  # fmt: skip
    stayed = stays_of(events, cells, rule, keep=keep, told=partial(_tell_part, told))
    first, last, stays, found = stayed.first, stayed.last, stayed.stays, stayed.found
    at = ibis.memtable(trips.positions(cells))
    told(1)
    places = keep(labels.places(stays, first=first, last=last, cells=at, zone=asked.zone), "places")
    told(2)
    made = trips.purpose(trips.between(stays, at, min_distance_metres=asked.min_distance_metres), places, cells=at)
    if asked.mode:
        made = _with_mode(made, stays, places, cells, ways, rails, (last - first).days + 1)
    made = keep(made, "trips")
    told(3)
    people = None if population is None else where.population.of(population)
    even = where.footprint(cells, zones, method=asked.footprint, first=first, last=last)
    put = placed(made, places, even, zones, residents=people.by_zone() if people else None, activity=activity)
    told(4)
    rows = _contributions(made, put.zones, first, last, asked)
    found |= {"trips": pc.sum(rows["trips"]).as_py() or 0, "devices": pc.count_distinct(rows["user_id"]).as_py()}
    if not len(rows):
        raise MobilityError(
            "No trip was found between stays. Look at the stays: is the least stay too long, or the day too short?"
        )
    told(5)
    covered = labels.coverage(places, None)
    statements = [
        f"{about(covered.home_share)} of devices have a home, {about(covered.work_share).lower()} a place of work.",
        *put.statements,
        f"Intervals allow for a footprint that is wrong by {asked.footprint_error:.0%} at each end.",
        "Trips that the network does not show, as short stops and walks within a cell, are in no number and in no interval.",
    ]
    inside = list(covered.statements)
    if people is None:
        statements.append("Nothing was expanded: these are trips of devices of one network, not of residents.")
    else:
        rows, weights = _weighed(rows, put.homes, people.table(), asked)
        statements += weights.published
        inside += weights.statements
    told(6)
    raw = count(rows, asked.keys, totals=asked.totals)
    days = tuple(str(first + timedelta(days=n)) for n in range((last - first).days + 1))
    return Evidence(
        raw, _domain(zones, asked), days, tuple(statements), tuple(inside), found, put.confusion, asked.footprint_error
    )


def _teller(progress: Progress | None) -> Callable[..., None]:
    def tell(step: int, more: str = "") -> None:
        if progress:
            progress(STEPS[step] + more, step, len(STEPS))

    return tell


def _tell_part(told: Callable[..., None], part: int, parts: int) -> None:
    told(0, f", part {part + 1} of {parts}" if parts > 1 else "")


def _with_mode(made: Any, stays: Any, places: Any, cells: Cells, ways: Any, rails: Any, days: int) -> Any:
    import ibis

    from folkmoot.engines.mobility import trips

    heavy = trips.heavy(made, places, days=days)
    if rails is None:
        return trips.mode(made, devices=heavy)
    lines = trips.corridors(trips.positions(cells), ways=ways, rails=rails)
    return trips.mode(made, stays, ibis.memtable(lines), heavy)


def _contributions(made: Any, zones: pa.Table, first: date, last: date, asked: Settings) -> pa.Table:
    import ibis

    from folkmoot.engines.mobility import trips

    return trips.contributions(
        made, ibis.memtable(zones), first=first, last=last, hour=asked.hour, mode=asked.mode, purpose=asked.purpose,
        zone=asked.zone,
    ).to_pyarrow()  # fmt: skip


def _weighed(rows: pa.Table, homes: pa.Table, people: pa.Table, asked: Settings) -> tuple[pa.Table, Weights]:
    """Contributions with the weight of each device, raked by home zone."""
    from folkmoot.engines.mobility.expand import weigh

    weights = weigh(homes, people, cap=asked.weight_cap)
    place = pc.index_in(rows["user_id"], value_set=weights.table["user_id"].combine_chunks())
    mean = float(weights.raked.weights.mean()) if len(weights.raked.weights) else 1.0
    weight = pc.fill_null(weights.table["weight"].combine_chunks().take(place.combine_chunks()), mean)
    return rows.append_column("weight", weight), weights


def _domain(zones: Zones, asked: Settings) -> dict[str, tuple[str, ...]]:
    known = (*zones.zone_id, OUTSIDE)
    every = {
        "origin": known, "destination": known, "hour": tuple(str(hour) for hour in range(24)),
        "mode": (*MODES, "unknown"), "purpose": PURPOSES,
    }  # fmt: skip
    return {name: every[name] for name in asked.keys}
