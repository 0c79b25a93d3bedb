"""`folkmoot siting access`: how far each group travels with some sites open, and with others; or a matrix from streets."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from folkmoot.cli import siting_source as given
from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.siting.access.groups import GroupAccess, Panel

Plan = Annotated[Path | None, typer.Option("--plan", help="A plan of `siting solve`: its sites are open afterwards.")]


@in_sentences
def access(
    demand: Annotated[Path, typer.Option("--demand", help="CSV: area, demand, group; with --streets also lon, lat.")],
    cost: given.Cost = None,
    sites: given.Sites = None,
    streets: Annotated[Path | None, typer.Option("--streets", help="GeoJSON lines with highway, maxspeed.")] = None,
    mode: Annotated[str, typer.Option(help="With --streets: car or walk.")] = "car",
    limits_in: Annotated[str, typer.Option(help="Unit of a speed limit written without one: mph or km/h.")] = "km/h",
    matrix_out: Annotated[
        Path | None, typer.Option("--matrix-out", help="With --streets: write minutes as npz.")
    ] = None,
    before: Annotated[list[str] | None, typer.Option("--before", help="A site open before; the existing ones.")] = None,
    after: Annotated[list[str] | None, typer.Option("--after", help="A site open afterwards; all if left out.")] = None,
    plan: Plan = None,
    within: Annotated[str, typer.Option(help="Times to count demand within.")] = "15,30,45,60",
    suppressed: given.Suppressed = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the table as CSV.")] = None,
    as_json: given.AsJson = False,
) -> None:
    """Mean, quantiles, the worst tenth and the share within a time, for everybody and each group, before and after."""
    from folkmoot.engines.siting import reading
    from folkmoot.engines.siting.access import panel

    if (cost is None) == (streets is None):
        raise typer.BadParameter("Give one of --cost FILE (a matrix) and --streets FILE (lines to travel along).")
    said: list[str] = []
    if streets is not None:
        if sites is None:
            raise typer.BadParameter("--streets needs --sites FILE with the place of each site.")
        cost, notes = _matrix(streets, demand, sites, mode, limits_in, matrix_out)
        said += notes
    assert cost is not None
    read = reading.tables(demand, sites, cost, objective="uflp", suppressed=suppressed, free=True)
    problem = read.problem
    times = [float(t) for t in within.split(",")]
    opened = _after(plan, after, problem.sites)
    earlier = before or sorted(problem.existing) or opened
    shown = panel(problem, before=earlier, after=opened, within=times)
    said += read.statements
    if out is not None:
        _write(out, shown)
    if as_json:
        typer.echo(json.dumps({**_plain(asdict(shown)), "statements": said}, ensure_ascii=False))
        return
    for sentence in said:
        typer.echo(f"• {sentence}")
    _show(shown)
    if out is not None:
        typer.echo(f"Written: {out}")


def _matrix(
    streets: Path, demand: Path, sites: Path, mode: str, limits_in: str, out: Path | None
) -> tuple[Path, list[str]]:
    import tempfile

    import numpy as np

    from folkmoot.engines.siting.access import Speeds, roads, travel_times
    from folkmoot.engines.siting.reading import positions

    areas, places = positions(demand), positions(sites)
    network = roads(streets, speeds=Speeds(mode=mode, limits_in=limits_in))
    found = travel_times(network, areas.lonlat, places.lonlat)
    if out is None:
        out = Path(tempfile.mkdtemp(prefix="folkmoot-")) / "minutes.npz"
    np.savez_compressed(out, cost=found.minutes, areas=np.array(areas.codes), sites=np.array(places.codes))
    return out, [*areas.statements, *places.statements, *found.statements]


def _after(plan: Path | None, after: list[str] | None, sites: tuple[str, ...]) -> list[str]:
    if plan is None:
        return after or list(sites)
    from folkmoot.engines.siting.record import plan_of

    if not plan.exists():
        raise ValueError(f"There is no file “{plan}”.")
    return list(plan_of(json.loads(plan.read_text(encoding="utf-8"))).open)


def _rows(shown: Panel) -> list[list[object]]:
    def cells(a: GroupAccess) -> list[object]:
        shares = [f"{100 * share:.1f}" for _, share in a.within]
        return [*(f"{v:.1f}" for v in (a.mean, a.median, a.p90, a.worst_tenth, a.longest)), *shares]

    return [
        [g.group, when, f"{each.demand:.6g}", f"{each.unreached:.6g}", *cells(each)]
        for g in (shown.everybody, *shown.groups)
        for when, each in (("before", g.before), ("after", g.after))
    ]


def _head(shown: Panel) -> list[str]:
    within = [f"within {t:g}, %" for t, _ in shown.everybody.before.within]
    return ["group", "when", "demand", "unreached", "mean", "median", "p90", "worst tenth", "longest", *within]


def _write(out: Path, shown: Panel) -> None:
    from folkmoot.store import write_csv

    write_csv(out, _head(shown), _rows(shown))


def _show(shown: Panel) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    changed = bool(shown.opened or shown.closed)
    head, rows = _head(shown), [row for row in _rows(shown) if changed or row[1] == "after"]
    idle = {"when"} if not changed else set()
    idle |= {"unreached"} if all(row[3] == "0" for row in rows) else set()
    columns = [k for k, name in enumerate(head) if name not in idle | {"longest"}]
    title = "Travel by group, before and after" if changed else "Travel by group"
    table = Table(title=title, box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for k in columns:
        name = head[k].replace("within ", "≤").replace(", %", " %").replace("worst tenth", "worst\ntenth")
        table.add_column(name, justify="left" if head[k] in ("group", "when") else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(str(row[k]) for k in columns))
    console = Console()
    console.print(table)
    if not changed:
        return
    e = shown.everybody
    console.print(
        f"Opened: {', '.join(shown.opened) or 'none'}. Closed: {', '.join(shown.closed) or 'none'}. Demand of "
        f"{e.gained:,.6g} travels less and {e.lost:,.6g} more; the largest loss of any area is {e.most_lost:.4g}.",
        highlight=False,
        markup=False,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
