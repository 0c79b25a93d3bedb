"""`folkmoot estate`: how an estate shrinks: what closes when, where its work goes, and what that is worth."""

from __future__ import annotations

import typer

from folkmoot.cli import estate_plan, estate_sites

app = typer.Typer(help="Plan an estate with fewer sites, and value it.", no_args_is_help=True)


@app.callback()
def estate() -> None:
    """Plan an estate with fewer sites, and value it."""


app.command("sites")(estate_sites.sites)
app.command("template")(estate_sites.template)
app.command("assumptions")(estate_sites.assumptions)
app.command("plan")(estate_plan.plan)
