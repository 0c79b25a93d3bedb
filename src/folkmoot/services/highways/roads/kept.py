"""The files of a study: network, trips, and the flows found, as plain arrays that hold nothing to be run.

>>> import tempfile
>>> from pathlib import Path
>>> from folkmoot.engines.traffic import RoadNetwork
>>> two = RoadNetwork.of([("1", "2", 10.0, 600.0)], zones=2)
>>> with tempfile.TemporaryDirectory() as place:
...     write_network(Path(place), two)
...     read_network(Path(place)).link_id
('1',)
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from folkmoot.engines.traffic import Assignment, Demand, RoadNetwork
    from folkmoot.services.highways.roads.models import RoadScheme, RoadStudy
    from folkmoot.services.highways.roads.sources import GivenRoads

_ARRAYS = ("xy", "start", "end", "length_m", "lanes", "free_flow_minutes", "capacity_vph", "b", "power", "closed")
_WORDS = ("node_id", "link_id", "kind", "name", "zones", "zone_names")


def folder(study: RoadStudy) -> Path:
    """The folder of a study, made if need be; only this machine's user may enter."""
    from folkmoot.services.highways import folders

    place = folders.room() / "roads" / str(study.pk)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def forget(study: RoadStudy) -> None:
    """Remove all files of a study."""
    shutil.rmtree(folder(study), ignore_errors=True)


def write(study: RoadStudy, given: GivenRoads) -> None:
    """Keep what was given."""
    place = folder(study)
    write_network(place, given.network)
    write_demand(place, given.demand, given.low, given.high)
    about: dict[str, Any] = {"counts": [[c.link_id, c.vehicles, c.screenline] for c in given.counts]}
    (place / "counts.json").write_text(json.dumps(about), encoding="utf-8")
    if given.areas:
        (place / "areas.json").write_text(json.dumps(given.areas), encoding="utf-8")


def network(study: RoadStudy) -> RoadNetwork:
    """The network of a study."""
    return read_network(folder(study))


def demand(study: RoadStudy) -> Demand:
    """The trips of its hour."""
    return read_demand(folder(study))[0]


def bounds(study: RoadStudy) -> tuple[Any, Any] | None:
    """Lowest and highest trips of each cell where the source knew them."""
    _demand, low, high = read_demand(folder(study))
    return None if low is None or high is None else (low, high)


def counts(study: RoadStudy) -> tuple[Any, ...]:
    """What was counted on its links."""
    from folkmoot.engines.traffic import Count

    found = json.loads((folder(study) / "counts.json").read_text(encoding="utf-8"))
    return tuple(Count(*row) for row in found["counts"])


def areas(study: RoadStudy) -> dict[str, Any] | None:
    """The outlines of its zones, for the map."""
    path = folder(study) / "areas.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write_network(place: Path, network: RoadNetwork) -> None:
    """One network as arrays; lines of links lie end to end in one of them."""
    lines = [np.zeros((0, 2)) if line is None else line for line in network.geometry]
    np.savez_compressed(
        place / "network.npz",
        **{name: getattr(network, name) for name in _ARRAYS},
        **{name: np.array(getattr(network, name), dtype=np.str_) for name in _WORDS},
        points=np.concatenate([np.zeros((0, 2)), *lines]), points_of=np.array([len(line) for line in lines]),
    )  # fmt: skip
    about = {
        "first_thru_node": network.first_thru_node, "geographic": network.geographic,
        "statements": list(network.statements),
    }  # fmt: skip
    (place / "network.json").write_text(json.dumps(about), encoding="utf-8")


def read_network(place: Path) -> RoadNetwork:
    """A network as `write_network` wrote it."""
    from folkmoot.engines.traffic import RoadNetwork

    about = json.loads((place / "network.json").read_text(encoding="utf-8"))
    with np.load(place / "network.npz", allow_pickle=False) as held:
        ends = np.cumsum(held["points_of"])
        lines = np.split(held["points"], ends[:-1]) if len(ends) else []
        return RoadNetwork(
            **{name: held[name] for name in _ARRAYS}, **{name: tuple(held[name].tolist()) for name in _WORDS},
            geometry=tuple(line if len(line) else None for line in lines),
            first_thru_node=about["first_thru_node"], geographic=about["geographic"],
            statements=tuple(about["statements"]),
        )  # fmt: skip


