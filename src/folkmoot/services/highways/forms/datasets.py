"""Bringing movement data in, and deleting what they say of devices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.foundation.design.fields import CharField, FileField, RadioField, TextField
from folkmoot.services.highways.models import Origin
from folkmoot.services.highways.sources import NEEDED

LARGEST_EVENTS = 500_000_000
LARGEST = 50_000_000


class BringIn(forms.Form):
    """A name, and where the data come from."""

    name = CharField(
        label=_("Name of the data"), hint=_("For example, the network and the days: Network A, March 2026"),
        max_length=120,
    )  # fmt: skip
    origin = RadioField(
        label=_("Where do the data come from?"), choices=list(Origin.choices),
        hints={
            Origin.TOWN: _("A day of some thousand residents and their phones, to learn with. Nobody in it is real."),
            Origin.FILES: _("Send them only to a machine that is allowed to hold them."),
        },
    )  # fmt: skip
    events = FileField(
        label=_("Events"),
        hint=_("Parquet, or CSV with user_id, timestamp and cell_id. Up to 500 MB; more goes by the command line."),
        accept=".parquet,.csv", largest_bytes=LARGEST_EVENTS,
    )  # fmt: skip
    cells = FileField(
        label=_("Cells"), hint=_("CSV with cell_id, latitude and longitude; azimuth_angle, range and others if known"),
        accept=".csv,.parquet", largest_bytes=LARGEST,
    )  # fmt: skip
    zones = FileField(
        label=_("Zones"), hint=_("GeoJSON polygons, each with a code and a name"), accept=".geojson,.json",
        largest_bytes=LARGEST,
    )  # fmt: skip
    population = FileField(
        label=_("Residents"),
        hint=_("CSV with zone_id, age_band, sex and people. Without it, trips of devices are counted, not of residents."),
        accept=".csv", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    opt_outs = FileField(
        label=_("Opt-out list"), hint=_("CSV with user_id. Their events are taken away before anything is looked at."),
        accept=".csv,.parquet", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    rails = FileField(
        label=_("Railways"), hint=_("GeoJSON lines. With them and the roads, travel by rail is told from travel by road."),
        accept=".geojson,.json", largest_bytes=LARGEST, required=False,
    )  # fmt: skip
    ways = FileField(
        label=_("Roads"), hint=_("GeoJSON lines"), accept=".geojson,.json", largest_bytes=LARGEST, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in NEEDED:
            self.fields[part].required = self.data.get("origin") != Origin.TOWN


class Deletion(forms.Form):
    """Why the events are deleted."""

    reason = TextField(
        label=_("Reason"), hint=_("It is kept with the deletion, for instance: the time limit of the contract is over."),
        rows=3, max_length=2000,
    )  # fmt: skip
