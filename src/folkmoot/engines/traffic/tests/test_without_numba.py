"""Without numba the loops run as plain Python, and find the same flows."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

PROGRAM = """
import json, sys
if "without" in sys.argv:
    sys.modules["numba"] = None
from folkmoot.engines import _compiled
from folkmoot.engines.traffic import Demand, RoadNetwork, equilibrium
rows = [(1, 2, 10, 1000), (1, 3, 6, 1000), (3, 2, 6, 1000), (2, 1, 9, 800, 0.3, 2.5), (2, 3, 4, 900, 0.2, 1)]
network = RoadNetwork.of(rows, zones=2)
found = equilibrium(network, Demand.of(network.zones, car=[[0, 2600], [900, 0]]), gap=1e-7, select={"x": ["2"]})
told = {"flows": found.flows[0].tolist(), "part": found.select["x"].trips.tolist()}
print(json.dumps({"compiled": _compiled.COMPILED, **told}))
"""


def told(*words: str) -> dict[str, object]:
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_plain_python_finds_the_flows_that_compiled_code_does() -> None:
    compiled, plain = told(), told("without")
    assert (compiled.pop("compiled"), plain.pop("compiled")) == (True, False)
    for name, values in compiled.items():
        assert np.asarray(plain[name]) == pytest.approx(np.asarray(values), rel=1e-9)
