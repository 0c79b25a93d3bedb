"""Long work of an engine, done in a thread beside: it reports to memory, and only this thread opens the database.

    found = jobs.watched(job, progress, lambda watch: solve(problem, should_stop=watch.should_stop, progress=watch.point))

The work may put points on its trail, which the page draws as a chart while they come, and may be asked to stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic
from typing import Any

from folkmoot.foundation.jobs.models import Job

SECONDS_BETWEEN_LOOKS = 0.25
POINTS = 120


class Watch:
    """What the work says and asks. Every method may be called from any thread."""

    def __init__(self, seconds: float | None = None) -> None:
        self.began = monotonic()
        self.seconds = seconds
        self.far: tuple[int, int, str] = (0, 1, "")
        self.trail: list[list[float | None]] = []
        self.stopped = False

    def note(self, done: int, total: int, message: str = "") -> None:
        """How far the work is."""
        self.far = (done, total, str(message))

    def point(self, value: float | None, bound: float | None, *_rest: Any) -> None:
        """The best value so far and the proved bound; kept when either has changed."""
        pair = [each if each is not None and math.isfinite(each) else None for each in (value, bound)]
        if self.trail and self.trail[-1][1:] == pair:
            return
        if len(self.trail) >= POINTS:
            self.trail = [*self.trail[::2], self.trail[-1]]
        self.trail = [*self.trail, [round(monotonic() - self.began, 2), *pair]]

    def should_stop(self) -> bool:
        """Whether somebody has asked for what there is, or the time is up."""
        return self.stopped or (self.seconds is not None and monotonic() - self.began >= self.seconds)


def watched[Found](
    job: Job,
    progress: Callable[[int, int, str], None],
    work: Callable[[Watch], Found],
    *,
    seconds: float | None = None,
    message: Any = "",
) -> Found:
    """Do `work` beside, and report from here how far it is; with a time limit, time is what is counted."""
    watch = Watch(seconds)
    rows = Job.objects.for_organisation(job.organisation_id).filter(pk=job.pk)
    drawn: list[list[float | None]] = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(work, watch)
        while not wait([running], timeout=SECONDS_BETWEEN_LOOKS).done:
            done, total, said = watch.far
            if seconds is not None and total == 1:
                done, total = int(10 * (monotonic() - watch.began)), int(10 * seconds)
            progress(min(done, total - 1), total, said or str(message))
            if watch.trail != drawn:
                drawn = watch.trail
                rows.update(trail=drawn)
            if not watch.stopped:
                watch.stopped = rows.exclude(stop_asked_at=None).exists()
        rows.update(trail=watch.trail)
        return running.result()
