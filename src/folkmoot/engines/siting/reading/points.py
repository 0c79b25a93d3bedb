"""TSPLIB points in the plane: every point is an area of demand 1 and a candidate site.

The cost is the *floor* of the Euclidean distance, as the p-median literature has it (Duran-Mateluna et al. 2023), not
TSPLIB's own rounding to the nearest. Source of the format: Reinelt (1991), “TSPLIB: a traveling salesman problem library”.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.engines.siting.problem import Problem, ProblemError


def tsplib(path: Path | str, *, objective: str = "p-median", p: int | None = None, **limits: Any) -> Problem:
    """The problem of a file with EUC_2D points; names of points are their codes."""
    path = Path(path)
    facts: dict[str, str] = {}
    codes: list[str] = []
    points: list[tuple[float, float]] = []
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        text = line.strip()
        if text == "NODE_COORD_SECTION":
            inside = True
        elif not text or text == "EOF":
            continue
        elif inside:
            try:
                code, x, y = text.split()
                points.append((float(x), float(y)))
                codes.append(code)
            except ValueError:
                raise ProblemError(f"Line {number} of “{path.name}” should be a name and two coordinates.") from None
        elif ":" in text:
            name, value = text.split(":", 1)
            facts[name.strip()] = value.strip()
    kind = facts.get("EDGE_WEIGHT_TYPE", "")
    if kind != "EUC_2D":
        raise ProblemError(f"“{path.name}” has distances of type “{kind}”; only EUC_2D, points in the plane, is read.")
    if not points or str(len(points)) != facts.get("DIMENSION", ""):
        raise ProblemError(
            f"“{path.name}” says it has {facts.get('DIMENSION', 'no')} points and has {len(points)}. "
            "Fetch the file again; it may have been cut short."
        )
    at = np.array(points)
    if not np.isfinite(at).all():
        raise ProblemError(f"Point “{codes[int(np.argwhere(~np.isfinite(at))[0][0])]}” of “{path.name}” has no place.")
    apart = at[:, None, :] - at[None, :, :]
    cost = np.floor(np.sqrt((apart**2).sum(axis=2)))
    return Problem(objective, cost=cost, p=p, areas=tuple(codes), sites=tuple(codes), **limits)  # type: ignore[arg-type]
