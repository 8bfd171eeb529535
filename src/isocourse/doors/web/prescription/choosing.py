"""The chooser of the prescription page: what can be chosen, and what was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from isocourse.care.deciding import today_in
from isocourse.care.editions import edition_for
from isocourse.doors.web.typed import whole
from isocourse.engine import model as m
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.capsules import capsules_for
from isocourse.record.record import Record
from isocourse.store.models import Patient
from isocourse.store.reading import record_of
from isocourse.words.dose import day_text
from isocourse.words.plan import plan
from isocourse.words.plan_shape import Choices, Plan, RegimenWords
from isocourse.words.prescription import MOST_INTAKES, Choice, products_for

OTHER = "other"
FIELDS = ("product", "name", "strengths", "formulation", "regimen", "dose", "other_mg", "other_intakes", "days")


@dataclass(frozen=True)
class Chooser:
    """Everything the page offers, with what is chosen (`typed`, as it was typed)."""

    edition: Edition
    record: Record
    today: date
    products: tuple[m.Product, ...]
    plan: Plan
    regimen: RegimenWords | None
    typed: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def regimens(self) -> list[RegimenWords]:
        return [each for each in self.plan.regimens if each.steps]

    @property
    def doses(self) -> list[dict[str, Any]]:
        """The dose of now first, where capsules make it; then those of the way chosen."""
        found = [self.now] if self.now is not None else []
        taken = [each["value"] for each in found]
        for step in self.regimen.steps if self.regimen is not None else ():
            value = _dose(step.mg, len(step.intakes))
            if value not in taken:
                found.append({"value": value, "mg": step.mg, "says": step.says, "kg": step.mg_per_kg_shown})
        return found

    @property
    def now(self) -> dict[str, Any] | None:
        """The present dose in capsules of the product chosen."""
        dose, product = self.plan.dose, next((p for p in self.products if p.id == self.typed.get("product")), None)
        if dose is None or product is None or dose.formulation not in (product.formulation, "unknown"):
            return None
        intakes = min(dose.intakes or 1, MOST_INTAKES)
        try:
            made = capsules_for(Decimal(dose.mg_a_day), product.strengths_mg, intakes)
        except (InvalidOperation, InputError):  # a fraction that does not end is no dose of capsules
            return None
        if made is None:
            return None
        value = _dose(dose.mg_a_day, intakes)
        return {"value": value, "mg": dose.mg_a_day, "says": day_text(made), "kg": dose.mg_per_kg_shown, "now": True}

    @property
    def listed(self) -> str:
        """For which product and way the doses are listed, so that a page knows when its list is an old one."""
        return f"{self.typed.get('product', '')}/{self.regimen.regimen if self.regimen is not None else ''}"

    @property
    def limit(self) -> int | None:
        return self.plan.prescription_days.days if self.plan.prescription_days is not None else None


def _dose(mg: str, intakes: int) -> str:
    return f"{mg}:{intakes}"


def chooser(patient: Patient, typed: Mapping[str, str] | None, now: datetime) -> Chooser:
    """What can be chosen for a patient. Without `typed` the dose of now, for as many days as the programme allows."""
    clinic = patient.clinic
    edition, record, today = edition_for(clinic), record_of(patient), today_in(clinic, now)
    products = products_for(edition, clinic.products)
    known = {product.id: product for product in products}
    given = {name: typed.get(name, "").strip() for name in FIELDS} if typed is not None else {}
    first = plan(edition, record, today.toordinal())
    named = next((product.id for product in products if product.name == first.product), "")
    product = given.get("product") or named or (products[0].id if products else "")
    chosen = Choices(product=product if product in known else None)
    made = plan(edition, record, today.toordinal(), chosen=chosen) if chosen.product else first
    with_steps = [each for each in made.regimens if each.steps]
    regimen = next((r for r in with_steps if r.regimen == given.get("regimen")), with_steps[0] if with_steps else None)
    values = {**given, "product": product}
    values.setdefault("regimen", regimen.regimen if regimen is not None else "")
    found = Chooser(edition, record, today, products, made, regimen, values)
    return found if typed is not None else replace(found, typed={**values, **_as_now(found)})


def _as_now(found: Chooser) -> dict[str, str]:
    """The present dose as a choice, for as many days as the programme allows; of no present dose nothing is chosen."""
    days = {"days": str(found.limit or 30), "other_intakes": "1"}
    if found.now is not None:
        return {**days, "dose": found.now["value"]}
    dose = found.plan.dose
    if dose is None:
        return days
    intakes = str(min(dose.intakes or 1, MOST_INTAKES))
    return {**days, "dose": OTHER, "other_mg": dose.mg_a_day, "other_intakes": intakes}


def choice_of(typed: Mapping[str, str]) -> Choice:
    """What was chosen. Raises InputError where no dose or no number of days is."""
    dose = typed.get("dose", "")
    if not dose:
        raise InputError("no dose is chosen", where="dose", mend="choose one")
    mg, _, intakes = dose.partition(":")
    if dose == OTHER:
        mg, intakes = typed.get("other_mg", ""), typed.get("other_intakes", "")
    return Choice(
        product=typed.get("product", ""),
        name=typed.get("name", ""),
        strengths=typed.get("strengths", ""),
        formulation=typed.get("formulation") or "unknown",
        mg=mg,
        intakes=_whole(intakes, "intakes"),
        days=_whole(typed.get("days", ""), "days"),
        regimen=typed.get("regimen", ""),
    )


def _whole(text: str, where: str) -> int:
    number = whole(text.strip())
    if number < 0:
        raise InputError("this is not a whole number", where=where, mend="write digits")
    return number
