"""A queue whose order does not change while patients wait: a binary heap of task numbers, so a long queue costs little.

The queue of a resource is a stretch of one array from `begin`; `place` says where in its queue a task stands. The order
is that of `kernel.best_of`: clinical priority, then score (`rank`), then ready time, then number.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines._compiled import inlined


@inlined
def goes_before(a, b, patient, priority, rank, ready):
    """Whether task a is to be taken before task b."""
    p = priority[patient[a]]
    q = priority[patient[b]]
    if p != q:
        return p < q
    if rank[a] != rank[b]:
        return rank[a] < rank[b]
    if ready[a] != ready[b]:
        return ready[a] < ready[b]
    return a < b


@inlined
def rise(queue, begin, hole, place, j, patient, priority, rank, ready):
    """Put task j at or above the empty place `hole`."""
    while hole > 0:
        parent = (hole - 1) >> 1
        i = queue[begin + parent]
        if not goes_before(j, i, patient, priority, rank, ready):
            break
        queue[begin + hole] = i
        place[i] = hole
        hole = parent
    queue[begin + hole] = j
    place[j] = hole


@inlined
def leave(queue, begin, size, place, k, patient, priority, rank, ready):
    """Take out the task at place k of a queue that is `size` long after it."""
    hole = k
    child = 2 * hole + 1
    while child < size:
        i = queue[begin + child]
        if child + 1 < size:
            other = queue[begin + child + 1]
            if goes_before(other, i, patient, priority, rank, ready):
                child += 1
                i = other
        queue[begin + hole] = i
        place[i] = hole
        hole = child
        child = 2 * hole + 1
    if k < size:
        rise(queue, begin, hole, place, queue[begin + size], patient, priority, rank, ready)
