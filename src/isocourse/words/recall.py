"""Letters that ask somebody to get in touch. Discreet: no medicine, no illness and no clinic's specialty is named, so
that whoever else opens it learns nothing. What is urgent is told by telephone; no letter says it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Reason(Struct, frozen=True):
    """Why somebody is written to: `label` for the list, `says` for the letter. `careful`: the letter also asks to take
    nothing that is left before speaking with the clinic."""

    label: str
    says: str
    careful: bool = False


REASONS: dict[str, Reason] = {
    "visit": Reason("An appointment is due", "Your next appointment with us is due."),
    "test": Reason("A test is due", "A test that belongs to your care is due."),
    "result": Reason("A result to talk about", "We would like to talk with you about a result."),
    "vanished": Reason(
        "Has not come back", "We have not seen you for a while and would like to know how you are.", careful=True
    ),
    "after": Reason("After the course", "A last appointment belongs to the end of your treatment."),
}
# Reasons by the kind of the thing to do; every other kind is an appointment.
BY_KIND = {
    "test": "test",
    "blood_test": "test",
    "result": "result",
    "vanished": "vanished",
    "aftercare": "after",
}
CAREFUL = "If you still have any of your medicine, please take none of it until you have spoken with us."
UNWELL = "If you feel unwell or have a worry about your treatment, please call us today and do not wait."
CALL = "Please call us on {phone} to arrange a time that suits you."
CALL_WITHOUT = "Please get in touch with us to arrange a time that suits you."
ARRANGED = "If you have already arranged this, thank you; there is nothing else to do."
DEAR, REGARDS, NUMBER = "Dear {name}", "Yours sincerely", "Our reference: {number}"


class Letter(Struct, frozen=True):
    """One letter, ready to print: every line of it as it stands on the paper. `reason` is its code."""

    letterhead: tuple[str, ...]
    to: tuple[str, ...]
    on: str
    reference: str
    dear: str
    paragraphs: tuple[str, ...]
    regards: str
    signed: tuple[str, ...]
    reason: str
    language: str = "en"
    paper: str = "a4"


def reason_for(kinds: Iterable[str]) -> str:
    """The code of the reason for a letter, from the kinds of the things to do, the most pressing first."""
    return next((BY_KIND.get(kind, "visit") for kind in kinds), "visit")


def paragraphs(reason: str, *, phone: str) -> tuple[str, ...]:
    """What the letter says; `phone` is the clinic's number as it stands in CALL. Raises KeyError for no reason."""
    chosen = REASONS[reason]
    call = CALL if phone else CALL_WITHOUT
    return (chosen.says, call, *((CAREFUL,) if chosen.careful else ()), UNWELL, ARRANGED)
