"""The visit: previews write nothing, drafts lose nothing, saving is one act that cannot happen twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from isocourse.care import visits
from isocourse.care.recording import MovedOn, record_events
from isocourse.errors import InputError
from isocourse.store.models import AuditEntry, Draft, Look, Patient, SentForm, StoredDecision, StoredEvent, User
from isocourse.store.reading import record_of
from isocourse.words.visit_form import SECTIONS
from isocourse.words.visit_since import since_last_visit
from tests.clinic.conftest import NOW, House
from tests.clinic.courses import proceeding

pytestmark = pytest.mark.django_db
TOKEN = "2" * 20
VISIT = {"visit.0.mode": ["in_person"], "visit.0.purpose": ["first"], "visit.0._on": [""]}
WEIGHT = {"weight.0.value": ["62.5"], "weight.0.unit": ["kg"]}


def save(by: User, patient: Patient, typed: dict[str, list[str]], **more: Any) -> SentForm:
    told = {"token": TOKEN, "seen_seq": patient.last_seq, "now": NOW, **more}
    return visits.save(by=by, patient=patient, typed={**VISIT, **typed}, **told)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sent(patient: Patient, typed: dict[str, Any], token: str = TOKEN) -> dict[str, Any]:
    return {"token": token, "seen_seq": str(patient.last_seq), **VISIT, **typed}


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (StoredEvent, StoredDecision, AuditEntry, Draft, SentForm))


# --- saving ---------------------------------------------------------------------------------------
def test_a_visit_is_one_act_with_everything_in_it(ours: House, patient: Patient) -> None:
    done = save(
        ours.nurse,
        patient,
        {
            **WEIGHT,
            "symptoms_asked.0.found": ["none"],
            "mood_assessment.0.covers": ["mental_health"],
            "mood_assessment.0.outcome": ["no_concern"],
        },
    )
    assert sorted(StoredEvent.objects.values_list("kind", flat=True)) == [
        "mood_assessment", "symptoms_asked", "visit", "weight",
    ]  # fmt: skip
    assert len(set(StoredEvent.objects.values_list("recorded_at", flat=True))) == 1
    entry = AuditEntry.objects.get(act="visit")
    assert entry.detail["kinds"] == ["mood_assessment", "symptoms_asked", "visit", "weight"]
    assert done.decision == patient.decision
    assert done.decision.seen_seq == 4
    assert "62.5" not in str(AuditEntry.objects.values_list("detail", flat=True))


def test_how_the_person_was_seen_is_never_presumed(ours: House, patient: Patient) -> None:
    with pytest.raises(visits.NotYet) as refused:
        save(ours.nurse, patient, {**WEIGHT, "visit.0.mode": []})
    assert [problem.field for problem in refused.value.problems] == ["visit.0.mode"]
    assert not StoredEvent.objects.exists()


def test_what_came_in_later_on_the_day_of_the_last_visit_is_news(ours: House, patient: Patient) -> None:
    save(ours.nurse, patient, WEIGHT)
    result = {
        "kind": "lab_result", "happened_on": "2026-11-23", "analyte": "alt", "value": "300", "unit": "U/L",
        "upper_limit": "40",
    }  # fmt: skip
    record_events(by=ours.nurse, patient=patient, events=[result], now=NOW + timedelta(hours=6))
    looked = visits.look(by=ours.nurse, patient=patient, now=NOW + timedelta(days=30))
    since = since_last_visit(looked.rows, looked.decision.as_of)
    assert since.last == "23 Nov 2026" and [line.event_id for line in since.lines] == [
        StoredEvent.objects.get(kind="lab_result").event_id
    ]


def test_a_visit_sent_twice_is_written_once(ours: House, patient: Patient) -> None:
    seen = patient.last_seq
    first = save(ours.nurse, patient, WEIGHT)
    before = written()
    again = save(ours.nurse, patient, WEIGHT, seen_seq=seen, now=NOW + timedelta(seconds=2))
    assert again == first
    assert written() == before


def test_a_token_belongs_to_whoever_began_with_it(ours: House, patient: Patient) -> None:
    save(ours.nurse, patient, WEIGHT)
    before = written()
    with pytest.raises(InputError, match="somebody else"):
        save(ours.prescriber, patient, WEIGHT)
    assert written() == before


def test_nothing_is_saved_while_something_is_wrong(ours: House, patient: Patient) -> None:
    before = written()
    with pytest.raises(visits.NotYet) as wrong:
        save(
            ours.nurse,
            patient,
            {**WEIGHT, "height.0.value": ["tall"], "phq2.0.i0": ["1"]},
        )
    assert [(problem.field, problem.says) for problem in wrong.value.problems] == [
        ("height.0.value", "Write a number."),
        ("phq2.0.i1", "This is missing."),
    ]
    assert written() == before


def test_a_day_that_is_rarely_that_of_the_visit_is_asked_for(ours: House, patient: Patient) -> None:
    result = {"lab_result.alt.analyte": ["alt"], "lab_result.alt.value": ["20"], "lab_result.alt.unit": ["U/L"]}
    with pytest.raises(visits.NotYet) as wrong:
        save(ours.nurse, patient, {**result, "course_stop.0.reason": ["completed"]})
    assert {problem.field for problem in wrong.value.problems} == {"lab_result.all._on", "course_stop.0._on"}
    save(ours.nurse, patient, {**result, "lab_result.all._on": ["2026-11-20"], "lab_result.all.fasting_hours": ["12"]})
    stored = StoredEvent.objects.get(kind="lab_result")
    assert stored.happened_on == "2026-11-20"
    assert '"fasting_hours":"12"' in stored.body


def test_an_unlikely_number_is_asked_about_and_kept_when_it_is_right(ours: House, patient: Patient) -> None:
    with pytest.raises(visits.NotYet) as wrong:
        save(ours.nurse, patient, {"weight.0.value": ["625"]})
    (problem,) = wrong.value.problems
    assert problem.doubt
    assert problem.field == "weight.0.value"
    save(ours.nurse, patient, {"weight.0.value": ["625"], "weight.0._sure": ["on"]})
    assert StoredEvent.objects.filter(kind="weight").exists()


def test_a_weight_far_from_the_last_is_asked_about(ours: House, patient: Patient) -> None:
    save(ours.nurse, patient, WEIGHT)
    for said, doubted in (("70", False), ("72", True), ("53.2", False), ("53.1", True)):
        found = visits.preview(
            by=ours.nurse, patient=patient, typed={**VISIT, "weight.0.value": [said]}, token="3" * 20, now=NOW
        )
        assert bool(found.problems) is doubted, said


def test_a_nurse_cannot_enter_what_only_a_prescriber_decides(ours: House, patient: Patient) -> None:
    indication = {"indication_stated.0.ground": ["severe_acne"], "indication_stated.0.reason": ["it is severe"]}
    with pytest.raises(visits.NotYet) as wrong:
        save(ours.nurse, patient, indication)
    assert [problem.says for problem in wrong.value.problems] == ["This is for the prescriber."]
    assert not StoredEvent.objects.exists()
    save(ours.prescriber, patient, indication)
    assert record_of(patient).events[-1].author.role == "prescriber"


def test_a_nurse_may_hold_after_a_symptom_and_not_let_treatment_go_on(ours: House, patient: Patient) -> None:
    save(ours.nurse, patient, {"symptoms_asked.0.found": ["as_listed"], "symptom.blurred_vision.severity": ["mild"]})
    symptom = StoredEvent.objects.get(kind="symptom").event_id
    with pytest.raises(visits.NotYet):
        save(ours.nurse, patient, {f"symptom_assessed.{symptom}.outcome": ["continue"]}, token="4" * 20)
    save(ours.nurse, patient, {f"symptom_assessed.{symptom}.outcome": ["hold"]}, token="5" * 20)
    save(ours.prescriber, patient, {f"symptom_assessed.{symptom}.outcome": ["continue"]}, token="6" * 20)
    assert StoredEvent.objects.filter(kind="symptom_assessed").count() == 2


def test_none_says_that_what_was_there_is_over(ours: House, patient: Patient) -> None:
    save(ours.nurse, patient, {"symptoms_asked.0.found": ["as_listed"], "symptom.cheilitis.severity": ["mild"]})
    save(ours.nurse, patient, {"symptoms_asked.0.found": ["none"]}, token="4" * 20)
    assert StoredEvent.objects.filter(kind="symptom_ended").count() == 1
    with pytest.raises(visits.NotYet, match="yet"):
        save(
            ours.nurse,
            patient,
            {"symptoms_asked.0.found": ["none"], "symptom.cheilitis.severity": ["mild"]},
            token="5" * 20,
        )


def test_a_flag_of_mood_in_a_visit_is_to_act_on_now(ours: House, patient: Patient) -> None:
    answers = {f"phq9.0.i{number}": ["0"] for number in range(8)} | {"phq9.0.i8": ["1"]}
    save(ours.nurse, patient, answers)
    assert patient.risk == 0
    assert patient.work.filter(risk=0, kind="mood").exists()


def test_somebody_wrote_in_between(ours: House, patient: Patient) -> None:
    seen = patient.last_seq
    record_events(
        by=ours.prescriber,
        patient=patient,
        events=[{"kind": "weight", "happened_on": "2026-11-23", "value": "61", "unit": "kg"}],
        now=NOW,
    )
    with pytest.raises(MovedOn):
        save(ours.nurse, patient, WEIGHT, seen_seq=seen)
    page = client_of(ours.nurse).post(reverse("visit", args=[patient.key]), {**sent(patient, WEIGHT), "seen_seq": seen})
    assert page.status_code == 409
    told = page.content.decode()
    assert "61 kg" in told
    assert ours.prescriber.shown_name in told
    assert 'value="62.5"' in told  # what was typed is still there
    assert f'value="{patient.last_seq}"' in told  # so the next try saves on top
    done = client_of(ours.nurse).post(reverse("visit", args=[patient.key]), sent(patient, WEIGHT))
    assert done.status_code == 302
    assert StoredEvent.objects.filter(kind="weight").count() == 2


# --- previews and drafts --------------------------------------------------------------------------
def test_a_preview_writes_nothing_and_says_what_would_change(ours: House, patient: Patient) -> None:
    nurse = client_of(ours.nurse)
    before = written(), patient.last_seq
    answers = {f"phq9.0.i{number}": "0" for number in range(8)} | {"phq9.0.i8": "3"}
    page = nurse.post(reverse("visit_preview", args=[patient.key]), sent(patient, {**WEIGHT, **answers}))
    told = page.content.decode()
    assert page.status_code == 200
    assert "An answer about thoughts of death or self-harm" in told
    assert "This withholds" in told
    assert 'data-asked="' in told
    assert " mood" in told.split('data-asked="')[1].split('"')[0]
    patient.refresh_from_db()
    assert (written(), patient.last_seq) == before
    assert Look.objects.count() == 1  # what a preview says is of the record: whoever asks has looked


def test_what_an_answer_brings_up_can_be_decided_in_the_same_visit(ours: House, patient: Patient) -> None:
    typed = {"symptoms_asked.0.found": "as_listed", "symptom.tinnitus.severity": "moderate"}
    page = client_of(ours.prescriber).post(reverse("visit_preview", args=[patient.key]), sent(patient, typed))
    told = page.content.decode()
    name = told.split('name="symptom_assessed.')[1].split('"')[0]
    save(
        ours.prescriber,
        patient,
        {**{key: [value] for key, value in typed.items()}, f"symptom_assessed.{name}": ["continue"]},
    )
    assessed = next(event for event in record_of(patient).events if hasattr(event, "symptoms"))
    assert assessed.symptoms == (StoredEvent.objects.get(kind="symptom").event_id,)
    assert "hearing_affected" not in {
        f["rule"] for f in patient.decision.answered["findings"] if f["effect"]["supply"] == "withhold"
    }  # type: ignore[union-attr]


def test_a_draft_is_kept_for_its_author_resumed_and_gone_when_saved(ours: House, patient: Patient) -> None:
    nurse, doctor = client_of(ours.nurse), client_of(ours.prescriber)
    kept = nurse.post(reverse("visit_draft", args=[patient.key]), sent(patient, {"weight.0.value": "6"}))
    assert kept.json()["stamp"]
    page = nurse.get(reverse("visit", args=[patient.key])).content.decode()
    assert 'name="weight.0.value" value="6"' in page
    assert f'name="token" value="{TOKEN}"' in page
    assert TOKEN not in doctor.get(reverse("visit", args=[patient.key])).content.decode()
    save(ours.nurse, patient, WEIGHT)
    assert not Draft.objects.exists()
    late = nurse.post(reverse("visit_draft", args=[patient.key]), sent(patient, {"weight.0.value": "6"}))
    assert late.json()["stamp"] == ""
    assert not Draft.objects.exists()
    # One that was on its way while the visit was saved: what is typed into it could never be saved.
    typed = {"token": TOKEN, "typed": {"weight.0.value": ["6"]}}
    Draft.objects.create(user=ours.nurse, patient=patient, form="visit", fields=typed)
    assert TOKEN not in nurse.get(reverse("visit", args=[patient.key])).content.decode()


def test_a_draft_can_be_thrown_away(ours: House, patient: Patient) -> None:
    nurse = client_of(ours.nurse)
    nurse.post(reverse("visit_draft", args=[patient.key]), sent(patient, {"weight.0.value": "6"}))
    assert nurse.post(reverse("visit_discard", args=[patient.key])).status_code == 302
    assert not Draft.objects.exists()


def test_too_much_for_one_visit_is_not_kept(ours: House, patient: Patient) -> None:
    huge = sent(patient, {"indication_stated.0.reason": "x" * 5000})
    assert client_of(ours.nurse).post(reverse("visit_draft", args=[patient.key]), huge).status_code == 422


@pytest.mark.parametrize("token", ["", "short", "A" * 20, "2" * 21, "<script>xxxxxxxxxxxx"])
def test_a_token_that_was_not_made_here_is_not_there(ours: House, patient: Patient, token: str) -> None:
    for name in ("visit", "visit_preview", "visit_draft"):
        answer = client_of(ours.nurse).post(reverse(name, args=[patient.key]), sent(patient, WEIGHT, token))
        assert answer.status_code == 404


# --- the pages ------------------------------------------------------------------------------------
def test_a_page_without_scripts_keeps_what_was_typed_and_says_what_is_wrong(ours: House, patient: Patient) -> None:
    typed = {"weight.0.value": "heavy", "height.0.value": "171"}
    page = client_of(ours.nurse).post(reverse("visit", args=[patient.key]), sent(patient, typed))
    told = page.content.decode()
    assert page.status_code == 422
    assert 'value="heavy"' in told
    assert 'value="171"' in told
    assert "Write a number." in told


def test_what_is_for_the_prescriber_says_so_to_a_nurse(ours: House, patient: Patient) -> None:
    address = reverse("visit_more", args=[patient.key])
    indication = client_of(ours.nurse).get(address).content.decode()
    indication = indication.split('id="section-indication"')[1].split("</section>")[0]
    assert "for the prescriber" in indication
    assert "<input" not in indication
    doctors = client_of(ours.prescriber).get(address).content.decode()
    assert "<input" in doctors.split('id="section-indication"')[1].split("</section>")[0]


def test_what_is_asked_or_drafted_is_on_the_page_and_everything_comes_after_it(ours: House, patient: Patient) -> None:
    nurse = client_of(ours.nurse)
    nurse.post(reverse("visit_draft", args=[patient.key]), sent(patient, {"authorisation.0.number": "RMA-1"}))
    first = nurse.get(reverse("visit", args=[patient.key])).content.decode()
    rest = nurse.get(reverse("visit_more", args=[patient.key])).content.decode()
    whole = nurse.get(reverse("visit", args=[patient.key]) + "?more").content.decode()
    assert "RMA-1" in first
    assert first.count('id="section-') < len(SECTIONS)
    for section in SECTIONS:
        mark = f'id="section-{section.name}"'
        assert rest.count(mark) == 1, section.name
        assert whole.count(mark) == 1, section.name


def test_no_answer_is_chosen_beforehand(ours: House, patient: Patient) -> None:
    page = client_of(ours.prescriber).get(reverse("visit", args=[patient.key]) + "?more").content.decode()
    chosen = re.findall(r'<input[^>]*name="([a-z0-9_.]+)"[^>]* checked', page)
    assert set(chosen) == {
        "visit.0.purpose", "programme_enrolment.0.registry", "form_signed.0.signed_by",
    }  # fmt: skip
    selected = re.findall(r'<select[^>]*name="([^"]+)"(?:(?!</select>).)* selected', page, re.DOTALL)
    named = {"form_signed.0.form", "prescriber.0.prescriber_id", "prescriber_approval.0.prescriber_id"}
    assert {name for name in selected if not name.endswith(".unit")} <= named


def test_the_end_of_a_course_asks_for_its_reason_and_the_checklist_after_it(ours: House, patient: Patient) -> None:
    nurse = client_of(ours.nurse)
    ends = sent(patient, {"visit.0.purpose": "end_of_course"})
    told = nurse.post(reverse("visit_preview", args=[patient.key]), ends).content.decode()
    asked = told.split('data-asked="')[1].split('"')[0].split()
    assert {"end", "capsules", "aftercare"} <= set(asked)
    assert not {"indication", "forms", "bloods"} & set(asked)
    typed = {
        "visit.0.purpose": ["end_of_course"],
        "course_stop.0.reason": ["completed"], "course_stop.0._on": ["2026-11-20"],
        "capsules_returned.0.capsules": ["0"], "aftercare_done.0.steps": ["eyes_asked", "relapse_explained"],
    }  # fmt: skip
    save(ours.nurse, patient, typed)
    stored = {row.kind: row.happened_on for row in StoredEvent.objects.all()}
    assert stored["course_stop"] == "2026-11-20"
    assert stored["aftercare_done"] == "2026-11-23"


def test_the_sheet_shows_what_was_decided_then(ours: House, patient: Patient) -> None:
    done = save(ours.nurse, patient, WEIGHT)
    address = reverse("visit_sheet", args=[patient.key, done.token])
    page = client_of(ours.nurse).get(address)
    told = page.content.decode()
    assert page.status_code == 200
    assert done.decision.headline in told
    assert "62.5 kg" in told
    other = Patient.objects.exclude(pk=patient.pk)
    assert not other.exists()
    assert client_of(ours.nurse).get(reverse("visit_sheet", args=[patient.key, "9" * 20])).status_code == 404


# --- the sheet --------------------------------------------------------------------------------------
def test_a_sheet_that_is_not_of_now_says_what_stands(ours: House, patient: Patient, monkeypatch: Any) -> None:
    """Because somebody wrote to the record since, or because midnight passed and nobody had opened anything."""
    done = save(ours.nurse, patient, WEIGHT)
    address = reverse("visit_sheet", args=[patient.key, done.token])

    def shown(at: Any) -> str:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)
        return client_of(ours.prescriber).get(address).content.decode()

    assert "This sheet is not of now" not in shown(NOW) and 'href="/patients/' in shown(NOW)
    flag = {"kind": "symptom", "happened_on": "2026-11-23", "text": "suicidal thoughts", "term": "suicidal_ideation"}
    record_events(by=ours.nurse, patient=patient, events=[flag], now=NOW)
    told = shown(NOW)
    assert (
        "This sheet is not of now" in told
        and reverse("prescription", args=[patient.key]) not in (told.split("This sheet is not of now")[1])
    )


def test_a_sheet_of_a_decision_that_ran_out_is_not_of_now(ours: House, monkeypatch: Any) -> None:
    case = proceeding(ours)
    typed = {"token": TOKEN, "seen_seq": case.patient.last_seq, "now": case.now, "typed": {**VISIT, **WEIGHT}}
    typed["typed"]["weight.0._sure"] = ["on"]
    done = visits.save(by=ours.prescriber, patient=case.patient, **typed)
    until = done.decision.valid_until
    assert until is not None
    address = reverse("visit_sheet", args=[case.patient.key, done.token])
    for at, old in ((until - timedelta(seconds=1), False), (until, True)):
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        assert ("This sheet is not of now" in client_of(ours.prescriber).get(address).content.decode()) is old
