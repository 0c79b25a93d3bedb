"""How long `folkmoot --help` takes once the files are in the cache of the disk."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from benchmarks.measure import Report, Target

ROUNDS = 9
WANTED = 0.5


def run(tick: Callable[[], None]) -> Report:
    command = [sys.executable, "-m", "folkmoot.cli", "--help"]
    subprocess.run(command, check=True, capture_output=True)
    cpu, wall = [], []
    for _ in range(ROUNDS):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        wall.append(time.perf_counter() - begun)
        tick()
    rows = [["", "median seconds"], ["CPU", f"{median(cpu):.2f}"], ["wall clock", f"{median(wall):.2f}"]]
    target = Target("`folkmoot --help`, warm, CPU", f"< {WANTED} s", f"{median(cpu):.2f} s", median(cpu) < WANTED)
    return Report("command", "`folkmoot --help`", rows, [target], f"{ROUNDS} runs.")
