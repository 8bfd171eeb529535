"""The pages of prescriptions, in process: what is kept of what was typed, what is told, what the paper holds."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from isocourse.care import overriding, prescribing
from isocourse.care.deciding import current
from isocourse.care.overriding import Departure
from isocourse.care.recording import record_events
from isocourse.store.models import Document, Override, SupplyAlert, User
from isocourse.words.answer import Answer
from isocourse.words.overriding import obstacles
from tests.clinic.conftest import House
from tests.clinic.courses import Case, case_of, looks, overridable, proceeding

pytestmark = pytest.mark.django_db
REASON = "Discussed with the patient at length; the test was done elsewhere and seen."
FLAG = {"kind": "questionnaire", "name": "phq9", "items": [3] * 9}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages ask the clock of the case."""
    _At.now = None
    monkeypatch.setattr("django.utils.timezone.now", _At.tell)


class _At:
    now: Any = None

    @staticmethod
    def tell() -> Any:
        from datetime import UTC, datetime

        return _At.now or datetime.now(UTC)


def at(case: Case) -> Case:
    _At.now = case.now
    return case


def client(user: User) -> Client:
    found = Client()
    found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def form(case: Case, **more: Any) -> dict[str, Any]:
    choice = case.choice
    given = {"product": choice.product, "dose": "other", "other_mg": choice.mg, "other_intakes": choice.intakes}
    return {**given, "days": choice.days, "seen_seq": case.patient.last_seq, **more}


def page(case: Case, name: str, *args: str) -> str:
    return reverse(name, args=[case.patient.key, *args])


def test_proceed_leads_to_a_paper_and_a_pdf(ours: House) -> None:
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    shown = doctor.get(page(case, "prescription"))
    assert b"Write the prescription" in shown.content
    answer = doctor.post(page(case, "prescription"), form(case, act="prescribe"), follow=True)
    document = Document.objects.get()
    assert answer.redirect_chain == [(page(case, "prescription_document", document.key), 302)]
    paper = answer.content.decode()
    assert document.content["sig"] in paper and "No refills." in paper and "not clinically signed off" in paper
    made = doctor.get(page(case, "prescription_pdf", document.key))
    assert made.content.startswith(b"%PDF") and b"/MarkInfo" in made.content and b"/StructTreeRoot" in made.content
    assert made.content == client(ours.nurse).get(page(case, "prescription_pdf", document.key)).content
    assert case.patient.family_name not in made["Content-Disposition"]


def test_a_preview_writes_nothing(ours: House) -> None:
    case = at(proceeding(ours))
    answer = client(ours.prescriber).post(page(case, "prescription_preview"), form(case, other_mg="40"))
    assert b"40 mg a day" in answer.content and b"<html" not in answer.content
    assert not Document.objects.exists()


def test_a_text_that_nobody_had_before_them_is_not_written(ours: House) -> None:
    """Days typed a moment before it is sent: the page still showed the text for other days."""
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    read = case.judged.said.text
    answer = doctor.post(page(case, "prescription"), form(case, act="prescribe", days=7, read=read))
    told = answer.content.decode()
    assert answer.status_code == 409 and "the text below is another" in told and "for 7 days" in told
    assert not Document.objects.exists()
    seven = re.search(r'name="read" value="([^"]+)"', told)
    assert seven
    answer = doctor.post(page(case, "prescription"), form(case, act="prescribe", days=7, read=seven[1]))
    assert answer.status_code == 302 and Document.objects.get().content["days"] == 7


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"other_mg": "21"}, "cannot be made of"), ({"days": "x"}, "not a whole number"), ({"dose": ""}, "no dose")],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(ours: House, typed: dict[str, str], says: str) -> None:
    case = at(proceeding(ours))
    answer = client(ours.prescriber).post(page(case, "prescription"), form(case, act="prescribe", **typed))
    assert answer.status_code == 422
    assert says in answer.content.decode().lower() or says.capitalize() in answer.content.decode()
    assert f'value="{typed.get("other_mg", case.choice.mg)}"' in answer.content.decode()


def test_who_wrote_in_between_is_told_and_the_choice_is_kept(ours: House) -> None:
    case = at(proceeding(ours))
    data = form(case, act="prescribe")
    today = case.judged.assessed.as_of.isoformat()
    record_events(by=ours.nurse, patient=case.patient, events=[{**FLAG, "happened_on": today}], now=case.now)
    answer = client(ours.prescriber).post(page(case, "prescription"), data)
    told = answer.content.decode()
    assert answer.status_code == 409 and "while the page was open" in told and ours.nurse.shown_name in told
    assert f'name="seen_seq" value="{case.patient.last_seq}"' in told
    assert not Document.objects.exists()


