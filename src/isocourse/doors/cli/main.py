"""isocourse on the command line.

Exit codes: 0 assessed (whatever the decision), 1 a check found something, 2 input cannot be read.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from isocourse.doors.cli import courses, skin_photographs, skincare_routine
from isocourse.doors.cli.asking import named_day, split_adoptions
from isocourse.doors.cli.clinic import audit_app, clinic_app
from isocourse.doors.cli.options import EDITION, PROGRAMMES, Format, Output, in_one_message
from isocourse.doors.cli.printing import say
from isocourse.doors.cli.skin_evaluation import evaluate
from isocourse.doors.cli.skin_scores import skin_app
from isocourse.engine.load import load_library

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show the patient
    help="May isotretinoin be supplied today, and if not, why not?",
)
protocol_app = typer.Typer(no_args_is_help=True, help="The knowledge: check it, show it, look for weak places.")
for command in courses.COMMANDS:  # first, as the help lists them in this order
    app.command()(command)
app.add_typer(protocol_app, name="protocol")
app.add_typer(clinic_app, name="clinic")
app.add_typer(audit_app, name="audit")
for command in (*skin_photographs.COMMANDS, evaluate):
    skin_app.command()(command)
app.add_typer(skin_app, name="skin")
app.add_typer(skincare_routine.skincare_app, name="skincare")


def _say_version(wanted: bool) -> None:
    if wanted:
        protocol = load_library()
        say(f"isocourse {metadata.version('isocourse')}, protocol {protocol.name}-{protocol.content}")
        raise typer.Exit


@app.callback()
def isocourse(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="The version, and the protocol's edition.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """May isotretinoin be supplied today, and if not, why not?"""


@app.command("import")
@in_one_message
def import_bundles(
    bundles: Annotated[list[Path], typer.Argument(help="FHIR R4 Bundles, or folders of them.", metavar="BUNDLE...")],
    out: Annotated[Path | None, typer.Option("--out", help="Write each record to this folder.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Read FHIR R4 Bundles into records, and list everything that could not be read."""
    from isocourse.doors.cli.importing import import_files

    import_files(bundles, out, as_json=output is Format.JSON, now=datetime.now().astimezone())


@app.command()
@in_one_message
def results(
    reports: Annotated[list[Path], typer.Argument(help="Laboratory reports: HL7 v2, CSV, FHIR.", metavar="REPORT...")],
    output: Output = Format.TEXT,
) -> None:
    """Show what the results inbox would read of a laboratory report, and what it would not. Nothing is kept."""
    from isocourse.doors.cli.lab_reports import show_reports

    show_reports(reports, as_json=output is Format.JSON, now=datetime.now().astimezone())


@app.command()
@in_one_message
def demo() -> None:
    """Assess the bundled example records, one line each, and one of them in full."""
    from isocourse.doors.cli.demo import show_examples

    show_examples(load_library())


@app.command()
@in_one_message
def glossary(
    word: Annotated[
        list[str] | None, typer.Argument(help="A word as it is met: sig, b.i.d., ALT.", metavar="[WORD]")
    ] = None,
) -> None:
    """What a word means, in plain words and for the team; without one, every word there is."""
    from isocourse.doors.cli.glossary import show_words

    show_words(" ".join(word or ()))


@app.command()
@in_one_message
def evidence(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="A claim's name, or words: old scars.", metavar="[CLAIM|WORDS]"),
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """What is known of isotretinoin: each claim with its grade, studies, numbers, and what they do not show."""
    from isocourse.doors.cli.evidence import show_evidence

    show_evidence(load_library(), " ".join(words or ()), as_json=output is Format.JSON)


@app.command()
@in_one_message
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
@in_one_message
def handbook(
    out: Annotated[Path, typer.Argument(help="The folder to write the pages to.", metavar="FOLDER")],
) -> None:
    """Write the protocol as static web pages to read, search and print."""
    from isocourse.doors.cli.handbook import write_site

    say(str(write_site(load_library(), out)))


@protocol_app.command("check")
@in_one_message
def protocol_check() -> None:
    """Load every file strictly, compile every programme, run every bundled example."""
    from isocourse.doors.cli.protocol import check_protocol

    if not check_protocol():
        raise typer.Exit(1)


@protocol_app.command("show")
@in_one_message
def protocol_show(
    name: Annotated[str | None, typer.Argument(help="A topic, rule, fact, value or programme.")] = None,
    programme: Annotated[str, typer.Option("--programme", help=f"{PROGRAMMES}.")] = "us",
    python: Annotated[bool, typer.Option("--python", help="The generated Python of the programme.")] = False,
) -> None:
    """Show what the protocol holds under a name; without one, what there is."""
    from isocourse.doors.cli.protocol import show_protocol

    show_protocol(load_library(), name, programme, python=python)


@protocol_app.command("lint")
@in_one_message
def protocol_lint(
    on: Annotated[str | None, typer.Option("--on", help="The day for review dates. Default: today.")] = None,
) -> None:
    """Look for weak places: unused names, rules no example fires, reviews that are due, what awaits sign-off."""
    from isocourse.doors.cli.protocol import lint_protocol

    if not lint_protocol(load_library(), named_day(on, "--on") if on else date.today().toordinal()):  # noqa: DTZ011
        raise typer.Exit(1)


@protocol_app.command("impact")
@in_one_message
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
    from isocourse.doors.cli.protocol import Courses, show_impact, told_edition

    chosen = Courses(courses, seed, named_day(first_day, "--from") if first_day is not None else None)
    before, after = (told_edition(*split_adoptions(text, which), which) for text, which in ((old, "OLD"), (new, "NEW")))
    show_impact(before, after, programme or (), chosen, as_json=output is Format.JSON, examples=examples)


class Shape(StrEnum):
    RECORD = "record"
    ANSWER = "answer"
    SUITABILITY = "suitability"
    PLAN = "plan"
    SIG = "sig"
    AFTERCARE = "aftercare"
    REPORT = "report"
    SKIN_ROUTINE = "skin_routine"


@app.command()
def schema(
    what: Annotated[Shape, typer.Argument(help="What goes in (record), or what a command gives with --format json.")],
) -> None:
    """The JSON Schemas of what goes in and comes out."""
    import json

    from isocourse.words.schemas import schemas

    sys.stdout.write(json.dumps(schemas()[what], indent=2) + "\n")


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
