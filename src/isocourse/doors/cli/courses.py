"""The commands about one course: may it be supplied, is it right, how much, what afterwards, what to report."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from isocourse.doors.cli.asking import ask, named_day
from isocourse.doors.cli.options import (
    Adopted,
    ClinicFile,
    Format,
    KnownAt,
    On,
    Output,
    ProgrammeName,
    RecordPath,
    in_one_message,
)
from isocourse.doors.cli.printing import print_answer, print_lines, say
from isocourse.errors import InputError
from isocourse.words.page import Line


def show(output: Format, as_json: bytes, lines: Iterable[Line]) -> None:
    """An answer as JSON, or as lines for people."""
    if output is Format.JSON:
        sys.stdout.write(as_json.decode() + "\n")
    else:
        print_lines(lines)


@in_one_message
def assess(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    output: Output = Format.TEXT,
) -> None:
    """May isotretinoin be supplied on this day? If not, why not, and what has to happen by when."""
    from isocourse.words.answer import answer_json
    from isocourse.words.answer import assess as assess_record

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    answer = assess_record(asked.edition, asked.record, asked.as_of, asked.known_at, asked.not_read)
    if output is Format.JSON:
        sys.stdout.write(answer_json(answer).decode() + "\n")
    else:
        print_answer(answer, now=asked.now)
        say("\nDose, total and ways to the end: isocourse plan RECORD")


@in_one_message
def explain(
    record: RecordPath,
    rule: Annotated[str, typer.Argument(help="The rule's name, as an answer prints it in brackets.", metavar="RULE")],
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
) -> None:
    """Why a rule fired or did not: its condition, every fact it read, and where it comes from."""
    from isocourse.engine.decide import evaluate, prepare
    from isocourse.words.explain import explain_rule

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    asked.edition.check_in_force(asked.as_of)
    evaluation = evaluate(asked.edition, prepare(asked.record, asked.known_at), asked.as_of)
    print_lines(explain_rule(asked.edition, evaluation, rule))


@in_one_message
def suitability(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    output: Output = Format.TEXT,
) -> None:
    """Is isotretinoin right for this person? What speaks for it, what against, and what is still unknown."""
    from isocourse.words import suitability as words

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    found = words.suitability(asked.edition, asked.record, asked.as_of, asked.known_at, asked.not_read)
    show(output, words.suitability_json(found), words.suitability_page(found))


@in_one_message
def plan(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    regimen: Annotated[str | None, typer.Option("--regimen", help="The way to dose, shown first.")] = None,
    product: Annotated[str | None, typer.Option("--product", help="The product whose capsules are used.")] = None,
    target: Annotated[list[int] | None, typer.Option("--target", help="A total in mg/kg: 120, 150 or 220.")] = None,
    finish: Annotated[str | None, typer.Option("--finish", help="A last day, YYYY-MM-DD.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Where the course stands: dose, total, capsules, ways to dose and ways to the end."""
    from isocourse.words.plan import plan as plan_of
    from isocourse.words.plan import plan_json
    from isocourse.words.plan_page import plan_page
    from isocourse.words.plan_shape import Choices

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    last = named_day(finish, "--finish") if finish is not None else None
    chosen = Choices(regimen, product, tuple(dict.fromkeys(target or ())), last)
    made = plan_of(asked.edition, asked.record, asked.as_of, known_at=asked.known_at, chosen=chosen)
    show(output, plan_json(made), plan_page(made))


@in_one_message
def sig(
    text: Annotated[str | None, typer.Argument(help="Prescription text.", metavar="TEXT")] = None,
    strength: Annotated[str | None, typer.Option("--strength", help="mg of a capsule the text does not name.")] = None,
    record: Annotated[Path | None, typer.Option("--record", help="Write the text of its latest prescription.")] = None,
    on: On = None,
    programme: ProgrammeName = None,
    output: Output = Format.TEXT,
) -> None:
    """Read prescription text and write it back, or ask what could mean two things (exit code 1)."""
    from isocourse.doors.cli.dosing import read_text, sig_of_record
    from isocourse.words.sig_answer import sig_json, sig_lines

    if (text is None) == (record is None):
        raise InputError("a text or --record is wanted, one of the two", mend='isocourse sig "1 cap po bid w/ food"')
    if text is not None:
        answer = read_text(text, strength)
    else:
        assert record is not None
        if strength is not None:
            raise InputError("--strength is for a text; a prescription on record has its own", mend="leave it out")
        asked = ask(record, on=on, programme=programme)
        answer = sig_of_record(asked.edition, asked.record, asked.as_of)
    show(output, sig_json(answer), sig_lines(answer))
    if not answer.understood:
        raise typer.Exit(1)


@in_one_message
def aftercare(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    output: Output = Format.TEXT,
) -> None:
    """What comes after the last dose, with its days: tests, contraception, capsules, skin, relapse."""
    from isocourse.engine.decide import decide
    from isocourse.words.aftercare import aftercare as page_of
    from isocourse.words.aftercare import aftercare_json, aftercare_lines

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    page = page_of(decide(asked.edition, asked.record, asked.as_of, asked.known_at), asked.record.subject)
    show(output, aftercare_json(page), aftercare_lines(page))


@in_one_message
def expect(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    output: Output = Format.TEXT,
) -> None:
    """What to expect week by week, as ranges from studies, beside what is on record; what is unusual, whom to tell."""
    from isocourse.engine.decide import evaluate, prepare
    from isocourse.words.expectations.given import as_data, expectations_json, lines
    from isocourse.words.expectations.sheet import sheet_of

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    asked.edition.check_in_force(asked.as_of)
    sheet = sheet_of(asked.edition, evaluate(asked.edition, prepare(asked.record, asked.known_at), asked.as_of))
    data = as_data(sheet, asked.edition, asked.record.subject)
    show(output, expectations_json(data), lines(data))


@in_one_message
def report(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help="Add the notes on the events themselves.")] = False,
    output: Output = Format.TEXT,
) -> None:
    """Drafts of the reports that a suspected reaction or an exposed pregnancy asks for. Nothing is sent."""
    from isocourse.engine.decide import decide
    from isocourse.words.report import report_drafts, report_json, report_lines

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    decision = decide(asked.edition, asked.record, asked.as_of, asked.known_at)
    found = report_drafts(decision, asked.record.subject, with_notes=with_notes)
    show(output, report_json(found), report_lines(found))


COMMANDS = (assess, suitability, plan, aftercare, expect, sig, report, explain)
