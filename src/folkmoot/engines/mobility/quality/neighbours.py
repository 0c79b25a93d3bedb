"""An event beside the device's events before and after: doubles, two places at once, impossible jumps.

All events are sorted once. That pass marks the few that need a closer look (an instant that comes twice, a jump, a cell that
is not known), and only those, with the rest of their device's events where it jumped, are sorted again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from folkmoot.engines.mobility.instants import seconds
from folkmoot.engines.mobility.quality.checked import Checked
from folkmoot.engines.mobility.quality.columns import NUMBERS
from folkmoot.engines.mobility.quality.rules import Rules
from folkmoot.engines.mobility.schema import EVENT, SemanticError, SyntacticError

METRES_PER_DEGREE = 111_195.08
"""Of a great circle on the mean sphere (6,371,008.8 m)."""
FAR = 999.0


def doubles(before: Checked) -> Checked:
    """Of one device's events at one instant and place one stays: with the least loc_error, then by the other columns."""
    rules = _with_doubles(before.rules)
    table: Any = before.tagged.mutate(**_place(before.tagged))
    return replace(before, rules=rules, tagged=_doubled(table, len(rules), before.tagged.columns))


def judged(before: Checked, metres: float, speed: float) -> Checked:
    """Everything that neighbours tell, over a table with at_lat, at_lon and beside."""
    import ibis

    names = [name for name in before.tagged.columns if name not in ("at_lat", "at_lon", "beside")]
    double = _with_doubles(before.rules)
    both = double.plus(SemanticError.DIFFERENT_LOCATION_DUPLICATE, "the device is at two places in one instant")
    why = f"the device was {metres / 1000:g} km or more away just before and just after"
    wrong = both.plus(SemanticError.INCORRECT_EVENT_LOCATION, why)
    why = f"a jump of more than {metres / 1000:g} km, faster than {speed:g} m/s"
    rules = wrong.plus(SemanticError.SUSPICIOUS_EVENT_LOCATION, why)
    marked = _marked(before.tagged, metres, speed)
    plain = marked.filter(~(marked.tie_ | marked.suspect_))
    plain = plain.mutate(verdict=ibis.ifelse(plain.verdict == 0, plain.beside, plain.verdict)).select(*names)
    close = marked.filter(marked.tie_ | marked.suspect_)
    close = _doubled(close, len(double), close.columns)
    close = _two_places(close, len(both))
    close = _jumps(close, metres, speed, len(wrong), len(rules)).select(*names)
    return replace(before, tagged=plain.union(close), rules=rules)


def _with_doubles(rules: Rules) -> Rules:
    return rules.plus(SyntacticError.DUPLICATED, "the event is there more than once")


def _place(table: Any) -> dict[str, Any]:
    """place_0…: what makes two events of one device and instant the same: the cell, else the coordinates. Never null."""
    import ibis

    if "cell_id" not in table.columns:
        return {f"place_{k}": table[name].fill_null(FAR) for k, name in enumerate(NUMBERS[:2])}
    made = {"place_0": table.cell_id.fill_null("")}
    if {"latitude", "longitude"} <= set(table.columns):
        for k, name in enumerate(NUMBERS[:2], start=1):
            made[f"place_{k}"] = ibis.ifelse(table.cell_id.isnull(), table[name].fill_null(FAR), FAR)
    return made


def _marked(table: Any, metres: float, speed: float) -> Any:
    """place_…, ok_, tie_ (another event in the same instant) and suspect_ (the device needs a closer look)."""
    import ibis

    held = table.mutate(**_place(table), at_second=seconds(table.timestamp), ok_=table.verdict == 0)
    places = [name for name in held.columns if name.startswith("place_")]
    over = ibis.window(group_by=["user_id", "ok_"], order_by=["timestamp", *places, "at_lat", "at_lon"])
    near = held.mutate(
        before_=held.timestamp.lag().over(over), after_=held.timestamp.lead().over(over),
        lat_=held.at_lat.lag().over(over), lon_=held.at_lon.lag().over(over),
        **{f"{name}_": held[name].lag().over(over) for name in places},
    )  # fmt: skip
    elsewhere: Any = near[f"{places[0]}_"] != near[places[0]]
    for name in places[1:]:
        elsewhere = elsewhere | (near[f"{name}_"] != near[name])
    same = (near.before_ == near.timestamp).fill_null(False)
    here, there = (near.at_lat, near.at_lon, near.at_second), (near.lat_, near.lon_, seconds(near.before_))
    look = (near.beside != 0) | (same & elsewhere.fill_null(False)) | _impossible(there, here, metres, speed)
    marked = near.mutate(
        tie_=near.ok_ & (same | (near.after_ == near.timestamp).fill_null(False)), look_=near.ok_ & look
    )
    device = ibis.window(group_by=["user_id", "ok_"])
    found = marked.mutate(suspect_=marked.look_.any().over(device))
    return found.drop("before_", "after_", "lat_", "lon_", "look_", *(f"{name}_" for name in places))


