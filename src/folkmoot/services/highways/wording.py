"""Words for what engines name: steps of work, error codes, reasons of blanks, states, means of travel."""

from django.utils.translation import gettext_lazy as _

STEPS = {
    "Reading the events": _("Reading the events"),
    "Taking away who opted out": _("Taking away who opted out"),
    "Checking every event": _("Checking every event"),
    "Keeping aside what is wrong": _("Keeping aside what is wrong"),
    "Checking events and finding stays": _("Finding stays"),
    "Telling homes and work": _("Telling homes and work"),
    "Joining stays into trips": _("Joining stays into trips"),
    "Placing cells in zones": _("Placing cells in zones"),
    "Counting by origin and destination": _("Counting by origin and destination"),
    "Raking devices to residents": _("Raking devices to residents"),
    "Counting distinct devices": _("Counting distinct devices"),
}
STAGES = {"syntactic": _("By itself"), "semantic": _("Beside cells and other events")}
CODES = {
    ("syntactic", 1): _("A value is missing"),
    ("syntactic", 2): _("A value is out of range"),
    ("syntactic", 3): _("A column has a type that cannot be used"),
    ("syntactic", 4): _("A value cannot be read"),
    ("syntactic", 5): _("No network code"),
    ("syntactic", 6): _("No place"),
    ("syntactic", 7): _("Came twice"),
    ("semantic", 1): _("The cell is not in the list"),
    ("semantic", 2): _("The cell was not there on that day"),
    ("semantic", 3): _("An impossible jump there and back"),
    ("semantic", 4): _("An end of an impossible jump"),
    ("semantic", 5): _("In two places at one instant"),
}
DATA_TAGS = {
    "checking": "govuk-tag--yellow",
    "checked": "govuk-tag--green",
    "failed": "govuk-tag--red",
    "deleted": "govuk-tag--grey",
}
TAGS = {
    "working": "govuk-tag--grey",
    "unsafe": "govuk-tag--red",
    "candidate": "govuk-tag--yellow",
    "refused": "govuk-tag--red",
    "approved": "govuk-tag--blue",
    "published": "govuk-tag--green",
    "withdrawn": "govuk-tag--grey",
}
KEYS = {
    "origin": _("From"),
    "destination": _("To"),
    "hour": _("Hour"),
    "mode": _("Means of travel"),
    "purpose": _("Purpose"),
}
MODES = {
    "road": _("Road"),
    "rail": _("Rail"),
    "slow": _("On foot or by cycle"),
    "heavy": _("Heavy goods"),
    "unknown": _("Not known"),
}
OUTSIDE = _("Outside the zones")
REASONS = {
    "fewer_than_k": _("Fewer than %(k)s devices, possibly none"),
    "dominated": _("One device made more than %(share)s of the trips"),
    "protects_another": _("Enough devices, but the number would give another cell away"),
}
ORDER = {
    "distinct raw devices": _("Distinct devices are counted in every cell and total, before anything else."),
    "threshold": _("A cell with fewer than %(k)s devices is blank, and so is one that a single device dominates."),
    "complementary suppression": _(
        "What would give a blank away, in this table or beside an earlier release, is blank as well."
    ),
    "expansion": _("Only what may be shown is expanded from devices to residents, where residents are known."),
    "rounding": _("Numbers are rounded to multiples of %(base)s, always the same way for the same devices."),
}
