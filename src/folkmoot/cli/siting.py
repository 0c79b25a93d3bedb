"""`folkmoot siting`: which sites to open, how close to the best possible that is, and who gains and loses."""

from __future__ import annotations

import typer

from folkmoot.cli import siting_access, siting_alternatives, siting_solve, siting_uncertain, siting_verify

app = typer.Typer(help="Choose sites, prove how good the choice is, and verify the proof.", no_args_is_help=True)


@app.callback()
def siting() -> None:
    """Choose sites, prove how good the choice is, and verify the proof."""


app.command("solve")(siting_solve.solve)
app.command("verify")(siting_verify.verify)
app.command("alternatives")(siting_alternatives.alternatives)
app.command("uncertain")(siting_uncertain.uncertain)
app.command("access")(siting_access.access)
