"""The pages of the wards in their states, for the accessibility run."""

from functools import cache
from typing import Any

from folkmoot.foundation.jobs import running
from folkmoot.foundation.jobs.models import Job
from folkmoot.services.wards import actions, tasks
from folkmoot.services.wards.models import Analysis, Hospital
from folkmoot.services.wards.tests import hospital
from tests.a11y.pages import Entry


def _place(person: Any) -> Any:
    return person.memberships.first().organisation


def _hospital(person: Any) -> Hospital:
    """Made once for both languages of an entry."""
    found = Hospital.objects.for_organisation(_place(person)).first()
    return found or hospital.of_the_town(_place(person))


def everybody(person: Any) -> tuple[Any, ...]:
    _hospital(person)
    return ()


def _waiting(person: Any) -> Any:
    return (
        _hospital(person).stays.filter(left_at=None, tasks__team__code="social", tasks__status="open",
                                       tasks__ready_at__isnull=False).first()
        or _hospital(person).stays.filter(left_at=None).first()
    )  # fmt: skip


def a_team(person: Any) -> tuple[Any, ...]:
    _hospital(person)
    return ("social",)


def a_stay(person: Any) -> tuple[Any, ...]:
    return (_waiting(person).pk,)


def a_log(person: Any) -> tuple[Any, ...]:
    return (hospital.a_log(_place(person), person).pk,)


def some_logs(person: Any) -> tuple[Any, ...]:
    a_log(person)
    return ()


def a_read_log(person: Any) -> tuple[Any, ...]:
    log = hospital.a_log(_place(person), person)
    mapping = {"case": "patient", "activity": "activity", "timestamp": "time", "resource": "team"}
    running.run(str(actions.analyse_log(analysis=log, mapping=mapping, by=person).pk))
    return (log.pk,)


@cache
def _steps(seed: int) -> dict[str, Any]:
    """The five steps of the small town, worked out once for a whole run."""
    from folkmoot import town
    from folkmoot.engines.flow import Scenario, five_steps

    scenario = Scenario.from_tables(town.build(seed=seed, scale="test").tables)
    return tasks.plain(five_steps(scenario, seeds=range(1, 4)))


def five_steps(person: Any) -> tuple[Any, ...]:
    made = Analysis.objects.for_organisation(_place(person)).create(
        kind="hospital", name="Aldermoor General", by=person, result=_steps(1)
    )
    return (made.pk,)


def asked(person: Any) -> tuple[Any, ...]:
    place = _hospital(person)
    if not place.what_ifs.exists():
        job = actions.ask(
            hospital=place, question={"team": "social", "change": "staff", "extra": 1, "days": [5]}, by=person
        )
        running.run(str(job.pk))
        assert Job.objects.for_organisation(place.organisation_id).get(pk=job.pk).error == ""
    return ()


def _send_first(page: Any) -> None:
    page.locator("main form button").first.click()


def _ask_for_nobody(page: Any) -> None:
    page.fill("input[name=extra]", "0")
    _send_first(page)


PAGES = (
    Entry("wards:home", role="flow_manager", prepare=everybody),
    Entry("wards:home", "no hospital", role="clinician", full=False),
    Entry("wards:board", role="ward_clerk", prepare=everybody, query="?ward=frail"),
    Entry("wards:team", role="clinician", prepare=a_team),
    Entry("wards:patient", role="clinician", prepare=a_stay),
    Entry("wards:paper", role="ward_clerk", prepare=everybody, full=False),
    Entry("wards:order", role="flow_manager", prepare=everybody),
    Entry("wards:what_ifs", role="flow_manager", prepare=asked),
    Entry("wards:what_ifs", "errors", role="flow_manager", prepare=everybody, arrive=_ask_for_nobody, full=False),
    Entry("wards:analyses", role="analyst", prepare=some_logs),
    Entry("wards:analyses", "no file", role="analyst", arrive=_send_first, full=False),
    Entry("wards:columns", role="analyst", prepare=a_log),
    Entry("wards:analysis", "log", role="analyst", prepare=a_read_log),
    Entry("wards:analysis", "five steps", role="analyst", prepare=five_steps),
)
NOT_PAGES = {
    "wards:act": "POST only; the journeys walk it",
    "wards:plan": "POST only; the journeys walk it",
    "wards:criteria": "POST only; the journeys walk it",
    "wards:upload": "POST only; its errors are on the page of analyses",
    "wards:five_steps": "POST only; leads to the job",
    "wards:rejected": "a file",
}
