"""Where a market comes from: files as published, read and judged as one before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from folkmoot.engines.siting.problem import ProblemError
from folkmoot.engines.siting.reading import sheet

SPENDING = ("spend_pounds", "spend_per_head_pounds")


@dataclass(frozen=True, eq=False)
class GivenMarket:
    """The tables of a market and what has to be said of them."""

    tables: dict[str, pa.Table]
    statements: tuple[str, ...] = ()


def from_files(files: dict[str, Path], *, spend_per_head: float | None = None) -> GivenMarket:
    """Read the files by the names of their tables. `spend_per_head` stands in where areas do not say what they spend."""
    tables = {name: table(path) for name, path in files.items()}
    said: list[str] = []
    areas = tables["areas"]
    if not any(name in areas.column_names for name in SPENDING):
        if spend_per_head is None:
            raise ProblemError(
                f"“{files['areas'].name}” does not say what people spend. Add a column spend_pounds (a year, the whole area) "
                "or spend_per_head_pounds, or state one sum for everybody below."
            )
        same = pa.array([f"{spend_per_head:g}"] * len(areas), pa.string())
        tables["areas"] = areas.append_column("spend_per_head_pounds", same)
        said.append(f"Assumed: everybody spends £{spend_per_head:,.0f} a year in shops. The file does not say.")
    return GivenMarket(tables, tuple(said))


def table(path: Path) -> pa.Table:
    """A CSV file as columns of text: codes stay text, and the engine judges the numbers row by row."""
    read = sheet.read(path)
    head = [name.strip() for name in read.head]
    doubles = [name for name in head if head.count(name) > 1]
    if doubles:
        raise ProblemError(f"“{path.name}” has two columns named “{doubles[0]}”. Rename one of them.")
    return pa.table({name: pa.array([row[j] for row in read.rows], pa.string()) for j, name in enumerate(head)})


def facts(market: Any) -> dict[str, Any]:
    """What a market row says of the engine's market: sizes, rows set aside, sentences."""
    return {
        "areas": len(market.areas),
        "people": round(float(market.areas.population.sum())),
        "centres": len(market.centres),
        "flows": 0 if market.flows is None else round(float(market.flows[market.flows > 0].sum())),
        "set_aside": [[one.reason, one.count, one.first] for one in market.set_aside],
        "statements": list(market.statements),
    }
