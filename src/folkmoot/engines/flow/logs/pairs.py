"""Rows that say “start” and rows that say “complete”, joined to one event with both times."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from folkmoot.engines.flow.logs import times

NEVER_ENDED = "The event was started but never completed."
TWICE = "The event is completed twice."
OTHER_STEP = "The lifecycle step is neither start nor complete."
BACKWARDS = "The event ends before it starts."
STARTS = frozenset({"start", "begin", "started"})
COMPLETES = frozenset({"complete", "completed", "end", "ended", "finish", "finished", ""})

type Ints = NDArray[np.int64]
type Texts = NDArray[np.object_]


def join(
    lifecycle: Sequence[str],
    case: Texts,
    activity: Texts,
    instance: Sequence[str] | None,
    moment: Ints,
    reason: Texts,
    said: list[str],
) -> tuple[Ints, NDArray[np.bool_]]:
    """The start of each completion (`times.MISSING` where unknown), and which rows were joined to one as its start.

    Of the same case, activity and instance the first started is the first completed. Rows that cannot be joined get a
    reason. A column that never says start nor complete is something else, and is left alone.
    """
    steps = np.array([text.strip().lower() for text in lifecycle], dtype=object)
    n = len(steps)
    started, paired = np.full(n, times.MISSING, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    begins = np.array([s in STARTS for s in steps], dtype=np.bool_)
    ends = np.array([s in COMPLETES for s in steps], dtype=np.bool_)
    if not (begins.any() or any(s in COMPLETES and s for s in steps)):
        said.append("The lifecycle column never says start or complete; every row was taken for a completion.")
        return started, paired
    reason[~begins & ~ends & (reason == None)] = OTHER_STEP  # noqa: E711
    if not begins.any():
        return started, paired
    key = list(zip(case.tolist(), activity.tolist(), instance if instance else [""] * n))
    waiting: dict[tuple[str, str, str], deque[int]] = defaultdict(deque)
    unmatched: dict[tuple[str, str, str], deque[int]] = defaultdict(deque)
    done: set[tuple[str, str, str]] = set()
    good = np.flatnonzero(reason == None)  # noqa: E711
    for i in good[np.lexsort((good, ends[good], moment[good]))].tolist():
        if begins[i]:
            waiting[key[i]].append(i)
        elif waiting[key[i]]:
            start = waiting[key[i]].popleft()
            started[i], paired[start] = moment[start], True
            done.add(key[i])
        elif instance and key[i][2].strip() and key[i] in done:
            reason[i] = TWICE
        else:
            unmatched[key[i]].append(i)
    for name, queue in waiting.items():
        for start in queue:
            reason[start] = NEVER_ENDED
            # Told by its instance, both ends are known and their order is impossible.
            if instance and unmatched.get(name):
                reason[start] = reason[unmatched[name].popleft()] = BACKWARDS
    return started, paired
