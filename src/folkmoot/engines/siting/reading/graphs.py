"""OR-Library p-median graphs: header n, edges, p; then edges `i j cost`; duplicate edges: the last wins.

All-pairs shortest paths are the costs; what no path joins is infinitely far. Source: Beasley (1985), “A note on solving
large p-median problems”, and the OR-Library's own description of the format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from folkmoot.engines.siting.problem import Problem, ProblemError


def orlib(path: Path | str, *, objective: str = "p-median", p: int | None = None, **limits: Any) -> Problem:
    """The problem of a file; vertices are areas of demand 1 and candidate sites. p is the file's unless given."""
    path = Path(path)
    rows = _rows(path)
    if not rows or len(rows[0][1]) != 3:
        raise ProblemError(
            f"“{path.name}” is not an OR-Library p-median file: its first line should be n, edges and p."
        )
    n, edges, p_of_file = map(int, rows[0][1])
    if n < 1 or len(rows) - 1 != edges:
        raise ProblemError(
            f"“{path.name}” says it has {n} vertices and {edges} edges and has {len(rows) - 1} lines of edges. "
            "Fetch the file again; it may have been cut short."
        )
    length: dict[tuple[int, int], float] = {}
    for line, row in rows[1:]:
        if len(row) != 3:
            raise ProblemError(f"Line {line} of “{path.name}” should be two vertices and a cost.")
        i, j, cost = int(row[0]), int(row[1]), row[2]
        if not (1 <= i <= n and 1 <= j <= n and i == row[0] and j == row[1]) or not 0 <= cost < np.inf:
            raise ProblemError(
                f"Line {line} of “{path.name}” should be two vertices of 1 to {n} and a cost of at least 0."
            )
        length[min(i, j), max(i, j)] = cost  # the last wins
    ends = np.array(list(length), dtype=np.int64).reshape(-1, 2) - 1
    graph = csr_array((np.array(list(length.values()), dtype=float), (ends[:, 0], ends[:, 1])), shape=(n, n))
    cost = dijkstra(graph, directed=False)
    problem_p = p if p is not None else p_of_file
    needs = objective in ("p-median", "p-center", "mclp", "capacitated-p-median")
    return Problem(objective, cost=cost, p=problem_p if needs else None, **limits)  # type: ignore[arg-type]


def _rows(path: Path) -> list[tuple[int, list[float]]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if line.strip():
            try:
                rows.append((number, [float(word) for word in line.split()]))
            except ValueError:
                raise ProblemError(f"Line {number} of “{path.name}” holds something that is not a number.") from None
    return rows
