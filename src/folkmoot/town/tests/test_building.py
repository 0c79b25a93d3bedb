"""The town is the same bytes for the same seed, everywhere, and its tables agree with one another."""

import subprocess
import sys

import pytest

from folkmoot import town

PROGRAM = "from folkmoot import town; print(town.build(seed=7, scale='test').digest())"


def test_the_same_seed_gives_the_same_bytes():
    assert town.build(seed=7, scale="test").digest() == town.build(seed=7, scale="test").digest()


def test_another_seed_gives_another_town():
    assert town.build(seed=7, scale="test").digest() != town.build(seed=8, scale="test").digest()


def test_two_processes_with_different_hash_seeds_build_the_same_bytes():
    path = ":".join(sys.path)
    digests = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("0", "424242")
    }
    assert digests == {town.build(seed=7, scale="test").digest() + "\n"}


def test_an_unknown_scale_is_refused_with_the_ones_there_are():
    with pytest.raises(ValueError, match="choose one of demo, test, bench"):
        town.build(seed=1, scale="galaxy")
