"""A mixed-integer model row by row, solved by HiGHS (Huangfu and Hall 2018), with a true bound whenever it ends.

Every row carries a label, so that an infeasible model can be solved again with each breach allowed at a price (elastic
programming, Chinneck 2008) and the breaches named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

type ShouldStop = Callable[[], bool]
type Progress = Callable[[float | None, float], None]


@dataclass(frozen=True, slots=True)
class Label:
    """What a row limits: its kind, in words, for which site and year, its unit; `scale` undoes the row's scaling."""

    kind: str
    limit: str
    site: str = ""
    year: int | None = None
    unit: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`bound` is a true lower bound; `x` is None when nothing feasible is known."""

    x: NDArray[np.float64] | None
    value: float | None
    bound: float
    status: str
    nodes: int


@dataclass(slots=True)
class Model:
    """Columns and rows as they are added."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float, Label | None]] = field(default_factory=list)

    def column(self, cost: float = 0.0, upper: float = math.inf, *, whole: bool = False) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.lower.append(0.0)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(
        self, entries: Mapping[int, float], low: float = -math.inf, high: float = math.inf, label: Label | None = None
    ) -> None:
        self.rows.append(({c: v for c, v in entries.items() if v}, low, high, label))

    def copy(self) -> Model:
        return Model([*self.cost], [*self.upper], [*self.lower], [*self.whole], [*self.rows])

    def elastic(self, kinds: Collection[str]) -> tuple[Model, list[tuple[int, Label]]]:
        """The same with every row labelled with one of these kinds breakable, at 1 for each natural size of the row."""
        made = self.copy()
        made.cost = [1e-6 * c / max(1.0, max(map(abs, self.cost), default=1.0)) for c in self.cost]
        slacks = []
        for k, (entries, low, high, label) in enumerate(self.rows):
            if label is None or label.kind not in kinds:
                continue
            size = max(1e-9, abs(high) if math.isfinite(high) else 0.0, abs(low) if math.isfinite(low) else 0.0)
            size = max(size, max((abs(v) for v in entries.values()), default=1.0))
            size = 1000.0 if label.unit == "m²" else size  # so that the least floor is found, whatever the sites
            slack = dict(entries)
            for way, bound in ((-1.0, high), (1.0, low)):
                if math.isfinite(bound):
                    column = made.column(1.0 / size)
                    slack[column] = way
                    slacks.append((column, label))
            made.rows[k] = (slack, low, high, None)
        return made, slacks


def solve(
    model: Model,
    *,
    should_stop: ShouldStop | None = None,
    progress: Progress | None = None,
    max_nodes: int | None = None,
    near: tuple[float, float] = (0.0, 1e-6),
) -> Answer:
    """Minimise, to within `near` (relative, absolute) of the best.

    One thread and a fixed seed, so the same model gives the same answer.
    """
    import highspy

    solver = _loaded(model)
    solver.setOptionValue("mip_rel_gap", near[0])
    solver.setOptionValue("mip_abs_gap", near[1])
    if max_nodes is not None:
        solver.setOptionValue("mip_max_nodes", max_nodes)
    if should_stop is not None:
        if should_stop():
            return Answer(None, None, -math.inf, "unknown", 0)

        def ask(event: Any) -> None:
            if should_stop():
                event.interrupt()

        solver.cbMipInterrupt.subscribe(ask)
        solver.cbSimplexInterrupt.subscribe(ask)
    if progress is not None:

        def tell(event: Any) -> None:
            value = event.data_out.mip_primal_bound
            progress(value if math.isfinite(value) else None, event.data_out.mip_dual_bound)

        # Asked again and again while it searches; the logging callback stays mute where nothing is logged.
        solver.cbMipInterrupt.subscribe(tell)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    nodes = max(0, int(info.mip_node_count))
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Answer(None, None, math.inf, "infeasible", nodes)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    value = float(info.objective_function_value) if found else None
    x = np.array(solver.getSolution().col_value) if found else None
    proved = status == statuses.kOptimal and found
    bound = float(info.mip_dual_bound) if any(model.whole) else (value if proved and value is not None else -math.inf)
    # Near the best is not the best: `optimal` is kept for a bound that meets the value.
    proved = proved and value is not None and value - bound <= max(1e-5, 1e-7 * abs(value))
    return Answer(x, value, bound, "optimal" if proved else "feasible" if found else "unknown", nodes)


def _loaded(model: Model) -> Any:
    import highspy
    from scipy.sparse import csc_array

    class Silent(highspy.Highs):  # type: ignore[misc]
        """Silent from the first: HiGHS greets on standard output when its callbacks are enabled."""

        def enableCallbacks(self) -> None:
            self.silent()
            super().enableCallbacks()

    solver = Silent()
    options = (("output_flag", False), ("threads", 1), ("random_seed", 0))
    for name, value in options:
        solver.setOptionValue(name, value)
    where = [(r, c, v) for r, (entries, _, _, _) in enumerate(model.rows) for c, v in entries.items()]
    r, c, v = zip(*where, strict=True) if where else ((), (), ())
    matrix = csc_array((np.array(v, float), (np.array(r, int), np.array(c, int))), (len(model.rows), len(model.cost)))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(a, float) for a in (model.cost, model.lower, model.upper))
    lp.row_lower_ = np.array([row[1] for row in model.rows], float)
    lp.row_upper_ = np.array([row[2] for row in model.rows], float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    if any(model.whole):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in model.whole]
    solver.passModel(lp)
    return solver
