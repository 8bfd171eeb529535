"""Prescribing: decided afresh, all or nothing; overrides cover exactly; a regulation never yields a document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from isocourse.care import overriding, prescribing, visits
from isocourse.care.correcting import amend
from isocourse.care.deciding import today_in
from isocourse.care.editions import edition_for
from isocourse.care.judging import Withheld, judge
from isocourse.care.overriding import Departure
from isocourse.care.permissions import Denied
from isocourse.care.recording import MovedOn, record_events
from isocourse.care.supplies import record_supply, settle
from isocourse.engine.decide import decide
from isocourse.errors import InputError
from isocourse.record.record import Record
from isocourse.store.keys import new_key
from isocourse.store.models import (
    AuditEntry,
    Document,
    OutboxMessage,
    Override,
    StoredDecision,
    StoredEvent,
    SupplyAlert,
)
from isocourse.store.reading import record_of
from tests.clinic.conftest import House, house
from tests.clinic.courses import Case, case_of, looks, overridable, proceeding

pytestmark = pytest.mark.django_db
PROGRAMMES = ("us", "uk", "eu", "au", "ca", "de", "fr", "it")
REASON = "Discussed with the patient at length; the test was done elsewhere and seen."


def departure(case: Case, **more: Any) -> Departure:
    marks = frozenset(each.mark for each in case.judged.in_the_way)
    return Departure(**{"marks": marks, "ground": "equivalent_check", "reason": REASON, **more})


def write(case: Case, ours: House, **more: Any) -> prescribing.Issued:
    given = {"by": ours.prescriber, "seen_seq": case.patient.last_seq, "now": case.now, "choice": case.choice, **more}
    return prescribing.prescribe(patient=case.patient, **given)


def counts() -> tuple[int, ...]:
    """Of everything that prescribing writes."""
    models = (StoredEvent, StoredDecision, Document, Override, AuditEntry)
    return tuple(model.objects.count() for model in models)


# --- what is written ------------------------------------------------------------------------------
def test_event_decision_document_and_audit_are_written_together(ours: House) -> None:
    case = proceeding(ours)
    issued = write(case, ours)
    case.patient.refresh_from_db()
    document = issued.document
    written = StoredEvent.objects.get(event_id=document.event_id)
    assert (written.kind, written.by) == ("prescription", ours.prescriber)
    assert issued.decision.trigger == "prescribing" and issued.decision == case.patient.decision == document.decision
    assert issued.decision.seen_seq == written.seq == case.patient.last_seq
    entry = AuditEntry.objects.get(act="prescribe")
    assert entry.detail["document"] == document.key
    content = document.content
    assert content["decision"] == issued.decision.pk and content["edition"] == issued.decision.edition
    assert content["quantity"] == sum(item["capsules"] for item in content["items"])
    assert content["refills"] == "No refills." and content["days"] == 30 and content["days_words"] == "thirty"
    assert content["supply"] == "proceed" and content["departure"] is None
    assert "No refills" in content["sig"]


def test_the_dose_of_the_proposal_is_judged(ours: House) -> None:
    """A dose far above the range is withheld although the record without it proceeds."""
    case = proceeding(ours)
    choice = msgspec.structs.replace(case.choice, mg="200", intakes=2)
    judged = judge(case.patient, choice, by=ours.prescriber, now=case.now)
    assert any(each.finding.topic == "dose" for each in judged.in_the_way)
    before = counts()
    with pytest.raises(Withheld):
        write(case, ours, choice=choice)
    assert counts() == before


@pytest.mark.parametrize(
    ("change", "where"),
    [({"mg": "21"}, "mg"), ({"mg": "x"}, "mg"), ({"days": 0}, "days"), ({"intakes": 9}, "intakes"),
     ({"product": "absorica"}, "product")],
)  # fmt: skip
def test_a_choice_that_is_not_possible_names_its_field(ours: House, change: dict[str, Any], where: str) -> None:
    case = proceeding(ours)
    with pytest.raises(InputError) as wrong:
        write(case, ours, choice=msgspec.structs.replace(case.choice, **change))
    assert wrong.value.where == where


def test_the_clinics_own_products_are_the_only_ones(ours: House) -> None:
    case = proceeding(ours)
    ours.clinic.products = ["roaccutane_uk"]
    ours.clinic.save()
    case.patient.clinic.refresh_from_db()
    with pytest.raises(InputError, match="clinic's"):
        write(case, ours, choice=msgspec.structs.replace(case.choice, product="isotretinoin_uk"))


@pytest.mark.parametrize("role", ["nurse", "administrator", "patient"])
def test_only_a_prescriber_prescribes(ours: House, role: str) -> None:
    case = proceeding(ours)
    with pytest.raises(Denied):
        write(case, ours, by=getattr(ours, role))


def test_a_stranger_never_prescribes(ours: House, theirs: House) -> None:
    case = proceeding(ours)
    with pytest.raises(Denied):
        write(case, ours, by=theirs.prescriber)


# --- the world moves ------------------------------------------------------------------------------
def test_the_second_of_two_prescribers_is_told(ours: House) -> None:
    case = proceeding(ours)
    seen = case.patient.last_seq
    write(case, ours, seen_seq=seen)
    with pytest.raises(MovedOn) as moved:
        write(case, ours, seen_seq=seen, by=ours.second)
    assert [event.kind for event in moved.value.since] == ["prescription"]
    assert Document.objects.count() == 1


def test_a_result_that_arrived_in_between_is_honoured(ours: House) -> None:
    """The page had proceed in front of it; a flag of mood came in. With the old number nothing is written; with the new
    one the fresh decision speaks."""
    case = proceeding(ours)
    seen = case.patient.last_seq
    today = case.judged.assessed.as_of.isoformat()
    flag = {"kind": "questionnaire", "happened_on": today, "name": "phq9", "items": [3] * 9}
    record_events(by=ours.nurse, patient=case.patient, events=[flag], now=case.now)
    with pytest.raises(MovedOn):
        write(case, ours, seen_seq=seen)
    with pytest.raises(Withheld) as withheld:
        write(case, ours, seen_seq=seen + 1)
    assert any(each.finding.topic == "mood" for each in withheld.value.judged.in_the_way)
    assert not Document.objects.exists()


def test_a_decision_that_time_ended_is_not_used(ours: House) -> None:
    """The number of the last event is the same, and weeks have gone by."""
    case = proceeding(ours)
    with pytest.raises(Withheld):
        write(case, ours, now=case.now + timedelta(days=400))


# --- overrides ------------------------------------------------------------------------------------
def test_an_override_is_kept_with_its_decision_and_paper(ours: House) -> None:
    case = overridable(ours)
    issued = write(case, ours, departure=departure(case))
    override = issued.document.override
    assert override is not None and override.decision == issued.decision and override.in_force
    assert {each["mark"] for each in override.rules} == departure(case).marks
    said = issued.document.content["departure"]
    assert said["reason"] == REASON and said["second"] is None
    assert issued.document.content["supply"] == "withhold"
    assert AuditEntry.objects.filter(act="override").count() == 1


def test_without_a_departure_what_is_withheld_is_not_written(ours: House) -> None:
    case = overridable(ours)
    before = counts()
    with pytest.raises(Withheld):
        write(case, ours)
    assert counts() == before


@pytest.mark.parametrize("marks", ["fewer", "more", "others"])
def test_an_override_covers_exactly(ours: House, marks: str) -> None:
    case = overridable(ours)
    right = departure(case).marks
    wrong = {"fewer": frozenset(list(right)[1:]), "more": right | {"0" * 64}, "others": frozenset({"0" * 64})}[marks]
    before = counts()
    with pytest.raises(Withheld) as withheld:
        write(case, ours, departure=departure(case, marks=wrong))
    assert withheld.value.changed
    assert counts() == before


@pytest.mark.parametrize(
    ("change", "where"), [({"ground": "because"}, "ground"), ({"reason": "as discussed"}, "reason")]
)
def test_a_departure_needs_a_ground_and_a_reason(ours: House, change: dict[str, str], where: str) -> None:
    case = overridable(ours)
    with pytest.raises(InputError) as wrong:
        write(case, ours, departure=departure(case, **change))
    assert wrong.value.where == where


@pytest.fixture
def careful(db: Any) -> House:
    return house("A careful clinic", second_signature=True)


def asked(case: Case, careful: House) -> Override:
    return overriding.ask(
        by=careful.prescriber, patient=case.patient, choice=case.choice, departure=departure(case), now=case.now,
        seen_seq=case.patient.last_seq,
    )  # fmt: skip


def test_a_second_signature_is_another_persons_and_comes_before_the_prescription(careful: House) -> None:
    case = overridable(careful)
    with pytest.raises(InputError, match="second signature"):
        write(case, careful, departure=departure(case))
    override = asked(case, careful)
    again: dict[str, Any] = {"override": override, "now": case.now}
    assert not Document.objects.exists() and not override.in_force
    assert case.patient.work.filter(kind="second_signature").count() == 1
    with pytest.raises(InputError, match="not in force"):
        prescribing.prescribe_signed(by=careful.prescriber, seen_seq=case.patient.last_seq, **again)
    with pytest.raises(InputError, match="another person"):
        overriding.sign_second(by=careful.prescriber, **again)
    with pytest.raises(Denied):
        overriding.sign_second(by=careful.nurse, **again)
    overriding.sign_second(by=careful.second, **again)
    assert case.patient.work.filter(kind="signed_override").count() == 1
    with pytest.raises(InputError, match="somebody else"):
        prescribing.prescribe_signed(by=careful.second, seen_seq=case.patient.last_seq, **again)
    issued = prescribing.prescribe_signed(by=careful.prescriber, seen_seq=case.patient.last_seq, **again)
    second = issued.document.content["departure"]["second"]
    assert second["code"] == careful.second.code
    assert not case.patient.work.filter(kind__in=["second_signature", "signed_override"]).exists()
    case.patient.refresh_from_db()
    with pytest.raises(InputError, match="was written under"):
        prescribing.prescribe_signed(by=careful.prescriber, seen_seq=case.patient.last_seq, **again)
    acts = list(AuditEntry.objects.order_by("number").values_list("act", flat=True))[-3:]
    assert acts == ["override", "sign_second", "prescribe"]


def test_what_changed_since_the_first_signature_is_told_and_nothing_is_signed(careful: House) -> None:
    case = overridable(careful)
    override = asked(case, careful)
    today = case.judged.assessed.as_of.isoformat()
    flag = {"kind": "questionnaire", "happened_on": today, "name": "phq9", "items": [3] * 9}
    record_events(by=careful.nurse, patient=case.patient, events=[flag], now=case.now)
    assert case.patient.work.filter(kind="second_signature").count() == 1, "a new decision keeps what waits"
    with pytest.raises(Withheld) as withheld:
        overriding.sign_second(by=careful.second, override=override, now=case.now)
    assert withheld.value.changed
    override.refresh_from_db()
    assert override.second_at is None


def test_what_changed_since_both_signatures_is_told_and_nothing_is_written(careful: House) -> None:
    """The weight turns out to be much less: the dose is now in the way as well."""
    case = overridable(careful)
    override = asked(case, careful)
    overriding.sign_second(by=careful.second, override=override, now=case.now)
    today = case.judged.assessed.as_of.isoformat()
    light = {"kind": "weight", "happened_on": today, "value": "14", "unit": "kg"}
    record_events(by=careful.nurse, patient=case.patient, events=[light], now=case.now)
    judged = judge(case.patient, case.choice, by=careful.prescriber, now=case.now)
    assert judged.may_be_overridden, "or the test shows nothing"
    before = counts()
    with pytest.raises(Withheld) as withheld:
        prescribing.prescribe_signed(
            by=careful.prescriber, override=override, now=case.now, seen_seq=case.patient.last_seq
        )
    assert any("not signed for" in each for each in withheld.value.changed)
    assert counts() == before


def test_a_withdrawn_override_is_in_force_no_more(careful: House) -> None:
    case = overridable(careful)
    override = asked(case, careful)
    overriding.sign_second(by=careful.second, override=override, now=case.now)
    override = overriding.withdraw(by=careful.second, override=override, now=case.now)
    assert not override.in_force
    with pytest.raises(InputError, match="not in force"):
        prescribing.prescribe_signed(
            by=careful.prescriber, override=override, now=case.now, seen_seq=case.patient.last_seq
        )
    assert not case.patient.work.filter(kind="signed_override").exists()


@pytest.mark.parametrize(
    "change",
    ["UPDATE store_override SET reason = 'another'", "UPDATE store_override SET rules = '[]'",
     "DELETE FROM store_override", "UPDATE store_document SET content = '{}'", "DELETE FROM store_document"],
)  # fmt: skip
def test_the_database_keeps_what_was_signed(ours: House, change: str) -> None:
    case = overridable(ours)
    write(case, ours, departure=departure(case))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


# --- a regulation ---------------------------------------------------------------------------------
@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_regulation_never_yields_a_document(db: Any, programme: str) -> None:
    """Over simulated courses: whatever is signed, what a regulation withholds is not written."""
    ours = house(f"A clinic of {programme}", programme=programme)
    tried = withheld = 0
    edition = edition_for(ours.clinic)
    for course, look in looks(ours.clinic, count=6):
        tried += 1
        decision = decide(edition, course.record, look.day, look.known_at)
        if not any(finding.withholds and finding.rule.strength == "regulation" for finding in decision.findings):
            continue
        case = case_of(ours, course, look)
        if not any(each.finding.strength == "regulation" for each in case.judged.in_the_way):
            continue  # a new prescription mended it
        withheld += 1
        assert not case.judged.may_proceed and not case.judged.may_be_overridden
        before = counts()
        soft = frozenset(each.mark for each in case.judged.in_the_way if each.may_override)
        for signed in (None, departure(case), departure(case, marks=soft)):
            with pytest.raises(Withheld):
                write(case, ours, departure=signed)
        with pytest.raises(Withheld):
            asked(case, ours)
        assert counts() == before
    assert tried > 30
    assert withheld or programme not in ("us", "au")


def test_capsules_that_are_to_be_stopped_are_not_prescribed(ours: House) -> None:
    """In the UK a sign of pregnancy is the label's, and still nobody may depart from it."""
    case = proceeding(ours)
    today = case.judged.assessed.as_of.isoformat()
    test = {"kind": "pregnancy_test", "happened_on": today, "result": "positive", "method": "serum"}
    record_events(by=ours.nurse, patient=case.patient, events=[test], now=case.now)
    judged = judge(case.patient, case.choice, by=ours.prescriber, now=case.now)
    stopping = [each for each in judged.in_the_way if each.finding.effect.capsules_in_hand == "stop_now"]
    assert stopping and not any(each.may_override for each in stopping)
    fresh = Case(case.patient, case.now, case.choice, judged)
    with pytest.raises(Withheld):
        write(fresh, ours, departure=departure(fresh))


