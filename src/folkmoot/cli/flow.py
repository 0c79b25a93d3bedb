"""`folkmoot flow`: a hospital's log in; the constraint, the order, and what each change is worth, out."""

from __future__ import annotations

import typer

from folkmoot.cli import flow_analyse, flow_focus, flow_order

app = typer.Typer(help="Read a hospital's log; find the constraint; order, simulate and focus.", no_args_is_help=True)


@app.callback()
def flow() -> None:
    """Read a hospital's log; find the constraint; order, simulate and focus."""


app.command("analyse")(flow_analyse.analyse)
app.command("calibrate")(flow_analyse.calibrate)
app.command("order")(flow_order.order)
app.command("simulate")(flow_focus.simulate)
app.command("focus")(flow_focus.focus)
