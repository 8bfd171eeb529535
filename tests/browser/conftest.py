"""A real server on a database of its own, and the system's Chromium, for each story.

The database is made once for each process and copied for each test. The server is the one that `isocourse clinic serve`
starts. Nothing of Django runs in the process of the test: `site.run` executes statements beside the server.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

TOP = Path(__file__).resolve().parents[2]
PASSWORD = "a long password for tests"
expect.set_options(timeout=20_000)  # a busy machine is no fault of a page
# Without these Chromium asks its maker's servers for things at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    # A camera that shows a test picture, and is allowed.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
MAKE = """
from datetime import UTC, datetime
from django.core.management import call_command
from isocourse.care import demonstration as made
call_command("migrate", verbosity=0)
clinic = made.clinic_for({programme!r})
made.people_of(clinic, iter(lambda: PASSWORD, ""))
list(made.seed(clinic, now=datetime.now(UTC), seed=1, courses={courses}))
"""


def make_demonstration(home: Path, programme: str, courses: int) -> None:
    """A database with a demonstration clinic of that many courses, in a home."""
    run_in(home, MAKE.format(programme=programme, courses=courses))


def environment(home: Path, days_later: int = 0) -> dict[str, str]:
    """The environment of a server, or of statements beside it; its clock some days ahead."""
    ahead = {}
    if days_later:
        ahead = {"PYTHONPATH": str(TOP / "tests/browser/later"), "ISOCOURSE_TEST_DAYS_LATER": str(days_later)}
    ours = {"ISOCOURSE_HOME": str(home), "ISOCOURSE_INSECURE": "1", "ISOCOURSE_DATABASE_URL": ""}
    return {**os.environ, **ours, **ahead, "DJANGO_SETTINGS_MODULE": "isocourse.doors.web.settings"}


def run_in(home: Path, code: str, days_later: int = 0) -> str:
    """Run statements with Django and the database of a home; what they print."""
    start = (
        f"import django; from isocourse.doors.cli.clinic import start_django; start_django(); PASSWORD = {PASSWORD!r}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        env=environment(home, days_later),
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a small demonstration clinic in it."""
    home = tmp_path_factory.mktemp("seeded")
    make_demonstration(home, "uk", 14)
    return home


@pytest.fixture(scope="session")
def seeded_american(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for a clinic of the American programme, with nobody in it yet."""
    home = tmp_path_factory.mktemp("american")
    make_demonstration(home, "us", 0)
    return home


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Site:
    """A running server. `url` is its address, `home` the folder of its data."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path
    opened: list[BrowserContext] = field(default_factory=list)
    days_later: int = 0

    def run(self, code: str) -> str:
        """Statements beside the server, in its database; what they print."""
        return run_in(self.home, code, self.days_later)

    def move_on(self, days: int) -> None:
        """The same clinic some days later: the server starts again with its clock ahead. Everybody is signed out."""
        stop(self.process)
        self.days_later += days
        self.process, _ = serve(self.home, int(self.url.rpartition(":")[2]), self.days_later)

    def user(self, name: str) -> str:
        """The code of somebody who signs in."""
        return self.run(f"from isocourse.store.models import User\nprint(User.objects.get(username='{name}').code)")

    def patient(self, query: str = "state='treated'") -> str:
        """The key of the first patient of a query."""
        return self.run(
            f"from isocourse.store.models import Patient\nprint(Patient.objects.filter({query}).first().key)"
        )


def serve(home: Path, port: int, days_later: int = 0) -> tuple[subprocess.Popen[bytes], Path]:
    """Start the server of a home; returns when it answers."""
    log = home / "server.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "isocourse.doors.cli.main", "clinic", "serve", "--bind", f"127.0.0.1:{port}"],
            env=environment(home, days_later),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return process, log
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, log.read_text()[-3000:]
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text()[-3000:]}")


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
    """End a server and its workers."""
    if process.poll() is None:
        os.killpg(process.pid, number)
        process.wait(timeout=20)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A server for this test alone. `@pytest.mark.american`: of the American programme."""
    american = request.node.get_closest_marker("american") is not None
    seeded: Path = request.getfixturevalue("seeded_american" if american else "seeded")
    home = tmp_path / "home"
    shutil.copytree(seeded, home)
    port = free_port()
    process, log = serve(home, port)
    found = Site(f"http://127.0.0.1:{port}", home, process, log)
    yield found
    stop(found.process)
    said = log.read_text()
    assert not re.search(r"ERROR|Traceback", said), said[-3000:]


def chromium() -> str:
    """Where the system's Chromium is."""
    where = subprocess.run([str(TOP / "tools" / "browser")], capture_output=True, text=True, check=False)
    assert where.returncode == 0, where.stderr
    return where.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield started
        started.close()


Open = Callable[..., Page]


@pytest.fixture
def signed_in(site: Site, browser: Browser) -> Iterator[Open]:
    """Opens a browser window of its own for somebody: `page = signed_in("doctor")`. Errors in the page's console, and
    requests to any other host, fail the test."""
    contexts, wrong = [], []

    def told(message: Any) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            wrong.append(message.text)

    def asked(request: Any) -> None:
        if not request.url.startswith((site.url, "data:", "blob:")):
            wrong.append(f"asked another host: {request.url}")

    def open_for(name: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", told)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", asked)
        page.goto(site.url + "/account/login/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert wrong == []
