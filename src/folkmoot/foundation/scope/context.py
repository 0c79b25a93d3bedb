"""Whose rows the running code may write, and may read where Django itself does the asking.

`writing_for` is set for each request and each background job. `reading` is set only for the moments in which Django
queries on a model's behalf: validating a form, cascading a deletion.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Rows of these organisations, or of all when `organisations` is None."""

    organisations: frozenset[object] | None
    because: str = ""


EVERYBODY = Scope(None)
_reading: ContextVar[Scope | None] = ContextVar("reading", default=None)
_writing: ContextVar[Callable[[], frozenset[object]] | None] = ContextVar("writing", default=None)


def reading_scope() -> Scope | None:
    return _reading.get()


@contextmanager
def reading(scope: Scope) -> Iterator[None]:
    """Queries that begin in here have this scope unless they state another."""
    token = _reading.set(scope)
    try:
        yield
    finally:
        _reading.reset(token)


def may_write() -> frozenset[object] | None:
    """Organisations whose rows may be written now; None when no person or job is acting (migrations, seeding)."""
    allowed = _writing.get()
    return None if allowed is None else allowed()


@contextmanager
def writing_for(organisations: Callable[[], frozenset[object]]) -> Iterator[None]:
    """Only these organisations' rows may be written in here. Asked when the first write happens, not before."""
    token = _writing.set(organisations)
    try:
        yield
    finally:
        _writing.reset(token)
