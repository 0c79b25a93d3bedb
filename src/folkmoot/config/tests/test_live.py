"""The live server: progress as it happens, to those who may see it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from folkmoot.config.live import application
from folkmoot.foundation import jobs
from folkmoot.foundation.jobs import kinds, running
from folkmoot.foundation.jobs.models import Job


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    @jobs.kind("test.count", title="Counting", result_url=lambda job: f"/?counted={job.result['counted']}")
    def count(job: Job, progress: running.Report, *, upto: int) -> dict[str, int]:
        for number in range(upto):
            progress(number, upto, f"At {number}")
        return {"counted": upto}

    yield
    kinds._kinds.pop("test.count")


@pytest.fixture
def analyst(person: Callable[..., Any], organisation: Any) -> Any:
    return person("analyst", organisation)


async def _ask(path: str, cookie: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    sent: list[dict[str, Any]] = []
    given = {"host": "localhost", "cookie": cookie, **headers}
    scope = {
        "type": "http", "method": "GET", "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        await asyncio.wait_for(application(scope, receive, send), 20)
    finally:
        await sync_to_async(connections.close_all)()  # the thread that asked the database ends with this loop
    body = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, body


@pytest.mark.django_db(transaction=True)
class TestLive:
    def _cookie(self, user: Any) -> str:
        client = Client()
        client.force_login(user)
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def test_progress_is_streamed_to_the_end(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        running.run(str(job.pk))
        status, headers, body = asyncio.run(_ask(f"/live/tasks/{job.pk}", self._cookie(analyst)))
        assert status == 200
        assert headers["content-type"].startswith("text/event-stream")
        name, data = body.split("\n\n")[0].split("\n")
        assert name == "event: progress"
        assert json.loads(data.removeprefix("data: "))["result_url"] == "/?counted=3"
        assert body.endswith("event: end\ndata: {}\n\n")

    def test_a_change_made_meanwhile_is_sent(self, analyst: Any, organisation: Any) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        cookie = self._cookie(analyst)

        async def both() -> str:
            watching = asyncio.ensure_future(_ask(f"/live/tasks/{job.pk}", cookie))
            await asyncio.sleep(0.6)
            await asyncio.to_thread(self._run, str(job.pk))
            return (await watching)[2]

        body = asyncio.run(both())
        states = [
            json.loads(line.removeprefix("data: ")).get("state")
            for line in body.splitlines()
            if line.startswith('data: {"')
        ]
        assert states[0] == "waiting"
        assert states[-1] == "done"

    @staticmethod
    def _run(key: str) -> None:
        try:
            running.run(key)
        finally:
            connection.close()

    def test_others_are_told_there_is_nothing(
        self, analyst: Any, organisation: Any, other_organisation: Any, person: Callable[..., Any]
    ) -> None:
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=3)
        path = f"/live/tasks/{job.pk}"
        for cookie in (
            "",
            f"{settings.SESSION_COOKIE_NAME}=forged",
            self._cookie(person("analyst", other_organisation)),
            self._cookie(person("analyst", organisation, factor=False)),
        ):
            assert asyncio.run(_ask(path, cookie))[0] == 404
        assert asyncio.run(_ask(path, self._cookie(analyst), host="evil.example"))[0] == 404
        assert asyncio.run(_ask("/live/tasks/not-an-id", self._cookie(analyst)))[0] == 404

    def test_only_our_own_pages_may_read_it_from_another_port(
        self, analyst: Any, organisation: Any, settings: Any
    ) -> None:
        settings.CSRF_TRUSTED_ORIGINS = ["http://localhost:8000"]
        job = jobs.start("test.count", by=analyst, organisation=organisation, upto=1)
        running.run(str(job.pk))
        path, cookie = f"/live/tasks/{job.pk}", self._cookie(analyst)
        ours = asyncio.run(_ask(path, cookie, origin="http://localhost:8000"))[1]
        theirs = asyncio.run(_ask(path, cookie, origin="http://evil.example"))[1]
        assert ours["access-control-allow-origin"] == "http://localhost:8000"
        assert "access-control-allow-origin" not in theirs
