"""Entering treatment: the person's data, registry, forms, prescriber, visits and counselling."""

from __future__ import annotations

from isocourse.record.dates import exact, partial_date
from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft, Month, month_only

_TALK = ("pregnancy_risk", "contraception", "mental_health", "sexual_function", "general_risks", "blood_donation")
ICD10_CM = "http://hl7.org/fhir/sid/icd-10-cm"


def write(draft: Draft) -> None:
    """Everything a clinic enters before and around the first visit, and at each visit of a month."""
    dice = draft.dice("entry")
    _person(draft, dice)
    _programme(draft, dice)
    _forms(draft, dice)
    for month in draft.calendar.months:
        _visit(draft, dice, month)
    _end(draft)


def _person(draft: Draft, dice: Dice) -> None:
    person, day = draft.person, draft.calendar.first_visit
    vague = draft.fault("month_only", dice.happens(rates.MONTH_ONLY))
    born = month_only(person.born) if vague else exact(person.born)
    draft.write("birth", person.born, "administrator", happened=born)
    draft.write("sex", day, "administrator", sex=person.sex)
    draft.write(
        "pregnancy_potential",
        day,
        potential="can" if person.can_become_pregnant else "cannot",
        ground=person.ground,
        confirmed=True,
    )
    draft.write("condition", day, text="Acne conglobata", code="L70.1", system=ICD10_CM, active=True)


def _programme(draft: Draft, dice: Dice) -> None:
    clinic, day = draft.clinic, draft.calendar.first_visit
    draft.write("prescriber", day, prescriber_id="doctor-1", role=clinic.role, certified_with=(clinic.registry,))
    if clinic.everybody_enrolled or draft.person.can_become_pregnant:
        draft.write("programme_enrolment", day, registry=clinic.registry, status="enrolled")
    if draft.person.minor and dice.happens(0.9):
        for doctor, approval in (("doctor-1", "lead"), ("doctor-2", "second")):
            draft.write("prescriber_approval", day, prescriber_id=doctor, approval=approval)
    draft.write("visit", day, mode="in_person", purpose="first")
    draft.write("counselling", day, topics=_TALK)


def _forms(draft: Draft, dice: Dice) -> None:
    clinic, day = draft.clinic, draft.calendar.first_visit
    version = partial_date(clinic.form_version) if clinic.form_version is not None else None
    late = draft.fault("form_late", dice.happens(rates.FORM_LATE))
    missing = draft.fault("form_forgotten", dice.happens(rates.FORM_FORGOTTEN))
    months = draft.calendar.months
    on = months[1].visit if late and len(months) > 1 else day
    for form in clinic.forms if not missing else ():
        draft.write("form_signed", on, "patient", form=form, signed_by="patient", version=version)
        if draft.person.minor:
            draft.write("form_signed", on, "guardian", form=form, signed_by="guardian", version=version)
    for form in clinic.prevention_forms if draft.person.can_become_pregnant else ():
        draft.write("form_signed", day, "patient", form=form, signed_by="patient")


def _visit(draft: Draft, dice: Dice, month: Month) -> None:
    mode = "remote" if month.place and draft.person.can_become_pregnant and dice.happens(0.2) else "in_person"
    draft.write("visit", month.visit, mode=mode, purpose="follow_up")
    forgotten = draft.fault("counselling_forgotten", dice.happens(rates.COUNSELLING_FORGOTTEN))
    if not forgotten:
        draft.write("counselling", month.visit, topics=_TALK)
    unasked = dice.happens(rates.COMPREHENSION_FORGOTTEN)
    if draft.clinic.window is None:
        return
    if draft.person.can_become_pregnant and not draft.fault("comprehension_forgotten", unasked):
        draft.write("comprehension", month.visit, "patient", passed=True)
    open_for = draft.clinic.window if draft.person.can_become_pregnant else draft.clinic.visit_window
    if open_for is not None and dice.happens(rates.AUTHORISATION_WRITTEN):
        draft.write(
            "authorisation",
            month.prescribed,
            number=f"RMA-{draft.number}-{month.place}",
            do_not_dispense_after=exact(month.prescribed + open_for),
        )


def _end(draft: Draft) -> None:
    stopped = draft.calendar.stopped
    if stopped is not None:
        draft.write("visit", stopped + 2, mode="in_person", purpose="end_of_course")
        draft.write("course_stop", stopped, reason=draft.calendar.reason)
