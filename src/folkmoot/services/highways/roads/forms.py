"""Forms of roads: a study from files, a release or the town; a scheme; a change to a link; how to rank; why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.foundation.design.fields import (
    CharField,
    CheckboxesField,
    DecimalField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    TextField,
)
from folkmoot.services.highways.roads.models import Source, Verb
from folkmoot.services.highways.roads.sources import Asked

LARGEST = 200_000_000
FILES = ("network", "zones", "nodes", "trips", "counts")


def _file(label: Any, hint: Any, accept: str) -> FileField:
    return FileField(label=label, hint=hint, accept=accept, largest_bytes=LARGEST, required=False)


class Begin(forms.Form):
    """Roads, zones, trips, and how trips become vehicles in an hour."""

    name = CharField(
        label=gettext_lazy("Name of the study"),
        hint=gettext_lazy("Such as: Morning peak 2030"),
        max_length=120,
        width=20,
    )
    source = RadioField(
        label=gettext_lazy("Where do the trips come from?"),
        choices=[
            (Source.FILES, gettext_lazy("A file of our own")), (Source.RELEASE, Source.RELEASE.label),
            (Source.TOWN, Source.TOWN.label),
        ],
        hints={
            Source.RELEASE: gettext_lazy("Read back from what was published, with its intervals."),
            Source.TOWN: gettext_lazy("Roads and trips of an invented town, to practise. No files are needed."),
        },
        initial=Source.FILES,
    )  # fmt: skip
    network = _file(
        gettext_lazy("Roads (GeoJSON or TNTP)"),
        gettext_lazy(
            "Lines with highway, and if known maxspeed, oneway, lanes, ref, as OpenStreetMap has them; or a TNTP network."
        ),
        ".geojson,.json,.tntp",
    )
    zones = _file(
        gettext_lazy("Zones (GeoJSON)"),
        gettext_lazy("Polygons or points with a code: zone_id, geo_code, lsoa21cd or msoa11cd. TNTP needs none."),
        ".geojson,.json",
    )
    nodes = _file(
        gettext_lazy("Nodes (TNTP), if known"),
        gettext_lazy("Where the nodes of a TNTP network are, for the map."),
        ".tntp",
    )
    trips = _file(
        gettext_lazy("Trips (CSV or TNTP)"),
        gettext_lazy("Columns for origin, destination and trips; low and high if known. The columns found are told."),
        ".csv,.tntp",
    )
    column = CharField(
        label=gettext_lazy("Column of trips, if the file has several"), hint=gettext_lazy("Such as: car_driver"),
        max_length=80, required=False, width=20,
    )  # fmt: skip
    release = SelectField(label=gettext_lazy("Release"), required=False)
    hour = IntegerField(
        label=gettext_lazy("Hour, if trips are by hour"), hint=gettext_lazy("8 is from eight to nine."), min_value=0,
        max_value=23, required=False,
    )  # fmt: skip
    hour_share = DecimalField(
        label=gettext_lazy("Share of the trips in that hour, in per cent"),
        hint=gettext_lazy("100 if the trips are of one hour already."), min_value=0.01, max_value=100, initial=100,
    )  # fmt: skip
    occupancy = DecimalField(
        label=gettext_lazy("People in a vehicle"), hint=gettext_lazy("1 if the trips are vehicles already."), min_value=1,
        max_value=100, initial=1,
    )  # fmt: skip
    heavy = DecimalField(
        label=gettext_lazy("Heavy goods vehicles, in per cent of all"),
        hint=gettext_lazy("They are added, and go where the others go. 0 if they are in the trips or do not matter."),
        min_value=0, max_value=90, initial=0,
    )  # fmt: skip
    outside = CheckboxesField(
        label=gettext_lazy("Trips of places that are not among the zones"),
        choices=[("leave", gettext_lazy("Leave out trips beyond the zones"))], required=False,
    )  # fmt: skip
    counts = _file(
        gettext_lazy("Counts (CSV), if known"), gettext_lazy("Columns: link_id, count; if known: screenline."), ".csv"
    )
    gap = SelectField(
        label=gettext_lazy("How near to equilibrium"),
        choices=[
            ("0.001", gettext_lazy("1 in 1,000: quick")), ("0.0001", gettext_lazy("1 in 10,000: usual")),
            ("0.00001", gettext_lazy("1 in 100,000: to compare small schemes")),
        ],
        initial="0.0001",
    )  # fmt: skip
    credit = CharField(
        label=gettext_lazy("Whose roads are these?"),
        hint=gettext_lazy("It is shown on every map. Such as: © OpenStreetMap contributors (ODbL)"), max_length=120,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, releases: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.pk), each.name) for each in releases]
        self.fields["release"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["release"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        source = given.get("source")
        wanted: dict[str, str] = {}
        if source == Source.FILES:
            wanted = {"network": _("Choose the file of roads."), "trips": _("Choose the file of trips.")}
            if given.get("network") and not _is_tntp(given["network"]):
                wanted["zones"] = _("Choose the file of zones: trips begin and end in them.")
        elif source == Source.RELEASE:
            if "release" not in self.fields:
                self.add_error("source", _("Your organisation has no published release yet. Give a file of trips."))
            else:
                wanted = {"release": _("Choose a release.")}
        for field, sentence in wanted.items():
            if not given.get(field) and field not in self.errors:
                self.add_error(field, sentence)
        return given

    def asked(self) -> Asked:
        """How trips become vehicles, as the reader takes it."""
        given = self.cleaned_data
        return Asked(
            hour_share=float(given["hour_share"]) / 100, occupancy=float(given["occupancy"]),
            heavy_share=float(given["heavy"]) / 100, column=given["column"], hour=given["hour"],
            leave_outside=bool(given["outside"]), gap=float(given["gap"]), credit=given["credit"],
        )  # fmt: skip


def _is_tntp(file: Any) -> bool:
    return str(file.name).lower().endswith(".tntp")


class DrawUp(forms.Form):
    """A scheme: what it is called and what it costs."""

    name = CharField(
        label=gettext_lazy("Name of the scheme"),
        hint=gettext_lazy("Such as: Widen the town bridge"),
        max_length=120,
        width=20,
    )
    pounds = IntegerField(
        label=gettext_lazy("Cost in pounds"), hint=gettext_lazy("What it costs to build, in all. Such as: 2500000"),
        min_value=1, max_value=10**12,
    )  # fmt: skip


class ChangeLink(forms.Form):
    """One change to one link."""

    link = CharField(
        label=gettext_lazy("Road (link id)"),
        hint=gettext_lazy("Press the road on the map, take the id from the table, or search below."), max_length=80, width=20,
    )  # fmt: skip
    what = RadioField(
        label=gettext_lazy("What changes?"),
        choices=[
            ("close", gettext_lazy("Close it")), ("widen", gettext_lazy("Give it other lanes")),
            ("slow", gettext_lazy("Give it another speed")),
        ],
    )  # fmt: skip
    value = DecimalField(
        label=gettext_lazy("Lanes each way, or km/h"), hint=gettext_lazy("Leave blank to close it."), min_value=0.1,
        max_value=200, required=False,
    )  # fmt: skip
    both = CheckboxesField(
        label=gettext_lazy("The other way too?"), choices=[("both", gettext_lazy("Change both directions"))], required=False,
        initial=["both"],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        what, value = given.get("what"), given.get("value")
        if "value" not in self.errors and what == "widen" and (value is None or value > 12):
            self.add_error("value", _("Say how many lanes it has then, each way, from 0.1 to 12."))
        if "value" not in self.errors and what == "slow" and value is None:
            self.add_error("value", _("Say at how many km/h it is driven then."))
        return given

    def change(self) -> dict[str, Any]:
        """The change, as the verb takes it."""
        given = self.cleaned_data
        value = None if given["what"] == "close" or given["value"] is None else float(given["value"])
        return {"link": given["link"].strip(), "what": given["what"], "value": value, "both_ways": bool(given["both"])}


class Rank(forms.Form):
    """How little the demand is known, and how many draws of it are tried."""

    draws = IntegerField(
        label=gettext_lazy("Draws of the demand"), hint=gettext_lazy("Each scheme is assigned with each of them."),
        min_value=2, max_value=200, initial=20,
    )  # fmt: skip
    cell = DecimalField(
        label=gettext_lazy("Each pair of zones varies by, in per cent"),
        hint=gettext_lazy("Not used where the trips came with low and high."), min_value=0, max_value=100, initial=20,
    )  # fmt: skip
    total = DecimalField(
        label=gettext_lazy("All of them together vary by, in per cent"), min_value=0, max_value=100, initial=5
    )

    def asked(self) -> dict[str, Any]:
        """The question, as the verb takes it."""
        given = self.cleaned_data
        return {
            "draws": given["draws"], "cell_cv": float(given["cell"]) / 100, "total_cv": float(given["total"]) / 100,
        }  # fmt: skip


class Reason(forms.Form):
    """Why it is proposed or withdrawn."""

    reason = TextField(
        label=gettext_lazy("Reason"), hint=gettext_lazy("It is shown beside the decision. Name no private persons."), rows=4,
        max_length=2000,
    )  # fmt: skip


class Verdict(forms.Form):
    """Approve or decline, and why."""

    verb = RadioField(
        label=gettext_lazy("What do you decide?"),
        choices=[(Verb.APPROVE, gettext_lazy("Approve")), (Verb.DECLINE, gettext_lazy("Decline"))],
        hints={Verb.APPROVE: gettext_lazy("Everybody can read it from now on, with your reason.")},
    )
    reason = TextField(
        label=gettext_lazy("Reason"), hint=gettext_lazy("It is shown beside the decision. Name no private persons."), rows=4,
        max_length=2000,
    )  # fmt: skip