# --- voiding, supplies ----------------------------------------------------------------------------
def test_a_void_prescription_leaves_the_record_and_stays_as_a_paper(ours: House) -> None:
    case = proceeding(ours)
    document = write(case, ours).document
    with pytest.raises(Denied):
        prescribing.void(by=ours.nurse, document=document, reason="written for another", now=case.now)
    with pytest.raises(InputError):
        prescribing.void(by=ours.prescriber, document=document, reason="wrong", now=case.now)
    prescribing.void(by=ours.prescriber, document=document, reason="written for another dose", now=case.now)
    kept = Document.objects.get()
    assert kept.content == document.content and kept.voided_by == ours.prescriber
    assert _kinds(record_of(case.patient))[-2:] == ["Prescription", "EnteredInError"]
    with pytest.raises(InputError, match="already"):
        prescribing.void(by=ours.prescriber, document=document, reason="written for another dose", now=case.now)


def _kinds(record: Record) -> list[str]:
    return [type(event).__name__ for event in record.events]


def supplied(case: Case, ours: House, **more: Any) -> SupplyAlert | None:
    fields = {"happened_on": case.judged.assessed.as_of.isoformat(), "days": 30, "daily_dose_mg": "20", **more}
    source = fields.pop("source", "pharmacy")
    return record_supply(by=ours.nurse, patient=case.patient, fields=fields, source=source, now=case.now).alert


