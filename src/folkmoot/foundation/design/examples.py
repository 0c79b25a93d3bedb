"""Every component in the states we use, for the gallery: what is not here has not been looked at.

Parameters are those of the official macros, so that each example is also the recipe.
"""

from typing import Any

from django.utils.translation import gettext as _

type Example = tuple[str, dict[str, Any]]


def examples() -> dict[str, list[Example]]:
    """Component name to its states."""
    error = {"text": _("Enter how many beds are open, for example 24.")}
    wards = [{"value": "amu", "text": _("Acute medical unit")}, {"value": "stroke", "text": _("Stroke unit")}]
    return {
        "back-link": [(_("plain"), {"text": _("Back"), "href": "#main"})],
        "breadcrumbs": [
            (
                _("two levels"),
                {"items": [{"text": _("Wards"), "href": "#main"}, {"text": _("Stroke unit"), "href": "#main"}]},
            )
        ],
        "button": [
            (_("plain"), {"text": _("Save")}),
            (_("secondary"), {"text": _("Find a ward"), "classes": "govuk-button--secondary nhsuk-button--secondary"}),
            (_("warning"), {"text": _("Delete this log"), "classes": "govuk-button--warning nhsuk-button--warning"}),
        ],
        "checkboxes": [
            (
                _("with a hint"),
                {
                    "idPrefix": "teams",
                    "name": "teams",
                    "fieldset": {"legend": {"text": _("Which teams work on Saturday?")}},
                    "hint": {"text": _("Choose all that apply.")},
                    "items": [
                        {"value": "therapy", "text": _("Therapy")},
                        {"value": "social", "text": _("Social work")},
                    ],
                },
            )
        ],
        "date-input": [
            (
                _("with values"),
                {
                    "id": "discharge",
                    "fieldset": {"legend": {"text": _("Planned discharge date")}},
                    "hint": {"text": _("For example, 27 3 2026")},
                    "items": [
                        {
                            "name": "day",
                            "label": _("Day"),
                            "value": "27",
                            "classes": "govuk-input--width-2 nhsuk-input--width-2",
                        },
                        {
                            "name": "month",
                            "label": _("Month"),
                            "value": "3",
                            "classes": "govuk-input--width-2 nhsuk-input--width-2",
                        },
                        {
                            "name": "year",
                            "label": _("Year"),
                            "value": "2026",
                            "classes": "govuk-input--width-4 nhsuk-input--width-4",
                        },
                    ],
                },
            )
        ],
        "details": [
            (
                _("closed"),
                {"summaryText": _("How we count a stay"), "text": _("From the first admission to the last discharge.")},
            )
        ],
        "error-summary": [
            (
                _("one error"),
                {
                    "titleText": _("There is a problem"),
                    "disableAutoFocus": True,
                    "errorList": [{"text": error["text"], "href": "#main"}],
                },
            )
        ],
        "file-upload": [
            (
                _("plain"),
                {
                    "id": "log",
                    "name": "log",
                    "label": {"text": _("Event log")},
                    "hint": {"text": _("CSV, XES or OCEL")},
                },
            )
        ],
        "input": [
            (_("plain"), {"id": "ward", "name": "ward", "label": {"text": _("Name of the ward")}}),
            (
                _("with an error"),
                {
                    "id": "beds-wrong",
                    "name": "beds",
                    "label": {"text": _("Open beds")},
                    "errorMessage": error | {"visuallyHiddenText": _("Error")},
                    "value": _("many"),
                },
            ),
            (
                _("with a unit"),
                {
                    "id": "los",
                    "name": "los",
                    "label": {"text": _("Stay")},
                    "suffix": {"text": _("hours")},
                    "inputmode": "decimal",
                },
            ),
        ],
        "inset-text": [(_("plain"), {"text": _("The order is advice. The team decides.")})],
        "pagination": [
            (
                _("three pages"),
                {
                    "landmarkLabel": _("Pages of the list"),
                    "previous": {"href": "#main", "text": _("Previous"), "labelText": _("Stays 1 to 50")},
                    "next": {"href": "#main", "text": _("Next"), "labelText": _("Stays 101 to 150")},
                },
            )
        ],
        "radios": [
            (
                _("with a hint"),
                {
                    "idPrefix": "order",
                    "name": "order",
                    "fieldset": {"legend": {"text": _("In which order?")}},
                    "items": [
                        {"value": "index", "text": _("Index with ageing"), "checked": True},
                        {"value": "fcfs", "text": _("First come, first served"), "hint": {"text": _("As it is today")}},
                    ],
                },
            )
        ],
        "select": [(_("plain"), {"id": "unit", "name": "unit", "label": {"text": _("Ward")}, "items": wards})],
        "summary-list": [
            (
                _("two rows"),
                {
                    "rows": [
                        {"key": {"text": _("Planned discharge")}, "value": {"text": "27 3 2026"}},
                        {"key": {"text": _("Waits for")}, "value": {"text": _("Social work")}},
                    ]
                },
            )
        ],
        "table": [
            (
                _("with a caption"),
                {
                    "caption": _("Beds"),
                    "firstCellIsHeader": True,
                    "head": [{"text": _("Ward")}, {"text": _("Open"), "format": "numeric"}],
                    "rows": [
                        [{"text": _("Acute medical unit")}, {"text": "36", "format": "numeric"}],
                        [{"text": _("Stroke unit")}, {"text": "24", "format": "numeric"}],
                    ],
                },
            )
        ],
        "tag": [
            (_("plain"), {"text": _("Waiting")}),
            (_("green"), {"text": _("On time"), "classes": "govuk-tag--green nhsuk-tag--green"}),
            (_("red"), {"text": _("Overdue"), "classes": "govuk-tag--red nhsuk-tag--red"}),
        ],
        "textarea": [(_("plain"), {"id": "note", "name": "note", "label": {"text": _("Note for the team")}})],
        "warning-text": [
            (
                _("plain"),
                {
                    "text": _("Deleting a log cannot be undone."),
                    "heading": _("Important"),
                    "iconFallbackText": _("Warning"),
                    "headingLevel": 3,
                },
            )
        ],
    }