def test_a_number_that_is_none_writes_nothing(ours: House) -> None:
    case = at(proceeding(ours))
    for seen in ("", "x", "٣"):
        answer = client(ours.prescriber).post(page(case, "prescription"), form(case, act="prescribe", seen_seq=seen))
        assert answer.status_code == 409
    assert not Document.objects.exists()


def test_a_regulation_is_named_and_offers_no_signature(db: Any) -> None:
    from tests.clinic.conftest import house
    from tests.clinic.courses import case_of, looks

    ours = house("A clinic in the US", programme="us")
    cases = (case_of(ours, course, look) for course, look in looks(ours.clinic, count=4) if look.what == "between")
    case = at(next(case for case in cases if any(each.is_regulation for each in case.judged.in_the_way)))
    told = client(ours.prescriber).get(page(case, "prescription")).content.decode()
    regulated = next(each for each in case.judged.in_the_way if each.is_regulation)
    assert "No prescription can be written" in told and "A regulation asks for this" in told
    assert regulated.finding.would_change_it and regulated.finding.would_change_it in told
    assert 'name="marks"' not in told and 'value="prescribe"' not in told and 'value="override"' not in told
    data = form(case, act="override", ground="benefit", reason=REASON, marks=[o.mark for o in case.judged.in_the_way])
    assert client(ours.prescriber).post(page(case, "prescription"), data).status_code == 409
    assert not Document.objects.exists() and not Override.objects.exists()


def test_an_override_keeps_what_was_typed_until_it_is_whole(ours: House) -> None:
    case = at(overridable(ours))
    marks = [each.mark for each in case.judged.in_the_way]
    data = form(case, act="override", ground="benefit", reason=REASON)
    doctor = client(ours.prescriber)
    answer = doctor.post(page(case, "prescription"), {**data, "marks": marks[1:]})
    assert answer.status_code == 409 and REASON in answer.content.decode()
    answer = doctor.post(page(case, "prescription"), {**data, "marks": marks, "reason": "short"})
    assert answer.status_code == 422 and answer.content.decode().count("checked") >= len(marks)
    doctor.post(page(case, "prescription"), {**data, "marks": marks})
    document = Document.objects.get()
    shown = client(ours.nurse).get(page(case, "prescription_document", document.key)).content.decode()
    assert REASON in shown and "Written under a signed override" in shown
    assert "Void it" not in shown


def test_signing_second_and_refusing(ours: House) -> None:
    ours.clinic.second_signature = True
    ours.clinic.save()
    case = at(overridable(ours))
    marks = [each.mark for each in case.judged.in_the_way]
    data = form(case, act="override", ground="benefit", reason=REASON, marks=marks)
    doctor, second = client(ours.prescriber), client(ours.second)
    doctor.post(page(case, "prescription"), data)
    override = Override.objects.get()
    assert REASON in second.get(reverse("second_signatures")).content.decode()
    answer = doctor.post(page(case, "override_sign", override.key), follow=True)
    assert "another person" in answer.content.decode()
    second.post(page(case, "override_sign", override.key))
    override.refresh_from_db()
    assert override.second_by == ours.second
    case.patient.refresh_from_db()
    doctor.post(page(case, "override_prescribe", override.key), {"seen_seq": case.patient.last_seq})
    assert Document.objects.get().override == override
    assert "Nothing waits" in second.get(reverse("second_signatures")).content.decode()


def test_a_document_or_override_of_another_patient_is_not_there(ours: House, theirs: House) -> None:
    case, other = at(proceeding(ours)), overridable(ours)
    document = prescribing.prescribe(
        by=ours.prescriber, patient=case.patient, choice=case.choice, now=case.now, seen_seq=case.patient.last_seq
    ).document
    marks = frozenset(each.mark for each in other.judged.in_the_way)
    override = overriding.ask(
        by=ours.prescriber, patient=other.patient, choice=other.choice, now=other.now, seen_seq=other.patient.last_seq,
        departure=Departure(marks, "benefit", REASON),
    )  # fmt: skip
    doctor = client(ours.prescriber)
    assert doctor.get(page(other, "prescription_document", document.key)).status_code == 404
    assert doctor.get(page(other, "prescription_pdf", document.key)).status_code == 404
    assert doctor.post(page(case, "override_withdraw", override.key)).status_code == 404
    assert client(theirs.prescriber).get(page(case, "prescription_pdf", document.key)).status_code == 403