def test_a_supply_of_our_prescription_raises_nothing(ours: House) -> None:
    case = proceeding(ours)
    document = write(case, ours).document
    assert supplied(case, ours, prescription=document.event_id) is None
    with pytest.raises(InputError, match="dispensed"):
        prescribing.void(by=ours.prescriber, document=document, reason="written for another", now=case.now)


def test_a_supply_from_elsewhere_is_written_and_told(ours: House) -> None:
    case = proceeding(ours)
    document = write(case, ours).document
    alert = supplied(case, ours, source="online")
    assert alert is not None and alert.kind == "outside"
    case.patient.refresh_from_db()
    assert case.patient.risk == 0 and case.patient.work.get(kind="supply_alert").risk == 0
    message = OutboxMessage.objects.get(kind="supply_alert")
    assert message.payload["to"] == [document.by.code]
    assert "Bought online" in StoredEvent.objects.get(event_id=alert.event_id).body
    with pytest.raises(Denied):
        settle(by=ours.nurse, alert=alert, how="spoke with the patient", now=case.now)
    settle(by=ours.second, alert=alert, how="spoke with the patient: thrown away", now=case.now)
    assert not case.patient.work.filter(kind="supply_alert").exists()


def test_a_supply_of_a_voided_prescription_is_told(ours: House) -> None:
    case = proceeding(ours)
    document = write(case, ours).document
    prescribing.void(by=ours.prescriber, document=document, reason="written for another", now=case.now)
    alert = supplied(case, ours, prescription=document.event_id)
    assert alert is not None and alert.kind == "voided"


