"""Whether leaves are all choices: no two can hold at once, and their shares of all choices add up to one.

A leaf that fixes k sites holds for 2^−k of all choices; leaves that exclude each other and whose shares add up to one
leave nothing out.

>>> complete([(["A"], []), ([], ["A"])]), complete([(["A"], []), ([], ["B"])])
(True, False)
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import combinations


def complete(leaves: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]]) -> bool:
    """`leaves` are pairs of what is fixed to be (the sites open) and what is fixed not to be (those closed)."""
    bit: dict[Hashable, int] = {}
    for opened, closed in leaves:
        for code in (*opened, *closed):
            bit.setdefault(code, 1 << len(bit))
    masks = [(sum({bit[c] for c in opened}), sum({bit[c] for c in closed})) for opened, closed in leaves]
    if any(opened & closed for opened, closed in masks):
        return False
    if sum(Fraction(1, 2 ** (o | c).bit_count()) for o, c in masks) != 1:
        return False
    return all(a[0] & b[1] or a[1] & b[0] for a, b in combinations(masks, 2))
