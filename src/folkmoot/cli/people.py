"""`folkmoot people`: let in the first people of an installation."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Let people in: organisations, people and their roles."
)


@app.command()
def organisation(
    code: Annotated[str, typer.Argument(help="ODS code, ONS code or similar.")],
    name: Annotated[str, typer.Argument(help="Its name in English.")],
    welsh: Annotated[str, typer.Option(help="Its name in Welsh.")] = "",
) -> None:
    """Add an organisation."""
    _django()
    from folkmoot.foundation.identity import actions

    made = actions.add_organisation(code=code, name=name, name_cy=welsh, by="system:command-line")
    typer.echo(f"{made.name} ({made.code}) is here.")


@app.command()
def admit(
    email: Annotated[str, typer.Argument(help="Their e-mail address: they log in with it.")],
    name: Annotated[str, typer.Argument(help="Their full name.")],
    role: Annotated[str, typer.Option(help="administrator, analyst, auditor, clinician, flow_manager, …")],
    organisation: Annotated[str, typer.Option(help="The organisation's code.")],
) -> None:
    """Give a person a role in an organisation; someone new is asked for a password here."""
    _django()
    from folkmoot.foundation.identity import actions
    from folkmoot.foundation.identity.models import User

    known = User.objects.filter(email=email.lower()).exists()
    password = (
        None if known else typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True)
    )
    try:
        held = actions.admit(
            email=email, name=name, role=role, organisation=organisation, password=password, by="system:command-line"
        )
    except actions.NotAdmitted as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{held.user.name} is now {held.get_role_display().lower()} at {held.organisation.name}.")


def _django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.config.settings")
    django.setup()
