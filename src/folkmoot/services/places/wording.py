"""Words for what the engine names: objectives as people say them, with the field's own term beside."""

from django.utils.translation import gettext_lazy as _

from folkmoot.engines.siting.problem import Objective

OBJECTIVES = {
    Objective.P_MEDIAN: _("Least average travel"),
    Objective.MCLP: _("Most people within a time"),
    Objective.LSCP: _("Everybody within a time, with the fewest sites"),
    Objective.P_CENTER: _("Nobody too far"),
    Objective.CAPACITATED_P_MEDIAN: _("Least average travel, no site over its capacity"),
    Objective.UFLP: _("Least cost of sites and travel together"),
    Objective.CFLP: _("Least cost of sites and travel, no site over its capacity"),
}
TERMS = {
    Objective.P_MEDIAN: _("p-median"),
    Objective.MCLP: _("maximal covering, MCLP"),
    Objective.LSCP: _("location set covering, LSCP"),
    Objective.P_CENTER: _("p-centre"),
    Objective.CAPACITATED_P_MEDIAN: _("capacitated p-median"),
    Objective.UFLP: _("uncapacitated facility location, UFLP"),
    Objective.CFLP: _("capacitated facility location, CFLP"),
}
PURPOSES = {
    Objective.P_MEDIAN: _(
        "You say how many sites. Good for everyday services: it serves most people well, and may leave a few far away."
    ),
    Objective.MCLP: _(
        "You say how many sites and the time. Good when money is fixed and a standard should be met for most people."
    ),
    Objective.LSCP: _(
        "You say the time. Good when a standard must be met for all: it tells how many sites that takes."
    ),
    Objective.P_CENTER: _("You say how many sites. Good for emergencies: it looks only at whoever is worst off."),
    Objective.CAPACITATED_P_MEDIAN: _(
        "You say how many sites. Good where a site can be full: each area goes to one site that has room."
    ),
    Objective.UFLP: _("Nobody says how many: a further site opens when it saves more travel than it costs."),
    Objective.CFLP: _("The same, where sites can be full."),
}
WHOM = {
    "people": _("All residents"),
    "older": _("Residents aged 65 and over"),
    "without_car": _("Residents without a car"),
}
CHANGES = {
    "keep": _("Stays open"),
    "open": _("Opens"),
    "close": _("Closes"),
    "unused": _("Not used"),
}
SIGNS = {"keep": "open", "open": "new", "close": "closed", "unused": "candidate"}
KINDS = {"library": _("Libraries"), "health hub": _("Health hubs"), "charge point": _("Charge points")}
STATUS_TAGS = {
    "draft": "govuk-tag--grey",
    "proposed": "govuk-tag--yellow",
    "approved": "govuk-tag--green",
    "declined": "govuk-tag--red",
}
