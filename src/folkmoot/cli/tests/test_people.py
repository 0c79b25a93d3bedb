"""Letting in the first people from the command line."""

import pytest
from typer.testing import CliRunner

from folkmoot.cli.people import app
from folkmoot.foundation.identity.models import Membership

pytestmark = pytest.mark.django_db
GIVEN = ["admit", "nia@test.example", "Nia Rees", "--role", "administrator", "--organisation", "RM1"]


def test_an_organisation_and_its_first_administrator_are_let_in() -> None:
    run = CliRunner().invoke
    assert run(app, ["organisation", "RM1", "Mootham Hospital"]).exit_code == 0
    done = run(app, GIVEN, input="a long enough passphrase\n" * 2)
    assert done.exit_code == 0, done.output
    held = Membership.objects.get()
    assert (held.user.email, held.role, held.organisation.code) == ("nia@test.example", "administrator", "RM1")
    assert held.user.check_password("a long enough passphrase")


def test_an_unknown_organisation_is_answered_with_a_sentence() -> None:
    done = CliRunner().invoke(app, GIVEN, input="a long enough passphrase\n" * 2)
    assert done.exit_code == 1
    assert "no organisation with the code RM1" in done.output
