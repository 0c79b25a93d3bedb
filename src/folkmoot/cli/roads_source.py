"""Network and demand on the command line: options that all commands of `folkmoot roads` share, and what they mean.

`on_roads` puts them before a command's own options, so that each command is given a `Roads` that is read already.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Demand, RoadNetwork, TripTable


@dataclass(frozen=True, eq=False)
class Roads:
    """A network with its demand, and how they are to be assigned and shown."""

    network: RoadNetwork
    demand: Demand
    tables: tuple[TripTable, ...]
    gap: float
    algorithm: str
    threads: int | None
    seconds: float | None
    as_json: bool
    statements: tuple[str, ...]


def on_roads(command: Callable[..., None]) -> Callable[..., None]:
    """A command of `roads` and own options as one that typer knows with the shared options before its own."""
    shared = inspect.signature(read, eval_str=True).parameters
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    def run(**options: Any) -> None:
        command(read(**{name: options.pop(name) for name in shared}), **options)

    both = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in [*shared.values(), *own]]
    said = in_sentences(run)
    del said.__wrapped__  # type: ignore[attr-defined]
    said.__signature__ = inspect.Signature(both)  # type: ignore[attr-defined]
    said.__annotations__ = {each.name: each.annotation for each in both}
    said.__doc__, said.__name__ = command.__doc__, command.__name__
    return said


def read(
    network: Annotated[Path, typer.Option("--network", help="GeoJSON ways, or a network in TNTP.")],
    od: Annotated[Path, typer.Option("--od", help="CSV of origin, destination, trips; or trips in TNTP.")],
    zones: Annotated[
        Path | None, typer.Option("--zones", help="GeoJSON zones; not needed with a network in TNTP.")
    ] = None,
    heavy: Annotated[Path | None, typer.Option("--heavy", help="The same for heavy goods vehicles.")] = None,
    origin_column: Annotated[str | None, typer.Option("--origin-column", help="Column of the origin.")] = None,
    destination_column: Annotated[str | None, typer.Option("--destination-column", help="Of the destination.")] = None,
    trips_column: Annotated[
        str | None, typer.Option("--trips-column", "--mode-column", help="Of the trips, such as car_driver.")
    ] = None,
    hour: Annotated[str | None, typer.Option("--hour", help="Only rows whose column hour says this.")] = None,
    mode: Annotated[str | None, typer.Option("--mode", help="Only rows whose column mode says this, as road.")] = None,
    occupancy: Annotated[
        float, typer.Option("--occupancy", help="People to a car, where the file counts people.")
    ] = 1.0,
    hour_share: Annotated[float, typer.Option("--hour-share", help="Share of the file's trips in one hour.")] = 1.0,
    heavy_pcu: Annotated[float, typer.Option("--heavy-pcu", help="Car units of a heavy goods vehicle.")] = 2.5,
    zone_code: Annotated[str | None, typer.Option("--zone-code", help="Property with the code of a zone.")] = None,
    outside: Annotated[str, typer.Option("--outside", help="Trips of unknown zones: refuse or leave.")] = "refuse",
    limits_in: Annotated[str, typer.Option("--limits-in", help="Unit of a limit without one: mph or km/h.")] = "mph",
    join_ends: Annotated[
        float | None, typer.Option("--join-ends", help="Join road ends to roads within so many metres; 0 for none.")
    ] = None,
    connectors: Annotated[int, typer.Option("--connectors", help="Most junctions by which a zone reaches roads.")] = 8,
    gap: Annotated[float, typer.Option("--gap", help="Relative gap to reach.")] = 1e-4,
    algorithm: Annotated[str, typer.Option("--algorithm", help="bfw, cfw, fw or msa.")] = "bfw",
    threads: Annotated[int | None, typer.Option("--threads", help="Threads; results do not depend on them.")] = None,
    seconds: Annotated[float | None, typer.Option("--time-limit", help="Stop after so many seconds.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> Roads:
    """Read network and demand."""
    from folkmoot.engines.traffic import Demand, VehicleClass

    if outside not in ("refuse", "leave"):
        raise ValueError(f"--outside is refuse or leave, not “{outside}”.")
    made = _network(network, zones, zone_code, limits_in, join_ends, connectors)
    tables, matrices, said = [], {}, list(made.statements)
    for name, path in (("car", od), ("heavy", heavy)):
        if path is None:
            continue
        car = name == "car"
        table = _trips(
            path, made, origin_column, destination_column, trips_column if car else None, hour, mode if car else None,
            hour_share, occupancy if car else 1.0, outside == "leave",
        )  # fmt: skip
        tables.append(table)
        matrices[name] = table.trips
        said += [f"{name.capitalize()}: {sentence}" for sentence in table.statements]
    classes = {"heavy": VehicleClass("heavy", pcu=heavy_pcu)}
    if heavy is not None:
        said.append(f"A heavy goods vehicle counts as {heavy_pcu:g} cars.")
    demand = Demand.of(made.zones, classes=classes, **matrices)
    return Roads(made, demand, tuple(tables), gap, algorithm, threads, seconds, as_json, tuple(said))


def _network(
    path: Path, zones: Path | None, code: str | None, limits_in: str, join_ends: float | None, connectors: int
) -> RoadNetwork:
    from folkmoot.engines import traffic

    if path.suffix.lower() == ".tntp":
        places = path.with_name(path.name.replace("_net", "_node"))
        with_places = places if places != path and places.exists() else None
        return traffic.read_network(path, nodes=with_places)
    if zones is None:
        raise ValueError("Roads from GeoJSON need --zones FILE: where trips begin and end.")
    ways = traffic.read_ways(path, limits_in=limits_in, join_ends_m=join_ends)
    return traffic.connect(ways, traffic.read_zones(zones, code=code), per_zone=connectors)


def _trips(
    path: Path, network: RoadNetwork, origin: str | None, destination: str | None, trips: str | None, hour: str | None,
    mode: str | None, share: float, occupancy: float, leave: bool,
) -> TripTable:  # fmt: skip
    from folkmoot.engines import traffic

    if path.suffix.lower() == ".tntp":
        found = traffic.read_trips(path, network)
        return traffic.TripTable(found.trips[0] * share, None, None, found.statements)
    return traffic.read_od(
        path, network.zones, origin=origin, destination=destination, trips=trips, hour_share=share, hour=hour,
        mode=mode, occupancy=occupancy, leave_outside=leave,
    )  # fmt: skip


def pairs(given: Sequence[str], option: str, unit: str) -> dict[str, float]:
    """LINK=NUMBER options as numbers by link."""
    made = {}
    for text in given:
        link, equals, number = text.rpartition("=")
        try:
            made[link] = float(number)
        except ValueError:
            equals = ""
        if not equals or not link:
            raise ValueError(f"{option} takes LINK_ID={unit}, such as 12.1=3, not “{text}”.")
    return made


def tell(roads: Roads, found: dict[str, Any], statements: Sequence[str]) -> bool:
    """With --json, print the one object and return True; else print the sentences and return False."""
    said = [*roads.statements, *statements]
    if roads.as_json:
        typer.echo(json.dumps(plain({**found, "statements": said}), ensure_ascii=False))
        return True
    for sentence in said:
        typer.echo(f"• {sentence}")
    return False


def plain(value: Any) -> Any:
    """Numbers as JSON knows them: what is not finite is null."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
    """Print a table whose first `left` columns are text."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    made = Table(title=title, box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for k, name in enumerate(head):
        made.add_column(name, justify="left" if k < left else "right", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    Console().print(made)
