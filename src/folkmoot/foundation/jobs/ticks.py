"""What the worker does every second besides jobs: seal the audit log, deliver events, and whatever services add."""

import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections

log = structlog.get_logger("folkmoot.ticks")
_ticks: dict[str, Callable[[], object]] = {}


def every_second(name: str, work: Callable[[], object]) -> None:
    """Have `work` called about once a second by the worker. It decides itself whether anything is due."""
    _ticks[name] = work


def tick() -> None:
    """Do everything once. One that fails is logged and does not keep the others from running."""
    for name, work in _ticks.items():
        try:
            work()
        except Exception:
            log.exception("tick failed", tick=name)


class Ticker(threading.Thread):
    """Ticks beside the jobs, so that a long job holds up neither the audit log nor the events."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(name="ticker", daemon=True)
        self.seconds = seconds
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(self.seconds):
            close_old_connections()
            tick()
        connections.close_all()

    def stop(self) -> None:
        self.stopping.set()
        self.join(timeout=10)
