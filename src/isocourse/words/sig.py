"""Prescription text: written from a structure, in one fixed wording that `read_sig` reads back to the same structure.

Take 1 capsule of 40 mg and 1 capsule of 20 mg in the morning and 2 capsules of 20 mg in the evening, by mouth,
with food, for 30 days. Dispense 120 capsules. No refills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from isocourse.errors import InputError
from isocourse.plan.capsules import Day, Intake

# Names read as the medicine itself, longest first.
NAMES = (
    "isosupra lidose", "absorica ld", "isotretinoin", "roaccutane", "amnesteem", "absorica", "accutane", "claravis",
    "zenatane", "oratane", "epuris", "clarus", "rocta",
)  # fmt: skip
ONCE, TWICE, THRICE = "once_daily", "twice_daily", "three_times_daily"
# Moments of the day, in order; every other time is one of the three above, or every second day.
MOMENTS = ("morning", "midday", "evening", "bedtime")
ALTERNATE = "every_second_day"
TIMES_A_DAY = {ONCE: 1, TWICE: 2, THRICE: 3, **dict.fromkeys(MOMENTS, 1)}
FOODS = ("with_food", "with_or_without_food")
_TIME_WORDS = {
    ONCE: "once daily",
    TWICE: "twice daily",
    THRICE: "three times daily",
    ALTERNATE: "every second day",
    "morning": "in the morning",
    "midday": "at midday",
    "evening": "in the evening",
    "bedtime": "at bedtime",
}
_FOOD_WORDS = {"with_food": "with food", "with_or_without_food": "with or without food"}


@dataclass(frozen=True)
class Dose:
    """What is taken at one time: capsules (with their strength when it is said), or mg alone."""

    mg: Decimal | None = None
    capsules: int | None = None
    strength_mg: Decimal | None = None

    @property
    def total_mg(self) -> Decimal | None:
        """mg at one time; None when capsules have no strength."""
        if self.capsules is None:
            return self.mg
        return self.capsules * self.strength_mg if self.strength_mg is not None else None


@dataclass(frozen=True)
class Line:
    """Doses taken together, at each of these times."""

    doses: tuple[Dose, ...]
    times: tuple[str, ...]


@dataclass(frozen=True)
class Sig:
    """A prescription's instruction. What the text does not say is None (or "")."""

    lines: tuple[Line, ...]
    product: str = ""
    food: str = ""
    days: int | None = None
    refills: int | None = None
    quantity: int | None = None

    @property
    def daily_mg(self) -> Decimal | None:
        """mg a day; None when a strength is not said or it is not taken every day."""
        total = Decimal(0)
        for line in self.lines:
            if ALTERNATE in line.times:
                return None
            for dose in line.doses:
                if dose.total_mg is None:
                    return None
                total += dose.total_mg * sum(TIMES_A_DAY[time] for time in line.times)
        return total

    @property
    def intakes(self) -> int | None:
        """How often a day something is taken; None when not every day."""
        if any(ALTERNATE in line.times for line in self.lines):
            return None
        moments = {time for line in self.lines for time in line.times if time in MOMENTS}
        plain = [TIMES_A_DAY[time] for line in self.lines for time in line.times if time not in MOMENTS]
        return max([len(moments), *plain])


@dataclass(frozen=True)
class Question:
    """Why a text cannot be read without guessing: what to ask, and the words it is about."""

    asks: str
    about: str = field(default="")


def write_sig(sig: Sig) -> str:
    """The text of a structure. Raises InputError for a structure that says nothing or contradicts itself."""
    _refuse(sig)
    told = " and ".join(f"{_doses(line.doses)} {_times(line.times)}" for line in sig.lines)
    parts = [f"Take {told}", "by mouth"]
    if sig.food:
        parts.append(_FOOD_WORDS[sig.food])
    if sig.days is not None:
        parts.append(f"for {_counted(sig.days, 'day')}")
    sentences = [", ".join(parts)]
    if sig.quantity is not None:
        sentences.append(f"Dispense {_counted(sig.quantity, 'capsule')}")
    if sig.refills is not None:
        sentences.append("No refills" if sig.refills == 0 else f"Refills: {sig.refills}")
    name = f"{sig.product.title()}: " if sig.product else ""
    return name + ". ".join(sentences) + "."


def sig_of(day: Day, *, days: int, product: str = "isotretinoin", food: str = "with_food", refills: int = 0) -> Sig:
    """The instruction for the capsules of a day: equal intakes become "twice daily", others morning and evening."""
    doses = [_of_intake(intake) for intake in day.intakes]
    if len(doses) == 1:
        lines: Sequence[Line] = (Line(doses[0], (ONCE,)),)
    elif all(dose == doses[0] for dose in doses):
        lines = (Line(doses[0], ({2: TWICE, 3: THRICE}[len(doses)],)),)
    else:
        lines = (Line(doses[0], ("morning",)), Line(doses[1], ("evening",)))
    return Sig(tuple(lines), product, food, days, refills, day.count * days)


def _of_intake(intake: Intake) -> tuple[Dose, ...]:
    return tuple(Dose(capsules=count, strength_mg=strength) for strength, count in intake.capsules)


def _refuse(sig: Sig) -> None:
    if not sig.lines or any(not line.doses or not line.times for line in sig.lines):
        raise InputError("an instruction without a dose or a time", mend="say how much and how often")
    plain = {time for line in sig.lines for time in line.times if time not in MOMENTS}
    if len(sig.lines) > 1 and plain and (len(plain) > 1 or any(line.times[0] in MOMENTS for line in sig.lines)):
        raise InputError("lines with and without a moment of the day", mend="name a moment of the day for each line")
    for line in sig.lines:
        if set(line.times) - set(_TIME_WORDS):
            raise InputError("an instruction with an unknown time", allowed=", ".join(_TIME_WORDS))
        if len(line.times) > 1 and not set(line.times) <= set(MOMENTS):
            raise InputError("times that contradict each other", mend="name moments of the day, or how often a day")
        for dose in line.doses:
            if (dose.capsules is None) == (dose.mg is None):
                raise InputError("a dose is in capsules or in mg, one of the two", mend="leave the other out")


def _doses(doses: Sequence[Dose]) -> str:
    return " plus ".join(_dose(dose) for dose in doses)


def _dose(dose: Dose) -> str:
    if dose.capsules is None:
        return f"{_plain(dose.mg)} mg"
    strength = f" of {_plain(dose.strength_mg)} mg" if dose.strength_mg is not None else ""
    return _counted(dose.capsules, "capsule") + strength


def _plain(number: Decimal | None) -> str:
    assert number is not None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _times(times: Sequence[str]) -> str:
    return " and ".join(_TIME_WORDS[time] for time in sorted(times, key=list(_TIME_WORDS).index))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
