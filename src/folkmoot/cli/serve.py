"""`folkmoot serve`: the pages, the live server and one worker, started together and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Serve the whole platform on this machine.")
SECONDS_TO_START = 60
SECONDS_TO_STOP = 15
HOST = "127.0.0.1"


class _Told(Exception):
    """Somebody told us to stop."""


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Invented people and data; anybody may be anybody.")] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65534, help="The pages' port; the live server takes the next.")
    ] = 8000,
    threads: Annotated[int, typer.Option(min=1, help="Threads that answer pages.")] = 4,
) -> None:
    """Bring the database up to date, then serve pages, live progress and background work until told to stop."""
    for wanted in (port, port + 1):
        if _busy(wanted):
            typer.echo(
                f"Port {wanted} on {HOST} is in use by another program: stop it, or choose another with "
                f"`folkmoot serve --port {wanted + 10}`.",
                err=True,
            )
            raise typer.Exit(1)
    os.environ.update(_environment(port, demo))
    os.umask(0o077)  # what an installation keeps is for its owner alone
    _prepare(demo)
    with _children(port, threads) as children:
        try:
            _wait_until_healthy(children, port)
            _say(port, demo)
            while all(child.poll() is None for child in children.values()):
                _pause(children)
            dead = next(name for name, child in children.items() if child.poll() is not None)
            typer.echo(f"The {dead} stopped by itself, so everything was stopped: its log above says why.", err=True)
            raise typer.Exit(1)
        except (_Told, KeyboardInterrupt):
            typer.echo("Stopping.", err=True)


def _environment(port: int, demo: bool) -> Mapping[str, str]:
    """What the children need to know beyond what we were told ourselves."""
    given = {"DJANGO_SETTINGS_MODULE": "folkmoot.config.settings"}
    if demo:
        given["FOLKMOOT_MODE"] = "demo"
    pages = [f"http://{name}:{port}" for name in (HOST, "localhost")]
    known = os.environ.get("FOLKMOOT_ORIGINS", "")
    given["FOLKMOOT_ORIGINS"] = ",".join([*filter(None, known.split(",")), *pages])
    if not os.environ.get("FOLKMOOT_LIVE_URL"):
        given["FOLKMOOT_LIVE_URL"] = f"http://{HOST}:{port + 1}"
    return given


def _prepare(demo: bool) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.FOLKMOOT["witness"].mkdir(parents=True, exist_ok=True)
    if demo:
        _seed()


def _seed() -> None:
    """The demo's people, then whatever each service wants to show: `services/NAME/seed.py: demo()`."""
    from folkmoot.config.rooms import has, rooms
    from folkmoot.foundation.identity import personas

    personas.make()
    for room in rooms():
        if has(room, "seed"):
            typer.echo(f"Preparing {room}…", err=True)
            import_module(f"folkmoot.services.{room}.seed").demo()


@contextmanager
def _children(port: int, threads: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the three; stop those that run, in the order of starting, whatever happens."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, _tell)
    try:
        for name, command in _commands(port, threads).items():
            # A session of its own: Ctrl-C reaches us alone, and we stop the others in order.
            children[name] = subprocess.Popen(
                [sys.executable, "-m", *command], start_new_session=True, preexec_fn=_end_with_parent
            )
        yield children
    finally:
        for child in children.values():
            if child.poll() is None:
                child.terminate()
        latest = time.monotonic() + SECONDS_TO_STOP
        for child in children.values():
            try:
                child.wait(max(0.1, latest - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _end_with_parent() -> None:
    """In the child: be told to stop when we are killed and cannot say so ourselves (Linux's PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _commands(port: int, threads: int) -> dict[str, list[str]]:
    pages = ["gunicorn", "--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", "1"]
    return {
        "page server": [*pages, "--threads", str(threads), "--log-level", "warning", "folkmoot.config.wsgi"],
        "live server": [
            "uvicorn", "--host", HOST, "--port", str(port + 1), "--log-level", "warning",
            "--timeout-graceful-shutdown", "2", "folkmoot.config.live:application",
        ],
        "worker": ["django", "worker"],
    }  # fmt: skip


def _tell(number: int, frame: FrameType | None) -> None:
    raise _Told


def _pause(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    try:
        next(iter(children.values())).wait(1)
    except subprocess.TimeoutExpired:
        return


def _wait_until_healthy(children: Mapping[str, subprocess.Popen[bytes]], port: int) -> None:
    until = time.monotonic() + SECONDS_TO_START
    for address in (f"http://{HOST}:{port}/health/ready", f"http://{HOST}:{port + 1}/live/health"):
        while not _answers(address):
            if any(child.poll() is not None for child in children.values()):
                return  # the caller says which
            if time.monotonic() > until:
                typer.echo(f"{address} did not answer within {SECONDS_TO_START} seconds: see the log above.", err=True)
                raise typer.Exit(1)
            _pause(children)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 – our own http address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _say(port: int, demo: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=False)
    console.print(f"\n[bold]Folkmoot is at http://{HOST}:{port}/[/bold]   (Ctrl-C stops it)\n")
    if demo:
        from folkmoot.foundation.identity.personas import ORGANISATIONS, PASSWORD, PERSONAS

        table = Table(title=f"Log in as anybody at http://{HOST}:{port}/demo/personas/ – or by e-mail and password")
        for column in ("Person", "Role", "Organisation", "E-mail", "Password"):
            table.add_column(column, no_wrap=column != "Organisation")
        for person in PERSONAS:
            place, _ = ORGANISATIONS[person.organisation]
            table.add_row(person.name, str(person.role.label), place, person.email, PASSWORD)
        console.print(table)
        console.print("Staff who log in by password are asked to set up a second factor, as in real life.\n")
    sys.stdout.flush()
