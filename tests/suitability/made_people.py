"""People made by dice, with a seed each: an assessment of the acne, allergies, illnesses, checks, a few supplies.

`people(count)` is the same list each time. Most of what each has is in order, so that some of them may be supplied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from isocourse.record.events import AnyEvent, Event
from isocourse.record.record import Record, event_from

ON = date(2026, 6, 1)
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
# By hand: the text, the code.
ILLNESSES = (
    ("liver", "K74.60"), ("liver failure", "K72.90"), ("fats", "E78.1"), ("very high fats", "E78.3"),
    ("sugar", "E11.9"), ("kidney", "N18.30"), ("kidney", "N18.5"), ("pancreas", "K85.90"), ("pressure", "G93.2"),
    ("mood", "F32.A"), ("bowel", "K50.90"), ("eyes", "H04.123"), ("bones", "M81.0"), ("muscles", "M62.82"),
    ("kidney transplant", "Z94.0"), ("vitamin A", "E67.0"), ("eczema", "L20.9"), ("delivery", "O80"), ("cold", "J00"),
    ("pancretitis", None), ("no diabetes", None),
)  # fmt: skip
PRODUCTS = ("Zenatane", "Absorica", "Roaccutane (UK)", "Isotretinoin (generic, EU)", "unheard of")


@dataclass(frozen=True)
class Person:
    number: int
    events: tuple[AnyEvent, ...]

    @property
    def record(self) -> Record:
        return Record(subject=f"p{self.number}", events=self.events)


class Pen:
    """Writes a person down, event by event."""

    def __init__(self, number: int) -> None:
        self.dice = Random(f"suitability {number}")
        self.events: list[Any] = []

    def chance(self, likely: float) -> bool:
        return self.dice.random() < likely

    def write(self, kind: str, ago: int, *, by: str = "prescriber", **fields: Any) -> str:
        name = f"e{len(self.events)}"
        on = ON - timedelta(days=ago)
        written = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        if kind == "birth":
            written = datetime(2026, 1, 1, tzinfo=UTC)
        self.events.append(
            event_from(
                {
                    "kind": kind,
                    "id": name,
                    "happened_on": on.isoformat(),
                    "recorded_at": written,
                    "author": {"id": "x", "role": by},
                    **fields,
                }
            )
        )
        return name


@lru_cache(maxsize=4)
def people(count: int) -> tuple[Person, ...]:
    return tuple(_person(number) for number in range(count))


def _person(number: int) -> Person:
    pen = Pen(number)
    dice, chance = pen.dice, pen.chance
    if chance(0.95):
        pen.write("birth", dice.choice((9000, 9000, 9000, 6000, 4382, 4383, 4384)))
    if chance(0.95):
        pen.write(
            "acne_assessed",
            dice.choice((0, 0, 30)),
            by=dice.choice(("prescriber", "prescriber", "nurse", "patient")),
            severity=dice.choice(("severe", "moderate", "mild", "unknown")),
            form=dice.choice(("nodular", "papulopustular", "unknown", "fulminans")),
            scarring=dice.choice(("at_risk", "none", "unknown")),
            burden=dice.choice(("marked", "some", "unknown")),
            skin=dice.choice(("healthy", "healthy", "dry", "unknown")),
            prepubertal=chance(0.05),
        )
    for treatment in ("oral_antibiotic", "topical_combination", "other"):
        if chance(0.6):
            pen.write("treatment_tried", 100, treatment=treatment, result=dice.choice(("not_enough", "cleared")))
    if chance(0.3):
        by = dice.choice(("prescriber", "nurse"))
        pen.write("indication_stated", 0, by=by, ground="other", reason="written down")
    if chance(0.9):
        pen.write("history_asked", dice.choice((0, 10)), by="nurse", found="as_listed")
    _life(pen)
    _allergies(pen)
    _illnesses(pen)
    if chance(0.3):
        pen.write("prescription", 0, product=dice.choice(PRODUCTS), days=30, strengths=[{"mg": dice.choice((20, 25))}])
    if chance(0.2):
        pen.write("dispensing", 25, by="pharmacist", days=30)
    if chance(0.1):
        pen.write("course_stop", 5, reason="adverse_effect" if number % 3 == 0 else "completed")
    return Person(number, tuple(pen.events))


def _life(pen: Pen) -> None:
    if pen.chance(0.8):
        found = ("contact_lenses", "night_driving", "pilot", "hard_sport", "still_growing", "surgery_planned")
        found += ("eye_surgery_planned", "alcohol_often", "family_lipid_disorder")
        present = [each for each in found if pen.chance(0.15)]
        pen.write("circumstances_asked", pen.dice.choice((0, 40)), by="nurse", present=present)


def _allergies(pen: Pen) -> None:
    if not pen.chance(0.35):
        return
    allergen = pen.dice.choice(("soya", "peanut", "paraben", "tartrazine", "isotretinoin", "other"))
    name = pen.write("allergy", 300, allergen=allergen, text="a rash", refuted=pen.chance(0.2))
    if pen.chance(0.5):
        _check(pen, "allergy_checked", allergies=[name], product=pen.dice.choice(("", *PRODUCTS)))


def _illnesses(pen: Pen) -> None:
    for _ in range(pen.dice.choice((0, 0, 1, 1, 2))):
        text, code = pen.dice.choice(ILLNESSES)
        active = pen.dice.choice((True, None, False))
        system = None if code is None else ICD
        name = pen.write("condition", pen.dice.choice((20, 400)), text=text, code=code, system=system, active=active)
        if pen.chance(0.5):
            _check(pen, "condition_checked", conditions=[name])


def _check(pen: Pen, kind: str, **fields: Any) -> None:
    by, verdict = pen.dice.choice(
        (("prescriber", "acceptable"), ("prescriber", "acceptable"), ("prescriber", "not_acceptable"),
         ("nurse", "acceptable"))
    )  # fmt: skip
    pen.write(kind, pen.dice.choice((0, 0, 8)), by=by, verdict=verdict, **fields)


def event_like(event: Event, **changed: Any) -> dict[str, Any]:
    """The plain fields of another event of the same day."""
    return {
        "happened_on": event.happened_on.text,
        "recorded_at": event.recorded_at,
        "author": {"id": "x", "role": "prescriber"},
        **changed,
    }
