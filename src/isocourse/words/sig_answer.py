"""Prescription text and its structure as data: what was understood, written back, or what has to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import msgspec
from msgspec import Struct

from isocourse.record.terminology import words_for
from isocourse.words.dose import exact_text
from isocourse.words.page import Line
from isocourse.words.read_sig import read_sig
from isocourse.words.sig import TIMES_A_DAY, Dose, Question, Sig, write_sig


class DoseRead(Struct, frozen=True):
    """Capsules (with their strength when it is said), or mg alone."""

    capsules: int | None
    strength_mg: str | None
    mg: str | None


class LineRead(Struct, frozen=True):
    """Doses taken together, at each of these times."""

    doses: tuple[DoseRead, ...]
    times: tuple[str, ...]


class SigAnswer(Struct, frozen=True):
    """`understood` false: `asks` is the question, `about` the words it is about, everything else empty. `daily_mg` is
    null when a strength is not said or it is not taken every day. `cautions`: what was read and cannot be right."""

    isocourse_sig: str
    understood: bool
    text: str | None
    asks: str
    about: str
    product: str
    lines: tuple[LineRead, ...]
    daily_mg: str | None
    intakes: int | None
    food: str
    days: int | None
    quantity: int | None
    refills: int | None
    cautions: tuple[str, ...]


def read_and_answer(text: str, strength_mg: Decimal | None = None) -> SigAnswer:
    """Read a text. With a strength, capsules of which the text says none are of that strength."""
    found = read_sig(text)
    if isinstance(found, Sig) and strength_mg is not None:
        found = _with_strength(found, strength_mg)
    return answer_sig(found)


def _with_strength(sig: Sig, strength_mg: Decimal) -> Sig | Question:
    said = {dose.strength_mg for line in sig.lines for dose in line.doses if dose.strength_mg is not None}
    if said - {strength_mg}:
        told = ", ".join(f"{exact_text(mg)} mg" for mg in sorted(said))
        return Question(f"The text says capsules of {told}, the choice {exact_text(strength_mg)} mg. Which one?")
    return replace(
        sig,
        lines=tuple(
            replace(line, doses=tuple(_capsules_of(dose, strength_mg) for dose in line.doses)) for line in sig.lines
        ),
    )


def _capsules_of(dose: Dose, strength_mg: Decimal) -> Dose:
    return replace(dose, strength_mg=strength_mg) if dose.capsules is not None else dose


def answer_sig(found: Sig | Question) -> SigAnswer:
    """A structure (written back) or a question, as data."""
    if isinstance(found, Question):
        return SigAnswer("1", False, None, found.asks, found.about, "", (), None, None, "", None, None, None, ())
    return SigAnswer(
        isocourse_sig="1",
        understood=True,
        text=write_sig(found),
        asks="",
        about="",
        product=found.product,
        lines=tuple(LineRead(tuple(_dose(dose) for dose in line.doses), line.times) for line in found.lines),
        daily_mg=_mg(found.daily_mg),
        intakes=found.intakes,
        food=found.food,
        days=found.days,
        quantity=found.quantity,
        refills=found.refills,
        cautions=tuple(_cautions(found)),
    )


def _cautions(sig: Sig) -> Iterator[str]:
    """Where every dose is in capsules: whether those to dispense are those that the days need."""
    doses = [(dose, line) for line in sig.lines for dose in line.doses]
    if sig.quantity is None or sig.days is None or sig.intakes is None or any(d.capsules is None for d, _ in doses):
        return
    a_day = sum((dose.capsules or 0) * sum(TIMES_A_DAY[time] for time in line.times) for dose, line in doses)
    if a_day * sig.days != sig.quantity:
        yield f"{sig.days} days need {a_day * sig.days} capsules, the text says {sig.quantity}."


def _dose(dose: Dose) -> DoseRead:
    return DoseRead(dose.capsules, _mg(dose.strength_mg), _mg(dose.mg))


def _mg(mg: Decimal | None) -> str | None:
    return exact_text(mg) if mg is not None else None


_ENCODER = msgspec.json.Encoder()


def sig_json(answer: SigAnswer) -> bytes:
    """The answer as compact JSON."""
    return _ENCODER.encode(answer)


def sig_lines(answer: SigAnswer) -> Iterator[Line]:
    """The answer for a person: the text in our words and what it comes to, or the question."""
    if answer.text is None:
        yield Line("stop", 0, f"? {answer.asks}")
        if answer.about:
            yield Line("detail", 1, f"about: {answer.about}")
        return
    yield Line("headline", 0, answer.text)
    yield Line("item", 1, f"mg a day: {answer.daily_mg or 'not known from this text'}")
    often = "not every day" if answer.intakes is None else f"{answer.intakes}"
    yield Line("item", 1, f"intakes a day: {often}")
    for name, said in (("food", words_for(answer.food)), ("days", answer.days), ("refills", answer.refills)):
        yield Line("item", 1, f"{name}: {'not said' if said in ('', None) else said}")
    yield Line("item", 1, f"capsules to dispense: {'not said' if answer.quantity is None else answer.quantity}")
    for caution in answer.cautions:
        yield Line("stop", 1, f"? {caution}")
