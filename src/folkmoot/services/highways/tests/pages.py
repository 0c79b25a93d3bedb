"""The pages of highways in their states, for the accessibility run."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils import timezone

from folkmoot.services.highways import actions, checking, exports
from folkmoot.services.highways.models import Dataset
from folkmoot.services.highways.tests import movement
from tests.a11y.pages import Entry


def _place(person: Any) -> Any:
    return person.memberships.first().organisation


def everything(person: Any) -> tuple[Any, ...]:
    movement.candidate(_place(person), person)
    return ()


def something_published(person: Any) -> tuple[Any, ...]:
    """One that is there to read, and one that was withdrawn."""
    movement.withdrawn(_place(person), person, "Trips of February")
    movement.published(_place(person), person)
    return ()


def checked_data(person: Any) -> tuple[Any, ...]:
    """Through every check, so that there are hours and rules to show."""
    return (movement.checked(_place(person), person).pk,)


def data(person: Any) -> tuple[Any, ...]:
    return (movement.held(_place(person), person).pk,)


def unusable_data(person: Any) -> tuple[Any, ...]:
    place = _place(person)
    found = Dataset.objects.for_organisation(place).filter(name="Cut short").first()
    if found is None:
        actions.bring_in(organisation=place, name="Cut short", given=movement.given(), by=person)
        found = Dataset.objects.for_organisation(place).get(name="Cut short")
        checking.failed(found, "There is no event with an instant. Check the column timestamp.")
    return (found.pk,)


def deleted_data(person: Any) -> tuple[Any, ...]:
    found = movement.held(_place(person), person, "Network of February")
    if found.is_usable:
        actions.delete_events(dataset=found, reason="The time limit is over.", at=timezone.now(), by=person)
    return (found.pk,)


def _of_somebody(person: Any) -> Any:
    return movement.somebody(_place(person), "analyst")


def unmade(person: Any) -> tuple[Any, ...]:
    return (movement.waiting(_place(person), person, "Trips to come").pk,)


def waiting(person: Any) -> tuple[Any, ...]:
    return (movement.candidate(_place(person), _of_somebody(person)).pk,)


def stopped(person: Any) -> tuple[Any, ...]:
    return (movement.stopped(_place(person), person).pk,)


def out(person: Any) -> tuple[Any, ...]:
    return (movement.published(_place(person), _of_somebody(person), "Trips with totals", totals=True).pk,)


def gone(person: Any) -> tuple[Any, ...]:
    return (movement.withdrawn(_place(person), _of_somebody(person)).pk,)


def _send(page: Any) -> None:
    page.locator("main form button").first.click()


def _too_few(page: Any) -> None:
    page.fill("[name=minimum_k]", "1")
    _send(page)


PAGES: tuple[Entry, ...] = (
    Entry("highways:home", role="analyst", prepare=everything),
    Entry("highways:home", "nothing yet", role="planner", full=False),
    Entry("highways:policy", role="approver"),
    Entry("highways:policy", "errors", role="approver", arrive=_too_few, full=False),
    Entry("highways:bring_in", role="analyst"),
    Entry("highways:bring_in", "errors", role="analyst", arrive=_send, full=False),
    Entry("highways:dataset", role="analyst", prepare=checked_data),
    Entry("highways:dataset", "unusable", role="analyst", prepare=unusable_data, full=False),
    Entry("highways:dataset", "deleted", role="analyst", prepare=deleted_data, full=False),
    Entry("highways:delete", role="analyst", prepare=data, full=False),
    Entry("highways:ask", role="analyst", prepare=data),
    Entry("highways:ask", "errors", role="analyst", prepare=data, arrive=_send, full=False),
    Entry("highways:release", role="approver", prepare=waiting),
    Entry("highways:release", "being made", role="analyst", prepare=unmade, full=False),
    Entry("highways:release", "stopped", role="analyst", prepare=stopped, full=False),
    Entry("highways:decide", role="approver", prepare=waiting),
    Entry("highways:decide", "errors", role="approver", prepare=waiting, arrive=_send, full=False),
    Entry("highways:withdraw", role="approver", prepare=out, full=False),
    Entry("highways:published", role="public_reader", prepare=something_published),
    Entry("highways:published", "to a stranger", full=False),
    Entry("highways:evidence", role="public_reader", prepare=out),
    Entry("highways:evidence", "withdrawn", role="public_reader", prepare=gone, full=False),
)
NOT_PAGES: dict[str, str] = {
    "highways:rejected": "a file",
    "highways:check_again": "POST only; leads to the job",
    "highways:again": "POST only; leads to the job",
    **{f"highways:{name.replace('.', '_').replace('-', '_')}": "a file" for name in exports.FILES},
}


_ROADS = "folkmoot.services.highways.roads"
if find_spec(_ROADS) and find_spec(f"{_ROADS}.tests") and find_spec(f"{_ROADS}.tests.pages"):
    PAGES += import_module(f"{_ROADS}.tests.pages").PAGES
    NOT_PAGES |= import_module(f"{_ROADS}.tests.pages").NOT_PAGES
