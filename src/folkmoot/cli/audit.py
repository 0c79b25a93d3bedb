"""`folkmoot audit`: verify the log, seal it, prove one event."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Verify the audit log, seal it, or prove that one event is in it."
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@app.command()
def verify(
    database: Annotated[str, typer.Option(help="The database; this installation's, if not given.")] = "",
    witness: Annotated[
        Path | None, typer.Option(help="The witness directory; this installation's, if not given.")
    ] = None,
    key: Annotated[str, typer.Option(help="The only key that may have signed, by its id.")] = "",
    as_json: Json = False,
) -> None:
    """Hold the log to its witnessed heads. Exit 0 only when everything holds."""
    from folkmoot.foundation.audit import verify as reader

    if not database or witness is None:
        from folkmoot.config.environment import load

        config = load()
        database, witness = database or config.database_url, witness or config.witness_dir
    arguments = ["--database", database, "--witness", str(witness), *(["--key", key] if key else [])]
    raise typer.Exit(reader.main([*arguments, *(["--json"] if as_json else [])]))


@app.command()
def seal(as_json: Json = False) -> None:
    """Give every committed event its place, and publish a signed head over them."""
    _django()
    from folkmoot.foundation import audit
    from folkmoot.foundation.audit.models import Leaf

    head = audit.publish()
    size = Leaf.objects.count()
    if as_json:
        typer.echo(json.dumps({"size": size, "published": head is not None, "root": head.root if head else None}))
    elif head is None:
        typer.echo(f"Nothing new since the last head: the log holds {size} events.")
    else:
        typer.echo(f"Published a head over {head.size} events: {head.root}")


@app.command()
def receipt(event: Annotated[str, typer.Argument(help="The event's id.")]) -> None:
    """Print, as JSON, the proof that one event stands in the log."""
    _django()
    from dataclasses import asdict

    from folkmoot.foundation.audit.receipts import NotYetSealed
    from folkmoot.foundation.audit.receipts import receipt as prove

    try:
        typer.echo(json.dumps(asdict(prove(event)), ensure_ascii=False))
    except NotYetSealed as early:
        typer.echo(str(early), err=True)
        raise typer.Exit(1) from None


def _django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.config.settings")
    django.setup()
