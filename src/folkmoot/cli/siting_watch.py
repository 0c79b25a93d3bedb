"""Watching a search: value, bound and gap on standard error, and when to stop it: time limit or Ctrl-C."""

from __future__ import annotations

import signal
import time
from typing import Any


class Watch:
    """Within it, Ctrl-C asks the search to stop with what it has; a second one ends the command.

    `stop` and `tell` are what engines take as `should_stop` and `progress`.
    """

    def __init__(self, *, seconds: float | None, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._bar.add_task("Preparing", total=None)
        self._limit = seconds
        self._begun = time.monotonic()
        self.interrupted = False

    @property
    def seconds(self) -> float:
        """Since the watch began."""
        return time.monotonic() - self._begun

    def stop(self) -> bool:
        """Whether the search should end."""
        return self.interrupted or (self._limit is not None and self.seconds >= self._limit)

    def tell(self, what: str, value: float | None, bound: float) -> None:
        """Show how far the search is."""
        text = what
        if value is not None:
            text += f": {value:,.6g}"
            if abs(bound) < float("inf"):
                text += f", bound {bound:,.6g}, gap {abs(value - bound) / max(abs(value), 1e-12):.3%}"
        self.note(text)

    def note(self, text: str) -> None:
        """Show a sentence."""
        self._bar.update(self._task, description=text)

    def __enter__(self) -> Watch:
        self._begun = time.monotonic()
        self._before: Any = signal.getsignal(signal.SIGINT)

        def asked(*_: object) -> None:
            self.interrupted = True
            signal.signal(signal.SIGINT, self._before)

        try:
            signal.signal(signal.SIGINT, asked)
        except ValueError:  # not the main thread: there Ctrl-C is somebody else's
            self._before = None
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
