"""`folkmoot retail`: areas, centres, costs and flows in; the law, the visitors, the best site and the long run, out."""

from __future__ import annotations

import typer

from folkmoot.cli import retail_fit, retail_place, retail_predict

app = typer.Typer(help="Calibrate shopping flows; foretell, place and follow a new centre.", no_args_is_help=True)


@app.callback()
def retail() -> None:
    """Calibrate shopping flows; foretell, place and follow a new centre."""


app.command("fit")(retail_fit.fit)
app.command("predict")(retail_predict.predict)
app.command("place")(retail_place.place)
app.command("equilibrium")(retail_predict.equilibrium)
