"""Forms of the wards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import CharField, CheckboxesField, FileField, RadioField, SelectField
from folkmoot.services.wards import wording
from folkmoot.services.wards.actions import OFFERED
from folkmoot.services.wards.models import Reason

LARGEST = 200 * 1024 * 1024


class Upload(forms.Form):
    """A log to analyse."""

    log = FileField(
        label=gettext_lazy("A hospital’s log"),
        hint=gettext_lazy(
            "CSV, XES or OCEL, also compressed with gzip, up to 200 MB. One row an event: who, what, when."
        ),
    )

    def clean_log(self) -> Any:
        file = self.cleaned_data["log"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is %(size)s MB; the limit is 200. Split it by year, or compress it.")
                % {"size": file.size // 1024**2}
            )
        return file


class Columns(forms.Form):
    """Which column is what."""

    case = SelectField(label=gettext_lazy("Patient or case"))
    activity = SelectField(label=gettext_lazy("What happened"))
    timestamp = SelectField(label=gettext_lazy("When it was completed"))
    start = SelectField(label=gettext_lazy("When it started"), required=False)
    resource = SelectField(label=gettext_lazy("Team, person or department"), required=False)
    admission = CharField(
        label=gettext_lazy("Activity that begins a stay"),
        hint=gettext_lazy("Such as Admission*"),
        required=False,
        width=20,
    )
    discharge = CharField(
        label=gettext_lazy("Activity that ends a stay"), hint=gettext_lazy("Such as Release*"), required=False, width=20
    )

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("case", "activity", "timestamp", "start", "resource"):
            nothing = [("", _("None of them"))] if not self.fields[name].required else [("", _("Choose a column"))]
            self.fields[name].choices = nothing + [(c, c) for c in columns]  # type: ignore[attr-defined]


class Order(forms.Form):
    """The order of all lists."""

    policy = RadioField(
        label=gettext_lazy("In which order should teams take their patients?"),
        choices=[(name, wording.ORDERS[name]) for name in OFFERED],
    )


class Question(forms.Form):
    """What if…?"""

    team = SelectField(label=gettext_lazy("Which team?"))
    change = RadioField(label=gettext_lazy("What would change?"), choices=list(wording.CHANGES.items()))
    days = CheckboxesField(
        label=gettext_lazy("On which days?"),
        hint=gettext_lazy("For one more person. None chosen means every day."),
        choices=[(str(k), day) for k, day in enumerate(wording.DAYS)],
        required=False,
    )

    def __init__(self, *args: Any, teams: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(t.code, t.name) for t in teams]  # type: ignore[attr-defined]


class Why(forms.Form):
    """Why a task waits, or why another was taken."""

    reason = SelectField(label=gettext_lazy("Why?"), choices=[("", gettext_lazy("Choose a reason")), *Reason.choices])
