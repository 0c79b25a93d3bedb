"""Where a hospital comes from on the command line: a town's folder, or a log that is calibrated first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from folkmoot.engines.flow import Scenario

TABLES = ("patients", "tasks", "edges", "resources", "shifts", "rounds", "wards")


def scenario(log: Path | None, town: Path | None, mapping: Path | None = None) -> tuple[Scenario, list[str]]:
    """The hospital of a log or of a town's folder, and what had to be assumed, in sentences. Exactly one of the two."""
    if (log is None) == (town is None):
        raise typer.BadParameter("Give either --log FILE or --town FOLDER, one of the two.")
    if town is not None:
        return from_town(town), []
    assert log is not None
    return from_log(log, mapping)


def from_town(folder: Path) -> Scenario:
    """The hospital of a folder that `folkmoot town build` has written."""
    import pyarrow.parquet as pq

    from folkmoot.engines.flow import Scenario

    if not folder.is_dir():
        raise typer.BadParameter(f"There is no folder “{folder}”. Make one with: folkmoot town build --out {folder}")
    missing = [name for name in TABLES[:5] if not (folder / f"{name}.parquet").exists()]
    if missing:
        raise typer.BadParameter(
            f"“{folder}” holds no town: {', '.join(missing)} are missing. Make one with: folkmoot town build --out DIR"
        )
    tables = {name: pq.read_table(path) for name in TABLES if (path := folder / f"{name}.parquet").exists()}
    return Scenario.from_tables(tables)


def from_log(log: Path, mapping: Path | None = None) -> tuple[Scenario, list[str]]:
    """The hospital that a log lets one see, calibrated; what it does not let one see is said in the sentences."""
    from folkmoot.engines.flow import Scenario
    from folkmoot.engines.flow.calibrate import calibrate
    from folkmoot.engines.flow.logs import Mapping, read_log

    calibration = calibrate(read_log(log, Mapping.from_toml(mapping) if mapping else None).log)
    return Scenario.from_tables(calibration.to_tables()), list(calibration.statements)
