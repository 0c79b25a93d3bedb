"""Origin–destination matrices: reading and writing them, and holding two against one another."""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "matrix": ("Matrix", "read_csv", "read_matrix"),
    "comparing": ("Comparison", "Screenline", "compare"),
    "omx": ("read_omx", "write_omx"),
    "desire": ("desire_lines",),
    "evidence": ("Evidence", "Settings", "gather"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
