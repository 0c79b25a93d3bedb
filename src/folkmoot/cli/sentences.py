"""Errors of engines as one sentence on standard error and exit status 2, for every command that reads what people give."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import typer


def in_sentences[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Show a `ValueError` (what engines raise for bad input) as its sentence, not as a traceback."""

    @wraps(command)
    def said(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ValueError as error:
            typer.echo(f"{error}", err=True)
            raise typer.Exit(2) from error

    return said
