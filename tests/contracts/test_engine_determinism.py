"""Same seed, same bytes: the town and everything simulated on it, in other processes with other hash seeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json
from folkmoot import town
from folkmoot.engines.flow.tests.digests import digests
print(json.dumps({"town": town.build(7, "test").digest(), **digests(200)}))
"""


def computed_with(hash_seed: str) -> dict[str, str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def first() -> dict[str, str]:
    return computed_with("1")


def test_two_processes_with_other_hash_seeds_compute_the_same_bytes(first: dict[str, str]) -> None:
    assert computed_with("4242") == first


def test_another_seed_is_another_town(first: dict[str, str]) -> None:
    from folkmoot import town

    assert town.build(7, "test").digest() == first["town"]
    assert town.build(8, "test").digest() != first["town"]