def test_a_supply_that_was_to_be_withheld_is_told(ours: House) -> None:
    """The prescription was good, a sign of pregnancy came, the pharmacy handed it over."""
    case = proceeding(ours)
    document = write(case, ours).document
    today = case.judged.assessed.as_of.isoformat()
    test = {"kind": "pregnancy_test", "happened_on": today, "result": "positive", "method": "serum"}
    record_events(by=ours.nurse, patient=case.patient, events=[test], now=case.now)
    alert = supplied(case, ours, prescription=document.event_id)
    assert alert is not None and alert.kind == "withheld" and alert.rules


def test_a_supply_under_an_override_is_what_was_signed_for(ours: House) -> None:
    case = overridable(ours)
    document = write(case, ours, departure=departure(case)).document
    assert supplied(case, ours, prescription=document.event_id) is None


# --- around the prescription page -----------------------------------------------------------------
def test_a_prescription_on_paper_is_not_written_anew_beside_it(ours: House) -> None:
    """Twice the dose, amended in the story, would be a prescription that nothing decided about."""
    case = proceeding(ours)
    document = write(case, ours).document
    before = counts()
    fields = {"kind": "prescription", "happened_on": document.content["written_on"], "days": 90}
    with pytest.raises(InputError, match="not amended"):
        amend(by=ours.prescriber, patient=case.patient, event_id=document.event_id, fields=fields, now=case.now)
    assert counts() == before


