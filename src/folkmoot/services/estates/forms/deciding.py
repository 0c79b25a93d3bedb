"""The questions of every decision: which way, and why?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.design.fields import RadioField, TextField
from folkmoot.services.estates.models import Verb


class Reason(forms.Form):
    """Why it is proposed or withdrawn."""

    reason = TextField(
        label=_("Reason"), hint=_("It is shown beside the decision. Name no private persons."), rows=4, max_length=2000
    )


class Verdict(forms.Form):
    """Approve or decline, and why."""

    verb = RadioField(
        label=_("What do you decide?"),
        choices=[(Verb.APPROVE, _("Approve")), (Verb.DECLINE, _("Decline"))],
        hints={Verb.APPROVE: _("Everybody who may read for the public sees it from now on, with your reason.")},
    )
    reason = TextField(
        label=_("Reason"), hint=_("It is shown beside the decision. Name no private persons."), rows=4, max_length=2000
    )
