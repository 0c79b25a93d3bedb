"""Where a market comes from on the command line: a town's folder, or files of areas, centres, costs and flows.

CSV is read as text, so that a code keeps its leading zeros; numbers are understood by the engine. Parquet is taken as it
is. Costs may also be a matrix in NumPy's npz format: areas × centres in the order of the two other files.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pyarrow as pa

    from folkmoot.engines.retail import Calibration, Market, NewCentre

Areas = Annotated[Path | None, typer.Option("--areas", help="Areas: code, population, spending, ages… (CSV, Parquet).")]
Centres = Annotated[Path | None, typer.Option("--centres", help="Centres: centre_id, floor_space_m2, centre_class…")]
Cost = Annotated[
    Path | None, typer.Option("--cost", help="Minutes or km for pairs of area and centre, or a matrix as .npz.")
]
Flows = Annotated[Path | None, typer.Option("--flows", help="Visits (or pounds) for pairs of area and centre.")]
Town = Annotated[Path | None, typer.Option("--town", help="A folder made by `folkmoot town build`, instead of files.")]
Unit = Annotated[str, typer.Option("--unit", help="Unit of the costs in an .npz matrix.")]
Crs = Annotated[str, typer.Option("--crs", help="Positions in the files: EPSG:4326 (degrees) or EPSG:27700.")]
FitFile = Annotated[Path | None, typer.Option("--fit", help="The calibration that `folkmoot retail fit` wrote.")]
Alpha = Annotated[float | None, typer.Option("--alpha", help="Assume this exponent of size; output is uncalibrated.")]
Beta = Annotated[float | None, typer.Option("--beta", help="Assume this distance decay; output is uncalibrated.")]
Form = Annotated[str, typer.Option("--decay", help="Form of an assumed decay: exponential or power.")]
New = Annotated[str | None, typer.Option("--new", help="A new centre: “lon,lat,m2” or “lon,lat,m2,class”.")]
NewCost = Annotated[Path | None, typer.Option("--new-cost", help="Area code and minutes (or km) to the new centre.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same numbers.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output and nothing else.")]


@dataclass(frozen=True)
class Source:
    """What files or a folder hold: tables by the names of the town, and a matrix of costs if one was given."""

    tables: dict[str, pa.Table]
    matrix: Any = None
    unit: str = "minutes"
    crs: str = "EPSG:4326"

    def market(self, *, variables: tuple[str, ...] = (), spending: bool = True) -> Market:
        from folkmoot.engines.retail import market_from_tables

        return market_from_tables(
            self.tables,
            crs=self.crs,
            variables=variables,
            spending=spending,
            cost_matrix=self.matrix,
            unit=self.unit,
        )


def source(
    town: Path | None,
    areas: Path | None,
    centres: Path | None,
    cost: Path | None,
    flows: Path | None = None,
    *,
    unit: str = "minutes",
    crs: str = "EPSG:4326",
) -> Source:
    """Read whichever was given: a town's folder, or files."""
    files = {"areas": areas, "centres": centres, "travel_minutes": cost, "shopping_flows": flows}
    if town is not None:
        if any(files.values()):
            raise typer.BadParameter("Give either --town FOLDER or the files, not both.")
        return Source(_town(town))
    missing = [f"--{name}" for name, path in (("areas", areas), ("centres", centres), ("cost", cost)) if path is None]
    if missing:
        raise typer.BadParameter(f"Give {', '.join(missing)}, or a town's folder with --town.")
    matrix = None
    if cost is not None and cost.suffix == ".npz":
        matrix = _matrix(cost)
        files.pop("travel_minutes")
    return Source({name: table(path) for name, path in files.items() if path is not None}, matrix, unit, crs)


def _town(folder: Path) -> dict[str, pa.Table]:
    import pyarrow.parquet as pq

    made = f"Make one with: folkmoot town build --out {folder}"
    if not folder.is_dir():
        raise typer.BadParameter(f"There is no folder “{folder}”. {made}")
    wanted = ("areas", "centres", "travel_minutes", "shopping_flows", "centre_candidates", "candidate_minutes")
    missing = [name for name in wanted[:3] if not (folder / f"{name}.parquet").exists()]
    if missing:
        raise typer.BadParameter(f"“{folder}” holds no town with shops: {', '.join(missing)} are missing. {made}")
    wanted += ("streets", "junctions")
    return {name: pq.read_table(path) for name in wanted if (path := folder / f"{name}.parquet").exists()}


