"""isocourse on the command line.

Exit codes: 0 assessed (whatever the decision), 1 a check found something, 2 input cannot be read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from isocourse.doors.cli.files import read_bytes
from isocourse.doors.cli.printing import print_answer, print_lines, say
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library, programme_names
from isocourse.engine.model import Library
from isocourse.errors import InputError, IsocourseError
from isocourse.record.dates import LATEST_YEAR, day_of
from isocourse.record.record import Record, read_record, record_schema

if TYPE_CHECKING:
    from isocourse.doors.cli.protocol import Told

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show the patient
    help="May isotretinoin be supplied today, and if not, why not?",
)
protocol_app = typer.Typer(no_args_is_help=True, help="The knowledge: check it, show it, look for weak places.")
schema_app = typer.Typer(no_args_is_help=True, help="The shapes of what goes in and comes out.")
app.add_typer(protocol_app, name="protocol")
app.add_typer(schema_app, name="schema")


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


RecordPath = Annotated[
    Path,
    typer.Argument(help="A record (isocourse schema record), or a FHIR R4 Bundle of one patient.", metavar="RECORD"),
]
On = Annotated[str | None, typer.Option("--on", help="The day to decide for, YYYY-MM-DD. Default: today.")]
PROGRAMMES = ", ".join(programme_names())
ProgrammeName = Annotated[
    str | None, typer.Option("--programme", help=f"{PROGRAMMES}. Default: the patient's enrolment.")
]
Adopted = Annotated[
    list[str] | None,
    typer.Option("--adopted", help="A version whose go-live is not confirmed, and the day this clinic adopted it.",
                 metavar="EDITION=DATE"),
]  # fmt: skip
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="Decide with what was recorded by then (date, or date and time).")
]
EDITION = (
    "A folder with a protocol, or `this` for the one installed; with +VERSION=DATE for a version that the clinic "
    "adopted. A git revision: git worktree add FOLDER REVISION, then FOLDER/src/isocourse/protocol."
)
Output = Annotated[Format, typer.Option("--format", help="text to read, json for programs.")]


def _in_one_message(command: Callable[..., None]) -> Callable[..., None]:
    """Errors a user can mend end in one message and exit code 2, never in a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except IsocourseError as error:
            say(str(error), error=True)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            raise  # whoever read the output has seen enough: typer ends quietly
        except OSError as error:
            say(f"a file or the output cannot be written ({error.strerror or 'unknown reason'})", error=True)
            raise typer.Exit(2) from None
        except UnicodeEncodeError as error:  # its own message would quote the page
            say(f"the page cannot be written as {error.encoding}\n  To mend: set PYTHONIOENCODING=utf-8", error=True)
            raise typer.Exit(2) from None

    return run


@app.command()
@_in_one_message
def assess(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    known_at: KnownAt = None,
    output: Output = Format.TEXT,
) -> None:
    """May isotretinoin be supplied on this day? If not, why not, and what has to happen by when."""
    from isocourse.words.answer import answer_json
    from isocourse.words.answer import assess as assess_record

    patient, not_read = _record(record)
    edition = _edition(load_library(), patient, programme, adopted)
    zone = ZoneInfo(edition.programme.time_zone)
    now = datetime.now(zone)
    as_of = _day(on, "--on") if on is not None else now.date().toordinal()
    answer = assess_record(edition, patient, as_of, _moment(known_at, zone), not_read)
    if output is Format.JSON:
        sys.stdout.write(answer_json(answer).decode() + "\n")
    else:
        print_answer(answer, now=now if on is None else None)


@app.command()
@_in_one_message
def explain(
    record: RecordPath,
    rule: Annotated[str, typer.Argument(help="The rule's name, as an answer prints it in brackets.", metavar="RULE")],
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    known_at: KnownAt = None,
) -> None:
    """Why a rule fired or did not: its condition, every fact it read, and where it comes from."""
    from isocourse.engine.decide import evaluate, prepare
    from isocourse.words.explain import explain_rule

    patient, _ = _record(record)
    edition = _edition(load_library(), patient, programme, adopted)
    zone = ZoneInfo(edition.programme.time_zone)
    as_of = _day(on, "--on") if on is not None else datetime.now(zone).date().toordinal()
    edition.check_in_force(as_of)
    evaluation = evaluate(edition, prepare(patient, _moment(known_at, zone)), as_of)
    print_lines(explain_rule(edition, evaluation, rule))


