"""The one door to HiGHS: a mixed-integer model in; the best plan found, its bound and whether it is proved, out.

HiGHS is asked for a plan at most `gap` from the best (relative), on one thread, so that the same model gives the same
answer. It never sees a clock: `should_stop` is asked while it searches, and what it has found by then comes back with
the bound it had. Source: Huangfu and Hall (2018), “Parallelizing the dual revised simplex method”, for HiGHS.

>>> import numpy as np
>>> from scipy.sparse import csr_array
>>> most = Model(  # at least two of three, cheapest
...     cost=np.array([3.0, 1.0, 2.0]), rows=csr_array(np.ones((1, 3))), row_lower=np.array([2.0]),
...     row_upper=np.array([np.inf]), upper=np.ones(3), integer=np.ones(3, dtype=bool))
>>> answer = minimise(most)
>>> answer.proved, answer.value, answer.x.tolist()
(True, 3.0, [0.0, 1.0, 1.0])
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type ShouldStop = Callable[[], bool]
type Progress = Callable[[str, float | None, float], None]
"""Told what is being done, the value so far (or None) and the bound so far."""


@dataclass(frozen=True, eq=False)
class Model:
    """Minimise cost·x with row_lower ≤ rows·x ≤ row_upper and 0 ≤ x ≤ upper (or lower ≤ x), some x whole."""

    cost: Floats
    rows: Any
    row_lower: Floats
    row_upper: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    lower: Floats | None = None
    offset: float = 0.0


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS knew when it ended."""

    x: Floats | None
    value: float | None
    bound: float
    proved: bool
    infeasible: bool
    nodes: int


def minimise(
    model: Model,
    *,
    gap: float = 0.0,
    should_stop: ShouldStop | None = None,
    progress: Callable[[float | None, float], None] | None = None,
    start: Floats | None = None,
) -> Answer:
    """Solve a mixed-integer model. `start` is a plan to begin with; it need not be the best."""
    import highspy

    solver = load(model)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = [float(x) for x in start]
        solver.setSolution(solution)
    _watch(solver, should_stop, progress)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Answer(None, None, math.inf, True, True, max(0, info.mip_node_count))
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value) if found else None
    if x is not None:
        x = np.where(model.integer, np.abs(np.round(x)), x)
    value = info.objective_function_value if found else None
    bound = float(info.mip_dual_bound)
    proved = status == statuses.kOptimal and value is not None
    if proved and value is not None and gap == 0.0:
        bound = value
    return Answer(x, value, bound, proved, False, max(0, info.mip_node_count))


def load(model: Model) -> Any:
    """A silent solver on one thread that holds the model."""
    import highspy
    from scipy.sparse import csc_array

    class Silent(highspy.Highs):  # type: ignore[misc]
        """Silent from the first: HiGHS greets on standard output when its callbacks are enabled."""

        def enableCallbacks(self) -> None:
            self.silent()
            super().enableCallbacks()

    solver = Silent()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(name, value)
    columns = csc_array(model.rows)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = columns.shape
    lp.col_cost_ = np.asarray(model.cost, dtype=np.float64)
    lp.col_lower_ = np.zeros(columns.shape[1]) if model.lower is None else np.asarray(model.lower, dtype=np.float64)
    lp.col_upper_ = np.asarray(model.upper, dtype=np.float64)
    lp.row_lower_, lp.row_upper_ = np.asarray(model.row_lower), np.asarray(model.row_upper)
    lp.offset_ = model.offset
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = columns.indptr.astype(np.int32)
    lp.a_matrix_.index_ = columns.indices.astype(np.int32)
    lp.a_matrix_.value_ = columns.data.astype(np.float64)
    if model.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[bool(whole)] for whole in model.integer]
    solver.passModel(lp)
    return solver


def _watch(solver: Any, should_stop: ShouldStop | None, progress: Callable[[float | None, float], None] | None) -> None:
    def known(data: Any) -> tuple[float | None, float]:
        value = data.mip_primal_bound
        return (value if math.isfinite(value) else None), data.mip_dual_bound

    if should_stop is not None:

        def ask(event: Any) -> None:
            if should_stop():
                event.interrupt()

        solver.cbMipInterrupt.subscribe(ask)
        solver.cbSimplexInterrupt.subscribe(ask)
        solver.cbIpmInterrupt.subscribe(ask)
    if progress is not None:
        solver.cbMipLogging.subscribe(lambda event: progress(*known(event.data_out)))
        solver.cbMipImprovingSolution.subscribe(lambda event: progress(*known(event.data_out)))
