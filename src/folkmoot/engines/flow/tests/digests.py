"""SHA-256 of everything the simulator computes on hospitals of the town, policy by policy.

    python -m folkmoot.engines.flow.tests.digests [--plain]

prints one JSON object; `--plain` hides numba first. Two processes that print the same computed the same bits.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator

import numpy as np


def scenarios(patients: int) -> Iterator[tuple[str, object]]:
    """Beds, leavers, priorities, calendars and rounds; office hours; surges; a live census with work in hand; delays of
    no duration, equal moments, and a team that shrinks while it works."""
    from folkmoot import town
    from folkmoot.engines.flow.live import census
    from folkmoot.engines.flow.model import Scenario
    from folkmoot.engines.flow.queues import tandem
    from folkmoot.engines.flow.sim.simulate import simulate
    from folkmoot.engines.flow.tests.scenarios import at, hospital, task
    from folkmoot.town import archetypes

    whole = Scenario.from_tables(town.build(1, "test").tables)
    yield "town", whole
    yield "census", census(simulate(whole, "toc"), 200.0)
    for name, hours in (("A", "24/7"), ("B", "office"), ("C", "office")):
        tables = archetypes.hospital(name, rho=0.9, hours=hours, patients=patients, early_referral=name == "C")
        yield f"{name} {hours}", Scenario.from_tables(tables)
    yield "tandem", tandem([3, 1, 7], 0.9, patients, np.random.Generator(np.random.Philox(key=5)), urgent_share=0.2)
    names = [f"p{i:03d}" for i in range(90)]
    tasks = [task(n, code, "team", 0.5 * (i % 3), ward_id="w") for i, n in enumerate(names) for code in "ab"]
    tasks += [task(n, "c", None, 0.0, "a", "b") for n in names] + [task(n, "d", "team", 1.5, "c") for n in names]
    team = [(day, 8 * 60, 12 * 60, 3) for day in range(7)] + [(day, 12 * 60, 18 * 60 + 30, 1) for day in range(7)]
    patients_at = {n: at(8.0 + i // 4, leaves_at=at(60.0 + i)["admitted_at"]) if i % 9 == 0 else at(8.0 + i // 4)
                   for i, n in enumerate(names)}  # fmt: skip
    yield "odd", hospital(patients_at, tasks, {"team": team}, wards={"w": 12})


def digests(patients: int = 400) -> dict[str, str]:
    """By hospital and policy, and for the bound, the buffers and the waits on the critical path."""
    from folkmoot.engines.flow.bounds import lower_bound
    from folkmoot.engines.flow.path import buffers
    from folkmoot.engines.flow.policy import RULES
    from folkmoot.engines.flow.sim.simulate import simulate

    found = {}
    for name, scenario in scenarios(patients):
        for policy in RULES:
            given = np.cos(np.arange(len(scenario.tasks))).round(6) if policy == "given" else None  # type: ignore[attr-defined]
            result = simulate(scenario, policy, given=given)  # type: ignore[arg-type]
            waits = result.critical_waits()
            arrays = [result.ready, result.bed_at, result.begun, result.ended, result.discharged]
            arrays += [np.asarray(waits.on_path, dtype=np.int8), waits.wait, waits.bed, np.array([result.until])]
            found[f"{name}: {policy}"] = _sha(*arrays, np.array([result.events]))
        bound = lower_bound(scenario)  # type: ignore[arg-type]
        found[f"{name}: bound"] = _sha(np.array([bound.mean_hours, *bound.by_resource.values()]))
        found[f"{name}: buffers"] = _sha(buffers(scenario))  # type: ignore[arg-type]
    return found


def _sha(*arrays: np.ndarray) -> str:
    total = hashlib.sha256()
    for array in arrays:
        total.update(np.ascontiguousarray(array + 0 if array.dtype.kind == "f" else array).tobytes())
    return total.hexdigest()


if __name__ == "__main__":
    if "--plain" in sys.argv:
        sys.modules["numba"] = None  # type: ignore[assignment]
    from folkmoot.engines import _compiled

    json.dump({"compiled": _compiled.COMPILED, "digests": digests()}, sys.stdout, indent=1, sort_keys=True)
