"""The pages of skin care: what is shown, what other answers would change, what is written down and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from isocourse.care.deciding import today_in
from isocourse.care.permissions import Denied
from isocourse.care.recording import MovedOn, record_events
from isocourse.care.skin_profile import keep_profile
from isocourse.errors import InputError
from isocourse.skincare.facts import PROFILE
from isocourse.store.models import AuditEntry, Patient
from isocourse.words.skin_routine import FACT_WORDS, QUESTIONS, answers_of
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db
ANSWERS = {"air": "dry", "dark_spots": "yes", "contact_lenses": "yes", "shaving": "no"}


def url(name: str, patient: Patient) -> str:
    return reverse(name, kwargs={"patient": patient.key})


def page(house: House, patient: Patient, name: str = "skin_care") -> str:
    answer = client_of("nurse", house, house).get(url(name, patient))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def events(patient: Patient) -> list[Any]:
    return list(patient.events.filter(kind="skin_profile").order_by("seq"))


def test_every_question_and_answer_has_words() -> None:
    assert list(QUESTIONS) == list(PROFILE) and set(QUESTIONS) <= set(FACT_WORDS)
    for question, answers in PROFILE.items():
        assert [code for code, _ in answers_of(question)] == list(answers)
        assert answers_of(question)[-1] == ("unknown", "not asked")


def test_answers_are_written_down_as_one_event_and_the_page_follows(ours: House, patient: Patient) -> None:
    before = page(ours, patient)
    assert "Nobody has asked yet" in before and "tinted, if marks stay dark" in before
    client = client_of("nurse", ours, ours)
    seen = str(patient.last_seq)
    sent = client.post(url("skin_care_profile", patient), {**ANSWERS, "seen_seq": seen})
    assert sent.status_code == 302 and sent["Location"] == url("skin_care", patient)
    (event,) = events(patient)
    assert event.happened_on == today_in(patient.clinic, timezone.now()).isoformat()
    entry = AuditEntry.objects.filter(subject=patient.key).latest("pk")
    assert entry.detail["kinds"] == ["skin_profile"]
    after = page(ours, patient)
    assert "tinted, with iron oxides" in after and "Nobody has asked yet" not in after


def test_a_preview_shows_what_other_answers_would_change_and_keeps_nothing(ours: House, patient: Patient) -> None:
    client = client_of("nurse", ours, ours)
    shown = client.post(url("skin_care_preview", patient), {**ANSWERS}).content.decode()
    assert "not saved yet" in shown and "iron oxides" in shown and 'id="routine"' in shown
    assert events(patient) == []
    wrong = client.post(url("skin_care_preview", patient), {"air": "wet"})
    assert wrong.status_code == 422


def test_nothing_is_written_for_no_answer_a_wrong_one_or_a_record_that_moved_on(ours: House, patient: Patient) -> None:
    about: dict[str, Any] = {"by": ours.nurse, "patient": patient, "now": NOW, "seen_seq": patient.last_seq}
    with pytest.raises(InputError, match="nothing was answered"):
        keep_profile(answers={"air": "unknown"}, **about)
    with pytest.raises(InputError, match="none of the answers") as wrong:
        keep_profile(answers={"air": "wet"}, **about)
    assert wrong.value.where == "air"
    with pytest.raises(MovedOn):
        keep_profile(answers=ANSWERS, **{**about, "seen_seq": patient.last_seq + 1})
    with pytest.raises(Denied):
        keep_profile(answers=ANSWERS, **{**about, "by": ours.administrator})
    client = client_of("nurse", ours, ours)
    assert client.post(url("skin_care_profile", patient), {"seen_seq": "0"}).status_code == 422
    assert client.post(url("skin_care_profile", patient), {**ANSWERS, "seen_seq": "999"}).status_code == 409
    assert events(patient) == []


def test_a_red_flag_goes_before_everything_on_page_and_sheet(ours: House, patient: Patient) -> None:
    day = TODAY.isoformat()
    treated = [
        {"kind": "dispensing", "days": 30, "happened_on": day},
        {"kind": "symptom", "text": "blisters", "term": "rash_with_blisters", "severity": "mild", "happened_on": day},
    ]
    record_events(by=ours.nurse, patient=patient, events=treated, now=NOW)
    told, sheet = page(ours, patient), page(ours, patient, "skin_care_sheet")
    assert "This goes before skin care" in told and "go to an emergency department" in told
    assert told.index("This goes before skin care") < told.index("Morning")
    assert "Call the clinic now" in sheet and "STOP NOW" in sheet
    assert sheet.index("Call the clinic now") < sheet.index("Morning")


def test_the_sheet_names_the_patient_and_no_source_or_rule(ours: House, patient: Patient) -> None:
    sheet = page(ours, patient, "skin_care_sheet")
    assert patient.full_name in sheet and "Morning" in sheet and "Leave these alone" in sheet
    assert "procedure_waxing" not in sheet and "clinic policy" not in sheet
