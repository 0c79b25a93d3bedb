"""Events keep their meaning on the way."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from folkmoot.vocabulary import events
from folkmoot.vocabulary.events import BedFreed, Event, JobFinished, decode, encode

FREED = BedFreed(
    id=UUID(int=1), occurred_at=datetime(2026, 3, 1, 9, tzinfo=UTC), organisation=UUID(int=2), ward="A1", bed="4"
)


def test_an_event_comes_back_as_it_went() -> None:
    finished = JobFinished(
        id=UUID(int=1),
        occurred_at=FREED.occurred_at,
        organisation=UUID(int=2),
        job=UUID(int=3),
        kind="k",
        succeeded=True,
    )
    assert decode(*encode(FREED)) == FREED
    assert decode(*encode(finished)) == finished


def test_a_newer_writers_field_is_ignored() -> None:
    kind, text = encode(FREED)
    assert decode(kind, json.dumps({**json.loads(text), "colour": "green"})) == FREED


def test_an_unknown_or_incomplete_event_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="no event called Nothing"):
        decode("Nothing", "{}")
    with pytest.raises(ValueError, match="lacks id, occurred_at"):
        decode("BedFreed", "{}")


def test_a_time_without_a_zone_is_refused() -> None:
    naive = BedFreed(**{**vars(FREED), "occurred_at": datetime(2026, 3, 1)})
    with pytest.raises(ValueError, match="says its zone"):
        encode(naive)


def test_every_event_is_public() -> None:
    assert {each.__name__ for each in Event.__subclasses__()} <= set(events.__all__)
