"""Events that were checked: every row with its verdict, and the two halves of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.instants import LONDON
from folkmoot.engines.mobility.quality.rules import JUMP_METRES, JUMP_METRES_PER_SECOND, Rules

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from folkmoot.engines.mobility.where.cells import Cells


@dataclass(frozen=True)
class Checked:
    """`tagged`: every row with its `verdict`, 0 or the number of a rule. Store it once where both halves are wanted."""

    tagged: ir.Table
    rules: Rules
    as_read: tuple[str, ...] = ()
    """Columns of `tagged` that hold text as it was read."""

    @property
    def accepted(self) -> ir.Table:
        """Events without error, in the contract's types."""
        return self.tagged.filter(self.tagged.verdict == 0).drop("verdict", *self.as_read)

    @property
    def rejected(self) -> ir.Table:
        """Events with an error: stage, error (that stage's code), reason, and what was read where it was text."""
        return self.rules.spelled(self.tagged.filter(self.tagged.verdict != 0))

    def stored(self, tagged: ir.Table) -> Checked:
        """The same over `tagged` as it was written somewhere, so that nothing is worked out twice."""
        return Checked(tagged, self.rules, self.as_read)


def check(
    events: ir.Table,
    cells: Cells | None = None,
    *,
    period: tuple[date, date] | None = None,
    zone: str = LONDON,
    network: bool = False,
    jump_metres: float = JUMP_METRES,
    jump_metres_per_second: float = JUMP_METRES_PER_SECOND,
    what: str = "events",
) -> Checked:
    """Syntactic, then semantic checks, as one expression over the events. Take out who opted out first: `without`."""
    from folkmoot.engines.mobility.quality.neighbours import judged
    from folkmoot.engines.mobility.quality.semantics import located
    from folkmoot.engines.mobility.quality.syntax import parsed

    first = parsed(events, period=period, zone=zone, network=network, what=what)
    beside = located(first, cells, period=period, zone=zone)
    return judged(beside, jump_metres, jump_metres_per_second)


def without(events: ir.Table, opt_out: ir.Table) -> tuple[ir.Table, ir.Table]:
    """(events to use, events of people who opted out). `opt_out` has a user_id, of the same kind as the events'."""
    from folkmoot.engines.mobility.schema import EVENT

    renames = EVENT.renames(events.columns)
    events = events.rename(renames) if renames else events
    named = opt_out.rename(EVENT.renames(opt_out.columns)) if EVENT.renames(opt_out.columns) else opt_out
    if "user_id" not in named.columns or "user_id" not in events.columns:
        raise MobilityError("The opt-out list and the events both need a column user_id. Rename or add it.")
    ours: Any = events.user_id.type()
    out = named.select("user_id").distinct()
    if ours != out.user_id.type():
        if ours.is_binary() or out.user_id.type().is_binary():
            raise MobilityError(
                f"The opt-out list names people by {out.user_id.type()}, the events by {ours}. Give both the same pseudonym."
            )
        out = out.mutate(user_id=out.user_id.cast("string"))
        key = events.user_id.cast("string")
    else:
        key = events.user_id
    out = out.filter(out.user_id.notnull()).rename(out_="user_id")
    return events.anti_join(out, key == out.out_), events.semi_join(out, key == out.out_)