def supplied_at_a_visit(case: Case, by: Any, days: int = 30) -> None:
    case.patient.refresh_from_db()
    typed = {
        "visit.0.mode": ["in_person"], "dispensing.0.days": [str(days)],
        "dispensing.0._on": [today_in(case.patient.clinic, case.now).isoformat()],
    }  # fmt: skip
    visits.save(by=by, patient=case.patient, typed=typed, token=new_key(), seen_seq=case.patient.last_seq, now=case.now)


def test_a_supply_written_down_at_a_visit_is_held_against_what_was_prescribed(ours: House) -> None:
    case = proceeding(ours)
    write(case, ours)
    supplied_at_a_visit(case, ours.nurse)
    assert not SupplyAlert.objects.exists()
    supplied_at_a_visit(case, ours.nurse)  # a second time, of nobody's prescription
    alert = SupplyAlert.objects.get()
    assert alert.kind == "outside" and case.patient.work.filter(kind="supply_alert", risk=0).exists()


def test_a_supply_at_a_visit_that_was_to_be_withheld_raises_an_alert(ours: House) -> None:
    case = proceeding(ours)
    write(case, ours)
    flag = {"kind": "questionnaire", "name": "phq9", "items": [3] * 9}
    flag["happened_on"] = today_in(case.patient.clinic, case.now).isoformat()
    record_events(by=ours.nurse, patient=case.patient, events=[flag], now=case.now)
    supplied_at_a_visit(case, ours.nurse)
    assert SupplyAlert.objects.get().kind == "withheld"
