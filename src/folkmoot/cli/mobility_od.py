"""`folkmoot mobility od`: events to a released matrix, its blanks with their reasons, and a manifest."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli.mobility_source import (
    SECRET,
    Steps,
    by_zone,
    digest,
    digests,
    geojson,
    listed,
    loops,
    period,
    secret_of,
    totals_of,
    version,
)
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Releasable
    from folkmoot.engines.mobility.od import Evidence


@in_sentences
def od(
    events: Annotated[Path, typer.Argument(help="Parquet file or folder: user_id, timestamp (UTC), cell_id.")],
    cells: Annotated[
        Path, typer.Option(help="CSV or Parquet of cells: cell_id, latitude, longitude, antenna if known.")
    ],
    zones: Annotated[Path, typer.Option(help="Zones as GeoJSON polygons.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the release; a new one.")],
    population: Annotated[
        Path | None, typer.Option(help="CSV: zone_id, age_band, sex, people. Expands to residents.")
    ] = None,
    activity: Annotated[
        Path | None,
        typer.Option(
            help="CSV: zone_id, weight (jobs, shoppers). Where devices are away from home; else learned from them."
        ),
    ] = None,
    opt_out: Annotated[Path | None, typer.Option(help="CSV or Parquet with user_id: people who are left out.")] = None,
    hour: Annotated[bool, typer.Option("--hour", help="By local hour of departure.")] = False,
    mode: Annotated[bool, typer.Option("--mode", help="By likely mode.")] = False,
    purpose: Annotated[bool, typer.Option("--purpose", help="By purpose (HBW, HBO, NHB).")] = False,
    totals: Annotated[
        list[str] | None,
        typer.Option(
            "--total", help="Also a total that keeps these keys, as “origin” or “origin,hour”; “all” for one."
        ),
    ] = None,
    ways: Annotated[Path | None, typer.Option(help="Roads as GeoJSON, for the mode.")] = None,
    rails: Annotated[Path | None, typer.Option(help="Railways as GeoJSON, for the mode.")] = None,
    k: Annotated[int, typer.Option("--k", help="A cell needs so many distinct devices.")] = 10,
    round_base: Annotated[int, typer.Option("--round", help="Published numbers are multiples of it.")] = 5,
    secret: Annotated[
        Path | None,
        typer.Option(help=f"File with the secret of rounding; by default {SECRET} beside --out, made if need be."),
    ] = None,
    earlier: Annotated[
        list[Path] | None, typer.Option("--earlier", help="Folder of an earlier release; repeat for all.")
    ] = None,
    first: Annotated[
        str | None, typer.Option(help="First local date, YYYY-MM-DD; by default that of the events.")
    ] = None,
    last: Annotated[str | None, typer.Option(help="Last local date.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the release; by default the folder's.")] = None,
    approver: Annotated[str | None, typer.Option(help="Who approves it; without one it is a draft.")] = None,
    lawful_basis: Annotated[str | None, typer.Option(help="On what lawful basis.")] = None,
    backend: Annotated[str, typer.Option(help="duckdb, or spark with the extra of that name.")] = "duckdb",
    memory: Annotated[str | None, typer.Option(help="DuckDB's memory, as 12GB; it spills to disk beyond.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep stays and trips in this folder of the secure setting.")
    ] = None,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Events are checked already (folkmoot mobility check).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")] = False,
) -> None:
    """Trips between zones, safe to publish: od.csv, suppressed.csv with reasons, manifest.json."""
    from folkmoot.engines.mobility import where
    from folkmoot.engines.mobility.disclose import Policy, Provenance, read
    from folkmoot.engines.mobility.od import Settings, gather
    from folkmoot.store.movement import keeper, parquet, session

    if (out / "manifest.json").exists():
        raise ValueError(f"“{out}” holds a release already. Name a new folder; what is published stays.")
    days = period(first, last)
    before = tuple(read(folder).published for folder in earlier or ())
    settings = Settings(hour=hour, mode=mode, purpose=purpose, totals=totals_of(totals or []), check=not unchecked)
    given_cells, given_zones = where.cells.read(cells), where.zones.read(zones)
    people = None if population is None else where.population.read(population).table()
    policy = Policy(k=k, round_base=round_base, secret=secret_of(secret or out.parent / SECRET))
    folder = keep or Path(tempfile.mkdtemp(prefix="folkmoot-movement-"))
    try:
        with session(backend, memory=memory) as opened, Steps(as_json) as told:
            left_out = None if opt_out is None else listed(opened, opt_out)
            evidence = gather(
                parquet(opened, events), given_cells, given_zones, population=people, opt_out=left_out, period=days,
                ways=geojson(ways), rails=geojson(rails), activity=by_zone(activity), settings=settings,
                threads=loops(backend), keep=keeper(opened, folder), progress=told,
            )  # fmt: skip
            told("Disclosure control", 7, 8)
            provenance = Provenance(
                inputs=digests([cells, zones, population, activity, opt_out, ways, rails], events),
                parameters={"keys": list(settings.keys), "min_stay_seconds": settings.min_stay_seconds,
                            "max_gap_seconds": settings.max_gap_seconds, "min_distance_metres": settings.min_distance_metres,
                            "footprint": settings.footprint, "footprint_error": settings.footprint_error,
                            "weight_cap": settings.weight_cap},
                code_version=version(), created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                approved_by=approver, lawful_basis=lawful_basis,
                opt_out_version=None if opt_out is None else digest(opt_out)[:16],
            )  # fmt: skip
            made = evidence.release(policy=policy, name=name or out.name, earlier=before, provenance=provenance)
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    made.write(out)
    if as_json:
        counts = {key: made.manifest[key] for key in ("name", "keys", "cells", "blanks", "audit", "statements")}
        typer.echo(json.dumps({**counts, "read": evidence.found, "out": str(out)}, ensure_ascii=False))
    else:
        show(made, evidence, out)


def show(made: Releasable, evidence: Evidence, out: Path) -> None:
    """A release for people."""
    from rich.console import Console

    console, found = Console(), evidence.found
    if "events" in found:
        rejected = sum(found["rejected"].values())
        console.print(
            f"{found['events']:,} events read, {rejected:,} set aside; {found['devices']:,} devices made "
            f"{found['trips']:,} trips."
        )
    for sentence in evidence.inside:
        console.print(f"• {sentence}")
    console.print("In the manifest, for everybody:")
    for sentence in made.manifest["statements"]:
        console.print(f"• {sentence}")
    blank = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in made.manifest["blanks"].items())
    console.print(f"[bold]{made.manifest['cells']:,} cells released[/]; blank: {blank or 'none'}.")
    console.print(
        f"Audit: nothing is given away ({made.manifest['audit']['linear_programs']:,} linear programs). Written: {out}"
    )
