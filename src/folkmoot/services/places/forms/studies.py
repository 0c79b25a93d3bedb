"""Forms that make a study: its name, its areas, its sites, its travel. One page each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import CharField, DecimalField, FileField, RadioField, SelectField
from folkmoot.services.places import wording
from folkmoot.services.places.models import Source, Travel

LARGEST = 100_000_000
TABLES = ".csv,.gz,.geojson,.json,.gpkg"


class Begin(forms.Form):
    """What is planned, and from which data."""

    name = CharField(
        label=gettext_lazy("Name of the study"), hint=gettext_lazy("Such as: Libraries 2030"), max_length=120, width=20
    )
    source = RadioField(
        label=gettext_lazy("Where does the data come from?"),
        choices=[(Source.FILES, gettext_lazy("Files of our own")), (Source.TOWN, Source.TOWN.label)],
        hints={
            Source.FILES: gettext_lazy("You are asked for areas, sites and travel, one after another."),
            Source.TOWN: gettext_lazy("Ready at once, to practise. Say below what is sited."),
        },
        initial=Source.FILES,
    )
    what = CharField(
        label=gettext_lazy("What is sited?"),
        hint=gettext_lazy("One of them, for our own files. Such as: library"),
        max_length=80, width=20, required=False,
    )  # fmt: skip
    kind = SelectField(
        label=gettext_lazy("What is sited in Aldermoor?"),
        choices=list(wording.KINDS.items()),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("source") == Source.FILES and not given.get("what") and "what" not in self.errors:
            self.add_error("what", _("Say what is sited, for example: library."))
        if given.get("source") == Source.TOWN and not given.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose what is sited in Aldermoor."))
        return given


class Areas(forms.Form):
    """Who lives where."""

    file = FileField(
        label=gettext_lazy("File of areas"),
        hint=gettext_lazy(
            "CSV, GeoJSON or GeoPackage. Columns: area, people, lon and lat (or easting and northing); if known: "
            "name, decile, age_65_plus, without_car."
        ),
        accept=TABLES,
        largest_bytes=LARGEST,
    )
    suppressed = DecimalField(
        label=gettext_lazy("Count suppressed small numbers as"),
        hint=gettext_lazy("Only if the file has cells such as * or <5. For example, 2.5"),
        min_value=0, required=False,
    )  # fmt: skip


class Sites(forms.Form):
    """What stands or could stand where."""

    file = FileField(
        label=gettext_lazy("File of candidate sites"),
        hint=gettext_lazy(
            "CSV, GeoJSON or GeoPackage. Columns: site, lon and lat (or easting and northing); if known: name, "
            "existing (yes or no), capacity, opening_cost, size (a row for each size a site could have)."
        ),
        accept=TABLES,
        largest_bytes=LARGEST,
    )


class TravelTimes(forms.Form):
    """How long it takes from areas to sites."""

    how = RadioField(
        label=gettext_lazy("How do you know the travel times?"),
        choices=list(Travel.choices),
        hints={
            Travel.MATRIX: gettext_lazy("A row for each area and a column for each site, or a row for each pair."),
            Travel.STREETS: gettext_lazy("We find the ways. GeoJSON lines with highway, maxspeed, oneway: OpenStreetMap’s."),
            Travel.STRAIGHT: gettext_lazy("Only an assumption, and every page will say so."),
        },
    )  # fmt: skip
    file = FileField(
        label=gettext_lazy("File of travel times or streets"),
        hint=gettext_lazy("CSV or npz for travel times, GeoJSON for streets. Not needed for straight lines."),
        accept=".csv,.gz,.npz,.geojson,.json", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    mode = SelectField(
        label=gettext_lazy("Over streets, people go"),
        choices=[("car", gettext_lazy("By car")), ("walk", gettext_lazy("On foot"))],
        initial="car", required=False,
    )  # fmt: skip
    speed = DecimalField(
        label=gettext_lazy("Speed on straight lines"), suffix=gettext_lazy("km/h"), min_value=1, max_value=130,
        initial=30, required=False,
    )  # fmt: skip
    detour = DecimalField(
        label=gettext_lazy("How much longer than the straight line ways are"),
        hint=gettext_lazy("1.3 is usual in towns"),
        min_value=1, max_value=3, initial="1.3", required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        how = given.get("how")
        if how in (Travel.MATRIX, Travel.STREETS) and not given.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        if how == Travel.STRAIGHT:
            for name, example in (("speed", "30"), ("detour", "1.3")):
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter a number, for example %(example)s.") % {"example": example})
        return given
