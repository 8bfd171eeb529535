"""`isocourse plan` and `isocourse sig`: where a course stands, and prescription text read and written."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation

from isocourse.doors.cli.printing import print_lines
from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.course import course_of, product_named
from isocourse.record.record import Record
from isocourse.words.plan import plan, plan_json
from isocourse.words.plan_page import plan_page
from isocourse.words.plan_shape import Choices
from isocourse.words.prescribed import sig_of_prescription
from isocourse.words.sig_answer import SigAnswer, answer_sig, read_and_answer, sig_json, sig_lines


def show_plan(
    edition: Edition, record: Record, as_of: int, known_at: datetime | None, chosen: Choices, *, as_json: bool
) -> None:
    """Print the plan of a record."""
    made = plan(edition, record, as_of, known_at=known_at, chosen=chosen)
    if as_json:
        sys.stdout.write(plan_json(made).decode() + "\n")
    else:
        print_lines(plan_page(made))


def read_text(text: str, strength: str | None) -> SigAnswer:
    """Prescription text as its structure, or the question it asks."""
    return read_and_answer(text, _mg(strength) if strength is not None else None)


def sig_of_record(edition: Edition, record: Record, as_of: int, known_at: datetime | None) -> SigAnswer:
    """The text of the latest prescription of a record's present course."""
    course = course_of(edition, evaluate(edition, prepare(record, known_at), as_of))
    written = course.prescription
    if written is None:
        raise InputError("no prescription of this course is on record", mend="record one, or choose another day")
    return answer_sig(sig_of_prescription(written, product_named(edition, written.product, written.formulation)))


def show_sig(answer: SigAnswer, *, as_json: bool) -> None:
    """Print what was read or written."""
    if as_json:
        sys.stdout.write(sig_json(answer).decode() + "\n")
    else:
        print_lines(sig_lines(answer))


def _mg(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(0)
    if not (found.is_finite() and 0 < found <= 1000):
        raise InputError(
            f"{text[:20]!r} is no strength", where="--strength", allowed="mg, above 0 up to 1000", mend="--strength 20"
        )
    return found
