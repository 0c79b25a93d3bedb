"""Forms of the wards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import (
    CharField,
    CheckboxesField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
)
from folkmoot.services.wards import wording
from folkmoot.services.wards.actions import OFFERED

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
        hints={name: wording.PURPOSES[name] for name in OFFERED},
    )


class Question(forms.Form):
    """What if…?"""

    team = SelectField(label=gettext_lazy("Which team?"))
    change = RadioField(
        label=gettext_lazy("What would change?"),
        choices=list(wording.CHANGES.items()),
        hints={
            "staff": gettext_lazy("Say how many more people, and on which days, below."),
            "hours": gettext_lazy("Every shift ends later. Say by how much below."),
            "referral": gettext_lazy("The team’s work starts beside recovery, not after it. Nothing more to fill in."),
        },
    )
    extra = IntegerField(
        label=gettext_lazy("How many more people?"), min_value=1, max_value=10, initial=1, required=False, width=2
    )
    days = CheckboxesField(
        label=gettext_lazy("On which days?"),
        hint=gettext_lazy("For more staff. None chosen means every day."),
        choices=[(str(k), day) for k, day in enumerate(wording.DAYS)],
        required=False,
    )
    minutes = SelectField(
        label=gettext_lazy("How much longer?"),
        choices=[
            ("30", gettext_lazy("Half an hour")),
            ("60", gettext_lazy("One hour")),
            ("120", gettext_lazy("Two hours")),
            ("240", gettext_lazy("Four hours")),
        ],
        initial="60",
        required=False,
    )

    def __init__(self, *args: Any, teams: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(t.code, wording.name(t.name)) for t in teams]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("change") == "staff" and not given.get("extra") and "extra" not in self.errors:
            self.add_error("extra", _("Say how many more people, for example 1."))
        return given

    def question(self) -> dict[str, Any]:
        """The question as the simulator takes it, with nothing in it that does not belong to it."""
        given = self.cleaned_data
        asked: dict[str, Any] = {"team": given["team"], "change": given["change"]}
        if given["change"] == "staff":
            asked |= {"extra": given["extra"], "days": sorted(int(day) for day in given["days"])}
        elif given["change"] == "hours":
            asked["minutes"] = int(given["minutes"] or 60)
        return asked


class Plan(forms.Form):
    """Another planned discharge date."""

    discharge = DateField(label=gettext_lazy("Planned discharge date"), hint=gettext_lazy("For example, 27 3 2026"))
