"""`folkmoot mobility footfall`: events to who is in an area when, how long, how often and from where, safe to publish."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.mobility_source import SECRET, Steps, digests, listed, loops, period, secret_of, version
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Policy, Provenance, Releasable

TABLES = {
    "presence": (("area", "day", "hour"), "present"),
    "visitors": (("area", "day", "role"), "visitors"),
    "dwell": (("area", "dwell"), "visits"),
    "returns": (("area", "days"), "devices"),
    "catchment": (("area", "home_zone"), "visitors_by_home"),
}
"""{folder: (keys, what is counted)}."""


@in_sentences
def footfall(
    events: Annotated[Path, typer.Argument(help="Parquet file or folder: user_id, timestamp (UTC), cell_id.")],
    cells: Annotated[
        Path, typer.Option(help="CSV or Parquet of cells: cell_id, latitude, longitude, antenna if known.")
    ],
    zones: Annotated[Path, typer.Option(help="Zones as GeoJSON polygons: where visitors come from.")],
    areas: Annotated[Path, typer.Option(help="Areas as GeoJSON polygons, with zone_id or code: whose footfall it is.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the release; a new one.")],
    population: Annotated[
        Path | None, typer.Option(help="CSV: zone_id, age_band, sex, people. Tells who lives where visitors come from.")
    ] = None,
    opt_out: Annotated[Path | None, typer.Option(help="CSV or Parquet with user_id: people who are left out.")] = None,
    k: Annotated[int, typer.Option("--k", help="A count needs so many distinct devices.")] = 10,
    round_base: Annotated[int, typer.Option("--round", help="Published numbers are multiples of it.")] = 5,
    secret: Annotated[
        Path | None,
        typer.Option(help=f"File with the secret of rounding; by default {SECRET} beside --out, made if need be."),
    ] = None,
    first: Annotated[str | None, typer.Option(help="First local date; by default that of the events.")] = None,
    last: Annotated[str | None, typer.Option(help="Last local date.")] = None,
    passing: Annotated[bool, typer.Option("--passing", help="Count passers-by as present too.")] = False,
    approver: Annotated[str | None, typer.Option(help="Who approves it; without one it is a draft.")] = None,
    lawful_basis: Annotated[str | None, typer.Option(help="On what lawful basis.")] = None,
    backend: Annotated[str, typer.Option(help="duckdb, or spark with the extra of that name.")] = "duckdb",
    memory: Annotated[str | None, typer.Option(help="DuckDB's memory, as 12GB; it spills to disk beyond.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")] = False,
) -> None:
    """Devices in areas by hour and day, dwell, returns and catchments, each a release with its blanks and manifest."""
    from folkmoot.engines.mobility import where
    from folkmoot.engines.mobility.disclose import Policy, Provenance
    from folkmoot.store.movement import keeper, parquet, session

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"“{out}” is not an empty folder. Name a new one; what is published stays.")
    antennas, places, ground = where.cells.read(cells), where.zones.read(zones), where.zones.read(areas)
    people = None if population is None else where.population.read(population)
    policy = Policy(k=k, round_base=round_base, secret=secret_of(secret or out.parent / SECRET))
    work = Path(tempfile.mkdtemp(prefix="folkmoot-footfall-"))
    try:
        with session(backend, memory=memory) as opened, Steps(as_json) as told:
            given = parquet(opened, events)
            left_out = None if opt_out is None else listed(opened, opt_out)
            gathered = _gather(
                given, antennas, places, ground, people, left_out, period(first, last), passing, loops(backend),
                keeper(opened, work), told,
            )  # fmt: skip
            told("Disclosure control", 7, 9)
            provenance = Provenance(
                inputs=digests([cells, zones, areas, population, opt_out], events),
                code_version=version(), created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                approved_by=approver, lawful_basis=lawful_basis, statements=tuple(gathered["statements"]),
            )  # fmt: skip
            made = _released(gathered, policy, provenance, out.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    for name, release in made.items():
        release.write(out / name)
    told_of = _summary(made, places, ground, people)
    summary = {"out": str(out), "tables": {name: len(each.table) for name, each in made.items()}, **told_of}
    summary["statements"] = gathered["statements"]
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, allow_nan=False))
    else:
        _show(summary)


def _gather(
    events: Any, antennas: Any, zones: Any, ground: Any, people: Any, opt_out: Any, period: tuple[date, date] | None,
    passing: bool, threads: int | None, keep: Any, told: Any,
) -> dict[str, Any]:  # fmt: skip
    """Contributions to every table, with the domain of each key; inside the secure setting."""
    import ibis

    from folkmoot.engines.mobility import footfall, labels, quality, trips, where
    from folkmoot.engines.mobility.instants import LONDON
    from folkmoot.engines.mobility.od.placing import homes
    from folkmoot.engines.mobility.stays.cell import MAX_GAP_SECONDS, MIN_STAY_SECONDS
    from folkmoot.engines.mobility.stays.from_events import stays_of
    from folkmoot.engines.mobility.stays.rule import Rule

    told("Checking events", 0, 9)
    if opt_out is not None:
        events, _ = quality.without(events, opt_out)
    first, last = period or quality.period_of(events)
    days = {"first": first, "last": last}
    rule = Rule((first, last), LONDON, True, MAX_GAP_SECONDS, MIN_STAY_SECONDS, threads)

    def of_part(part: int, parts: int) -> None:
        told("Checking events and finding stays" + (f", part {part + 1} of {parts}" if parts > 1 else ""), 1, 9)

    stayed = stays_of(events, antennas, rule, keep=keep, told=of_part).stays
    told("Finding homes", 3, 9)
    at = ibis.memtable(trips.positions(antennas))
    places = keep(labels.places(stayed, **days, cells=at), "places")
    told("Where cells are", 4, 9)
    prior = None if people is None else people.by_zone()
    of_zones = where.footprint(antennas, zones, prior=prior, **days)
    of_areas = where.footprint(antennas, ground, **days)
    served = keep(footfall.areas(ibis.memtable(_weighted(of_areas, of_zones))), "areas")
    even = of_zones if prior is None else where.footprint(antennas, zones, **days)
    lived, _ = homes(places, even, zones, prior)
    told("Counting devices", 5, 9)
    states = ("stay", "move") if passing else ("stay",)
    came = keep(footfall.visits(stayed, served, states=states), "visits")
    by_role = footfall.roles(footfall.visitors(stayed, served, **days, states=states), places, served)
    contributions = {
        "presence": footfall.dated(footfall.presence(stayed, served, **days, states=states).to_pyarrow()),
        "visitors": footfall.dated(by_role.to_pyarrow()),
        "dwell": footfall.dwell(came).to_pyarrow(),
        "returns": footfall.returns(came, **days).to_pyarrow(),
        "catchment": footfall.catchment(came, places, ibis.memtable(lived)).to_pyarrow(),
    }
    if not len(contributions["presence"]):
        raise ValueError("No device stayed in any of the areas. Check that areas and cells are in the same place.")
    dates = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    fit = footfall.fit(served).to_pyarrow().to_pylist()
    said = [*labels.coverage(places, labels.Support.of(first, last)).statements]
    said += [
        f"Area {one['area']}: {one['cells']} cells serve {one['completeness']:.0%} of it, and {one['purity']:.0%} of what "
        "they serve is in it; counted are devices of one network on these cells, not expanded."
        for one in sorted(fit, key=lambda one: str(one["area"]))
    ]
    from folkmoot.engines.mobility.footfall.stops import OFTEN, RETURN_BANDS, dwell_labels

    domain = {
        "area": list(ground.zone_id),
        "day": [each for each in dates if each in set(contributions["visitors"]["day"].to_pylist())],
        "hour": list(range(24)),
        "role": list(footfall.ROLES),
        "dwell": list(dwell_labels()),
        "days": _possible([*RETURN_BANDS, (OFTEN, 10**6)], len(dates)),
        "home_zone": [*zones.zone_id, trips.OUTSIDE, footfall.UNKNOWN],
    }
    return {"contributions": contributions, "domain": domain, "dates": dates, "statements": said}


def _possible(bands: list[tuple[str, int]], days: int) -> list[str]:
    """The bands of days that so many days can fill; the others are empty by nature, not few."""
    begins = [0, *(most for _, most in bands[:-1])]
    return [label for (label, _), before in zip(bands, begins) if before < days]


def _weighted(of_areas: Any, of_zones: Any) -> Any:
    """Which area a cell is, with the part of all devices the cell is expected to have."""
    import pyarrow as pa

    held = of_areas.cell_zone()
    part = dict(zip(of_zones.cell_id, of_zones.weight.tolist()))
    return held.append_column("weight", pa.array([part.get(cell, 0.0) for cell in held["cell_id"].to_pylist()]))


def _released(gathered: dict[str, Any], policy: Policy, provenance: Provenance, name: str) -> dict[str, Releasable]:
    """A release for each table, each held against those before it."""
    from folkmoot.engines.mobility import disclose

    made: dict[str, Releasable] = {}
    for table, (keys, measure) in TABLES.items():
        rows = gathered["contributions"][table].select([*keys, "user_id", "trips"])
        # Visits add up over bands; devices are distinct, and theirs do not.
        raw = disclose.count(rows, keys, additive=table == "dwell")
        made[table] = disclose.release(
            raw, policy=policy, name=f"{name}/{table}", domain={key: gathered["domain"][key] for key in keys},
            measure=measure, dates=gathered["dates"], earlier=[each.published for each in made.values()],
            provenance=provenance,
        )  # fmt: skip
    return made


def _summary(made: dict[str, Releasable], zones: Any, ground: Any, people: Any) -> dict[str, Any]:
    """What the released counts say further."""
    import pyarrow as pa
    from shapely import centroid

    from folkmoot.engines.mobility import footfall

    def centres(of: Any) -> dict[str, tuple[float, float]]:
        return {code: (at.x, at.y) for code, at in zip(of.zone_id, centroid(of.degrees))}

    found: dict[str, Any] = {
        "dwell": [asdict(each) for each in footfall.dwell_quantiles(made["dwell"])],
        "return_rate": footfall.return_rate(made["returns"]),
        "rings": [asdict(each) for each in footfall.rings(made["catchment"], centres(zones), centres(ground))],
    }
    if people is not None:
        held = people.table()
        parts = [
            held.select(["zone_id", "people"])
            .append_column("kind", pa.array([kind] * len(held)))
            .append_column("group", held[kind].cast(pa.string()))
            for kind in ("age_band", "sex")
        ]
        mixes = footfall.demographics(made["catchment"], pa.concat_tables(parts))
        found["mix"] = [asdict(each) | {"index": each.index} for each in mixes]
    return found


def _show(summary: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for sentence in summary["statements"]:
        console.print(f"• {sentence}", highlight=False)
    table = Table(title="Footfall, from released counts")
    for column in ("area", "median dwell, min", "come again, %", "half live within, km", "nine in ten, km"):
        table.add_column(column, justify="left" if column == "area" else "right")
    median = {each["area"]: each["minutes"] for each in summary["dwell"] if each["share"] == 0.5}
    within = {(each["area"], each["share"]): each["kilometres"] for each in summary["rings"]}
    for area in sorted({*median, *(area for area, _ in within)}):
        again = summary["return_rate"].get(area)
        table.add_row(
            area, _or_dash(median.get(area)), _or_dash(None if again is None else 100 * again),
            _or_dash(within.get((area, 0.5)), 1), _or_dash(within.get((area, 0.9)), 1),
        )  # fmt: skip
    console.print(table)
    written = ", ".join(f"{name} ({rows:,} rows)" for name, rows in summary["tables"].items())
    console.print(f"Written to {summary['out']}: {written}, summary.json.")


def _or_dash(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
