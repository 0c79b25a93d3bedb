"""Estates: which sites of a trust to keep, close or open, in which year, at what cost, and how near that is to the best.

From ERIC files comes `read_eric`; with `Settings` it makes a `Programme`; `plan` schedules it over the years with status,
bound and gap; `frontier` gives the cheapest estate of every size; `appraise` values a plan by the Green Book and traces
every pound; `check` verifies a plan with code of its own.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

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
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
