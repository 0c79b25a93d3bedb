"""Retail: who would come to a new centre, what the others would lose, and where and how large it should be.

A `Market` is areas × centres with travel costs and, if there are any, observed flows. `fit` calibrates Huff's law on the
flows, `assume` states one without them; `predict`, `place` and `equilibrium` use either and carry its status on.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "model": ("Areas", "Centres", "Market", "RetailError", "SetAside"),
    "tables": ("candidates_from_table", "market_from_tables"),
    "attraction": ("composite",),
    "gravity": ("Law", "Shares", "shares"),
    "calibrate": ("Calibration", "Interval", "Parameter", "assume", "fit"),
    "fitness": ("Fit",),
    "newcomer": ("NewCentre", "costs_by_distance", "extended"),
    "visitors": ("CatchmentArea", "GroupShare", "Visitors"),
    "forecast": ("AccessChange", "CentreForecast", "Prediction", "predict"),
    "placing": ("Limits", "Option", "Placement", "place"),
    "growth": ("Equilibrium", "SizeChange", "equilibrium"),
    "roads": ("road_minutes",),
    "validation": ("Foretold", "HoldOut", "hold_out"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
