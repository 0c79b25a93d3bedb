"""Compiled loops are kept on disk by file; numba does not notice a change in another file that they call."""

from __future__ import annotations

from pathlib import Path

import pytest

FLOW = Path(__file__).resolve().parents[1]


def drop_stale_compilations(folder: Path) -> list[Path]:
    """Delete numba's saved code under `folder` where it is older than any source file there; returns what went."""
    newest = max((source.stat().st_mtime for source in folder.rglob("*.py")), default=0.0)
    stale = [path for path in folder.rglob("*.nb[ic]") if path.stat().st_mtime < newest]
    for path in stale:
        path.unlink(missing_ok=True)
    return stale


@pytest.fixture(scope="session", autouse=True)
def _fresh_compilations() -> None:
    drop_stale_compilations(FLOW)