def table(path: Path) -> pa.Table:
    """A CSV file as columns of text, or a Parquet file."""
    import pyarrow as pa

    if not path.is_file():
        raise typer.BadParameter(f"There is no file “{path}”.")
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_table(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"“{path.name}” is not a CSV file in UTF-8 ({error}); save it again as CSV UTF-8.") from error
    if len(rows) < 2:
        raise ValueError(f"“{path.name}” has no rows; it needs a row of names and at least one more.")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head):
        double = next(name for name in head if head.count(name) > 1)
        raise ValueError(f"“{path.name}” has two columns named “{double}”; rename one.")
    body = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    wrong = next((number for number, row in enumerate(body) if len(row) != len(head)), None)
    if wrong is not None:
        raise ValueError(
            f"Row {wrong + 2} of “{path.name}” has {len(body[wrong])} cells, but there are {len(head)} columns; is a comma "
            "missing or a cell with a comma not in quotation marks?"
        )
    return pa.table({name: pa.array([row[i] for row in body], pa.string()) for i, name in enumerate(head)})


def _matrix(path: Path) -> Any:
    import zipfile

    import numpy as np

    if not path.is_file():
        raise typer.BadParameter(f"There is no file “{path}”.")
    try:
        held = np.load(path, allow_pickle=False)
        names = list(held.files)
        name = "cost" if "cost" in names else names[0]
        matrix = np.asarray(held[name], dtype=np.float64)
    except (ValueError, OSError, zipfile.BadZipFile, IndexError, AttributeError) as error:
        raise ValueError(f"“{path.name}” is not a NumPy .npz file with a matrix in it ({error}).") from error
    return matrix


def calibration(
    market: Market, fit_file: Path | None, alpha: float | None, beta: float | None, decay: str
) -> Calibration:
    """The calibration to use: from a file, assumed, made now from the flows at hand, or the textbook assumption."""
    from folkmoot.engines.retail import Calibration, assume, fit

    if fit_file is not None:
        if alpha is not None or beta is not None:
            raise typer.BadParameter("Give either --fit or --alpha and --beta, not both.")
        return Calibration.from_dict(read_json(fit_file))
    if (alpha is None) != (beta is None):
        raise typer.BadParameter("An assumed law needs both --alpha and --beta.")
    if alpha is not None and beta is not None:
        return assume(market.unit, decay=decay, alpha=alpha, beta=beta)  # type: ignore[arg-type]
    return fit(market) if market.flows is not None else assume(market.unit)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file."""
    if not path.is_file():
        raise typer.BadParameter(f"There is no file “{path}”.")
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"“{path.name}” is not JSON ({error}).") from error
    if not isinstance(held, dict):
        raise ValueError(f"“{path.name}” holds no JSON object.")
    return held


def new_centre(text: str, given: Source, market: Market, cost: Path | None = None) -> NewCentre:
    """The centre of `--new`, with costs from a file, else over the town's streets, else left to the engine."""
    from folkmoot.engines.retail import NewCentre

    parts = [part.strip() for part in text.split(",", 3)]
    try:
        lon, lat, size = (float(part) for part in parts[:3])
    except ValueError:
        raise typer.BadParameter(
            f"“{text}” is not a new centre; write longitude, latitude, square metres and perhaps a class, such as "
            "“-0.55,53.05,6000,retail park”."
        ) from None
    kind = parts[3] if len(parts) > 3 else ""
    known = market.centres.classes
    if kind and kind not in known:
        raise ValueError(f"There is no class “{kind}” among the centres; there are: {', '.join(known)}.")
    costs = _costs(cost, market) if cost is not None else _over_streets(given, market, lon, lat)
    return NewCentre(lon, lat, size, kind, cost=costs, crs=given.crs)


def _costs(path: Path, market: Market) -> tuple[float, ...]:
    from folkmoot.engines.retail.columns import AREA, codes_of, find, numbers

    held = table(path)
    values = numbers(held, find(held, ("minutes", "km", "kilometres", "cost"), "costs to the new centre"))
    by_code = dict(zip(codes_of(held, AREA, "costs to the new centre"), values.tolist()))
    found = [by_code.get(code, float("nan")) for code in market.areas.code.tolist()]
    if all(value != value for value in found):
        raise ValueError(f"No area of “{path.name}” is among the areas; check the codes.")
    return tuple(float("inf") if value != value else value for value in found)


def _over_streets(given: Source, market: Market, lon: float, lat: float) -> tuple[float, ...] | None:
    if "streets" not in given.tables or "junctions" not in given.tables or not (abs(lon) <= 180 and abs(lat) <= 90):
        return None
    import numpy as np

    from folkmoot.engines.retail import road_minutes

    nodes, streets = given.tables["junctions"], given.tables["streets"]
    at = {node: row for row, node in enumerate(nodes["node"].to_pylist())}
    minutes, _ = road_minutes(
        np.column_stack([nodes["lon"].to_numpy(), nodes["lat"].to_numpy()]),
        [at[node] for node in streets["from_node"].to_pylist()],
        [at[node] for node in streets["to_node"].to_pylist()],
        streets["minutes"].to_numpy(),
        origins=np.column_stack([market.areas.lon, market.areas.lat]),
        destination=(lon, lat),
    )
    return tuple(minutes.tolist())
