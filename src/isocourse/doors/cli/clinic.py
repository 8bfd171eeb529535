"""The clinic from the command line: the demonstration, the server with its jobs, the audit."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from isocourse.doors.cli.options import PROGRAMMES, in_one_message
from isocourse.doors.cli.printing import say
from isocourse.errors import InputError

clinic_app = typer.Typer(no_args_is_help=True, help="The clinic's pages: demonstration, server, jobs, audit.")
audit_app = typer.Typer(no_args_is_help=True, help="The audit: verify that no entry was changed or is missing.")
SETTINGS = "isocourse.doors.web.settings"
Port = Annotated[int, typer.Option("--port", help="The port on this machine.")]


def start_django() -> None:
    """Django with the settings of the pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


@clinic_app.command()
@in_one_message
def demo(
    programme: Annotated[str, typer.Option("--programme", help=f"{PROGRAMMES}.")] = "uk",
    courses: Annotated[int, typer.Option("--courses", min=1, max=5000, help="How many made-up patients.")] = 300,
    port: Port = 8000,
    home: Annotated[Path, typer.Option("--home", help="Where its data are kept.")] = Path("var/demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, also when there is one of today.")] = False,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it once it is made.")] = True,
) -> None:
    """A demonstration clinic with made-up patients, served on this machine alone."""
    os.environ.update(ISOCOURSE_HOME=str(home.resolve()), ISOCOURSE_INSECURE="1")
    os.environ.pop("ISOCOURSE_DATABASE_URL", None)
    sign_ins = home / "sign-ins.txt"
    today = datetime.now(UTC).date().isoformat()
    wanted = f"{today} {programme} {courses}"
    if fresh or not sign_ins.exists() or sign_ins.read_text().splitlines()[0] != wanted:
        _make_demo(home, sign_ins, wanted, programme, courses)
    say(f"\nDemonstration clinic ({programme}): everybody in it is made up.")
    say(f"Address   http://127.0.0.1:{port}/")
    for line in sign_ins.read_text().splitlines()[1:]:
        say(f"Sign in   {line}")
    if serve_it:
        say("Stop with Ctrl-C.\n")
        say("Faces for twelve of them are drawn meanwhile; their photographs come in one after another.")
        _serve(f"127.0.0.1:{port}", workers=2, beside=_draw_faces)


def _draw_faces(stop: threading.Event) -> None:
    """Photographs of nobody for the demonstration, while it is served: drawing them takes a minute."""
    from isocourse.care.demonstration_photographs import seed_photographs
    from isocourse.store.models import Clinic, User

    clinic = Clinic.objects.filter(demonstration=True).order_by("pk").first()
    if clinic is None:
        return
    nurse = User.objects.filter(clinic=clinic, role=User.Role.NURSE).order_by("pk").first()
    for _ in seed_photographs(clinic, by=nurse, now=datetime.now(UTC)) if nurse is not None else ():
        if stop.is_set():
            return


