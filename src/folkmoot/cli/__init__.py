"""The `folkmoot` command. Each sub-command is a module here, imported only when it is asked for.

A module `cli/NAME.py` offers `app`, a `typer.Typer`. One with a single command named like itself is called directly.
"""

import importlib
import importlib.util
from typing import Any

import typer
from typer.core import TyperGroup

# What `folkmoot --help` says, kept here so that help imports none of the modules.
COMMANDS = {
    "flow": "Read a hospital's log; find the constraint; order, simulate and focus.",
    "siting": "Decide which sites to open, with a bound and a proof anyone can re-check.",
    "retail": "Calibrate shopping flows; foretell, place and follow a new centre.",
    "estate": "Plan a smaller estate year by year: which sites close, when, and what it is worth.",
    "mobility": "Events of a mobile network to stays, trips and evidence that is safe to publish.",
    "roads": "Assign traffic to roads; find bottlenecks, try changes, rank schemes, fit a matrix to counts.",
    "town": "Build the synthetic town: the same seed gives the same bytes.",
    "serve": "Serve the whole platform on this machine.",
    "audit": "Verify the audit log, seal it, or prove that one event is in it.",
    "people": "Let people in: organisations, people and their roles.",
}


class _Lazy(TyperGroup):
    """A group whose commands are modules, found by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if importlib.util.find_spec(f"folkmoot.cli.{name}")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        # Asked for by help and suggestions, which need the one line only.
        return typer.main.get_command(_placeholder(cmd_name)) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        if command is None or name is None:
            return name, command, rest
        return name, typer.main.get_command(importlib.import_module(f"folkmoot.cli.{name}").app), rest


def _placeholder(name: str) -> typer.Typer:
    app = typer.Typer(help=COMMANDS[name])

    @app.command(name, help=COMMANDS[name])
    def shown() -> None: ...

    return app


app = typer.Typer(
    cls=_Lazy, no_args_is_help=True, add_completion=False, help="One open platform for the public services of a place."
)


def _version(asked: bool) -> None:
    if asked:
        from folkmoot import __version__

        typer.echo(f"folkmoot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", help="Say which version this is.", is_eager=True, callback=_version
    ),
) -> None:
    """One open platform for the public services of a place: see, decide, act, account."""


def main() -> None:
    """The console script."""
    app()
