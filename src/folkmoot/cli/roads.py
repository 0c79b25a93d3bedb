"""`folkmoot roads`: where vehicles drive, where that hurts, what a change would do, and which scheme helps most."""

from __future__ import annotations

import typer

from folkmoot.cli import roads_assign, roads_bottlenecks, roads_estimate, roads_rank, roads_whatif

app = typer.Typer(help="Assign traffic, find bottlenecks, try changes, rank schemes.", no_args_is_help=True)


@app.callback()
def roads() -> None:
    """Assign traffic, find bottlenecks, try changes, rank schemes."""


app.command("assign")(roads_assign.assign)
app.command("bottlenecks")(roads_bottlenecks.bottlenecks)
app.command("whatif")(roads_whatif.whatif)
app.command("rank")(roads_rank.rank)
app.command("estimate")(roads_estimate.estimate)
