"""What a clinic does in one programme: its registry, forms, roles, tests and capsules, read from the programme itself.

No country is named here: a programme that is added as files gets its synthetic clinic from its values and products.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.edition import Edition
from isocourse.engine.language import names_in
from isocourse.record.dates import iso

# Where laboratories print mg/dL; everywhere else mmol/L. An assumption about laboratories, not a rule.
_MG_DL_ZONES = frozenset({"America/New_York", "Europe/Berlin", "Europe/Rome"})
_ROLES = ("dermatologist", "consultant_dermatologist", "specialist_physician", "lead_prescriber")
# Used where the protocol holds no product for the programme: the strengths sold nearly everywhere.
_COMMON_STRENGTHS = (Decimal(10), Decimal(20))
_LABEL_UG_PER_KG = (500, 1000)


@dataclass(frozen=True)
class Capsules:
    """What is prescribed: the product's name, formulation, strengths in mg, intakes a day and the label's range."""

    product: str
    formulation: str
    strengths_mg: tuple[Decimal, ...]
    intakes: int
    start_ug_per_kg: int
    usual_ug_per_kg: int


@dataclass(frozen=True)
class Clinic:
    """The habits of a clinic. `test_gap` is None where one test before treatment is enough; `period_days` None where
    the day of the period does not matter; `window` the days of a printed authorisation, None where there is none."""

    programme: str
    registry: str
    everybody_enrolled: bool
    role: str
    forms: tuple[str, ...]
    prevention_forms: tuple[str, ...]
    form_version: str | None
    adult_months: int
    lead_days: int
    test_gap: int | None
    period_days: int | None
    window: int | None
    visit_window: int | None
    blood_tests: bool
    home_tests: bool
    abstinence: bool
    mg_dl: bool
    capsules: tuple[Capsules, ...]


def clinic_of(edition: Edition, day: int) -> Clinic:
    """The clinic of a programme as it works from `day` on."""

    def value(name: str) -> Any:
        return value_on(edition, name, day)

    registry = (value("programme_registries") or ("ppp",))[0]
    forms = tuple(form for form in (value("consent_forms") or ())[-1:])
    version = value("revised_form_from")
    return Clinic(
        programme=edition.programme.id,
        registry=registry,
        everybody_enrolled=registry == "ipledge",
        role=_role(value("accepted_prescriber_roles"), value("first_prescriber_roles")),
        forms=forms,
        prevention_forms=tuple(form for form in value("prevention_consent_forms") or () if form not in forms),
        form_version=iso(version)[:7] if version is not None else None,
        adult_months=value("adult_age") or 216,
        lead_days=max(value("lead_days") or 0, 31),
        test_gap=value("second_test_gap"),
        period_days=value("menses_days"),
        window=value("supply_window"),
        visit_window=value("visit_window"),
        blood_tests=_reads_method(edition),
        home_tests=bool(value("home_test_settings")),
        abstinence="abstinence" in (value("contraceptive_methods") or {}),
        mg_dl=edition.programme.time_zone in _MG_DL_ZONES,
        capsules=_capsules(edition.library, edition.library.lineage(edition.programme.id)),
    )


def value_on(edition: Edition, name: str, day: int) -> Any:
    """A value of the protocol as it is confirmed to be in force on a day; None when the programme has none."""
    declared = edition.library.values.get(name)
    for programme in edition.library.lineage(edition.programme.id):
        versions = {v.id: v.from_day for v in edition.library.programmes[programme].versions if v.status == "in_force"}
        steps = [s for s in (declared.steps if declared else ()) if s.programme == programme and s.version in versions]
        if steps:
            begun = [step for step in steps if versions[step.version] <= day]
            return max(begun or steps[:1], key=lambda step: versions[step.version]).value
    return None


def _role(accepted: tuple[str, ...] | None, first: tuple[str, ...] | None) -> str:
    """A role that may begin a course and go on with it."""
    allowed = [role for role in _ROLES if all(role in roles for roles in (accepted, first) if roles)]
    return allowed[0] if allowed else "dermatologist"


def _reads_method(edition: Edition) -> bool:
    """Whether some fact asks in what the test was taken; then the clinic tests in blood."""
    return any(
        fact.of == "pregnancy_test" and fact.filter is not None and "method" in names_in(fact.filter)
        for fact in edition.facts
    )


def _capsules(library: m.Library, lineage: tuple[str, ...]) -> tuple[Capsules, ...]:
    """One entry for each product that is sold, with the label's range for its formulation."""
    found = []
    for programme in lineage:
        for product in library.products.values():
            regimen = next(
                (
                    r
                    for r in library.regimens.values()
                    if r.is_label
                    and programme in r.programmes
                    and product.formulation in r.formulations
                    and r.start.ug_per_kg is not None
                    and r.usual.ug_per_kg is not None
                ),
                None,
            )
            if product.programme == programme and product.marketed == "yes" and regimen is not None:
                start, usual = regimen.start.ug_per_kg, regimen.usual.ug_per_kg
                assert start is not None and usual is not None
                found.append(
                    Capsules(
                        product.name, product.formulation, product.strengths_mg, max(regimen.intakes), start, usual
                    )
                )
        if found:
            return tuple(found)
    return (Capsules("isotretinoin", "conventional", _COMMON_STRENGTHS, 2, *_LABEL_UG_PER_KG),)
