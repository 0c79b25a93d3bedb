"""Estates: which sites of a trust to keep, close or open, in which year, at what cost, and how near that is to the best.

From ERIC files comes `read_eric`; with `Settings` it makes a `Programme`; `plan` schedules it over the years with status,
bound and gap; `frontier` gives the cheapest estate of every size; `appraise` values a plan by the Green Book and traces
every pound; `check` verifies a plan with code of its own.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "access": ("DecileAccess", "by_decile"),
    "sites": ("Assumption", "CostLine", "EstateError", "EstateSite", "Source"),
    "eric": ("Aggregate", "EricRead", "Rejected", "SiteCount", "Trust", "read_eric", "read_trusts", "site_count"),
    "space": ("Desks", "Rooms", "clinic_rooms", "desks"),
    "settings": ("DEFAULTS", "Settings"),
    "inputs": ("TEMPLATE", "Inputs", "with_inputs"),
    "programme": ("Programme", "Travel", "programme_of"),
    "schedule": ("Breach", "Move", "Plan", "Step", "plan"),
    "checker": ("check",),
    "curve": ("Frontier", "Point", "frontier"),
    "tables": ("sites_of", "travel_of"),
    "value": ("Appraisal", "CashLine", "Switching", "YearValue", "appraise", "discount_factor"),
    "carter": ("Ratios", "ratios"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
