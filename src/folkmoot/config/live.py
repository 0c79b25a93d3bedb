"""The live server: one small ASGI application that sends a job's progress as it happens.

GET /live/tasks/<id> answers with server-sent events (one `progress` event per change, `end` when it is over). It trusts
the pages' session cookie, asks the same second factor and row scope as they do, and keeps nothing: state is in the
database. Everything else, and everyone else, gets 404.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import django
from asgiref.sync import sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.http import HttpRequest, parse_cookie  # noqa: E402
from django.http.request import split_domain_port, validate_host  # noqa: E402

from folkmoot.foundation.identity.middleware import must_set_up  # noqa: E402
from folkmoot.foundation.jobs.api import answer  # noqa: E402
from folkmoot.foundation.jobs.models import Job  # noqa: E402
from folkmoot.foundation.jobs.queries import state  # noqa: E402

type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Receive = Callable[[], Awaitable[dict[str, Any]]]

LOOK_EVERY_SECONDS = 0.4
SAY_SOMETHING_EVERY_SECONDS = 15  # so that proxies keep a quiet connection open
LONGEST_SECONDS = 30 * 60
AT_ONCE = 200
_open = 0


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI's entrance."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _http(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host, _ = split_domain_port(headers.get("host", ""))
    if not validate_host(host, settings.ALLOWED_HOSTS) or scope["method"] != "GET":
        await _plain(send, 404, "Not found")
    elif scope["path"] == "/live/health":
        await _plain(send, 200, "live")
    elif (key := _task(scope["path"])) is None:
        await _plain(send, 404, "Not found")
    else:
        await _stream(key, headers, receive, send)


def _task(path: str) -> UUID | None:
    try:
        return UUID(path.removeprefix("/live/tasks/")) if path.startswith("/live/tasks/") else None
    except ValueError:
        return None


async def _stream(key: UUID, headers: dict[str, str], receive: Receive, send: Send) -> None:
    global _open
    user = await sync_to_async(_user)(headers.get("cookie", ""))
    first = await sync_to_async(_look)(key, user)
    if first is None:
        await _plain(send, 404, "Not found")
        return
    if _open >= AT_ONCE:
        await _plain(send, 503, "Too many people are watching: reload the page to see how far it is.")
        return
    _open += 1
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _headers(headers.get("origin", ""))})
        await _tell(key, user, gone, send)
    finally:
        gone.cancel()
        _open -= 1


async def _tell(key: UUID, user: Any, gone: "asyncio.Future[None]", send: Send) -> None:
    said, quiet, total = "", 0.0, 0.0
    while not gone.done() and total < LONGEST_SECONDS:
        progress = await sync_to_async(_look)(key, user)
        if progress is None:  # the person has left the organisation meanwhile
            break
        text = json.dumps(progress, ensure_ascii=False, default=str)
        if text != said:
            await _event(send, "progress", text)
            said, quiet = text, 0.0
        elif quiet >= SAY_SOMETHING_EVERY_SECONDS:
            await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
            quiet = 0.0
        if progress["ended"]:
            break
        await asyncio.wait([gone], timeout=LOOK_EVERY_SECONDS)
        quiet, total = quiet + LOOK_EVERY_SECONDS, total + LOOK_EVERY_SECONDS
    if not gone.done():
        await send({"type": "http.response.body", "body": b"event: end\ndata: {}\n\n"})


async def _event(send: Send, name: str, data: str) -> None:
    await send({"type": "http.response.body", "body": f"event: {name}\ndata: {data}\n\n".encode(), "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _user(cookies: str) -> Any:
    """Whose session this is, by Django's own rules: signature, expiry, password changed since."""
    close_old_connections()
    request = HttpRequest()
    request.path = "/live/"
    request.session = SessionStore(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return None if not request.user.is_authenticated or must_set_up(request) else request.user


def _look(key: UUID, user: Any) -> dict[str, Any] | None:
    close_old_connections()
    if user is None:
        return None
    user.__dict__.pop("roles", None)  # read anew: a membership may have ended since the stream began
    job = Job.objects.visible_to(user).filter(pk=key).first()
    return None if job is None else answer(state(job)).dict()


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    found = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if origin and origin in settings.CSRF_TRUSTED_ORIGINS:
        found += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
    return found


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