@app.command("import")
@_in_one_message
def import_bundles(
    bundles: Annotated[list[Path], typer.Argument(help="FHIR R4 Bundles, or folders of them.", metavar="BUNDLE...")],
    out: Annotated[Path | None, typer.Option("--out", help="Write each record to this folder.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Read FHIR R4 Bundles into records, and list everything that could not be read."""
    from isocourse.doors.cli.importing import import_files

    import_files(bundles, out, as_json=output is Format.JSON, now=datetime.now().astimezone())


@app.command()
@_in_one_message
def demo() -> None:
    """Assess the bundled example records, one line each, and one of them in full."""
    from isocourse.doors.cli.demo import show_examples

    show_examples(load_library())


@app.command()
@_in_one_message
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say whether the pages are up to date.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where the pages are.")] = Path("docs"),
) -> None:
    """Write the pages that are made from the protocol, or check that they are up to date."""
    from isocourse.doors.cli.handbook import stale_pages, write_pages

    library = load_library()
    if not check:
        for path in write_pages(library, folder):
            say(str(path))
        return
    stale = stale_pages(library, folder)
    for path in stale:
        say(f"{path} is not up to date; run: make docs", error=True)
    if stale:
        raise typer.Exit(1)
    say("docs are up to date")


@app.command()
@_in_one_message
def handbook(
    out: Annotated[Path, typer.Argument(help="The folder to write the pages to.", metavar="FOLDER")],
) -> None:
    """Write the protocol as static web pages to read, search and print."""
    from isocourse.doors.cli.handbook import write_site

    say(str(write_site(load_library(), out)))


@protocol_app.command("check")
@_in_one_message
def protocol_check() -> None:
    """Load every file strictly, compile every programme, run every bundled example."""
    from isocourse.doors.cli.protocol import check_protocol

    if not check_protocol():
        raise typer.Exit(1)


@protocol_app.command("show")
@_in_one_message
def protocol_show(
    name: Annotated[str | None, typer.Argument(help="A topic, rule, fact, value or programme.")] = None,
    programme: Annotated[str, typer.Option("--programme", help=f"{PROGRAMMES}.")] = "us",
    python: Annotated[bool, typer.Option("--python", help="The generated Python of the programme.")] = False,
) -> None:
    """Show what the protocol holds under a name; without one, what there is."""
    from isocourse.doors.cli.protocol import show_protocol

    show_protocol(load_library(), name, programme, python=python)


@protocol_app.command("lint")
@_in_one_message
def protocol_lint(
    on: Annotated[str | None, typer.Option("--on", help="The day for review dates. Default: today.")] = None,
) -> None:
    """Look for weak places: unused names, rules no example fires, reviews that are due, what awaits sign-off."""
    from isocourse.doors.cli.protocol import lint_protocol

    if not lint_protocol(load_library(), _day(on, "--on") if on else date.today().toordinal()):  # noqa: DTZ011
        raise typer.Exit(1)


@protocol_app.command("impact")
@_in_one_message
def protocol_impact(
    old: Annotated[str, typer.Argument(help=EDITION, metavar="OLD")],
    new: Annotated[str, typer.Argument(help="The same, for what it is compared with.", metavar="NEW")],
    programme: Annotated[
        list[str] | None, typer.Option("--programme", help=f"Only this one (may be given again): {PROGRAMMES}.")
    ] = None,
    courses: Annotated[int, typer.Option("--courses", min=1, help="How many for each programme.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same courses.")] = 1,
    first_day: Annotated[
        str | None, typer.Option("--from", help="First visits from this day. Default: when the newest version begins.")
    ] = None,
    examples: Annotated[
        Path | None, typer.Option("--examples", help="Write the courses named as examples to this folder.")
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Run two editions over seeded synthetic courses, and list who changes and why."""
    from isocourse.doors.cli.protocol import Courses, show_impact

    chosen = Courses(courses, seed, _day(first_day, "--from") if first_day is not None else None)
    before, after = _told(old, "OLD"), _told(new, "NEW")
    show_impact(before, after, programme or (), chosen, as_json=output is Format.JSON, examples=examples)


@schema_app.command("record")
def schema_record() -> None:
    """The JSON Schema of a record."""
    _print_json(record_schema())


@schema_app.command("answer")
def schema_answer() -> None:
    """The JSON Schema of an answer."""
    from isocourse.words.answer import answer_schema

    _print_json(answer_schema())


# --- reading arguments ----------------------------------------------------------------------------
def _record(path: Path) -> tuple[Record, tuple[Any, ...]]:
    """A record with what was not read of it, from our own JSON or from a FHIR Bundle of one patient."""
    from isocourse.doors.cli.importing import is_fhir, read_bundles
    from isocourse.record.record import LARGEST_BYTES

    source = read_bytes(path)
    if not is_fhir(source):
        if len(source) > LARGEST_BYTES:
            read_bytes(path, most=LARGEST_BYTES)
        return read_record(source, where=str(path)), ()
    imported = read_bundles([path], datetime.now().astimezone())
    if len(imported.patients) != 1:
        raise InputError(
            f"the Bundle holds {len(imported.patients)} patients",
            where=str(path),
            mend="split it with: isocourse import BUNDLE --out FOLDER",
        )
    patient = imported.patients[0]
    return patient.record, tuple(msgspec.to_builtins([*patient.not_read, *imported.not_read]))


def _edition(library: Library, record: Record, programme: str | None, adopted: list[str] | None) -> Edition:
    return edition_of(library, programme or _enrolled_in(record), _adoptions(adopted or []))


def _enrolled_in(record: Record) -> str:
    """The programme named by the record's enrolment, when that is clear."""
    from isocourse.record.corrections import visible
    from isocourse.record.events import Enrolled

    registries = {event.registry for event in visible(record.events) if isinstance(event, Enrolled)}
    if registries == {"ipledge"}:
        return "us"
    raise InputError(
        "the record does not say which programme applies", allowed=PROGRAMMES, mend="add --programme with one of them"
    )


def _told(text: str, which: str) -> Told:
    """An edition by its folder (or `this`), with adoptions behind plus signs."""
    from isocourse.doors.cli.protocol import told_edition

    place, *adopted = re.split(r"\+(?=[^+/=]+=[^+/=]*(?:\+|$))", text)
    return told_edition(place, _adoptions(adopted, which), which)


def _adoptions(given: list[str], said: str = "--adopted") -> dict[str, int]:
    found: dict[str, int] = {}
    for text in given:
        name, mark, day = text.partition("=")
        if not mark:
            raise InputError(f"{said} {text!r} has no date", mend=f"write {said} ipledge-2026=2026-09-01")
        if name in found:
            raise InputError(f"{said} {name} is given twice", mend="leave out one of the two days")
        found[name] = _day(day, f"{said} {name}")
    return found


def _day(text: str, where: str) -> int:
    try:
        day = day_of(text)
    except ValueError as error:
        raise InputError(str(error), where=where, mend="write one day as YYYY-MM-DD") from None
    # What has to happen by when is planned up to two years ahead, and those days have to be dates as well.
    if date.fromordinal(day).year > LATEST_YEAR - 3:
        raise InputError(f"{text} is too far ahead to plan from", where=where, allowed=f"up to {LATEST_YEAR - 3}-12-31")
    return day


def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """A moment of knowledge; a date alone means the end of that day in the programme's time zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a moment", where="--known-at", allowed="2026-03-09 or 2026-03-09T10:20:00+00:00"
        ) from None
    if len(text) <= len("2026-03-09"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)


def _print_json(content: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(content, indent=2) + "\n")


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
