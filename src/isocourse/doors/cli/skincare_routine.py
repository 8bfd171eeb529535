"""`isocourse skincare routine`: the routine of a person on a day. Nothing is kept."""

from __future__ import annotations

from typing import Annotated

import typer

from isocourse.doors.cli.asking import ask
from isocourse.doors.cli.courses import show
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
from isocourse.doors.cli.skincare import skincare_app


@skincare_app.command("routine")
@in_one_message
def show_routine(
    record: RecordPath,
    on: On = None,
    programme: ProgrammeName = None,
    adopted: Adopted = None,
    clinic: ClinicFile = None,
    known_at: KnownAt = None,
    patient: Annotated[bool, typer.Option("--patient", help="The patient's sheet: short, in plain words.")] = False,
    output: Output = Format.TEXT,
) -> None:
    """A skin care routine for morning and night that suits the person; what to stop, and when it may come back."""
    from isocourse.engine.decide import decide
    from isocourse.engine.knowledge import open_shelf
    from isocourse.skincare.read_routine import read_knowledge
    from isocourse.words.skin_routine_page import as_data, found, lines, routine_json

    asked = ask(record, on=on, programme=programme, adopted=adopted, clinic=clinic, known_at=known_at)
    asked.edition.check_in_force(asked.as_of)
    decision = decide(asked.edition, asked.record, asked.as_of, asked.known_at)
    shelf = open_shelf()
    page = found(decision, read_knowledge(shelf), shelf.sources)
    data = as_data(page, decision, subject=asked.record.subject, content=shelf.content)
    show(output, routine_json(data), lines(data, page, patient=patient))
