"""Traffic: where vehicles drive when everybody takes their quickest road, where that hurts, and which scheme helps most.

Read a network and a demand, find the equilibrium, then ask of it: bottlenecks, what-ifs, schemes, a matrix that fits
counts. Nobody can save time by another path at equilibrium (Wardrop 1952); how near it is, is stated.

>>> from folkmoot.engines.traffic import Demand, RoadNetwork, equilibrium
>>> both = RoadNetwork.of([(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000)], zones=2)
>>> demand = Demand.of(both.zones, car=[[0, 2600], [0, 0]])
>>> found = equilibrium(both, demand, gap=1e-8)
>>> [round(float(t), 2) for t in found.minutes]
[15.75, 7.87, 7.87]

From files: `connect(read_ways("ways.geojson"), read_zones("zones.geojson"))` is a network, and
`Demand.of(network.zones, car=read_od("od.csv", network.zones).trips)` what drives on it.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "network": ("RoadNetwork", "TrafficError"),
    "classes": ("CLASSES", "RoadClass"),
    "ways": ("read_ways",),
    "zones": ("Zones", "connect", "read_zones"),
    "tntp": ("read_network", "read_trips"),
    "od": ("TripTable", "read_od"),
    "demand": ("Demand", "VehicleClass"),
    "assign": ("equilibrium",),
    "result": ("Assignment", "PathMix", "SelectLink", "Step", "Unserved"),
    "mixture": ("select_link",),
    "flows": ("Journeys", "geojson", "journeys", "rows", "write_geojson"),
    "bottleneck": ("Bottleneck", "Profile", "bottlenecks"),
    "whatif": ("Change", "WhatIf", "changed", "what_if"),
    "schemes": ("Ranked", "Ranking", "Scheme", "Uncertainty", "rank", "read_schemes"),
    "counts": ("Count", "read_counts"),
    "estimate": ("Estimate", "Guards", "spiess"),
    "validation": ("Fit", "geh", "validate"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
