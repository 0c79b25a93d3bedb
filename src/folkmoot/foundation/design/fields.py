"""Form fields that know their component, so that a template makes one call per field.

>>> from folkmoot.foundation.design.fields import CharField
>>> field = CharField(label="Name of the log", hint="As your team calls it", width=20)
>>> field.component
'input'
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Presented:
    """What all our fields have: a component, a hint, and a way to fill the component's parameters."""

    component: ClassVar[str]

    def __init__(
        self, *args: Any, hint: str = "", classes: str = "", attributes: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.hint = hint
        self.classes = classes
        self.attributes = attributes or {}
        kwargs.setdefault("error_messages", {}).setdefault(
            "required", gettext_lazy("Fill this in: we need an answer here.")
        )
        super().__init__(*args, **kwargs)

    def params(self, bound: BoundField) -> dict[str, Any]:
        """Parameters of the official macro. Optional fields say so; required ones are the rule and say nothing."""
        label = str(bound.label) if self.required else _("%(label)s (optional)") % {"label": bound.label}
        given: dict[str, Any] = {"id": bound.auto_id, "name": bound.html_name, "classes": self.classes}
        given["label"] = {"text": label}
        if self.hint:
            given["hint"] = {"text": str(self.hint)}
        if bound.errors:
            given["errorMessage"] = {"text": bound.errors[0], "visuallyHiddenText": _("Error")}
        if self.attributes:
            given["attributes"] = dict(self.attributes)
        return given

    def first_id(self, bound: BoundField) -> str:
        """Where the error summary sends people."""
        return bound.auto_id


class _Boxed(Presented):
    """Fields that are one box to type in."""

    def __init__(
        self,
        *args: Any,
        width: int | None = None,
        kind: str = "text",
        autocomplete: str = "",
        inputmode: str = "",
        prefix: str = "",
        suffix: str = "",
        spellcheck: bool | None = None,
        **kwargs: Any,
    ) -> None:
        self.width, self.kind, self.autocomplete, self.inputmode = width, kind, autocomplete, inputmode
        self.prefix, self.suffix, self.spellcheck = prefix, suffix, spellcheck
        super().__init__(*args, **kwargs)

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound)
        value = bound.value()
        given["value"] = "" if value is None else str(value)
        given["type"] = self.kind
        for name in ("autocomplete", "inputmode", "spellcheck"):
            if getattr(self, name) not in ("", None):
                given[name] = getattr(self, name)
        for name in ("prefix", "suffix"):
            if getattr(self, name):
                given[name] = {"text": str(getattr(self, name))}
        if self.width:
            sizes = f"govuk-input--width-{self.width} nhsuk-input--width-{self.width}"
            given["classes"] = f"{sizes} {given['classes']}".strip()
        return given


class CharField(_Boxed, forms.CharField):
    """One line of text."""

    component = "input"


class EmailField(_Boxed, forms.EmailField):
    """An e-mail address."""

    component = "input"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"kind": "email", "autocomplete": "email", "spellcheck": False, **kwargs}
        super().__init__(*args, **kwargs)


class PasswordField(_Boxed, forms.CharField):
    """A secret; paste and password managers work. `autocomplete` is current-password, new-password or one-time-code."""

    component = "input"

    def __init__(self, *args: Any, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(*args, kind="password", autocomplete=autocomplete, spellcheck=False, strip=False, **kwargs)

    def params(self, bound: BoundField) -> dict[str, Any]:
        return super().params(bound) | {"value": ""}


class IntegerField(_Boxed, forms.IntegerField):
    """A whole number. A text box with a number keyboard: spinners change values by accident."""

    component = "input"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"inputmode": "numeric", "width": 5, "spellcheck": False, **kwargs}
        super().__init__(*args, **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Enter a whole number, for example 12.")


class DecimalField(_Boxed, forms.DecimalField):
    """A number that may have decimals."""

    component = "input"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"inputmode": "decimal", "width": 5, "spellcheck": False, **kwargs}
        super().__init__(*args, **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Enter a number, for example 2.5.")


class TextField(Presented, forms.CharField):
    """Several lines of text."""

    component = "textarea"

    def __init__(self, *args: Any, rows: int = 5, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(*args, **kwargs)

    def params(self, bound: BoundField) -> dict[str, Any]:
        value = bound.value()
        return super().params(bound) | {"value": "" if value is None else str(value), "rows": self.rows}


class SelectField(Presented, forms.ChoiceField):
    """One of a long list (radios are better for a short one)."""

    component = "select"

    def params(self, bound: BoundField) -> dict[str, Any]:
        chosen = str(bound.value() if bound.value() is not None else "")
        items = [{"value": v, "text": str(text), "selected": str(v) == chosen} for v, text in self.choices]
        return super().params(bound) | {"items": items}


class _Grouped(Presented):
    """Fields that are several boxes under one legend."""

    hints: dict[str, str]

    def __init__(self, *args: Any, hints: dict[str, str] | None = None, inline: bool = False, **kwargs: Any) -> None:
        self.hints = hints or {}
        self.inline = inline
        super().__init__(*args, **kwargs)

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound)
        label = given.pop("label")
        given["fieldset"] = {"legend": label | {"classes": "govuk-fieldset__legend--s nhsuk-fieldset__legend--s"}}
        given["idPrefix"] = given.pop("id")
        return given

    def _items(self, chosen: Sequence[str]) -> list[dict[str, Any]]:
        items = []
        for value, text in self.choices:  # type: ignore[attr-defined]
            item = {"value": value, "text": str(text), "checked": str(value) in chosen}
            if str(value) in self.hints:
                item["hint"] = {"text": str(self.hints[str(value)])}
            items.append(item)
        return items


class RadioField(_Grouped, forms.ChoiceField):
    """One of a few, all in view."""

    component = "radios"

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound) | {"items": self._items([str(bound.value())])}
        if self.inline:
            given["classes"] = f"govuk-radios--inline nhsuk-radios--inline {given['classes']}".strip()
        return given


