"""What can be wrong with an event, in the order in which it is said: the first that holds is the verdict.

A verdict is the number of a rule, 0 for none: one small integer through every sort, and the sentence only for those rejected.

>>> book = Rules().plus(SyntacticError.NULL_VALUE, "user_id is empty").plus(SemanticError.CELL_ID_NOT_VALID, "not that day")
>>> book.named(2)
('semantic', 2, 'not that day')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.schema import SemanticError, SyntacticError

if TYPE_CHECKING:
    import ibis.expr.types as ir

JUMP_METRES, JUMP_METRES_PER_SECOND = 10_000.0, 55.0
"""Further and faster than both is a jump that nobody makes, unless the caller says otherwise."""

type Code = SyntacticError | SemanticError


@dataclass(frozen=True)
class Rules:
    """(code, reason) in order; rule k is number k + 1."""

    held: tuple[tuple[Code, str], ...] = ()

    def plus(self, code: Code, reason: str) -> Rules:
        return Rules((*self.held, (code, reason)))

    def __len__(self) -> int:
        return len(self.held)

    def named(self, verdict: int) -> tuple[str, int, str]:
        """(stage, code, reason) of a verdict above 0."""
        code, reason = self.held[verdict - 1]
        return ("syntactic" if isinstance(code, SyntacticError) else "semantic"), int(code), reason

    def spelled(self, table: ir.Table) -> ir.Table:
        """The table with stage, error and reason in place of `verdict`."""
        import ibis

        named = [self.named(k + 1) for k in range(len(self.held))]
        made: dict[str, Any] = {}
        for name, at, otherwise in (("stage", 0, ""), ("error", 1, 0), ("reason", 2, "")):
            pairs: list[Any] = [(table.verdict == k, each[at]) for k, each in enumerate(named, start=1)]
            made[name] = ibis.cases(*pairs, else_=otherwise) if pairs else ibis.literal(otherwise)
        made["error"] = made["error"].cast("int64")
        return table.mutate(**made).drop("verdict")
