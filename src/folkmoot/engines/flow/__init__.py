"""Patient flow: the order in which a hospital moves its patients, simulated, explained and bounded.

From tables or logs comes a `Scenario`; `simulate` runs it under a policy; `lower_bound` says how good it could get;
`identify` finds the constraint; `five_steps` works out what each change is worth; `compare` gives the evidence;
`census` and `Worklist` order this morning's patients.

Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from folkmoot.engines._front import front

_HOMES = {
    "model": ("ModelError", "Patients", "Resource", "Scenario", "Tasks", "Ward", "planned_discharge"),
    "calendar": ("Calendar", "Shift"),
    "policy": ("DEFAULT", "RULES", "Policy", "Rule"),
    "sim.simulate": ("Result", "simulate"),
    "bounds": ("Bound", "lower_bound"),
    "constraint": ("Constraint", "Pressure", "identify", "watch"),
    "levers": ("Referral", "add_staff", "earlier_referral", "open_longer", "refer_early", "speed_up"),
    "experiment": ("Arm", "Comparison", "Interval", "Outcome", "compare"),
    "focus": ("FiveSteps", "five_steps", "histories"),
    "resample": ("bootstrap",),
    "live": ("DischargeReady", "PlannedDischarge", "census", "future"),
    "worklist": ("Entry", "Reason", "Worklist"),
}
__all__, __getattr__, __dir__ = front(__name__, _HOMES)
