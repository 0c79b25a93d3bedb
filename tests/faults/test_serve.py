"""`folkmoot serve`: up together, down together, whatever ends it."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


def _free_ports() -> int:
    """The first of two neighbouring ports that are free."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _start(home: Path, port: int, *more: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FOLKMOOT_")}
    environment |= {
        "FOLKMOOT_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/served.sqlite3", "COLUMNS": "160",
        "FOLKMOOT_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "folkmoot.cli", "serve", "--port", str(port), *more],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=_as_in_front,
    )  # fmt: skip


def _as_in_front() -> None:
    """What a shell sends to the background ignores Ctrl-C, and so would its children: tests may run there."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _until(stream: IO[str] | None, words: str) -> str:
    assert stream is not None
    said = ""
    for line in stream:
        said += line
        if words in line:
            return said
    pytest.fail(f"it ended without saying {words!r}: {said}")


def _children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def port() -> int:
    return _free_ports()


@pytest.fixture
def served(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    server = _start(tmp_path, port)
    _until(server.stdout, "Folkmoot is at")
    yield server
    if server.poll() is None:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_all_are_stopped_when_it_is_told_to_stop(
    served: subprocess.Popen[str], tmp_path: Path, ending: signal.Signals
) -> None:
    children = _children(served.pid)
    assert len(children) == 3
    served.send_signal(ending)
    assert served.wait(30) == 0
    assert not any(_running(child) for child in children)


def test_none_is_left_behind_when_it_is_killed(served: subprocess.Popen[str]) -> None:
    children = _children(served.pid)
    watched = [os.pidfd_open(child) for child in children]
    served.kill()
    served.wait(30)
    import select

    for descriptor in watched:
        assert select.select([descriptor], [], [], 30)[0], "a child outlived its parent"
        os.close(descriptor)


def test_all_are_stopped_when_one_of_them_dies(served: subprocess.Popen[str]) -> None:
    children = _children(served.pid)
    os.kill(children[2], signal.SIGKILL)
    assert served.wait(30) == 1
    assert not any(_running(child) for child in children)


def test_a_busy_port_is_said_in_a_sentence(tmp_path: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "folkmoot.cli", "serve", "--port", str(port)],
            capture_output=True, text=True, timeout=60, env={**os.environ, "FOLKMOOT_HOME": str(tmp_path)},
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port + 1} on 127.0.0.1 is in use" in done.stderr
    assert not (tmp_path / "var").exists(), "nothing is made before the ports are known to be free"


def test_the_demo_can_be_entered_and_its_audit_log_verifies_afterwards(tmp_path: Path, port: int) -> None:
    server = _start(tmp_path, port, "--demo")
    try:
        said = _until(server.stdout, "second factor")
        assert "flora@demo.example" in said
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = browser.open(f"http://127.0.0.1:{port}/demo/personas/", timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "email": "flora@demo.example"}).encode()
        assert browser.open(f"http://127.0.0.1:{port}/demo/personas/enter/", form, timeout=30).status == 200
        who = json.load(browser.open(f"http://127.0.0.1:{port}/api/v1/whoami", timeout=30))
        assert who["name"] == "Flora Manager"
        with pytest.raises(urllib.error.HTTPError) as nothing:
            browser.open(f"http://127.0.0.1:{port + 1}/live/tasks/{who['id']}", timeout=30)
        assert nothing.value.code == 404
    finally:
        server.terminate()
        server.wait(60)
    environment = {**os.environ, "FOLKMOOT_HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/served.sqlite3"}
    verified = subprocess.run(
        [sys.executable, "-m", "folkmoot.cli", "audit", "verify", "--json"],
        capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
    found = json.loads(verified.stdout)
    assert found["holds"] is True
    assert found["waiting"] == 0
    assert found["covered"] == found["events"]