class CheckboxesField(_Grouped, forms.MultipleChoiceField):
    """Any of a few, all in view."""

    component = "checkboxes"

    def params(self, bound: BoundField) -> dict[str, Any]:
        return super().params(bound) | {"items": self._items([str(v) for v in bound.value() or []])}


class ConfirmField(Presented, forms.BooleanField):
    """One box to tick."""

    component = "checkboxes"

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound)
        text = given.pop("label")["text"]
        hint = given.pop("hint", None)
        item = {"value": "on", "text": text, "checked": bool(bound.value()), "id": given["id"]}
        if hint:
            item["hint"] = hint
        return given | {"idPrefix": given.pop("id"), "items": [item]}


class FileField(Presented, forms.FileField):
    """One file. `accept` helps the file chooser; the view still looks at what came."""

    component = "file-upload"

    def __init__(self, *args: Any, accept: str = "", largest_bytes: int | None = None, **kwargs: Any) -> None:
        self.accept = accept
        self.largest_bytes = largest_bytes
        super().__init__(*args, **kwargs)
        self.error_messages["required"] = gettext_lazy("Choose a file.")
        self.error_messages["empty"] = gettext_lazy("This file is empty: choose another.")

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and self.largest_bytes and file.size > self.largest_bytes:
            raise ValidationError(
                _("This file is %(size)d MB; at most %(most)d MB can be sent."),
                code="too_large",
                params={"size": -(-file.size // 1_000_000), "most": self.largest_bytes // 1_000_000},
            )
        return file

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound)
        if self.accept:
            given["attributes"] = {**given.get("attributes", {}), "accept": self.accept}
        return given


class _ThreeBoxes(forms.MultiWidget):
    """Day, month and year as three values, so that what a person typed comes back to them as typed."""

    def __init__(self) -> None:
        super().__init__({part: forms.TextInput() for part in ("day", "month", "year")})

    def decompress(self, value: date | str | None) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DateField(Presented, forms.MultiValueField):
    """A date in three boxes: easier than calendars for dates people know."""

    component = "date-input"
    widget = _ThreeBoxes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        wrong = gettext_lazy("Enter a real date, for example 27 3 2026.")
        halfway = gettext_lazy("The date must have a day, a month and a year.")
        parts = [forms.IntegerField(error_messages={"invalid": wrong, "incomplete": halfway}) for _part in range(3)]
        super().__init__(parts, *args, require_all_fields=False, **kwargs)
        self.error_messages["required"] = gettext_lazy("Enter a date, for example 27 3 2026.")
        self.error_messages["invalid"] = wrong

    def compress(self, values: list[int]) -> date | None:
        if not values:
            return None
        day, month, year = values
        try:
            return date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def params(self, bound: BoundField) -> dict[str, Any]:
        given = super().params(bound)
        label = given.pop("label")
        given.pop("name")
        value = bound.value()
        values = value if isinstance(value, list) else self.widget.decompress(value)
        error = " govuk-input--error nhsuk-input--error" if bound.errors else ""
        names = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        items = []
        for (part, text), typed in zip(names.items(), values, strict=True):
            digits = 4 if part == "year" else 2
            items.append(
                {
                    "id": f"{bound.auto_id}-{part}",
                    "name": f"{bound.html_name}_{part}",
                    "label": text,
                    "value": "" if typed is None else str(typed),
                    "classes": f"govuk-input--width-{digits} nhsuk-input--width-{digits}{error}",
                }
            )
        given["items"] = items
        given["fieldset"] = {"legend": label | {"classes": "govuk-fieldset__legend--s nhsuk-fieldset__legend--s"}}
        return given

    def first_id(self, bound: BoundField) -> str:
        return f"{bound.auto_id}-day"
