"""Maps of roads: how full each is, what a scheme changes, and whose vehicles use a link. Lines are coarse, for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from folkmoot.services.highways.presenters.figures import number, share
from folkmoot.services.highways.roads.changes import both_ways
from folkmoot.services.highways.roads.findings import named
from folkmoot.services.highways.roads.presenters.words import change, road, signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.engines.traffic import Assignment, RoadNetwork

FULL = (0.25, 0.5, 0.75, 1.0)
"""Flow over capacity at which the class of a line changes."""
FINE_DEGREES, PLACES = 0.00003, 5
EMPTY = {"type": "FeatureCollection", "features": []}


def flows(found: Assignment) -> dict[str, Any]:
    """Every road by how full it is."""
    flow, voc = found.flows.sum(axis=0), found.voc
    classes = 1 + np.searchsorted(FULL, voc, side="right")

    def tells(k: int) -> str:
        if found.network.closed[k]:
            return _("closed")
        return _("%(flow)s vehicles in the hour, %(full)s of its capacity (%(link)s)") % {
            "flow": number(flow[k]), "full": share(voc[k]), "link": found.network.link_id[k],
        }  # fmt: skip

    return _lines(found.network, classes, tells)


def flow_steps() -> list[tuple[int, str]]:
    """What the classes of `flows` mean."""
    edges = [share(edge) for edge in FULL]
    middle = [
        (k + 1, _("%(low)s to %(high)s of capacity") % {"low": edges[k - 1], "high": edges[k]}) for k in (1, 2, 3)
    ]
    return [(1, _("under %(high)s of capacity") % {"high": edges[0]}), *middle, (5, _("over capacity"))]


def changes(before: Assignment, after: Assignment, largest: float) -> dict[str, Any]:
    """Every road by how many vehicles more or fewer it has."""
    change_ = (after.flows - before.flows).sum(axis=0)
    few, many = change_edges(largest)
    classes = np.select([change_ <= -many, change_ <= -few, change_ < few, change_ < many], [1, 2, 3, 4], 5)

    def tells(k: int) -> str:
        if after.network.closed[k]:
            return _("closed; it had %(before)s vehicles in the hour") % {"before": number(before.flows[:, k].sum())}
        return _("%(before)s vehicles in the hour before, %(after)s after (%(change)s)") % {
            "before": number(before.flows[:, k].sum()), "after": number(after.flows[:, k].sum()),
            "change": signed(change_[k], 0),
        }  # fmt: skip

    return _lines(after.network, classes, tells)


def change_edges(largest: float) -> tuple[float, float]:
    """Changes that are few and many, in round numbers: about a fiftieth and a quarter of the largest one."""

    def round_number(value: float) -> float:
        ten = 10.0 ** np.floor(np.log10(max(value, 1.0)))
        return float(max(step * ten for step in (1, 2, 5) if step * ten <= max(value, 1.0)))

    return round_number(largest / 50), max(round_number(largest / 4), 5.0)


def change_steps(largest: float) -> list[tuple[int, str]]:
    """What the classes of `changes` mean."""
    few, many = (number(edge) for edge in change_edges(largest))
    said = {"few": few, "many": many}
    return [
        (1, _("%(many)s vehicles fewer, or more than that") % said), (2, _("%(few)s to %(many)s fewer") % said),
        (3, _("about the same")), (4, _("%(few)s to %(many)s more") % said), (5, _("%(many)s more, or above") % said),
    ]  # fmt: skip


def selected(found: Assignment, flow: Any) -> dict[str, Any]:
    """Where the vehicles on one link drive: the roads they use, by how many of them."""
    total = float(flow.max()) or 1.0
    classes = 1 + np.searchsorted((0.05, 0.2, 0.5, 0.8), flow / total, side="right")

    def tells(k: int) -> str:
        return _("%(n)s of its vehicles in the hour, %(share)s") % {
            "n": number(flow[k]), "share": share(flow[k] / total),
        }  # fmt: skip

    return _lines(found.network, classes, tells, only=flow >= max(0.5, 0.001 * total))


def selected_steps() -> list[tuple[int, str]]:
    """What the classes of `selected` mean."""
    edges = [share(edge) for edge in (0.05, 0.2, 0.5, 0.8)]
    middle = [(k + 1, _("%(low)s to %(high)s of them") % {"low": edges[k - 1], "high": edges[k]}) for k in (1, 2, 3)]
    return [
        (1, _("under %(high)s of them") % {"high": edges[0]}),
        *middle,
        (5, _("%(low)s or more") % {"low": edges[3]}),
    ]


def changed_places(network: RoadNetwork, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A sign on the middle of each road that a scheme changes; two ways of one road are two rows of the table."""
    features = []
    for row in rows:
        k = network.index(row["link"])
        line = network.geometry[k]
        if line is None:
            continue
        at = _middle(line)
        features.append(
            {
                "type": "Feature", "geometry": {"type": "Point", "coordinates": at},
                "properties": {
                    "name": road(named(network, k)), "change": change(row), "link": row["link"],
                    "sign": "closed" if row["what"] == "close" else "new",
                },
            }
        )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def areas(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Zones under the roads, each telling how many trips begin and end there."""
    if found is None:
        return None
    features = []
    for each in found["features"]:
        facts = each["properties"]
        tells = _("%(out)s trips begin here in the hour, %(into)s end here") % {
            "out": number(facts["out"]), "into": number(facts["into"]),
        }  # fmt: skip
        features.append({**each, "properties": {"name": facts["name"], "tells": tells}})
    return {"type": "FeatureCollection", "features": features}


def _lines(network: RoadNetwork, classes: Any, tells: Callable[[int], str], *, only: Any = None) -> dict[str, Any]:
    """All roads that have a line, connectors left out."""
    import shapely

    sides = both_ways(network)
    at = [
        k for k, line in enumerate(network.geometry)
        if line is not None and network.kind[k] != "connector" and (only is None or only[k])
    ]  # fmt: skip
    drawn = shapely.simplify(
        np.array([shapely.LineString(network.geometry[k]) for k in at], dtype=object), FINE_DEGREES
    )
    features = []
    for k, line in zip(at, drawn):
        points = np.round(shapely.get_coordinates(line), PLACES).tolist()
        facts = {
            "key": network.link_id[k], "name": road(named(network, k)), "class": int(classes[k]), "tells": tells(k),
        }  # fmt: skip
        if sides[k]:
            facts["side"] = True
        features.append(
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": points}, "properties": facts}
        )
    return {"type": "FeatureCollection", "features": features}


def _middle(line: Any) -> list[float]:
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    half = steps[-1] / 2
    return [round(float(np.interp(half, steps, line[:, axis])), PLACES) for axis in (0, 1)]
