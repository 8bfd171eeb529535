"""The pages of what to expect: what stands on them, what a red flag changes, and what the patient takes home."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from isocourse.care.recording import record_events
from isocourse.store.models import Look, Patient
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db


def page(house: House, patient: Patient, name: str = "expectations") -> str:
    answer = client_of("nurse", house, house).get(reverse(name, kwargs={"patient": patient.key}))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def write(house: House, patient: Patient, *events: dict[str, Any]) -> None:
    dated = [{"happened_on": TODAY.isoformat(), **event} for event in events]
    record_events(by=house.nurse, patient=patient, events=dated, now=NOW)


def test_before_the_first_capsule_everything_is_to_come(ours: House, patient: Patient) -> None:
    told = page(ours, patient)
    assert "No capsule is on record yet" in told and "To be expected now" not in told
    assert "Nothing of this is on record" not in told or "No dose is on record" in told
    sheet = page(ours, patient, "expectations_sheet")
    assert "<h2>Later</h2>" in sheet and "<h2>Now</h2>" not in sheet and "Do not wait with these" in sheet


def test_what_is_on_record_stands_beside_the_range_in_picture_table_and_row(ours: House, patient: Patient) -> None:
    lips = {"kind": "symptom", "text": "dry lips", "term": "cheilitis", "severity": "mild"}
    write(ours, patient, {"kind": "dispensing", "days": 30}, lips)
    told = page(ours, patient)
    assert "Week 1 of treatment." in told and "To be expected now" in told
    assert told.count("Dry lips, mild") >= 3  # a mark's title, the table, the row
    assert "Within the range" in told and 'class="today"' in told
    assert "because of" not in told and "percentile" not in told


def test_a_red_flag_is_never_called_within_a_range(ours: House, patient: Patient) -> None:
    severe = {"kind": "symptom", "text": "acne flare", "term": "acne_flare", "severity": "severe"}
    write(ours, patient, {"kind": "dispensing", "days": 30}, severe)
    told = page(ours, patient)
    assert "Something severe or a red flag is on record" in told
    row = told[told.index("<h3>Acne can get worse at first") :][:200]
    assert "Not compared with a range" in row


def test_the_sheet_has_plain_words_and_no_source_rule_or_number_of_a_study(ours: House, patient: Patient) -> None:
    write(ours, patient, {"kind": "dispensing", "days": 30})
    sheet = page(ours, patient, "expectations_sheet")
    body = sheet[sheet.index('<article class="expect-sheet">') : sheet.index("</article>")]
    assert patient.full_name in body and "Call an ambulance" in body
    assert "%" not in body and "_" not in re.sub(r"<[^>]+>", "", body) and "confidence" not in body.lower()


def test_who_looked_is_kept(ours: House, patient: Patient) -> None:
    page(ours, patient)
    page(ours, patient, "expectations_sheet")
    assert {"expectations", "expectations_sheet"} <= set(Look.objects.values_list("page", flat=True))
