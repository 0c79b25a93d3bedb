"""What happens in one service and matters to another. Services speak to each other in these words only.

>>> from datetime import UTC, datetime
>>> from uuid import UUID
>>> left = PatientDeparted(
...     id=UUID(int=1), occurred_at=datetime(2026, 3, 1, 9, tzinfo=UTC), organisation=UUID(int=2), stay="S-7", ward="A1"
... )
>>> decode(*encode(left)) == left
True
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

__all__ = [
    "BedFreed",
    "Event",
    "JobFinished",
    "LogAnalysed",
    "PatientArrived",
    "PatientDeparted",
    "StaffingChanged",
    "decode",
    "encode",
]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened: its own identifier, when, and whose it is."""

    id: UUID
    occurred_at: datetime
    organisation: UUID


@dataclass(frozen=True, kw_only=True)
class PatientArrived(Event):
    """A patient was admitted to a ward."""

    stay: str
    ward: str


@dataclass(frozen=True, kw_only=True)
class PatientDeparted(Event):
    """A patient left the hospital."""

    stay: str
    ward: str


@dataclass(frozen=True, kw_only=True)
class BedFreed(Event):
    """A bed is ready for the next patient."""

    ward: str
    bed: str


@dataclass(frozen=True, kw_only=True)
class StaffingChanged(Event):
    """A team has more or fewer people than its rota says."""

    team: str
    people: int


@dataclass(frozen=True, kw_only=True)
class LogAnalysed(Event):
    """A hospital's log was analysed, and this resource holds up the most."""

    analysis: str
    constraint: str


@dataclass(frozen=True, kw_only=True)
class JobFinished(Event):
    """Background work ended, well or not."""

    job: UUID
    kind: str
    succeeded: bool


def encode(event: Event) -> tuple[str, str]:
    """The event's type and its JSON, for storing and sending."""
    return type(event).__name__, json.dumps(
        {name: _plain(value) for name, value in asdict(event).items()}, ensure_ascii=False, sort_keys=True
    )


def decode(kind: str, text: str) -> Event:
    """The event again. A field it does not know is ignored, so that an older reader reads a newer writer."""
    known = {each.__name__: each for each in _kinds(Event)}
    if kind not in known:
        raise ValueError(f"There is no event called {kind}: it was written by another version of Folkmoot.")
    cls, said = known[kind], json.loads(text)
    types = get_type_hints(cls)
    missing = [field.name for field in fields(cls) if field.name not in said]
    if missing:
        raise ValueError(f"The event {kind} lacks {', '.join(missing)}: it was written by another version of Folkmoot.")
    return cls(**{field.name: _typed(types[field.name], said[field.name]) for field in fields(cls)})


def _kinds(base: type[Event]) -> list[type[Event]]:
    return [each for cls in base.__subclasses__() for each in (cls, *_kinds(cls))]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("An event's time says its zone: give an aware datetime.")
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _typed(wanted: Any, value: Any) -> Any:
    if wanted is UUID:
        return UUID(value)
    return datetime.fromisoformat(value) if wanted is datetime else value