def test_a_supply_from_elsewhere_shows_as_an_alert_until_it_is_settled(ours: House) -> None:
    case = at(proceeding(ours))
    nurse = client(ours.nurse)
    today = case.judged.assessed.as_of.isoformat()
    data = {"happened_on": today, "days": "30", "source": "online", "note": "arrived by post",
            "seen_seq": case.patient.last_seq}  # fmt: skip
    assert nurse.post(page(case, "supply"), {**data, "days": "0"}).status_code == 422
    told = nurse.post(page(case, "supply"), data, follow=True).content.decode()
    assert "A prescriber is told" in told and "A prescriber has to look at this now" in told
    assert "arrived by post" in told
    alert = SupplyAlert.objects.get()
    assert nurse.post(page(case, "supply_settle", alert.key), {"how": "spoke with them"}).status_code == 403
    doctor = client(ours.prescriber)
    doctor.post(page(case, "supply_settle", alert.key), {"how": "spoke with the patient; thrown away"})
    assert "thrown away" in doctor.get(page(case, "prescriptions")).content.decode()


def test_a_paper_does_not_outlive_its_decision(ours: House) -> None:
    """Printed again after somebody wrote down what withholds, or once its entry was withdrawn, it is stamped."""
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    document = Document.objects.get()

    def shown() -> tuple[str, str, bytes]:
        return (
            doctor.get(page(case, "prescription_document", document.key)).content.decode(),
            doctor.get(page(case, "prescriptions")).content.decode(),
            doctor.get(page(case, "prescription_pdf", document.key)).content,
        )

    paper, listed, pdf = shown()
    assert "DO NOT DISPENSE" not in paper and ">written<" in listed and 'role="alert"' not in paper
    day = case.now.date().isoformat()
    flag = {**FLAG, "happened_on": day}
    made = record_events(by=ours.nurse, patient=case.patient, events=[flag], now=case.now)
    paper, listed, stamped = shown()
    assert "DO NOT DISPENSE" in paper and "self-harm" in paper and "not to be dispensed" in listed and stamped != pdf
    taken_back = {
        "kind": "entered_in_error",
        "happened_on": day,
        "corrects": made.events[0].id,
        "reason": "other person",
    }
    record_events(by=ours.prescriber, patient=case.patient, events=[taken_back], now=case.now)
    assert shown()[2] == pdf
    gone = {"kind": "entered_in_error", "happened_on": day, "corrects": document.event_id, "reason": "not given"}
    record_events(by=ours.prescriber, patient=case.patient, events=[gone], now=case.now)
    paper, listed, stamped = shown()
    assert ">VOID<" in paper and "withdrawn in the record" in listed and stamped != pdf


def test_a_paper_past_its_last_day_says_so(ours: House) -> None:
    """To the hour in the clinic's zone, hours after the day has ended elsewhere."""
    ours.clinic.programme = "us"
    ours.clinic.save()
    cases = (case_of(ours, course, look) for course, look in looks(ours.clinic, count=60) if look.what == "supply")
    case = at(next(case for case in cases if case.judged.may_proceed and case.judged.valid.through))
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    document = Document.objects.get()
    ends = datetime.combine(
        date.fromisoformat(document.content["valid_through"]), datetime.min.time(), ZoneInfo("America/New_York")
    )
    for hours, expired in ((23, False), (24, True)):
        _At.now = ends + timedelta(hours=hours)
        shown = client(ours.prescriber).get(page(case, "prescription_document", document.key)).content.decode()
        assert (">EXPIRED<" in shown) is expired


def test_a_void_paper_says_so(ours: House) -> None:
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    document = Document.objects.get()
    before = doctor.get(page(case, "prescription_pdf", document.key)).content
    assert doctor.post(page(case, "prescription_void", document.key), {"reason": "no"}).status_code == 422
    doctor.post(page(case, "prescription_void", document.key), {"reason": "written for another dose"})
    told = doctor.get(page(case, "prescription_document", document.key)).content.decode()
    assert "VOID" in told and "written for another dose" in told
    assert doctor.get(page(case, "prescription_pdf", document.key)).content != before


@pytest.mark.parametrize(
    "name", ["Zoë Ångström-Łukasiewicz", "Нина", "محمد علي", "#import $x$ *b* @y", "A\u202eb\u0007c", "<b>&amp;"]
)
def test_any_name_is_printed_as_it_is(ours: House, name: str) -> None:
    case = at(proceeding(ours))
    case.patient.given_name = name
    case.patient.save()
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    document = Document.objects.get()
    assert document.content["patient"]["name"].startswith("".join(c for c in name if c.isprintable()))
    assert doctor.get(page(case, "prescription_pdf", document.key)).content.startswith(b"%PDF")


def test_a_name_that_no_font_shows_is_not_printed_as_something_else(ours: House) -> None:
    case = at(proceeding(ours))
    case.patient.given_name = "\U00012000"  # cuneiform
    case.patient.save()
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    answer = doctor.get(page(case, "prescription_pdf", Document.objects.get().key), follow=True)
    assert "cannot show every character" in answer.content.decode()


