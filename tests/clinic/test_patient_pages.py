"""The pages about one patient, as they come from the server."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from isocourse.care.deciding import current
from isocourse.care.patients import identity_mark, merge, register
from isocourse.care.recording import record_events
from isocourse.store.models import Look, Override, Patient, User
from isocourse.store.reading import record_of
from tests.clinic.conftest import NOW, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db
ON = "2026-11-20"
WEIGHT = {"kind": "weight", "happened_on": ON, "value": "62.5", "unit": "kg"}
TG = {
    "kind": "lab_result",
    "happened_on": ON,
    "analyte": "triglycerides",
    "value": "900",
    "unit": "mg/dL",
    "upper_limit": "150",
    "fasting_hours": "12",
}
POSITIVE = {"kind": "pregnancy_test", "happened_on": ON, "result": "positive", "setting": "medical"}
CAN = {
    "kind": "pregnancy_potential",
    "happened_on": ON,
    "potential": "can",
    "ground": "uterus_and_ovary",
    "confirmed": True,
}


def write(by: User, patient: Patient, *fields: dict[str, Any]) -> list[str]:
    now = timezone.now() - timedelta(minutes=5)
    return [event.id for event in record_events(by=by, patient=patient, events=fields, now=now).events]


@pytest.fixture
def doctor(ours: House, theirs: House) -> Client:
    return client_of("doctor", ours, theirs)


@pytest.fixture
def nurse(ours: House, theirs: House) -> Client:
    return client_of("nurse", ours, theirs)


def page(client: Client, name: str, patient: Patient, *more: str, **query: str) -> str:
    answer = client.get(reverse(name, args=[patient.key, *more]), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- overview -------------------------------------------------------------------------------------
def test_the_headline_is_the_decision_that_stands(ours: House, patient: Patient, doctor: Client) -> None:
    write(ours.nurse, patient, CAN, POSITIVE)
    text = page(doctor, "patient", patient)
    assert current(patient, now=timezone.now()).headline in text
    assert "Stop the capsules now" in text and 'class="decision stop"' in text
    assert "not clinically signed off" in text
    assert "What would change it" in text


def test_a_reason_leads_to_the_entry_it_comes_from(ours: House, patient: Patient, doctor: Client) -> None:
    _, test = write(ours.nurse, patient, CAN, POSITIVE)
    href = f"{reverse('story', args=[patient.key])}?at={test}#event-{test}"
    assert href in page(doctor, "patient", patient)
    assert f'id="event-{test}"' in page(doctor, "story", patient, at=test)


def test_a_new_patient_has_no_picture_and_it_says_so(patient: Patient, doctor: Client) -> None:
    text = page(doctor, "patient", patient)
    assert "Nothing can be drawn yet" in text and 'class="course-chart picture"' not in text


def test_the_picture_has_the_same_as_a_table(ours: House, patient: Patient, doctor: Client) -> None:
    write(ours.nurse, patient, TG, WEIGHT)
    text = page(doctor, "patient", patient)
    assert 'class="course-chart picture"' in text and "Triglycerides 10.16 mmol/L, grade 3" in text
    assert "style=" not in text and "<style" not in text


def test_an_override_is_shown_until_it_is_withdrawn(ours: House, patient: Patient, doctor: Client) -> None:
    decision = current(patient, now=timezone.now())
    found = decision.answered["findings"][0]
    override = Override.objects.create(
        decision=decision,
        patient=patient,
        rules=[{"rule": found["rule"], "mark": "m", "says": found["says"], "strength": found["strength"]}],
        ground="benefit",
        reason="seen by cardiology",
        by=ours.prescriber,
        at=NOW,
        needs_second=True,
    )
    assert "Override waits for a second signature" in page(doctor, "patient", patient)
    Override.objects.filter(pk=override.pk).update(second_by=ours.second, second_at=NOW)
    text = page(doctor, "patient", patient)
    assert "its prescription is not written yet" in text and "seen by cardiology" in text
    Override.objects.filter(pk=override.pk).update(withdrawn_at=NOW)
    assert "seen by cardiology" not in page(doctor, "patient", patient)


# --- flowsheet ------------------------------------------------------------------------------------
def test_the_flowsheet_is_in_the_clinics_units(ours: House, patient: Patient, doctor: Client) -> None:
    write(ours.nurse, patient, TG)
    text = page(doctor, "flowsheet", patient)
    assert "10.16" in text and "reported 900 mg/dL" in text and "grade 3" in text.replace("\n", " ")
    ours.clinic.lab_units = "conventional"
    ours.clinic.save()
    text = page(doctor, "flowsheet", patient)
    assert ">900<" in text and "reported" not in text.split("</p>", 4)[-1]


# --- story ----------------------------------------------------------------------------------------
def test_the_story_says_who_wrote_what(ours: House, patient: Patient, doctor: Client) -> None:
    ours.nurse.first_name, ours.nurse.last_name = "Jo", "Tan"
    ours.nurse.save()
    write(ours.nurse, patient, WEIGHT)
    text = page(doctor, "story", patient)
    assert "Weight 62.5 kg." in text and "Jo Tan (nurse)" in text
    assert "Weight 62.5 kg." not in page(doctor, "story", patient, group="bloods")


def test_withdrawing_from_the_story_changes_the_decision(ours: House, patient: Patient, nurse: Client) -> None:
    _, test = write(ours.nurse, patient, CAN, POSITIVE)
    assert patient.decision is not None and patient.decision.capsules_in_hand == "stop_now"
    address = reverse("withdraw_event", args=[patient.key, test])
    seen = seen_in(nurse.get(address).content.decode())
    answer = nurse.post(address, {"reason": "another patient's test", "seen_seq": seen})
    assert answer.status_code == 302
    patient.refresh_from_db()
    assert patient.decision.capsules_in_hand != "stop_now"
    text = page(nurse, "story", patient)
    assert re.search(r"<del>Pregnancy test positive.*?another patient&#x27;s test", text, re.DOTALL)


def seen_in(text: str) -> str:
    found = re.search(r'name="seen_seq" value="(\d+)"', text)
    assert found is not None
    return found[1]


def test_amending_from_the_story(ours: House, patient: Patient, nurse: Client) -> None:
    (weight,) = write(ours.nurse, patient, {**WEIGHT, "value": "625"})
    address = reverse("amend_event", args=[patient.key, weight])
    text = nurse.get(address).content.decode()
    assert 'value="625"' in text
    wrong = {"happened_on": ON, "value": "sixty", "unit": "kg", "note": "typed", "seen_seq": seen_in(text)}
    answer = nurse.post(address, wrong)
    assert answer.status_code == 422 and "sixty" in answer.content.decode() and "typed" in answer.content.decode()
    answer = nurse.post(address, {**wrong, "value": "62.5"})
    assert answer.status_code == 302
    text = page(nurse, "story", patient)
    assert "<del>Weight 625 kg.</del>" in text and "as it reads now" in text and "amends an earlier entry" in text


def test_a_correction_says_what_was_written_meanwhile_and_keeps_what_was_typed(
    ours: House, patient: Patient, nurse: Client
) -> None:
    (weight,) = write(ours.nurse, patient, WEIGHT)
    write(ours.prescriber, patient, TG)
    answer = nurse.post(
        reverse("withdraw_event", args=[patient.key, weight]), {"reason": "it was pounds", "seen_seq": "1"}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "it was pounds" in text and "Triglycerides 900 mg/dL" in text and seen_in(text) == "2"


def test_a_nurse_is_not_offered_what_a_prescriber_decided(ours: House, patient: Patient, nurse: Client) -> None:
    stop = {"kind": "mood_assessment", "happened_on": ON, "covers": ["mental_health"], "outcome": "stop_treatment"}
    (event,) = write(ours.prescriber, patient, stop)
    address = reverse("withdraw_event", args=[patient.key, event])
    assert address not in page(nurse, "story", patient)
    assert nurse.get(address).status_code == 403
    assert nurse.post(address, {"reason": "by mistake", "seen_seq": "1"}).status_code == 403


# --- decisions over time --------------------------------------------------------------------------
def test_what_was_known_on_a_day_beside_what_was_decided_then(ours: House, patient: Patient, doctor: Client) -> None:
    record_events(by=ours.nurse, patient=patient, events=[CAN], now=NOW)
    record_events(by=ours.nurse, patient=patient, events=[POSITIVE], now=NOW + timedelta(hours=3))
    before = page(doctor, "decisions", patient, at="2026-11-23T10:00:00")
    assert "1 entry had been written down by then" in before
    assert before.count('class="decision stop"') == 0 and before.count('class="decision withhold"') == 2
    assert "Pregnancy test positive" in before  # written down later about a day before
    after = page(doctor, "decisions", patient, at="2026-11-23T13:00:00")
    assert after.count('class="decision stop"') == 2


def test_a_moment_to_come_or_no_moment_is_refused(patient: Patient, doctor: Client) -> None:
    assert "still to come" in page(doctor, "decisions", patient, at="2199-01-01T10:00")
    assert "not a date and time" in page(doctor, "decisions", patient, at="yesterday")


def test_before_the_first_decision_none_was_stored(patient: Patient, doctor: Client) -> None:
    assert "None: the first decision" in page(doctor, "decisions", patient, at="2026-11-01T10:00")


# --- details --------------------------------------------------------------------------------------
def test_who_somebody_is_is_corrected_and_checked(patient: Patient, nurse: Client) -> None:
    who = {"number": "0412", "given_name": "Ada", "family_name": "Exemplar", "born": "2004-05-07", "email": "a@b.org"}
    address = reverse("identity", args=[patient.key])
    seen = identity_mark(patient)
    assert nurse.post(address, {**who, "seen": seen}).status_code == 302
    patient.refresh_from_db()
    assert (patient.family_name, patient.born.isoformat()) == ("Exemplar", "2004-05-07")  # type: ignore[union-attr]
    for wrong in ({"born": "someday"}, {"email": "nobody"}, {"number": ""}, {"given_name": "x" * 101}):
        answer = nurse.post(address, {**who, **wrong, "address": "Kept Road 1"})
        assert answer.status_code == 422 and "Kept Road 1" in answer.content.decode()
    patient.refresh_from_db()
    assert patient.email == "a@b.org"
    # Somebody who loaded the page before is shown what stands now, and nothing is lost of either.
    late = nurse.post(address, {**who, "phone": "555 7777", "seen": seen})
    assert late.status_code == 409 and "555 7777" in late.content.decode() and "Ada Exemplar" in late.content.decode()
    patient.refresh_from_db()
    assert patient.phone == ""
    assert nurse.post(address, {**who, "phone": "555 7777", "seen": late.context["seen"]}).status_code == 302


def test_who_looked_is_shown_to_the_clinic(ours: House, patient: Patient, doctor: Client, nurse: Client) -> None:
    page(nurse, "flowsheet", patient)
    text = page(doctor, "details", patient)
    assert "Flowsheet" in text and ours.nurse.shown_name in text
    assert Look.objects.filter(patient=patient, user=ours.nurse, page="flowsheet").count() == 1


def test_two_records_of_one_person(ours: House, patient: Patient, doctor: Client) -> None:
    twin = register(by=ours.nurse, now=NOW, who={"number": "0999", "given_name": "Ada", "family_name": "Example"})
    write(ours.nurse, twin, WEIGHT)
    found = doctor.post(reverse("merge_search", args=[patient.key]), {"words": "0999"}).content.decode()
    address = reverse("merge", args=[patient.key, twin.key])
    assert address in found
    both = doctor.get(address).content.decode()
    assert "0412" in both and "0999" in both
    assert doctor.post(address, {"reason": "short"}).status_code == 422
    assert doctor.post(address, {"reason": "same birth date and address"}).status_code == 302
    assert "Weight 62.5 kg." in page(doctor, "story", patient)
    text = page(doctor, "patient", twin)
    assert "read with another one" in text and reverse("patient", args=[patient.key]) in text


def test_a_record_of_another_clinic_is_not_merged(ours: House, theirs: House, patient: Patient, doctor: Client) -> None:
    other = register(by=theirs.nurse, now=NOW, who={"number": "1", "given_name": "Bo", "family_name": "Elsewhere"})
    address = reverse("merge", args=[patient.key, other.key])
    answer = doctor.get(address)
    assert answer.status_code == 403 and b"Elsewhere" not in answer.content
    assert doctor.post(address, {"reason": "the same person, surely"}).status_code == 403
    assert b"Elsewhere" not in doctor.post(reverse("merge_search", args=[patient.key]), {"words": "Else"}).content


def test_events_of_a_merged_record_can_be_corrected_there(ours: House, patient: Patient, doctor: Client) -> None:
    twin = register(by=ours.nurse, now=NOW, who={"number": "0999", "given_name": "Ada", "family_name": "Example"})
    (weight,) = write(ours.nurse, twin, WEIGHT)
    merge(by=ours.prescriber, patient=twin, into=patient, now=timezone.now(), reason="one person")
    address = reverse("withdraw_event", args=[patient.key, weight])
    seen = seen_in(doctor.get(address).content.decode())
    assert doctor.post(address, {"reason": "wrong weight", "seen_seq": seen}).status_code == 302
    assert len(record_of(patient).events) == 2


def test_skin_scores_stand_with_their_range_band_and_change(ours: House, patient: Patient, doctor: Client) -> None:
    for day, gags, mmasi in (("2026-10-01", "30", "5.2"), ("2026-11-20", "19", "4.1")):
        scores = [{"scale": "gags", "value": gags}, {"scale": "mmasi", "value": mmasi}]
        events = [{"kind": "skin_score", "happened_on": day, **each} for each in scores]
        record_events(by=ours.nurse, patient=patient, events=events, now=NOW)
    page = doctor.get(reverse("flowsheet", args=[patient.key])).content.decode()
    assert "moderate; −11, noise not known" in page and "0–44" in page
    assert ">mMASI " in page  # a name is not given a capital
    assert "Skin score GAGS: 19 (moderate)." in doctor.get(reverse("story", args=[patient.key])).content.decode()
