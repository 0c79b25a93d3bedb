"""AequilibraE's assignment of a network in a file, in a process of its own: `python aequilibrae_peer.py GIVEN.npz TOLD.json`.

Reads requests (one JSON object a line: gap, cores) from standard input and answers each with seconds, iterations and gap,
so that the benchmark can alternate it with ours. It imports nothing of folkmoot: its environment may be another one.
Only `execute` is timed: building the graph and copying the matrix are not.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from typing import Any

import numpy as np

os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"
ALGORITHM = "bfw"


def prepared(given: Any) -> tuple[Any, Any]:
    """Graph and matrix as AequilibraE likes them, from the arrays of a file."""
    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph

    m, zones = len(given["start"]), int(given["zones"])
    fixed = ~np.isfinite(given["capacity"]) | (given["b"] == 0)
    network = pd.DataFrame(
        {
            "link_id": np.arange(1, m + 1),
            "a_node": given["start"] + 1,
            "b_node": given["end"] + 1,
            "direction": np.ones(m, dtype=np.int8),
            "free_flow_time": given["minutes"],
            "capacity": np.where(fixed, 1e9, given["capacity"]),
            "alpha": np.where(fixed, 0.0, given["b"]),
            "beta": np.where(fixed, 1.0, given["power"]),
        }
    )
    graph = Graph()
    graph.network = network
    graph.prepare_graph(np.arange(1, zones + 1))
    graph.set_graph("free_flow_time")
    graph.set_skimming([])
    graph.set_blocked_centroid_flows(bool(int(given["first_thru"]) > 0))
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["car"], memory_only=True)
    matrix.index[:] = np.arange(1, zones + 1)
    matrix.matrix["car"][:, :] = given["trips"]
    matrix.computational_view(["car"])
    return graph, matrix


def assigned(graph: Any, matrix: Any, gap: float, cores: int) -> dict[str, Any]:
    """One assignment to a gap: CPU and wall seconds of `execute`, iterations, the gap reached, flows."""
    from aequilibrae.paths import TrafficAssignment, TrafficClass

    assignment = TrafficAssignment()
    assignment.set_classes([TrafficClass("car", graph, matrix)])
    assignment.set_vdf("BPR")
    assignment.set_vdf_parameters({"alpha": "alpha", "beta": "beta"})
    assignment.set_capacity_field("capacity")
    assignment.set_time_field("free_flow_time")
    assignment.set_algorithm(ALGORITHM)
    assignment.max_iter, assignment.rgap_target = 5000, gap
    assignment.set_cores(cores)
    wall, cpu = time.perf_counter(), time.process_time()
    assignment.execute()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    found = assignment.results()
    column = next(name for name in ("matrix_ab", "car_ab", "PCE_AB") if name in found.columns)
    flows = found[column].to_numpy()[np.argsort(found.index.to_numpy())]
    inner = assignment.assignment
    return {"wall": wall, "cpu": cpu, "iterations": int(inner.iter), "gap": float(inner.rgap), "flows": flows.tolist()}


def main() -> None:
    logging.disable(logging.CRITICAL)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the library prints goes beside the answers
    graph, matrix = prepared(np.load(sys.argv[1]))
    assigned(graph, matrix, 0.5, 1)
    from importlib.metadata import version

    print(json.dumps({"version": version("aequilibrae")}), file=out, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(assigned(graph, matrix, asked["gap"], asked["cores"])), file=out, flush=True)


if __name__ == "__main__":
    main()