def test_what_a_merged_record_brought_stays_in_sight(ours: House) -> None:
    from isocourse.care.patients import merge, register

    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    case.patient.refresh_from_db()
    today = case.judged.assessed.as_of.isoformat()
    data = {"happened_on": today, "days": "30", "source": "online", "seen_seq": case.patient.last_seq}
    client(ours.nurse).post(page(case, "supply"), data)
    other = register(by=ours.nurse, now=case.now, who={"number": "77", "given_name": "A", "family_name": "B"})
    case.patient.refresh_from_db()
    merge(by=ours.prescriber, patient=case.patient, into=other, now=case.now, reason="one person")
    assert other.work.filter(kind="supply_alert").exists()
    document, alert = Document.objects.get(), SupplyAlert.objects.get()
    assert document.key in doctor.get(reverse("prescriptions", args=[other.key])).content.decode()
    doctor.post(reverse("supply_settle", args=[other.key, alert.key]), {"how": "spoke with the patient"})
    doctor.post(reverse("prescription_void", args=[other.key, document.key]), {"reason": "replaced by another"})
    alert.refresh_from_db()
    document.refresh_from_db()
    assert alert.settled_at is not None and document.voided_at is not None
    assert not other.work.filter(kind="supply_alert").exists()


def test_an_override_counts_for_its_prescription_alone(ours: House) -> None:
    """The same finding of the next prescription was not signed for."""
    case = at(overridable(ours))
    marks = [each.mark for each in case.judged.in_the_way]
    doctor = client(ours.prescriber)
    signed = form(case, act="override", marks=marks, ground="benefit", reason=REASON)
    doctor.post(page(case, "prescription"), signed)
    document = Document.objects.get()
    assert document.override is not None
    case.patient.refresh_from_db()
    decision = current(case.patient, now=case.now)
    still = {each.mark for each in obstacles(msgspec.convert(decision.answered, Answer), document.event_id)} & set(
        marks
    )
    shown = doctor.get(page(case, "patient")).content.decode()
    assert ("Override in force for the prescription that waits" in shown) is bool(still)
    assert still, "a case in which nothing stands any more shows nothing"
    doctor.post(page(case, "prescription_void", document.key), {"reason": "another dose was meant"})
    assert "Override in force" not in doctor.get(page(case, "patient")).content.decode()


def test_a_prescription_that_can_still_be_dispensed_is_named_before_another_is_written(ours: House) -> None:
    case = at(proceeding(ours))
    assert "is not dispensed yet" not in client(ours.prescriber).get(page(case, "prescription")).content.decode()
    client(ours.prescriber).post(page(case, "prescription"), form(case, act="prescribe"))
    _At.now = case.now + timedelta(days=2)
    shown = client(ours.prescriber).get(page(case, "prescription")).content.decode()
    assert "is not dispensed yet" in shown and Document.objects.get().key in shown


def test_nobody_is_told_of_the_next_supply_while_capsules_are_to_be_stopped(ours: House) -> None:
    """After a positive test no day of supply, no finish and no way to dose on the patient's page."""
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    doctor.post(page(case, "prescription"), form(case, act="prescribe"))
    day = case.now.date().isoformat()
    given = {"kind": "dispensing", "happened_on": day, "days": 30}
    record_events(by=ours.nurse, patient=case.patient, events=[given], now=case.now)
    shown = doctor.get(page(case, "patient")).content.decode()
    assert "Earliest supply" in shown and "No finish is projected while" not in shown
    positive = {"kind": "pregnancy_test", "happened_on": day, "result": "positive", "setting": "medical"}
    record_events(by=ours.nurse, patient=case.patient, events=[positive], now=case.now)
    shown = doctor.get(page(case, "patient")).content.decode()
    assert "STOP NOW" in shown and "No finish is projected while the capsules are to be stopped" in shown
    assert not any(words in shown for words in ("Earliest supply", "Finishes", "Ways to dose"))


@pytest.mark.parametrize("made_up", [True, False])
def test_a_demonstration_is_marked_on_every_page_and_paper_and_a_real_clinic_on_none(
    ours: House, made_up: bool
) -> None:
    ours.clinic.demonstration = made_up
    ours.clinic.save()
    case = at(proceeding(ours))
    doctor = client(ours.prescriber)
    paper = doctor.post(page(case, "prescription"), form(case, act="prescribe"), follow=True).content.decode()
    assert ("DEMONSTRATION: not a prescription" in paper) is made_up
    for address in (reverse("worklist"), reverse("inbox"), page(case, "patient"), page(case, "visit")):
        assert ("Demonstration: everybody here is made up" in doctor.get(address).content.decode()) is made_up, address
