"""`isocourse sig`: prescription text read and written."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.course import course_of, product_named
from isocourse.record.record import Record
from isocourse.words.prescribed import sig_of_prescription
from isocourse.words.sig_answer import SigAnswer, answer_sig, read_and_answer


def read_text(text: str, strength: str | None) -> SigAnswer:
    """Prescription text as its structure, or the question it asks."""
    return read_and_answer(text, _mg(strength) if strength is not None else None)


def sig_of_record(edition: Edition, record: Record, as_of: int) -> SigAnswer:
    """The text of the latest prescription of a record's present course."""
    course = course_of(edition, evaluate(edition, prepare(record), as_of))
    written = course.prescription
    if written is None:
        raise InputError("no prescription of this course is on record", mend="record one, or choose another day")
    return answer_sig(sig_of_prescription(written, product_named(edition, written.product, written.formulation)))


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
