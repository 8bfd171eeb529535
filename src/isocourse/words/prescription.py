"""A prescription before it is written, and everything that stands on its paper, as data.

`propose` makes capsules of a choice, `event_fields` the event to be decided about and written down, `instruction` its
text (written from the structure and read back), `content` the whole paper, which is kept so that it can be printed
again as it was. No number here is taken from a page: quantity and text follow from product, dose, intakes and days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import Decision
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.capsules import Day, capsules_for, doses_between
from isocourse.plan.course import products_of
from isocourse.plan.tasks import windows
from isocourse.record.dates import iso
from isocourse.record.events import Prescription
from isocourse.words.answer import NOT_SIGNED, Answer
from isocourse.words.dose import counted, day_text, formulation_text, mg_text, spoken_day
from isocourse.words.numbers import in_words
from isocourse.words.overriding import Covered
from isocourse.words.plan_shape import Plan
from isocourse.words.prescribed import sig_of_prescription
from isocourse.words.read_sig import read_sig
from isocourse.words.sig import Question, write_sig

MOST_DAYS = 366
MOST_INTAKES = 2
FORMULATIONS = ("conventional", "lidose", "micronised", "unknown")
ADVICE_ON_PAPER = ("food", "swallowing", "missed_dose")
NO_REFILLS = "No refills."
NO_WINDOW = "The programme names no last day for this prescription."


class Choice(Struct, frozen=True, kw_only=True):
    """What a prescriber chose, as it came from the page. `product` is an id of the programme; where it is empty, `name`
    and `strengths` ("10, 20") are those on the pack. `mg` a day; `regimen` the way to dose it was chosen from."""

    product: str = ""
    name: str = ""
    strengths: str = ""
    formulation: str = "unknown"
    mg: str
    intakes: int
    days: int
    regimen: str = ""


@dataclass(frozen=True)
class Proposal:
    """A choice in capsules that exist. `product` is None where the programme knows none and the pack was read."""

    choice: Choice
    product: m.Product | None
    name: str
    formulation: str
    mg: Decimal
    day: Day
    days: int

    @property
    def quantity(self) -> int:
        return self.day.count * self.days


def products_for(edition: Edition, own: Sequence[str]) -> tuple[m.Product, ...]:
    """The products of the programme; of these the ones that the clinic uses, where it has named some."""
    sold = products_of(edition)
    return tuple(product for product in sold if product.id in own) or sold if own else sold


def propose(edition: Edition, choice: Choice, own: Sequence[str] = ()) -> Proposal:
    """Capsules for a choice. Raises InputError naming the field and what is possible."""
    product, name, formulation, strengths = _product(edition, choice, own)
    mg = _number(choice.mg, "mg", "the daily dose")
    if not 1 <= choice.intakes <= MOST_INTAKES:
        raise InputError(
            "this number of intakes is not possible", where="intakes", allowed=f"1 to {MOST_INTAKES} times a day"
        )
    if not 1 <= choice.days <= MOST_DAYS:
        raise InputError("this number of days is not possible", where="days", allowed=f"1 to {MOST_DAYS} days")
    day = capsules_for(mg, strengths, choice.intakes)
    if day is None:
        near = doses_between(Decimal(0), max(mg * 2, max(strengths) * 2), strengths, choice.intakes)
        closest = sorted(near, key=lambda each: (abs(each - mg), each))[:4]
        raise InputError(
            f"{mg_text(mg)} mg cannot be made of {name} in {counted(choice.intakes, 'intake')}",
            where="mg",
            allowed=", ".join(f"{mg_text(each)} mg" for each in sorted(closest)),
            mend="choose a dose that whole capsules make",
        )
    return Proposal(choice, product, name, formulation, mg, day, choice.days)


def _product(
    edition: Edition, choice: Choice, own: Sequence[str]
) -> tuple[m.Product | None, str, str, tuple[Decimal, ...]]:
    sold = {product.id: product for product in products_for(edition, own)}
    if choice.product in sold:
        product = sold[choice.product]
        return product, product.name, product.formulation, product.strengths_mg
    if choice.product or sold:
        raise InputError(
            "this product is not one of the clinic's",
            where="product",
            allowed=", ".join(product.name for product in sold.values()) or "none is known for this programme",
        )
    if not choice.name.strip():
        raise InputError("the product has no name", where="name", mend="write it as it stands on the pack")
    if choice.formulation not in FORMULATIONS:
        raise InputError("this formulation is not known", where="formulation", allowed=", ".join(FORMULATIONS))
    parts = [part for part in choice.strengths.replace(";", ",").split(",") if part.strip()]
    strengths = tuple(_number(part, "strengths", "a capsule's strength") for part in parts)
    if not strengths:
        raise InputError("no strength of a capsule is named", where="strengths", mend="write for example 10, 20")
    return None, printable(choice.name.strip()), choice.formulation, strengths


def _number(text: str, where: str, what: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace("mg", "").replace(",", ".").strip())
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= 1000:
        raise InputError(f"{what} is not a number of mg", where=where, allowed="above 0, up to 1000")
    return number


def event_fields(proposal: Proposal, as_of: int) -> dict[str, Any]:
    """The event of a proposal, written on a day, without id, moment and author."""
    return {
        "kind": "prescription",
        "happened_on": iso(as_of),
        "product": proposal.name,
        "days": proposal.days,
        "daily_dose_mg": format(proposal.mg, "f"),
        "strengths": [{"mg": format(mg, "f"), "capsules": count} for mg, count in proposal.day.needed(proposal.days)],
        "formulation": proposal.formulation,
        "refills": 0,
        "intakes": proposal.choice.intakes,
    }


# --- its text -------------------------------------------------------------------------------------
class Instruction(Struct, frozen=True):
    """The text for patient and pharmacist, and what a reader of it understands."""

    text: str
    read_back: str


def instruction(written: Prescription, product: m.Product | None) -> Instruction:
    """The text of a prescription, written from its structure and read back to the same. Raises InputError where it
    cannot be written so that it can only be understood in one way."""
    found = sig_of_prescription(written, product)
    if isinstance(found, Question):
        raise InputError("the instruction cannot be written without a doubt", where="mg", mend=found.asks)
    text = write_sig(found)
    back = read_sig(text)
    if isinstance(back, Question) or back.daily_mg is None or back.quantity is None or back.days is None:
        raise InputError("the instruction is not read back as it is meant", where="mg", mend="choose another dose")
    told = [
        f"{mg_text(back.daily_mg)} mg a day",
        f"{counted(back.intakes or 0, 'intake')} a day",
        counted(back.days, "day"),
        counted(back.quantity, "capsule"),
        "no refills" if back.refills == 0 else counted(back.refills or 0, "refill"),
    ]
    return Instruction(text, ", ".join(told))


# --- until when -----------------------------------------------------------------------------------
class Valid(Struct, frozen=True):
    """The last day on which it may be dispensed; None where the programme names none. `says` why."""

    through: str | None
    says: str


def valid_through(decision: Decision) -> Valid:
    """The last day of the window nearest to its end. `decision` is about the record with the prescription in it."""
    spans = [span for span in windows(decision) if span.opens <= decision.as_of]
    if not spans:
        return Valid(None, NO_WINDOW)
    nearest = min(spans, key=lambda span: span.last_day)
    return Valid(iso(nearest.last_day), nearest.what)


# --- the paper ------------------------------------------------------------------------------------
class Letterhead(Struct, frozen=True):
    name: str
    lines: tuple[str, ...]
    phone: str
    demonstration: bool


class Person(Struct, frozen=True):
    """The patient, as identified on the paper. `born` is an ISO date, `born_says` how it is printed."""

    name: str
    number: str
    born: str | None
    born_says: str
    address: tuple[str, ...]


class Signer(Struct, frozen=True):
    """Somebody who signs; `at` is the moment as written."""

    name: str
    title: str
    code: str
    at: str


class Item(Struct, frozen=True):
    """Capsules of one strength."""

    mg: str
    capsules: int
    words: str


class DepartureWords(Struct, frozen=True):
    """What was departed from, on what ground, why, and who signed."""

    covered: tuple[Covered, ...]
    ground: str
    reason: str
    by: Signer
    second: Signer | None


class Content(Struct, frozen=True):
    """Everything that a prescription says, and what it rests on. Kept for ever; fields may be added."""

    isocourse_prescription: str
    clinic: Letterhead
    patient: Person
    prescriber: Signer
    product: str
    formulation: str
    daily_mg: str
    a_day: str
    items: tuple[Item, ...]
    quantity: int
    quantity_words: str
    days: int
    days_words: str
    sig: str
    read_back: str
    refills: str
    written_on: str
    written_on_says: str
    valid_through: str | None
    valid_through_says: str
    window: str
    weight: str
    advice: tuple[str, ...]
    programme: str
    edition: str
    decision: int | None
    headline: str
    supply: str
    departure: DepartureWords | None
    notes: tuple[str, ...]


def content(
    *,
    clinic: Letterhead,
    patient: Person,
    prescriber: Signer,
    proposal: Proposal,
    said: Instruction,
    valid: Valid,
    answer: Answer,
    plan: Plan,
    decision: int | None,
    departure: DepartureWords | None,
) -> Content:
    """The paper of a prescription."""
    through = _day(valid.through)
    return Content(
        isocourse_prescription="1",
        clinic=clinic,
        patient=patient,
        prescriber=prescriber,
        product=proposal.name,
        formulation=formulation_text(proposal.formulation),
        daily_mg=mg_text(proposal.mg),
        a_day=day_text(proposal.day),
        items=tuple(Item(mg_text(mg), count, in_words(count)) for mg, count in proposal.day.needed(proposal.days)),
        quantity=proposal.quantity,
        quantity_words=in_words(proposal.quantity),
        days=proposal.days,
        days_words=in_words(proposal.days),
        sig=said.text,
        read_back=said.read_back,
        refills=NO_REFILLS,
        written_on=answer.as_of,
        written_on_says=_day(answer.as_of) or "",
        valid_through=valid.through,
        valid_through_says=f"Not valid after {through}." if through is not None else valid.says,
        window=valid.says,
        weight=f"{plan.weight.as_written} on {_day(plan.weight.on)}" if plan.weight is not None else "",
        advice=tuple(advice.says for advice in plan.advice if advice.about in ADVICE_ON_PAPER),
        programme=answer.programme,
        edition=answer.edition,
        decision=decision,
        headline=answer.headline,
        supply=answer.supply,
        departure=departure,
        notes=() if answer.signed_off else (NOT_SIGNED,),
    )


def person(*, name: str, number: str, born: date | None, address: Sequence[str]) -> Person:
    """The patient as identified on a paper."""
    iso_born = born.isoformat() if born is not None else None
    says = f"{born.day} {born.strftime('%b %Y')}" if born is not None else "not known"
    return Person(printable(name), printable(number), iso_born, says, tuple(printable(line) for line in address))


def printable(text: str) -> str:
    """A text without control characters, marks of direction among them, that could hide or reorder what is printed."""
    return "".join(char for char in text if char.isprintable())


def _day(text: str | None) -> str | None:
    """A whole date as people say it; a part of one as it is."""
    if text is None or len(text) != len("2026-01-01"):
        return text
    return spoken_day(date.fromisoformat(text).toordinal())
