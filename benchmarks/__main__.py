"""Run benchmarks by name, or all: tables for people, or with `--json` one object on standard output."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.measure import Report

NAMES = ("three-stations", "task-network", "growth", "reranking", "siting", "mobility", "traffic", "million", "command")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=sys.modules["benchmarks"].__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(NAMES)}; all if none is given")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output and nothing else")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"There is no benchmark “{unknown[0]}”. The benchmarks are: {', '.join(NAMES)}.")
    reports = [_run(name) for name in options.names or NAMES]
    if options.json:
        json.dump({"machine": machine(), "reports": [asdict(report) for report in reports]}, sys.stdout, indent=1)
    else:
        console = Console()
        for report in reports:
            _show(console, report)
        console.print(" · ".join(f"{key} {value}" for key, value in machine().items()))
    return 0 if all(target.met for report in reports for target in report.targets) else 1


def machine() -> dict[str, str]:
    """What the figures depend on."""
    packages = (
        "numpy",
        "numba",
        "simpy",
        "ciw",
        "highspy",
        "pbp-pmedian",
        "spopt",
        "duckdb",
        "ibis-framework",
        "fastmob",
        "trackintel",
        "aequilibrae",
    )
    return {
        "system": platform.platform(terse=True),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        **{name: _version(name) for name in packages},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _run(name: str) -> Report:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed} runs"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(name, total=None)
        report: Report = import_module(f"benchmarks.{name.replace('-', '_')}").run(lambda: progress.advance(bar))
    return report


def _show(console: Console, report: Report) -> None:
    table = Table(*report.rows[0], title=report.title, caption=report.note, title_justify="left")
    for row in report.rows[1:]:
        table.add_row(*row)
    console.print(table)
    for target in report.targets:
        mark = "[green]met[/]" if target.met else "[red]missed[/]"
        console.print(f"  {target.what}: {target.found}, wanted {target.wanted}: {mark}")


if __name__ == "__main__":
    raise SystemExit(main())