def _doubled(table: Any, rule: int, names: Any) -> Any:
    """The verdict of a double on all but the first of each device, instant and place."""
    import ibis

    places = [name for name in table.columns if name.startswith("place_")]
    held = table.mutate(bad_=table.verdict != 0)
    order = [held.bad_, *_order(held, [name for name in names if name in table.columns])]
    same = ibis.window(group_by=["user_id", "timestamp", *places], order_by=order)
    ranked = held.mutate(row_=ibis.row_number().over(same))
    double = (ranked.verdict == 0) & (ranked.row_ > 0)
    return ranked.mutate(verdict=ibis.ifelse(double, rule, ranked.verdict).cast("int16")).select(*names)


def _order(table: Any, names: list[str]) -> list[Any]:
    """Columns to order doubles by, without nulls, which backends sort differently: loc_error first."""
    own = {*EVENT.required, "verdict", "at_lat", "at_lon", "at_second", "beside", "ok_", "tie_", "suspect_"}
    rest = sorted(name for name in names if name not in own and not name.startswith("place_") and name != "loc_error")
    found = []
    for name in (*(["loc_error"] if "loc_error" in names else []), *rest):
        kind = table[name].type()
        number = kind.is_floating() or kind.is_integer()
        column = table[name].cast("float64" if number else "string")
        found.append(column.fill_null(1e300) if number else column.fill_null(""))
    return found


def _two_places(table: Any, rule: int) -> Any:
    """Code 5 on every event of an instant that has events elsewhere; doubles are gone, so two rows are two places."""
    import ibis

    held = table.mutate(verdict=ibis.ifelse(table.verdict == 0, table.beside, table.verdict))
    held = held.mutate(ok_=held.verdict == 0)
    instant = ibis.window(group_by=["user_id", "timestamp", "ok_"])
    counted = held.mutate(rows_=held.ok_.cast("int64").sum().over(instant))
    apart = counted.ok_ & (counted.rows_ > 1)
    return counted.mutate(verdict=ibis.ifelse(apart, rule, counted.verdict).cast("int16")).drop("rows_")


def _jumps(table: Any, metres: float, speed: float, wrong: int, suspicious: int) -> Any:
    """Codes 3 and 4, for devices under suspicion."""
    import ibis

    table = table.mutate(ok_=(table.verdict == 0) & table.suspect_)
    over = ibis.window(group_by=["user_id", "ok_"], order_by=["timestamp", "at_lat", "at_lon"])
    near: dict[str, Any] = {}
    for name in ("at_lat", "at_lon", "at_second"):
        for step in (1, 2):
            near[f"{name}_b{step}"] = table[name].lag(step).over(over)
            near[f"{name}_a{step}"] = table[name].lead(step).over(over)
    held = table.mutate(**near)

    def event(suffix: str) -> tuple[Any, Any, Any]:
        return held[f"at_lat{suffix}"], held[f"at_lon{suffix}"], held[f"at_second{suffix}"]

    def jump(one: str, other: str) -> Any:
        return _impossible(event(one), event(other), metres, speed)

    steps = {"into_": ("_b1", ""), "out_": ("", "_a1"), "across_": ("_b1", "_a1"), "before_": ("_b2", "_b1")}
    steps |= {"before_across_": ("_b2", ""), "after_": ("_a1", "_a2"), "after_across_": ("", "_a2")}
    held = held.mutate(**{name: jump(*ends) for name, ends in steps.items()})
    alone = held.into_ & held.out_ & ~held.across_
    before_wrong = held.before_ & held.into_ & ~held.before_across_
    after_wrong = held.out_ & held.after_ & ~held.after_across_
    either = (held.into_ & ~before_wrong) | (held.out_ & ~after_wrong)
    found = ibis.cases((held.ok_ & alone, wrong), (held.ok_ & either, suspicious), else_=held.verdict)
    return held.mutate(verdict=found.cast("int16"))


def _impossible(one: tuple[Any, Any, Any], other: tuple[Any, Any, Any], metres: float, speed: float) -> Any:
    """True if the two are further apart than `metres` and than `speed` allows; false where either is missing.

    Distance on a plane at the middle latitude: within 0.1 % at the lengths that decide, and cheap for millions of rows.
    """
    import ibis

    (lat, lon, second), (lat2, lon2, second2) = one, other
    north = lat2 - lat
    east = ibis.least((lon2 - lon).abs(), 360.0 - (lon2 - lon).abs())
    narrower = ((lat2 + lat).radians().cos() + 1.0) * 0.5  # cos² of the middle latitude
    square = (north * north + east * east * narrower) * METRES_PER_DEGREE**2
    gap = (second2 - second).cast("float64")
    allowed = ibis.greatest(gap * gap * speed**2, metres**2)
    moved = (lat != lat2) | (lon != lon2)
    return ibis.ifelse(moved, square > allowed, False).fill_null(False)
