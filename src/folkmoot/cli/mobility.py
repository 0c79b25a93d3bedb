"""`folkmoot mobility`: from events of a mobile network to evidence that is safe to publish."""

from __future__ import annotations

import typer

from folkmoot.cli import (
    mobility_audit,
    mobility_check,
    mobility_compare,
    mobility_footfall,
    mobility_od,
    mobility_stays,
)

app = typer.Typer(help="Events of a mobile network to evidence that is safe to publish.", no_args_is_help=True)


@app.callback()
def mobility() -> None:
    """Events of a mobile network to evidence that is safe to publish."""


app.command("check")(mobility_check.check)
app.command("stays")(mobility_stays.stays)
app.command("od")(mobility_od.od)
app.command("footfall")(mobility_footfall.footfall)
app.command("audit")(mobility_audit.audit)
app.command("compare")(mobility_compare.compare)
