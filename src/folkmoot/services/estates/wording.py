"""Words for what the engine names: figures, classes of cash, actions, standings."""

from django.utils.translation import gettext_lazy as _

FIGURES = {
    "plan_years": _("Years the moves may take"),
    "appraisal_years": _("Years over which costs and savings count"),
    "year_zero_undiscounted": _("The first year counts in full (1 yes, 0 no)"),
    "max_moves_a_year": _("Sites that can be emptied in one year"),
    "usable_empty_share": _("Empty floor that can be brought back to use"),
    "usable_under_used_share": _("Under-used floor that can take more work"),
    "space_needed_share": _("Floor needed at the new place for each m² at the old"),
    "refit_clinical": _("Refitting floor for clinical work"),
    "refit_non_clinical": _("Refitting floor for offices"),
    "closing_cost": _("Closing a site: moving out, dilapidations"),
    "double_running_share": _("Double running while work moves"),
    "running_follows_share": _("Running cost that moves along with the work"),
    "finance_counted_share": _("Finance cost counted as a real saving"),
    "backlog_avoided_share": _("Backlog repairs that would really have been paid"),
    "optimism_bias_capital": _("Optimism bias on capital"),
    "optimism_bias_moves": _("Optimism bias on closing and moving"),
    "receipt_per_m2": _("Sale of a freehold site"),
}
UNITS = {
    "years": _("years"),
    "1 or 0": _("1 or 0"),
    "sites": _("sites"),
    "share": _("share"),
    "of a year": _("of a year"),
    "£ per m²": _("£ per m²"),
    "£ per m² of the site": _("£ per m² of the site"),
}
KINDS = {
    "capital": _("Capital"),
    "one-off": _("Moving and closing"),
    "running": _("Running costs"),
    "backlog": _("Backlog repairs"),
    "receipt": _("Receipts"),
    "transfer": _("Transfers"),
}
RISKS = {
    "high": _("Backlog, high risk"),
    "significant": _("Backlog, significant risk"),
    "moderate": _("Backlog, moderate risk"),
    "low": _("Backlog, low risk"),
}
TENURES = {"freehold": _("Freehold"), "leasehold": _("Leasehold"), "unknown": _("Not known")}
STANDINGS = {
    "optimal": _("Proved best"),
    "feasible": _("Close to the best, gap shown"),
    "infeasible": _("Not possible"),
    "unknown": _("Not found in time"),
}
STATUS_TAGS = {
    "draft": "govuk-tag--grey",
    "proposed": "govuk-tag--yellow",
    "approved": "govuk-tag--green",
    "declined": "govuk-tag--red",
}
CHANGES = {
    "close": _("Closes"),
    "open": _("Opens"),
    "take": _("Stays and takes in services"),
    "keep": _("Stays as it is"),
}
