"""Sentences about the dose: totals kept apart, the way to a target, a missed dose, an overdose, food."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from isocourse.engine import model as m
from isocourse.plan.finish import CANNOT_ADD, NOT_COMPLETE, Finish, Refusal, shown
from isocourse.record.dates import iso
from isocourse.record.intake import Taken, Total
from isocourse.record.terminology import words_for


@dataclass(frozen=True)
class Advice:
    """A sentence for a patient, where it comes from, and how strong that is."""

    says: str
    strength: str
    confidence: str
    sources: tuple[str, ...]


_NEVER_DOUBLE = "Never take a double dose to make up for a missed one."
_SKIP = Advice(
    f"Skip a missed dose and take the next at its usual time. {_NEVER_DOUBLE}", "label", "high", ("dose-us-pi-dosage",)
)
_REMEMBER = Advice(
    f"Take a missed dose when you remember it, unless the next one is nearly due; then skip it. {_NEVER_DOUBLE}",
    "label",
    "high",
    ("dose-eu-smpc-generic",),
)
MISSED = {"us": _SKIP, "uk": _REMEMBER, "eu": _REMEMBER}
OVERDOSE = (
    Advice(
        "Too many capsules can bring vomiting, a flushed face, cracked lips, stomach ache, headache, dizziness and "
        "unsteadiness; these have passed quickly.",
        "label",
        "high",
        ("dose-us-overdose",),
    ),
    Advice(
        "Take no more capsules, and ring a poison centre or the prescriber at once, also when someone else took them. "
        "If that person can become pregnant, or is, say so first.",
        "clinic_policy",
        "medium",
        ("policy",),
    ),
)
_FOOD = {
    "with_meal": "Take the capsules with a meal: without food much less is taken up.",
    "with_or_without": "The capsules may be taken with or without a meal.",
}


def missed_dose(lineage: tuple[str, ...]) -> Advice | None:
    """What the programme's label says about a missed dose, the nearest of its lineage; None when none is known."""
    return next((MISSED[programme] for programme in lineage if programme in MISSED), None)


def food(product: m.Product) -> str:
    """How a product is taken with regard to meals."""
    return _FOOD[product.food]


def totals(taken: Taken) -> Iterator[str]:
    """What was taken so far, a sentence for each formulation; with several, that they cannot be added."""
    for total in taken.totals:
        yield _total(total)
    if len(taken.totals) > 1:
        yield CANNOT_ADD
    if not taken.complete:
        yield NOT_COMPLETE


def _total(total: Total) -> str:
    name = "formulation not known" if total.formulation == "unknown" else words_for(total.formulation)
    by_weight = f", {shown(total.mg_per_kg)} mg/kg" if total.mg_per_kg is not None else ", no weight on record"
    mg = shown(total.mg, 0 if total.mg.denominator == 1 else 3)
    return f"{name.capitalize()}: {mg} mg in {total.days} days{by_weight}."


def target(target: m.Target, finish: Finish | Refusal) -> Iterator[str]:
    """The way to a target: when, with how many capsules, and what reaching it does and does not buy."""
    if isinstance(finish, Refusal):
        yield f"{target.mg_per_kg} mg/kg: no projection. {finish.why}"
    elif finish.days == 0:
        yield f"{target.mg_per_kg} mg/kg is reached."
    else:
        yield (
            f"{target.mg_per_kg} mg/kg is reached on {iso(finish.last_day)} if dose and weight stay as they are and no "
            f"day is missed: {finish.days} more days, {finish.prescriptions} more prescriptions{_capsules(finish)}."
        )
    yield f"What it buys: {target.buys}"
    yield f"What it does not buy: {target.does_not_buy}"
    if not isinstance(finish, Refusal):
        yield from finish.cautions


def _capsules(finish: Finish) -> str:
    if not finish.capsules:
        return ""
    return " (" + ", ".join(f"{count} capsules of {strength} mg" for strength, count in finish.capsules) + ")"
