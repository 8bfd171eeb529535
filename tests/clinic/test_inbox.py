"""The results inbox: a person confirms each match, filing is one act, and a wrong one can be taken back."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from isocourse.care import audit
from isocourse.care import inbox as care
from isocourse.care.deciding import current
from isocourse.care.inbox import AlreadyFiled, file_results, put_aside, receive, take_up, undo
from isocourse.care.matching import compare, needs_words, suggestions
from isocourse.care.patients import correct_identity, identity_mark, merge, register
from isocourse.care.permissions import Denied
from isocourse.care.recording import record_events
from isocourse.errors import InputError
from isocourse.exchange.lab_reports import Named
from isocourse.record.corrections import visible
from isocourse.record.events import LabResult
from isocourse.store.models import AuditEntry, InboxReport, InboxResult, Look, Patient, StoredEvent, User
from isocourse.store.reading import record_of
from tests.clinic.conftest import NOW, House
from tests.clinic.test_languages import MADE_UP, made_up, speaking, untranslated

__all__ = ["made_up", "speaking"]  # fixtures

pytestmark = pytest.mark.django_db
HEAD = "MSH|^~\\&|LIMS|LAB|||202611201415||ORU^R01|1|P|2.5"
TG = "OBX|1|NM|2571-8^Triglycerides^LN||9.4|mmol/L|<1.7|HH|||F"
ALT = "OBX|2|NM|1742-6^ALT^LN||41|U/L|0-40|H|||F"


def oru(*obx: str, pid: str = "0412||Example^Ada||20040506", day: str = "20261120") -> bytes:
    return "\r".join((HEAD, f"PID|1||{pid}", f"OBR|1|||LFT|||{day}", *obx)).encode()


def came(ours: House, raw: bytes) -> InboxResult:
    return receive(by=ours.nurse, raw=raw, now=NOW).report.results.get()


def filed(ours: House, result: InboxResult, patient: Patient, **more: Any) -> care.Filed:
    rows = more.pop("rows", range(len(result.events)))
    return file_results(by=more.pop("by", ours.nurse), result=result, patient=patient, now=NOW, rows=rows, **more)


def standing(patient: Patient) -> list[str]:
    results = [event for event in visible(record_of(patient).events) if isinstance(event, LabResult)]
    return [f"{result.analyte} {result.value.text()}" for result in results]


# --- coming in ------------------------------------------------------------------------------------
def test_a_report_is_kept_as_it_came_and_nothing_is_filed(ours: House, patient: Patient) -> None:
    raw = oru(TG, ALT)
    report = receive(by=ours.nurse, raw=raw, now=NOW).report
    assert report.source.encode(report.encoding) == raw
    result = report.results.get()
    assert (result.state, result.suggested, result.patient) == ("waiting", patient, None)
    assert not StoredEvent.objects.exists()
    assert AuditEntry.objects.filter(act="receive_report", subject=report.key).exists()


def test_the_same_report_is_said_to_be_here_however_it_came(ours: House, theirs: House, patient: Patient) -> None:
    raw = oru(TG)
    first = receive(by=ours.nurse, raw=raw, now=NOW)
    pasted = receive(by=ours.prescriber, raw=raw.replace(b"\r", b"\r\n") + b"\r\n", now=NOW + timedelta(hours=1))
    assert (first.again, pasted.again, pasted.report) == (False, True, first.report)
    assert pasted.report.by == ours.nurse
    assert not receive(by=theirs.nurse, raw=raw, now=NOW).again
    assert InboxReport.objects.count() == 2


def test_a_report_of_nobody_is_refused_with_what_was_met(ours: House) -> None:
    with pytest.raises(InputError, match="no message with results"):
        receive(by=ours.nurse, raw=HEAD.replace("ORU^R01", "ADT^A01").encode() + b"\rPID|1||1", now=NOW)
    assert not InboxReport.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "patient"])
def test_who_may_not_file_may_not_send_either(ours: House, role: str) -> None:
    with pytest.raises(Denied):
        receive(by=getattr(ours, role), raw=oru(TG), now=NOW)


# --- matching -------------------------------------------------------------------------------------
def other(ours: House, **who: Any) -> Patient:
    return register(by=ours.nurse, now=NOW, who={"number": "0500", "given_name": "Ben", "family_name": "Sample", **who})


@pytest.mark.parametrize(
    ("named", "same", "words"),
    [
        (Named(("0412",), "Ada", "Example", "", "2004-05-06"), (True, True, True), False),
        (Named(("0412",), "Ada Mary", "EXAMPLE", "", "2004-05-06"), (True, True, True), False),
        (Named(("999 111", "0412"), "Áda", "Exam-ple", "", "2004-05-06"), (True, False, True), True),
        (Named(("0412",), "", "", "Ada Example", ""), (True, True, None), False),
        (Named(("0412",), "", "", "Example Ada", ""), (True, True, None), False),
        (Named(("0412",), "Ada", "Example", "", "2004-06-05"), (True, True, False), True),
        (Named(("0412",), "Anna", "Example", "", "2004-05-06"), (True, False, True), True),
        (Named(("0412",), "", "", "", ""), (True, None, None), True),
        (Named((), "Ada", "Example", "", "2004-05-06"), (None, True, True), False),
        (Named(("77",), "Ada", "Example", "", "2004-05-06"), (None, True, True), False),
        (Named(("0500",), "Ada", "Example", "", "2004-05-06"), (False, True, True), True),
        (Named((), "Ada", "Example", "", ""), (None, True, None), True),
        (Named(), (None, None, None), True),
    ],
)
def test_identifiers_side_by_side(
    ours: House, patient: Patient, named: Named, same: tuple[Any, ...], words: bool
) -> None:
    other(ours)
    compared = compare(named, patient)
    assert tuple(one.same for one in compared) == same
    assert needs_words(compared) is words


def test_a_suggestion_is_by_number_first_then_by_name_and_birth_date(ours: House, patient: Patient) -> None:
    ben = other(ours, born=date(2001, 2, 3))
    twin = other(ours, number="0501", given_name="Bea", born=date(2001, 2, 3))
    people = [
        Named(("0412",), "Ben", "Sample", "", "2001-02-03"),
        Named(("lab-1",), "Ben", "Sample", "", "2001-02-03"),
        Named((), "Bea", "Sample", "", "2001-02-03"),
        Named((), "Ben", "Sample", "", "2001-02-04"),
        Named((), "Ben", "Sample", "", ""),
        Named(("0412", "0500"), "", "", "", ""),
        Named(),
    ]
    assert suggestions(ours.clinic, people) == [patient, ben, twin, None, None, None, None]


def test_nobody_of_another_clinic_is_ever_suggested_or_filed_to(ours: House, theirs: House, patient: Patient) -> None:
    result = came(theirs, oru(TG))
    assert result.suggested is None
    with pytest.raises(Denied):
        filed(theirs, result, patient)
    with pytest.raises(InboxResult.DoesNotExist):
        filed(ours, result, patient)


def test_a_merged_record_suggests_the_one_it_was_merged_into(ours: House, patient: Patient) -> None:
    old = other(ours)
    merge(by=ours.prescriber, patient=old, into=patient, now=NOW, reason="the same person")
    result = came(ours, oru(ALT, pid="0500||Example^Ada||20040506"))
    assert result.suggested == patient
    with pytest.raises(InputError, match="merged into another"):
        filed(ours, result, old)


def test_a_match_that_differs_is_filed_only_with_a_sentence(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT, pid="0412||Example^Ada||20040605"))
    for words in ("", "yes", "   yes    "):
        with pytest.raises(InputError, match="do not agree") as refused:
            filed(ours, result, patient, words=words)
        assert refused.value.where == "words"
    filed(ours, result, patient, words="day and month swapped, asked by telephone")
    result.refresh_from_db()
    assert (result.state, result.remark) == ("filed", "day and month swapped, asked by telephone")
    entry = AuditEntry.objects.get(act="confirm_match")
    assert entry.detail["differ"] == ["born"] and "telephone" not in str(entry.detail)


def test_a_name_that_was_changed_meanwhile_is_compared_anew(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT))
    stale = Patient.objects.get(pk=patient.pk)
    seen = identity_mark(patient)
    correct_identity(by=ours.nurse, patient=patient, now=NOW, who={"family_name": "Other"}, seen=seen)
    with pytest.raises(InputError, match="do not agree"):
        filed(ours, result, stale)


# --- filing ---------------------------------------------------------------------------------------
def in_treatment(ours: House, patient: Patient) -> None:
    """Capsules in hand, so that a result can say something about them."""
    given = {"kind": "dispensing", "happened_on": "2026-11-02", "days": 30, "daily_dose_mg": "30"}
    record_events(by=ours.nurse, patient=patient, events=[{**given, "formulation": "conventional"}], now=NOW)


def test_filing_writes_all_in_one_act_and_decides_anew(ours: House, patient: Patient) -> None:
    in_treatment(ours, patient)
    result = came(ours, oru(TG, ALT))
    done = filed(ours, result, patient)
    assert done.written is not None
    assert standing(patient) == ["triglycerides 9.4", "alt 41"]
    assert {(event.author.id, event.author.role) for event in done.written.events} == {(ours.nurse.code, "nurse")}
    assert all(event.note == f"results inbox, report {result.report.key}" for event in done.written.events)
    assert current(patient, now=NOW) == done.written.decision
    assert patient.risk == 0 and patient.work.filter(kind="result", risk=0).exists()
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")][-2:] == ["file_results", "confirm_match"]
    result.refresh_from_db()
    assert [place for place, _ in result.written] == [0, 1]
    assert list(audit.broken()) == []


def test_the_chosen_results_alone_are_filed(ours: House, patient: Patient) -> None:
    result = came(ours, oru(TG, ALT))
    for wrong in ([], [2], [-1]):
        with pytest.raises(InputError, match="no result was chosen"):
            filed(ours, result, patient, rows=wrong)
    filed(ours, result, patient, rows=[1])
    assert standing(patient) == ["alt 41"]


def test_nothing_is_saved_when_the_record_refuses_one(ours: House, patient: Patient, monkeypatch: Any) -> None:
    result = came(ours, oru(TG, ALT))
    result.events[1]["fields"]["unit"] = "stone"
    result.save(update_fields=["events"])
    with pytest.raises(InputError, match="stone"):
        filed(ours, result, patient)
    result.refresh_from_db()
    assert result.state == "waiting" and not StoredEvent.objects.exists()


def test_a_result_that_is_there_already_is_not_written_again(ours: House, patient: Patient) -> None:
    filed(ours, came(ours, oru(ALT)), patient)
    again = came(ours, oru(TG, ALT))
    done = filed(ours, again, patient)
    assert done.repeated == (1,)
    assert standing(patient) == ["alt 41", "triglycerides 9.4"]
    third = came(ours, oru(ALT, TG))
    assert filed(ours, third, patient, rows=[]).written is None  # closed: all of it is there
    third.refresh_from_db()
    assert (third.state, third.written) == ("filed", [])
    fourth = came(ours, oru(ALT, "NTE|1||sent again"))
    filed(ours, fourth, patient, rows=[], insist=[0])
    assert standing(patient).count("alt 41") == 2


def test_a_result_that_stands_twice_in_one_report_is_written_once(ours: House, patient: Patient) -> None:
    done = filed(ours, came(ours, oru(ALT, ALT.replace("|2|", "|3|"))), patient)
    assert done.repeated == (1,) and standing(patient) == ["alt 41"]


def test_another_value_of_the_same_day_stands_beside_it(ours: House, patient: Patient) -> None:
    filed(ours, came(ours, oru(ALT)), patient)
    filed(ours, came(ours, oru(ALT.replace("41", "43"))), patient)
    assert standing(patient) == ["alt 41", "alt 43"]


CORRECTED = ALT.replace("|41|", "|44|").replace("|||F", "|||C")


def test_a_corrected_result_amends_the_earlier_one(ours: House, patient: Patient) -> None:
    filed(ours, came(ours, oru(ALT)), patient)
    filed(ours, came(ours, oru(CORRECTED)), patient)
    assert standing(patient) == ["alt 44"]
    assert len(record_of(patient).events) == 2  # the earlier one stays in the history


@pytest.mark.parametrize("earlier", [[], ["41", "42"]])
def test_a_correction_of_nothing_or_of_several_is_for_a_person(
    ours: House, patient: Patient, earlier: list[str]
) -> None:
    for value in earlier:
        filed(ours, came(ours, oru(ALT.replace("|41|", f"|{value}|"))), patient)
    result = came(ours, oru(CORRECTED))
    with pytest.raises(InputError, match="no single earlier result"):
        filed(ours, result, patient)
    filed(ours, result, patient, rows=[], insist=[0])
    assert standing(patient) == [*(f"alt {value}" for value in earlier), "alt 44"]


def test_a_corrected_bundle_amends_too(ours: House, patient: Patient) -> None:
    filed(ours, came(ours, oru(ALT, day="20261119")), patient)
    bundle = (
        b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p",'
        b'"identifier":[{"value":"0412"}],"birthDate":"2004-05-06"}},{"resource":{"resourceType":"Observation","id":"o",'
        b'"status":"corrected","subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-11-19","code":{"coding":'
        b'[{"system":"http://loinc.org","code":"1742-6"}]},"valueQuantity":{"value":44,"unit":"U/L"}}}]}'
    )
    filed(ours, came(ours, bundle), patient)
    assert standing(patient) == ["alt 44"]


def test_the_second_of_two_is_told_who_was_first(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT))
    filed(ours, result, patient)
    with pytest.raises(AlreadyFiled) as first:
        filed(ours, result, patient, by=ours.prescriber)
    assert (first.value.result.by, first.value.result.patient) == (ours.nurse, patient)
    with pytest.raises(AlreadyFiled):
        put_aside(by=ours.prescriber, result=result, now=NOW, remark="whose is this?")
    assert standing(patient) == ["alt 41"]


# --- aside, undoing -------------------------------------------------------------------------------
def test_what_cannot_be_matched_is_kept_aside_and_found_later(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT, pid="||Newcomer^Nina||20030303"))
    assert result.suggested is None
    with pytest.raises(InputError, match="too short"):
        put_aside(by=ours.nurse, result=result, now=NOW, remark=" ")
    put_aside(by=ours.nurse, result=result, now=NOW, remark="not registered yet, ask the front desk")
    nina = other(ours, given_name="Nina", family_name="Newcomer", born=date(2003, 3, 3))
    take_up(by=ours.prescriber, result=result, now=NOW)
    result.refresh_from_db()
    assert (result.state, result.suggested) == ("waiting", nina)


def test_a_wrong_match_is_withdrawn_with_its_reason_and_waits_again(ours: House, patient: Patient) -> None:
    in_treatment(ours, patient)
    filed(ours, came(ours, oru(ALT)), patient)
    result = came(ours, oru(TG, CORRECTED))
    filed(ours, result, patient)
    assert standing(patient) == ["triglycerides 9.4", "alt 44"] and patient.risk == 0
    with pytest.raises(InputError, match="reason is too short"):
        undo(by=ours.prescriber, result=result, now=NOW, reason="oops")
    undone = undo(by=ours.prescriber, result=result, now=NOW, reason="belongs to her sister")
    assert undone.withdrawn == 2 and undone.left == ()
    patient.refresh_from_db()
    assert standing(patient) == ["alt 41"]  # what the correction had replaced stands again
    assert not patient.work.filter(kind="bloods", risk=0).exists()
    reasons = {event.reason for event in record_of(patient).events if hasattr(event, "reason")}
    assert reasons == {"belongs to her sister"}
    result.refresh_from_db()
    assert (result.state, result.patient, result.written) == ("waiting", None, [])
    with pytest.raises(InputError, match="not filed"):
        undo(by=ours.nurse, result=result, now=NOW, reason="belongs to her sister")
    filed(ours, result, other(ours), rows=[0], insist=[1], words="these are her sister's, by telephone")
    assert list(audit.broken()) == []


def test_undoing_tells_of_a_later_correction_and_skips_what_was_withdrawn(ours: House, patient: Patient) -> None:
    result = came(ours, oru(TG, ALT))
    written = filed(ours, result, patient).written
    assert written is not None
    tg, alt = (event.id for event in written.events)
    later = {"kind": "lab_result", "happened_on": "2026-11-20", "analyte": "alt", "value": "40", "unit": "U/L"}
    gone = {"kind": "entered_in_error", "happened_on": "2026-11-23", "corrects": tg, "reason": "lipaemic"}
    events = [{**later, "amends": alt}, gone]
    record_events(by=ours.prescriber, patient=patient, events=events, now=NOW)
    undone = undo(by=ours.nurse, result=result, now=NOW, reason="wrong patient altogether")
    assert undone.withdrawn == 1 and len(undone.left) == 1
    assert standing(patient) == ["alt 40"]


# --- the pages ------------------------------------------------------------------------------------
def client(user: User) -> Client:
    made = Client()
    made.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def page(ours: House, name: str, **kwargs: str) -> str:
    return client(ours.nurse).get(reverse(name, kwargs=kwargs)).content.decode()


def test_from_paste_to_filed(ours: House, patient: Patient) -> None:
    in_treatment(ours, patient)
    nurse = client(ours.nurse)
    sent = nurse.post(reverse("inbox_receive"), {"pasted": oru(TG, ALT).decode().replace("\r", "\r\n")})
    result = InboxResult.objects.get()
    assert sent["Location"] == reverse("inbox_result", args=[result.key])
    seen = page(ours, "inbox_result", result=result.key)
    assert "File to Example, Ada (0412)" in seen and "9.4 mmol/L" in seen and "How do you know" not in seen
    done = nurse.post(
        reverse("inbox_file", args=[result.key]), {"patient": patient.key, "row": ["0", "1"]}, follow=True
    )
    text = done.content.decode()
    assert "triglycerides 9.4 mmol/L (grade 3)" in text
    assert "review: ask the prescriber before the next dose" in text and "act now" in text
    assert "Filed to Example, Ada by" in client(ours.prescriber).get(reverse("inbox") + "?show=filed").content.decode()
    assert Look.objects.filter(patient=patient, page="inbox_result", user=ours.nurse).exists()


def test_files_of_several_kinds_at_once(ours: House, patient: Patient) -> None:
    table = SimpleUploadedFile("x.csv", b"mrn,test,result,unit,collected\n0412,ALT,30,U/L,2026-11-20\n")
    wrong = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    response = client(ours.nurse).post(
        reverse("inbox_receive"), {"files": [table, SimpleUploadedFile("y.hl7", oru(TG)), wrong]}
    )
    assert response.status_code == 422 and "This is a PDF" in response.content.decode()
    assert InboxReport.objects.count() == 2


def test_a_report_that_is_too_large_is_refused(ours: House) -> None:
    large = SimpleUploadedFile("x.csv", b"x" * (4 * 1024 * 1024 + 1))
    response = client(ours.nurse).post(reverse("inbox_receive"), {"files": [large]})
    assert response.status_code == 422 and "at most 4 MB" in response.content.decode()


def test_what_was_pasted_is_kept_when_it_cannot_be_read(ours: House) -> None:
    response = client(ours.nurse).post(reverse("inbox_receive"), {"pasted": "no <b>report</b> at all"})
    text = response.content.decode()
    assert response.status_code == 422 and "no &lt;b&gt;report&lt;/b&gt; at all</textarea>" in text


def test_the_same_report_again_says_who_and_when(ours: House, patient: Patient) -> None:
    receive(by=ours.prescriber, raw=oru(TG), now=NOW)
    text = client(ours.nurse).post(reverse("inbox_receive"), {"pasted": oru(TG).decode()}, follow=True).content.decode()
    assert f"by {ours.prescriber.shown_name}. It was not kept a second time" in text and "23 Nov 2026" in text


def test_markup_in_a_report_is_shown_as_text(ours: House) -> None:
    raw = oru(ALT, "NTE|1||<script>alert(1)</script>", pid="1||<script>alert(2)</script>^Ada")
    result = came(ours, raw)
    for text in (page(ours, "inbox_result", result=result.key), page(ours, "inbox_report", report=result.report.key)):
        assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


def test_a_mismatch_asks_for_words_and_keeps_what_was_typed(ours: House, patient: Patient) -> None:
    result = came(ours, oru(TG, ALT, pid="0412||Elsewhere^Ada||20040506"))
    nurse = client(ours.nurse)
    assert "Something differs" in page(ours, "inbox_result", result=result.key)
    address = reverse("inbox_file", args=[result.key])
    refused = nurse.post(address, {"patient": patient.key, "row": "1", "words": "married"})
    text = refused.content.decode()
    assert refused.status_code == 422 and 'value="married"' in text
    assert 'value="0" >' in text and 'value="1" checked>' in text  # the boxes as they were ticked
    nurse.post(address, {"patient": patient.key, "row": "1", "words": "married in May, passport seen"})
    assert standing(patient) == ["alt 41"]


def test_a_patient_is_found_without_a_name_in_an_address(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT, pid="||Somebody^Else"))
    found = client(ours.nurse).post(reverse("inbox_find", args=[result.key]), {"words": "exam"}).content.decode()
    address = f"{reverse('inbox_result', args=[result.key])}?patient={patient.key}"
    assert f'href="{address}"' in found and "Whose results are these?" in found
    assert "Something differs" in client(ours.nurse).get(address).content.decode()


def test_the_second_person_sees_that_it_is_filed(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT))
    filed(ours, result, patient)
    answer = client(ours.prescriber).post(
        reverse("inbox_file", args=[result.key]), {"patient": patient.key, "row": "0"}, follow=True
    )
    text = answer.content.decode()
    assert f"{ours.nurse.shown_name} filed these results before you did" in text and "Filed to Example, Ada" in text


def test_aside_take_up_and_undo_by_page(ours: House, patient: Patient) -> None:
    result = came(ours, oru(ALT))
    nurse = client(ours.nurse)
    nurse.post(reverse("inbox_aside", args=[result.key]), {"remark": "ask the laboratory"})
    assert "ask the laboratory" in client(ours.nurse).get(reverse("inbox") + "?show=aside").content.decode()
    assert "Take up again" in page(ours, "inbox_result", result=result.key)
    nurse.post(reverse("inbox_take_up", args=[result.key]))
    filed(ours, result, patient)
    nurse.post(reverse("inbox_undo", args=[result.key]), {"reason": "confused with her sister"})
    assert standing(patient) == []
    assert "confused with her sister" in page(ours, "inbox_result", result=result.key)


@pytest.mark.usefixtures("speaking")
def test_every_sentence_of_the_inbox_can_be_translated(ours: House, patient: Patient) -> None:
    ours.clinic.language = MADE_UP
    ours.clinic.save()
    preliminary = "OBX|3|NM|1920-8^AST^LN||80|U/L|0-40|H|||P"
    one = came(ours, oru(TG, ALT, preliminary, "OBX|4|NM|2951-2^Sodium^LN||140|mmol/L|||||F", "NTE|1||Lipaemic"))
    two = came(ours, oru(CORRECTED, pid="||Nobody^Nina||2003"))
    put_aside(by=ours.nurse, result=two, now=NOW, remark="later")
    other(ours, given_name="Zed")
    pages = [(reverse("inbox"), "waiting"), (reverse("inbox") + "?show=aside", "aside")]
    pages += [(reverse("inbox_result", args=[each.key]), "result") for each in (one, two)]
    pages += [(reverse("inbox_report", args=[one.report.key]), "report")]
    data = ["Example", "Ada", "Nobody", "Nina", "Sample", "Zed", "later", ours.clinic.name]
    data += [user.username for user in ours.clinic.users.all()]

    def left(address: str) -> list[str]:
        return untranslated(client(ours.nurse).get(address).content.decode(), data)

    assert {address: words for address, _ in pages if (words := left(address))} == {}
    filed(ours, one, patient)
    for address in (reverse("inbox_result", args=[one.key]), reverse("inbox") + "?show=filed"):
        assert left(address) == []


def test_nothing_of_a_report_is_in_a_log(ours: House, patient: Patient, caplog: pytest.LogCaptureFixture) -> None:
    raw = oru("OBX|1|ST|ALT^Zyxwv\\Q\\uts^L||4\\X\\1|U/L|||||F", "garbage|Zyxwvuts", pid="0412||Zyxwvuts^A\\C9\\da")
    with caplog.at_level(logging.DEBUG):
        client(ours.nurse).post(reverse("inbox_receive"), {"pasted": raw.decode()}, follow=True)
    assert InboxResult.objects.exists()
    written = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in written if "xwv" in line.lower()]
