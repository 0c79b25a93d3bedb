"""Asking, running, watching, failing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from folkmoot.foundation import jobs
from folkmoot.foundation.audit.models import Event
from folkmoot.foundation.jobs import kinds, running, ticks
from folkmoot.foundation.jobs.models import Job, State
from folkmoot.foundation.outbox.models import Message


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    @jobs.kind("test.count", title="Counting", result_url=lambda job: f"/?counted={job.result['counted']}")
    def count(job: Job, progress: running.Report, *, upto: int) -> dict[str, int]:
        for number in range(upto):
            progress(number, upto, f"At {number}")
        return {"counted": upto}

    @jobs.kind("test.refuse", title="Refusing")
    def refuse(job: Job, progress: running.Report) -> None:
        raise jobs.JobFailed("The log has no rows: choose another file.")

    @jobs.kind("test.break", title="Breaking")
    def broken(job: Job, progress: running.Report) -> None:
        raise ZeroDivisionError("secret detail")

    yield
    for name in ("test.count", "test.refuse", "test.break"):
        kinds._kinds.pop(name)


@pytest.fixture
def analyst(person: Callable[..., Any], organisation: Any) -> Any:
    return person("analyst", organisation)


def _again(job: Job) -> Job:
    return Job.objects.for_organisation(job.organisation_id).get(pk=job.pk)


@pytest.mark.django_db
class TestRunning:
    def test_a_job_runs_to_its_result_and_tells(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        assert jobs.state(job).state == State.WAITING
        running.run(str(job.pk))
        found = jobs.state(_again(job))
        assert (found.state, found.percent, found.result_url) == (State.DONE, 100, "/?counted=3")
        assert Message.objects.get().kind == "JobFinished"
        assert Event.objects.filter(action="jobs.start", actor=f"user:{analyst.pk}").count() == 1

    def test_a_job_delivered_twice_runs_once(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        running.run(str(job.pk))
        running.run(str(job.pk))
        assert Message.objects.count() == 1

    def test_a_refusal_is_the_sentence_it_was_given(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.refuse", by=analyst, organisation=organisation)
        running.run(str(job.pk))
        assert _again(job).error == "The log has no rows: choose another file."

    def test_a_breakdown_shows_a_reference_and_no_insides(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.break", by=analyst, organisation=organisation)
        running.run(str(job.pk))
        assert str(job.pk) in _again(job).error
        assert "secret" not in _again(job).error

    def test_a_job_whose_worker_died_is_ended(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        host = running.worker_name().rsplit(":", 1)[0]
        rows = Job.objects.for_organisation(organisation)
        rows.update(state=State.RUNNING, worker=f"{host}:4194999")
        assert running.end_orphans() == 1
        assert _again(job).error == running.ORPHANED
        rows.filter(pk=job.pk).update(state=State.RUNNING, finished_at=None, worker=running.worker_name())
        assert running.end_orphans() == 0

    def test_an_unknown_kind_is_refused_before_anything_is_queued(self, analyst: Any, organisation: Any) -> None:
        with pytest.raises(LookupError, match=r"no kind of work called test\.nothing"):
            jobs.start("test.nothing", by=analyst, organisation=organisation)

    def test_one_failing_tick_does_not_stop_the_others(self) -> None:
        ticked: list[str] = []
        ticks.every_second("test.a", lambda: 1 / 0)
        ticks.every_second("test.b", lambda: ticked.append("b"))
        try:
            ticks.tick()
        finally:
            del ticks._ticks["test.a"], ticks._ticks["test.b"]
        assert ticked == ["b"]


@pytest.mark.django_db
class TestWatching:
    def test_the_page_refreshes_itself_without_javascript_until_the_end(
        self, client: Client, analyst: Any, organisation: Any
    ) -> None:
        client.force_login(analyst)
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        assert b'http-equiv="refresh"' in client.get(job.get_absolute_url()).content
        running.run(str(job.pk))
        page = client.get(job.get_absolute_url())
        assert b'http-equiv="refresh"' not in page.content
        assert b"/?counted=3" in page.content
        assert client.get(f"/jobs/{job.pk}/progress")["HX-Redirect"] == "/?counted=3"


@pytest.mark.django_db(transaction=True)
class TestWorker:
    def test_the_worker_runs_what_is_queued_and_seals_the_log(self, analyst: Any, organisation: Any) -> None:
        from folkmoot.foundation.audit.models import Leaf

        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        call_command("worker", once=True)
        assert _again(job).state == State.DONE
        assert Leaf.objects.count() == Event.objects.count() == 1


@pytest.fixture
def _a_search() -> Iterator[None]:
    """Work that closes in on 100 until it is told to stop."""

    @jobs.kind("test.search", title="Searching", lines=("Best plan found", "No plan can beat"))
    def search(job: Job, progress: running.Report) -> dict[str, int]:
        def work(watch: jobs.Watch) -> int:
            step = 0
            while not watch.should_stop():
                step += 1
                watch.point(100 + 50 / step, 100 - 50 / step)
            return step

        jobs.stop(job=job, by=job.by)
        return {"steps": jobs.watched(job, progress, work)}

    yield
    kinds._kinds.pop("test.search")


@pytest.mark.usefixtures("_a_search")
def test_a_search_that_is_stopped_keeps_what_it_found_and_how_close_it_came(
    client: Client, analyst: Any, organisation: Any
) -> None:
    job = jobs.start("test.search", by=analyst, organisation=organisation)
    running.run(str(job.pk))
    job = Job.objects.for_organisation(organisation).get(pk=job.pk)
    assert job.state == State.DONE
    assert job.result["steps"] > 0
    assert 2 <= len(job.trail) <= 121
    assert all(value >= 100 >= bound for _seconds, value, bound in job.trail)
    client.force_login(analyst)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "How close the search has come" in page
    assert "Between the two lines" in page


@pytest.mark.usefixtures("_a_search")
def test_a_person_asks_running_work_to_stop(client: Client, analyst: Any, organisation: Any) -> None:
    job = jobs.start("test.search", by=analyst, organisation=organisation)
    client.force_login(analyst)
    assert "Stop and keep the best so far" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/stop").status_code == 302
    assert Job.objects.for_organisation(organisation).get(pk=job.pk).stop_asked_at is not None
    assert Event.objects.filter(action="jobs.stop", target__contains=str(job.pk)).count() == 1
    assert "has been asked to stop" in client.get(f"/jobs/{job.pk}/").content.decode()