def write_demand(place: Path, demand: Demand, low: Any = None, high: Any = None) -> None:
    """Trips by class, with their bounds where they are known."""
    known = {} if low is None or high is None else {"low": low, "high": high}
    np.savez_compressed(place / "demand.npz", trips=demand.trips, **known)
    about = {
        "zones": list(demand.zones), "statements": list(demand.statements),
        "classes": [[each.name, each.pcu, each.minutes_per_km] for each in demand.classes],
    }  # fmt: skip
    (place / "demand.json").write_text(json.dumps(about), encoding="utf-8")


def read_demand(place: Path) -> tuple[Demand, Any, Any]:
    """Trips, and the lowest and highest of each cell or None."""
    from folkmoot.engines.traffic import Demand, VehicleClass

    about = json.loads((place / "demand.json").read_text(encoding="utf-8"))
    with np.load(place / "demand.npz", allow_pickle=False) as held:
        classes = tuple(VehicleClass(*row) for row in about["classes"])
        found = Demand(tuple(about["zones"]), classes, held["trips"], tuple(about["statements"]))
        return found, *(held.get(name) for name in ("low", "high"))


def keep_flows(place: Path, name: str, found: Assignment) -> None:
    """Flows as they were found; with its paths, where it kept them, for questions asked later."""
    mix = (
        {}
        if found.mix is None
        else {"mix_minutes": np.array(found.mix.minutes), "mix_weights": np.asarray(found.mix.weights)}
    )
    steps = np.array([[s.iteration, s.gap, s.objective, s.lower_bound, s.step] for s in found.history])
    lost = [[u.vehicle, u.origin, u.destination, u.trips] for u in found.unserved]
    about = {
        "algorithm": found.algorithm, "gap": found.gap, "target": found.target, "converged": found.converged,
        "stopped": found.stopped, "objective": found.objective, "lower_bound": found.lower_bound, "unserved": lost,
    }  # fmt: skip
    np.savez_compressed(
        place / f"{name}.npz", flows=found.flows, pcu=found.pcu, minutes=found.minutes, intrazonal=found.intrazonal,
        steps=steps.reshape(-1, 5), **mix,
    )  # fmt: skip
    (place / f"{name}.json").write_text(json.dumps(about), encoding="utf-8")


def flows(place: Path, name: str, network: RoadNetwork, demand: Demand) -> Assignment:
    """An assignment as `keep_flows` kept it."""
    from folkmoot.engines.traffic import Assignment, PathMix, Step, Unserved

    about = json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
    about["unserved"] = tuple(Unserved(*row) for row in about["unserved"])
    with np.load(place / f"{name}.npz", allow_pickle=False) as held:
        mix = PathMix(tuple(held["mix_minutes"]), held["mix_weights"]) if "mix_minutes" in held else None
        steps = tuple(Step(int(row[0]), *(float(v) for v in row[1:])) for row in held["steps"])
        return Assignment(
            network=network, demand=demand, flows=held["flows"], pcu=held["pcu"], minutes=held["minutes"],
            history=steps, intrazonal=held["intrazonal"], select={}, mix=mix, **about,
        )  # fmt: skip


BASE = "base"


def base(study: RoadStudy) -> Assignment:
    """How it is without any scheme."""
    return flows(folder(study), BASE, network(study), demand(study))


def after(scheme: RoadScheme) -> Assignment:
    """How it would be with a scheme that is run; flows alone, on the network as it would be."""
    from folkmoot.engines.traffic import changed
    from folkmoot.services.highways.roads.changes import change_of

    there = network(scheme.study)
    return flows(
        folder(scheme.study), f"scheme-{scheme.pk}", changed(there, change_of(scheme.changes)), demand(scheme.study)
    )
