"""`folkmoot mobility audit`: does a release give a blank cell away, by itself or beside earlier ones?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.cli.sentences import in_sentences

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose import Audit


@in_sentences
def audit(
    new: Annotated[Path, typer.Argument(help="Folder of the release to look at.")],
    earlier: Annotated[list[Path] | None, typer.Argument(help="Folders of all releases made before it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")] = False,
) -> None:
    """Bound every blank by linear programming over all releases together. Exit status 1 when one is given away."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from folkmoot.engines.mobility.disclose import audit as hold
    from folkmoot.engines.mobility.disclose import read

    first, *others = [read(folder).published for folder in (new, *(earlier or ()))]
    notes = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=as_json or not notes.is_terminal) as progress:
        bar = progress.add_task("Bounding the blanks", total=None)
        found = hold(first, others, progress=lambda done, total: progress.update(bar, completed=done, total=total))
    if as_json:
        whole = {**asdict(found), "safe": found.safe, "sentences": [one.sentence for one in found.given_away]}
        typer.echo(json.dumps(whole, ensure_ascii=False))
    else:
        show(found)
    if not found.safe:
        raise typer.Exit(1)


def show(found: Audit) -> None:
    """An audit for people."""
    from rich.console import Console

    console, (new, *earlier) = Console(), found.releases
    beside = f" beside {', '.join(f'“{name}”' for name in earlier)}" if earlier else ""
    console.print(
        f"“{new}”{beside}: {found.blanks:,} blanks, {found.related:,} of them tied to published numbers, "
        f"{found.programs:,} linear programs."
    )
    if found.contradiction:
        console.print(
            f"The releases contradict one another by {found.contradiction:,.0f} trips in all (late data, or other people "
            "counted); the bounds were loosened by so much."
        )
    for one in found.given_away[:20]:
        console.print(f"[red]Given away[/]: {one.sentence}")
    if len(found.given_away) > 20:
        console.print(f"… and {len(found.given_away) - 20:,} more.")
    if found.safe:
        console.print("[green]Safe[/]: what is published proves of no blank that anybody is behind it.")
