"""The synthetic town: the only source of demo, test and benchmark data of our own.

`build` makes a whole town; `hospital` one of the archetype hospitals A, B and C on which orders of work are compared;
`planted` and `shifting` small hospitals whose constraint is known, for testing whatever claims to find it. All of
them give Arrow tables in the shapes of `engines.flow.model`, the same bytes for the same arguments. A whole town has more:
`streets` and the minutes over them, `areas`, `centres` and the visits of `shopping_flows`, drawn from a known law, which
`engines.retail` reads.

>>> town = build(seed=1, scale="test")
>>> town["wards"].column_names
['ward_id', 'name', 'beds']
"""

from folkmoot.town.archetypes import hospital
from folkmoot.town.building import Town, build
from folkmoot.town.planted import planted, shifting
from folkmoot.town.truth import Truth

__all__ = ["Town", "Truth", "build", "hospital", "planted", "shifting"]
