"""First come, first served: one line a resource and clinical priority, in which the next is found and left in no time.

A line is a linked list: `head` and `foot` have one entry a line, `behind` one a task, and the number of tasks stands for
nobody. Tasks join at the foot, but for those that became ready before it did: they waited for a bed meanwhile, or a census
brought them.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines._compiled import inlined, jit


@inlined
def join(j, line, head, foot, behind, ready, nobody):
    """Put task j in its line: by ready time, then number."""
    last = foot[line]
    if last == nobody:
        head[line] = j
        foot[line] = j
        behind[j] = nobody
    elif ready[last] < ready[j] or (ready[last] == ready[j] and last < j):
        behind[last] = j
        foot[line] = j
        behind[j] = nobody
    else:
        push_in(j, line, head, behind, ready)


@jit
def push_in(j, line, head, behind, ready):
    """Put task j before the foot of its line."""
    after = head[line]
    if ready[j] < ready[after] or (ready[j] == ready[after] and j < after):
        head[line] = j
        behind[j] = after
        return
    before = after
    after = behind[before]
    while ready[after] < ready[j] or (ready[after] == ready[j] and after < j):
        before = after
        after = behind[before]
    behind[before] = j
    behind[j] = after


@inlined
def take_first(line, head, foot, behind, nobody):
    """Take the first of a line that is not empty; returns the task."""
    j = head[line]
    head[line] = behind[j]
    if head[line] == nobody:
        foot[line] = nobody
    return j


@jit
def part(j, line, head, foot, behind, nobody):
    """Take task j out of its line, wherever it stands."""
    if head[line] == j:
        take_first(line, head, foot, behind, nobody)
        return
    before = head[line]
    while behind[before] != j:
        before = behind[before]
    behind[before] = behind[j]
    if foot[line] == j:
        foot[line] = before