def _make_demo(home: Path, sign_ins: Path, wanted: str, programme: str, courses: int) -> None:
    for old in home.glob("isocourse.sqlite3*"):
        old.unlink()
    shutil.rmtree(home / "files", ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    start_django()
    from django.core.management import call_command

    from isocourse.care import demonstration as made
    from isocourse.care.demonstration_reports import waiting_reports

    call_command("migrate", verbosity=0)
    clinic = made.clinic_for(programme)
    team = made.people_of(clinic, iter(lambda: secrets.token_urlsafe(9), ""))
    say(f"Making {courses} courses ...")
    now = datetime.now(UTC)
    count = sum(1 for _ in made.seed(clinic, now=now, seed=1, courses=courses))
    waiting_reports(clinic, by=clinic.users.get(username="nurse"), now=now)
    say(f"{count} patients are in the clinic.")
    lines = [wanted, *(f"{who.name:<9} {who.password}   ({who.role})" for who in team)]
    sign_ins.touch(mode=0o600)
    sign_ins.write_text("\n".join(lines) + "\n")


@clinic_app.command()
@in_one_message
def serve(
    bind: Annotated[str, typer.Option("--bind", help="Address and port, or unix:PATH.")] = "127.0.0.1:8000",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Server processes.")] = 2,
) -> None:
    """The pages and their jobs, behind a proxy that ends TLS (docs/deployment.md)."""
    _serve(bind, workers=workers)


def _serve(bind: str, *, workers: int, beside: Callable[[threading.Event], None] | None = None) -> None:
    start_django()
    from django.conf import settings
    from django.core.management import call_command

    from isocourse.doors.jobs.loop import run

    if not settings.INSECURE and not settings.PROXIES:
        say("ISOCOURSE_PROXIES is 0: every page sends browsers to https, which a proxy has to offer. Set it to 1 then.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    command = [sys.executable, "-m", "gunicorn", "isocourse.doors.web.wsgi", "--bind", bind]
    command += ["--workers", str(workers), "--threads", "4", "--no-control-socket", "--preload"]
    # What a proxy says is read by Django, where ISOCOURSE_PROXIES says that there is one.
    command += ["--keep-alive", "30", "--log-level", "warning", "--forwarded-allow-ips", ""]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS}
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command  # nosec B603
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        server.terminate()

    def wait() -> None:
        server.wait()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    threading.Thread(target=wait, daemon=True).start()
    if beside is not None:
        threading.Thread(target=beside, args=(stop,), daemon=True).start()
    run(stop)
    if server.wait() not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise InputError("the server ended by itself", mend="read the lines above; is the address in use?")


@clinic_app.command()
@in_one_message
def create(
    name: Annotated[str, typer.Argument(help="The clinic's name.")],
    administrator: Annotated[str, typer.Option("--administrator", help="The first administrator's user name.")],
    programme: Annotated[str, typer.Option("--programme", help=f"{PROGRAMMES}.")] = "uk",
    family_name: Annotated[str, typer.Option("--family-name", help="The administrator's family name.")] = "",
) -> None:
    """A clinic and its first administrator, with a one-time password that is shown this once."""
    start_django()
    from django.core.management import call_command

    from isocourse.care.people import begin_clinic

    call_command("migrate", verbosity=0)
    opened = begin_clinic(
        now=datetime.now(UTC),
        name=name,
        programme=programme,
        administrator=administrator,
        family_name=family_name or administrator,
    )
    say(f"Clinic {name} ({programme}).")
    say(f"Administrator   {opened.user.username}")
    say(f"One-time password, to be changed at the first sign-in within a week:   {opened.password}")


@clinic_app.command()
@in_one_message
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the copy; it must not be there yet.", metavar="FILE")],
) -> None:
    """A whole copy of the SQLite database, made while the clinic works, and checked."""
    start_django()
    from isocourse.doors.cli.backup import copy_database

    rows = copy_database(file)
    say(f"{file}: checked, {rows['patients']} patients, {rows['events']} events, {rows['audit']} entries of the audit.")
    say("The secret key is not in it: keep a copy of it apart (docs/deployment.md).")


@clinic_app.command("rewrap-photographs")
@in_one_message
def rewrap_photographs() -> None:
    """Put every photograph under the first photograph key, so that older keys can be taken away."""
    start_django()
    from isocourse.care.photographs import rewrap

    count = rewrap(now=datetime.now(UTC))
    say(f"{count} photographs are under the first photograph key. Older keys open none of them any more.")


@audit_app.command("verify")
@in_one_message
def verify() -> None:
    """Check every chain of the audit; exit code 1 where one is broken."""
    start_django()
    from isocourse.care.audit import broken
    from isocourse.store.models import AuditEntry, AuditHead

    found = list(broken())
    for each in found:
        say(f"chain {each.chain}, entry {each.number}: {each.how}", error=True)
    if found:
        raise typer.Exit(1)
    say(f"{AuditEntry.objects.count()} entries in {AuditHead.objects.count()} chains: none is changed or missing.")
