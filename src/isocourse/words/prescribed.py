"""The instruction of a prescription on record: its structure, or the question that stands in the way of writing it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from isocourse.engine.model import Product
from isocourse.plan.course import capsules_a_day, day_of_capsules
from isocourse.record.dose import capsule_content, daily_dose
from isocourse.record.events import Prescription
from isocourse.words.dose import mg_text
from isocourse.words.read_sig import read_sig
from isocourse.words.sig import NAMES, ONCE, THRICE, TWICE, Dose, Line, Question, Sig, sig_of, write_sig

_TIMES = {1: ONCE, 2: TWICE, 3: THRICE}
_FOOD = {"with_meal": "with_food", "with_or_without": "with_or_without_food"}


def sig_of_prescription(written: Prescription, product: Product | None) -> Sig | Question:
    """The structure of a prescription. A question when dose or times are not on it, when capsules and dose do not
    agree, and when the text would not be read back as it was written. Without a product nothing is said about food."""
    mg = daily_dose(written.daily_dose_mg, written.strengths, written.days)
    if mg is None:
        return Question("The prescription does not say how much a day. How much is taken?")
    if written.intakes not in _TIMES:
        return Question("The prescription does not say how often a day. How often are the capsules taken?")
    content = capsule_content(written.strengths)
    if content is not None and content != mg * written.days:
        return Question(
            f"The capsules come to {mg_text(content)} mg, and the dose for {written.days} days to "
            f"{mg_text(mg * written.days)} mg. Which is meant?"
        )
    found = _structure(written, mg, written.intakes, _FOOD[product.food] if product is not None else "")
    if isinstance(found, Sig) and read_sig(write_sig(found)) != found:
        return Question(
            "The text would not be read back as it is meant. Write the prescription by hand: what is taken?"
        )
    return found


def _structure(written: Prescription, mg: Fraction, intakes: int, food: str) -> Sig | Question:
    name = written.product.lower() if written.product.lower() in NAMES else ""
    chosen = capsules_a_day(written, mg)
    if chosen is not None:
        day = day_of_capsules(chosen, intakes)
        if day is None:
            return Question(f"The capsules of a day cannot be divided into {intakes} intakes. What is taken when?")
        return sig_of(day, days=written.days, product=name, food=food, refills=written.refills)
    each = mg / intakes
    if (each * 1000).denominator != 1:
        return Question(f"{mg_text(mg)} mg cannot be divided into {intakes} equal intakes. What is taken when?")
    amount = Decimal(each.numerator) / Decimal(each.denominator)
    counts = [part.capsules for part in written.strengths]
    return Sig(
        (Line((Dose(mg=amount),), (_TIMES[intakes],)),),
        name,
        food,
        written.days,
        written.refills,
        sum(count or 0 for count in counts) if counts and None not in counts else None,
    )
