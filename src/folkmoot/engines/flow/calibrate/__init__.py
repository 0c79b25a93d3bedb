"""What a log teaches about its hospital: arrivals, durations, routing, opening hours; and how well that predicts.

>>> calibration = calibrate(log)                                                         # doctest: +SKIP
>>> calibration.stays(1000, np.random.Generator(np.random.Philox(key=1))).mean()
"""

from folkmoot.engines.flow.calibrate.arrivals import Arrivals, arrivals
from folkmoot.engines.flow.calibrate.calibration import Calibration, calibrate
from folkmoot.engines.flow.calibrate.durations import Fit, fit
from folkmoot.engines.flow.calibrate.prediction import Prediction, predict
from folkmoot.engines.flow.calibrate.routing import Routing, routing
from folkmoot.engines.flow.evidence.opening import opening_hours

__all__ = [
    "Arrivals",
    "Calibration",
    "Fit",
    "Prediction",
    "Routing",
    "arrivals",
    "calibrate",
    "fit",
    "opening_hours",
    "predict",
    "routing",
]
