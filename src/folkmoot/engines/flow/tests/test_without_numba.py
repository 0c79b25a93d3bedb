"""The same bits with numba and without it: see `digests` for the hospitals and policies."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from folkmoot.engines import _compiled
from folkmoot.engines.flow.tests import digests


def run(*options: str) -> dict[str, object]:
    command = [sys.executable, "-m", "folkmoot.engines.flow.tests.digests", *options]
    found: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


@pytest.mark.skipif(not _compiled.COMPILED, reason="numba is not installed, so there is nothing to compare with")
def test_every_policy_gives_the_same_bits_with_and_without_numba() -> None:
    plain = run("--plain")
    assert plain["compiled"] is False
    assert plain["digests"] == digests.digests()


def test_the_digests_tell_policies_and_hospitals_apart() -> None:
    found = digests.digests(patients=60)
    assert len(found) == 7 * 15
    for rule in ("fcfs", "sept", "index", "index-ageing", "toc"):
        assert len({value for name, value in found.items() if name.endswith(f": {rule}")}) == 7
    town = {value for name, value in found.items() if name.startswith("town: ")}
    assert len(town) >= 12
