"""Asking for a release, deciding on it, and the least an organisation asks of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.design.fields import (
    CharField,
    CheckboxesField,
    IntegerField,
    RadioField,
    SelectField,
    TextField,
)
from folkmoot.services.highways.models import LawfulBasis, Verb
from folkmoot.services.highways.sources import Wanted

if TYPE_CHECKING:
    from folkmoot.services.highways.models import DisclosurePolicy

MOST_K = 1000
SHOWN = _("It is shown beside the decision. Name no private persons.")


class Ask(forms.Form):
    """Which table, protected how, for what, on which basis."""

    name = CharField(label=_("Name of the release"), hint=_("The public reads it."), max_length=80)
    breakdown = CheckboxesField(
        label=_("Trips from zone to zone, and also by"), required=False,
        hint=_("Each of them makes smaller cells, so more of them are blank."),
        choices=[("hour", _("Hour of departure")), ("mode", _("Means of travel"))],
    )  # fmt: skip
    totals = RadioField(
        label=_("With totals of each zone and of everything?"), choices=[("yes", _("Yes")), ("no", _("No"))],
        hint=_("A total can give a blank away, so further cells may be blank to protect it."), initial="yes", inline=True,
    )  # fmt: skip
    k = IntegerField(label=_("Fewest devices in a cell"), max_value=MOST_K, width=4)
    purpose = TextField(
        label=_("Purpose"), hint=_("What the table is for, in a sentence that the public can read"), rows=3,
        max_length=2000,
    )  # fmt: skip
    lawful_basis = SelectField(
        label=_("Lawful basis"), hint=_("UK GDPR, article 6"), choices=[("", _("Choose one")), *LawfulBasis.choices]
    )

    def __init__(self, *args: Any, policy: DisclosurePolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least: Any = self.fields["k"]
        least.hint = _("At least %(k)s in your organisation") % {"k": policy.minimum_k}
        least.initial = policy.minimum_k
        self.policy = policy

    def clean_k(self) -> int:
        given: int = self.cleaned_data["k"]
        if given < self.policy.minimum_k:
            raise forms.ValidationError(
                _("A cell needs at least %(k)s devices in your organisation.") % {"k": self.policy.minimum_k}
            )
        return given

    def wanted(self) -> Wanted:
        """The release that was asked for."""
        given = self.cleaned_data
        return Wanted(
            name=given["name"], purpose=given["purpose"].strip(), lawful_basis=given["lawful_basis"], k=given["k"],
            by_hour="hour" in given["breakdown"], by_mode="mode" in given["breakdown"], with_totals=given["totals"] == "yes",
        )  # fmt: skip


class Verdict(forms.Form):
    """Approve or refuse, and why."""

    verb = RadioField(
        label=_("What do you decide?"),
        choices=[(Verb.APPROVE, _("Approve")), (Verb.REFUSE, _("Refuse"))],
        hints={
            Verb.APPROVE: _("It is held once more against everything published, and then anybody can read it."),
            Verb.REFUSE: _("Nothing leaves."),
        },
    )  # fmt: skip
    reason = TextField(label=_("Reason"), hint=SHOWN, rows=4, max_length=2000)


class Withdrawal(forms.Form):
    """Why it is withdrawn."""

    reason = TextField(label=_("Reason"), hint=SHOWN, rows=4, max_length=2000)


class Policy(forms.Form):
    """The least an organisation asks of its releases."""

    minimum_k = IntegerField(
        label=_("Fewest devices in a cell"), hint=_("Three is the least that protects anybody; ten is our suggestion."),
        min_value=3, max_value=MOST_K, width=4,
    )  # fmt: skip
    round_base = IntegerField(
        label=_("Published numbers are multiples of"), hint=_("Five, for instance"), min_value=1, max_value=100, width=4
    )
