"""The list as it is read, the views somebody keeps, finding, registering, letters: on a real database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isocourse.care import recall, worklist
from isocourse.care.admitting import alike
from isocourse.care.editions import edition_for
from isocourse.care.permissions import Denied
from isocourse.care.recording import record_events
from isocourse.care.worklist import Filters
from isocourse.errors import InputError
from isocourse.record.record import write_record
from isocourse.store.models import AuditEntry, Document, Patient, SavedView, StoredDecision, StoredEvent, WorkItem
from isocourse.store.models.decisions import NO_DAY
from isocourse.store.reading import record_of
from isocourse.words import recall as words
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db
SUICIDAL = {"kind": "questionnaire", "happened_on": "2026-11-23", "name": "phq9", "items": [0] * 8 + [1]}


def many(ours: House, count: int) -> None:
    """Rows as the writers would leave them: patients with a decision and three things to do each."""
    edition, before = edition_for(ours.clinic).name, Patient.objects.count()
    people = Patient.objects.bulk_create(
        Patient(
            clinic=ours.clinic,
            number=f"M{before + number}",
            given_name=f"Given{number % 50}",
            family_name=f"Family{number % 300:03}",
            address="1 Example Road",
            state="treated",
        )
        for number in range(count)
    )
    StoredDecision.objects.bulk_create(
        StoredDecision(
            patient=person,
            decided_at=NOW,
            as_of=TODAY,
            seen_seq=0,
            trigger="event",
            edition=edition,
            supply="withhold",
            capsules_in_hand="continue",
            complete=True,
            headline="",
            answer=b"",
        )
        for person in people
    )
    decided = dict(StoredDecision.objects.values_list("patient", "pk"))
    for person in people:
        person.decision_id = decided[person.pk]
    Patient.objects.bulk_update(people, ["decision"], batch_size=500)
    WorkItem.objects.bulk_create(
        item(person, place, risk, rank, due)
        for number, person in enumerate(people)
        for rank, (place, risk, due) in enumerate(
            (
                ("dated", 1, TODAY - timedelta(days=number % 9)),
                ("dated", 3, TODAY + timedelta(days=number % 20 + 1)),
                ("result" if number % 3 else "after", 2, None if number % 3 else TODAY),
            )
        )
    )


def item(person: Patient, place: str, risk: int, rank: int, due: date | None, **more: Any) -> WorkItem:
    known: dict[str, Any] = {
        "clinic": person.clinic,
        "patient": person,
        "state": person.state,
        "kind": "visit",
        "place": place,
        "rank": rank,
        "risk": risk,
        "says": f"Do the {place} thing.",
        "who": "nurse",
        "due": due,
        "by_day": due or NO_DAY,
    }
    return WorkItem(**{**known, **more})


# --- reading ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["", "?place=dated&day=late", "?sort=name&state=treated", "?kind=visit&sort=day"])
def test_the_number_of_queries_does_not_grow_with_the_clinic(ours: House, address: str) -> None:
    client = client_of("nurse", ours, ours)
    counts = []
    for more in (1_500, 3_500):
        many(ours, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("worklist") + address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40, counts


def test_a_patient_stands_once_in_a_section_at_the_most_pressing_thing(ours: House, patient: Patient) -> None:
    patient.work.all().delete()
    late, later = TODAY - timedelta(days=3), TODAY - timedelta(days=1)
    item(patient, "dated", 2, 0, late, says="First.").save()
    item(patient, "dated", 2, 1, later, says="Second.").save()
    item(patient, "window", 2, 2, TODAY, says="Third.").save()
    found = {section.name: section for section in worklist.today_list(ours.clinic, NOW).sections}
    (row,) = found["late"].rows
    assert (row.item.says, row.late, [other.says for other in row.more]) == ("First.", 3, ["Second.", "Third."])
    assert [section.count for section in found.values()] == [0, 0, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("filters", [Filters(place="now"), Filters(sort="risk"), Filters(risk="0"), Filters(day="due")])
def test_capsules_to_be_stopped_stand_first_however_many_there_are(ours: House, filters: Filters) -> None:
    """Sixty windows that close and sixty questions are more than the first rows; nobody in danger is beyond them."""
    many(ours, 121)
    WorkItem.objects.all().delete()
    people = list(Patient.objects.filter(clinic=ours.clinic).order_by("pk"))
    for number, person in enumerate(people):
        closes = {"kind": "window", "closes_at": NOW + timedelta(hours=2)} if number % 2 else {"kind": "mood"}
        item(person, "now", 0, 0, TODAY, **closes).save()
    last = people[-1]
    decision = StoredDecision.objects.get(pk=last.decision_id)
    decision.pk, decision.capsules_in_hand = None, "stop_now"
    decision.save()
    Patient.objects.filter(pk=last.pk).update(decision=decision)
    rows = worklist.filtered(ours.clinic, filters, NOW).rows
    assert rows[0].patient == last and rows[0].stop
    assert {row.item.kind for row in rows} == {"mood"} and len({row.item.pk for row in rows}) == len(rows) == 50
    assert worklist.today_list(ours.clinic, NOW).sections[0].rows[0].patient == last


def test_a_filter_that_leaves_the_second_thing_shows_it(ours: House, patient: Patient) -> None:
    patient.work.all().delete()
    item(patient, "dated", 1, 0, TODAY, kind="test").save()
    item(patient, "dated", 2, 1, TODAY, kind="visit", says="The visit.").save()
    (row,) = worklist.filtered(ours.clinic, Filters(kind="visit"), NOW).rows
    assert row.item.says == "The visit."


@pytest.mark.parametrize("sort", worklist.SORTS)
@pytest.mark.parametrize("day", ["", "late", "week"])
def test_lists_read_along_an_index_agree_with_sorting_everything(ours: House, sort: str, day: str) -> None:
    many(ours, 90)
    filters = Filters(day=day, sort=sort, state="treated")
    shown = [row.item.pk for row in worklist.filtered(ours.clinic, filters, NOW, shown=40).rows]
    everything = WorkItem.objects.filter(filters.condition(TODAY), clinic=ours.clinic).select_related("patient")
    first: dict[int, WorkItem] = {}
    for each in sorted(everything, key=lambda each: each.rank):
        first.setdefault(each.patient_id, each)
    keys = {
        "risk": lambda each: (each.risk, each.by_day, each.pk),
        "day": lambda each: (each.by_day, each.pk),
        "name": lambda each: (each.patient.family_name, each.patient.given_name, each.patient_id),
    }
    assert shown == [each.pk for each in sorted(first.values(), key=keys[sort])][:40]


def test_the_names_agree_also_where_there_are_more_than_are_counted(ours: House, monkeypatch: Any) -> None:
    many(ours, 60)
    one = [row.item.pk for row in worklist.filtered(ours.clinic, Filters(sort="name", place="dated"), NOW).rows]
    monkeypatch.setattr(worklist, "COUNTED", 5)
    assert [row.item.pk for row in worklist.filtered(ours.clinic, Filters(sort="name", place="dated"), NOW).rows] == one


def test_another_clinic_sees_nothing_of_it(ours: House, theirs: House) -> None:
    many(ours, 5)
    assert sum(section.count for section in worklist.today_list(theirs.clinic, NOW).sections) == 0
    assert worklist.filtered(theirs.clinic, Filters(sort="name"), NOW).rows == []
    assert b"Family" not in client_of("stranger", ours, theirs).get(reverse("worklist")).content


def test_a_decision_that_ran_out_is_never_shown_as_current(ours: House, patient: Patient) -> None:
    record_events(by=ours.nurse, patient=patient, events=[SUICIDAL], now=NOW)
    says = patient.work.get(place="now").says
    Patient.objects.update(valid_until=datetime.now(UTC) - timedelta(minutes=1))
    page = client_of("nurse", ours, ours).get(reverse("worklist")).content.decode()
    assert "being decided again" in page
    assert "1 patient is being decided again" in page
    assert says not in page


def test_what_a_filter_holds_is_codes_and_nothing_else() -> None:
    given = {"state": "treated", "kind": "Ada", "who": "nurse' OR 1=1", "sort": "name", "q": "Example"}
    assert Filters.read(given).query == "state=treated&sort=name"
    assert Filters.read({"state": "treated", "sort": "risk"}).query == "state=treated"
    assert Filters.read({"sort": "risk"}).query == "sort=risk"


# --- views --------------------------------------------------------------------------------------------
def test_a_view_is_kept_replaced_shown_and_forgotten(ours: House) -> None:
    client = client_of("nurse", ours, ours)
    for query in ("place=dated&day=late&evil=1", "kind=test"):
        client.post(reverse("keep_view"), {"name": "  Mine  every day ", "query": query})
    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (ours.nurse, "Mine every day", "kind=test")
    assert "Mine every day" in client.get(reverse("worklist")).content.decode()
    client_of("doctor", ours, ours).post(reverse("drop_view"), {"view": view.pk})
    assert SavedView.objects.exists(), "another person's view is not one's own to delete"
    client.post(reverse("drop_view"), {"view": view.pk})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_or_a_filter_is_refused(ours: House) -> None:
    for name, filters in (("", Filters(kind="test")), ("x" * 61, Filters(kind="test")), ("Today", Filters())):
        with pytest.raises(InputError):
            worklist.keep_view(by=ours.nurse, name=name, filters=filters)


# --- finding ------------------------------------------------------------------------------------------
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.mark.parametrize("words", ["0412", "exa", "Ada Exam", "2004-05-06"])
def test_a_patient_is_found(ours: House, patient: Patient, words: str) -> None:
    client = client_of("nurse", ours, ours)
    page = client.post(reverse("find_patient"), {"sought": words}, HTTP_HX_TRIGGER="sought", **HTMX)  # type: ignore[arg-type]
    assert patient.list_name in page.content.decode()
    sent = client.post(reverse("find_patient"), {"sought": words}, HTTP_HX_TRIGGER="search", **HTMX)  # type: ignore[arg-type]
    assert sent["HX-Redirect"] == reverse("patient", args=[patient.key])
    assert client.post(reverse("find_patient"), {"sought": words}).status_code == 302


def test_an_exact_number_opens_its_patient_among_several(ours: House, patient: Patient) -> None:
    Patient.objects.create(clinic=ours.clinic, number="0412b", given_name="0412", family_name="Odd")
    sent = client_of("nurse", ours, ours).post(reverse("find_patient"), {"sought": "0412"})
    assert sent.headers["Location"] == reverse("patient", args=[patient.key])


def test_another_clinic_finds_nobody(ours: House, theirs: House, patient: Patient) -> None:
    page = client_of("stranger", ours, theirs).post(reverse("find_patient"), {"sought": "0412"})
    assert b"Nobody is found" in page.content


# --- registering ----------------------------------------------------------------------------------------
WHO = {"number": "0500", "family_name": "New", "given_name": "Nora", "born": "1999-01-02"}


def registered(client: Client, **more: Any) -> Any:
    return client.post(reverse("new_patient"), {**WHO, **more})


def test_a_new_patient_goes_on_into_the_first_visit(ours: House) -> None:
    answer = registered(client_of("nurse", ours, ours), phone="555 1")
    made = Patient.objects.get(number="0500")
    assert answer.headers["Location"] == reverse("visit", args=[made.key])
    assert [event.kind for event in StoredEvent.objects.filter(patient=made)] == ["birth"]
    assert made.decision is not None
    assert made.work.filter(place="waiting").exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"number": "0412"}, "patient of this number already"),
        ({"number": ""}, "This field is required"),
        ({"born": "31.13.1999"}, "valid date"),
        ({"born": "2999-01-01"}, "four digits"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    ours: House, patient: Patient, more: dict[str, str], says: str
) -> None:
    answer = registered(client_of("nurse", ours, ours), address="Keep this road", **more)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert b"Keep this road" in answer.content
    assert not Patient.objects.filter(family_name="New").exists()


def test_somebody_alike_is_asked_about_once(ours: House, patient: Patient) -> None:
    client = client_of("nurse", ours, ours)
    same = {"family_name": "example", "given_name": "Ada", "born": "2004-05-06"}
    asked = registered(client, **same)
    assert asked.status_code == 422
    assert b"Is it one of these?" in asked.content
    assert Patient.objects.count() == 1
    assert registered(client, **same, another="yes").status_code == 302
    assert Patient.objects.count() == 2


def test_likeness_is_looked_for_in_one_clinic_alone(theirs: House, patient: Patient) -> None:
    who = {"number": "0412", "family_name": "Example", "given_name": "Ada", "born": date(2004, 5, 6)}
    found = alike(by=theirs.nurse, who=who)
    assert (found.number, found.people) == (None, ())


BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "theirs-of-a-person",
                "birthDate": "1999-01-02",
                "gender": "female",
            }
        },
        {"resource": {"resourceType": "Coverage", "id": "theirs-of-a-cover", "status": "active"}},
    ],
}


def upload(client: Client, content: bytes, **more: Any) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return registered(client, file=SimpleUploadedFile("record.json", content), **more)


def test_a_bundle_comes_along_and_what_was_not_read_is_listed(ours: House) -> None:
    answer = upload(client_of("nurse", ours, ours), json.dumps(BUNDLE).encode())
    assert answer.status_code == 200
    assert b"Coverage" in answer.content
    made = Patient.objects.get(number="0500")
    assert "birth" in [event.kind for event in made.events.all()]
    theirs = {entry["resource"].get("id", "-") for entry in BUNDLE["entry"]}
    assert not any(name in event.event_id for event in made.events.all() for name in theirs), "ids stand in addresses"
    assert reverse("visit", args=[made.key]).encode() in answer.content


def test_a_record_of_ours_can_come_twice_without_its_ids_meeting(ours: House, patient: Patient) -> None:
    record_events(by=ours.nurse, patient=patient, events=[SUICIDAL], now=NOW)
    source = write_record(record_of(patient))
    client = client_of("nurse", ours, ours)
    for number in ("0501", "0502"):
        answer = upload(client, source, number=number, born="", another="yes")
        assert answer.status_code == 200, answer.content.decode()
    assert Patient.objects.get(number="0502").risk == 0


@pytest.mark.parametrize(
    ("content", "says"), [(b"{", "not JSON"), (b"", "not JSON"), (b'{"resourceType": "Bundle"}', "Patient")]
)
def test_a_file_that_cannot_be_read_says_so_and_registers_nobody(ours: House, content: bytes, says: str) -> None:
    answer = upload(client_of("nurse", ours, ours), content)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Patient.objects.exists()


def test_the_file_of_somebody_else_is_refused(ours: House) -> None:
    answer = upload(client_of("nurse", ours, ours), json.dumps(BUNDLE).encode(), born="1999-02-01")
    assert b"somebody born on another day" in answer.content
    assert not Patient.objects.exists()


# --- letters ----------------------------------------------------------------------------------------------
@pytest.fixture
def addressed(patient: Patient) -> Patient:
    patient.address = "1 Example Road\nExampleton"
    patient.save()
    return patient


def test_letters_are_looked_at_printed_kept_and_audited(ours: House, addressed: Patient) -> None:
    client = client_of("nurse", ours, ours)
    looked = client.post(reverse("letters"), {"patient": addressed.key})
    assert b"Your next appointment" in looked.content
    assert not Document.objects.exists()
    sent = {"patient": addressed.key, f"reason-{addressed.key}": "vanished"}
    assert client.post(reverse("letters_make"), sent).status_code == 302
    document = Document.objects.get()
    assert (document.kind, document.patient, document.by) == ("recall", addressed, ours.nurse)
    entry = AuditEntry.objects.get(act="recall")
    assert (entry.subject, entry.detail) == (addressed.key, {"document": document.key, "reason": "vanished"})
    printed = client.get(reverse("letters_print"))
    assert printed.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in printed.content, "tagged"
    (row, *_) = worklist.filtered(ours.clinic, Filters(place="waiting"), NOW).rows
    assert row.letter_at == document.at


def test_nobody_else_prints_them(ours: House, addressed: Patient) -> None:
    sent = {"patient": addressed.key, f"reason-{addressed.key}": "visit"}
    client_of("nurse", ours, ours).post(reverse("letters_make"), sent)
    assert client_of("doctor", ours, ours).get(reverse("letters_print")).status_code == 302


def test_whom_to_call_is_not_ticked_and_without_an_address_there_is_no_letter(ours: House, addressed: Patient) -> None:
    record_events(by=ours.nurse, patient=addressed, events=[SUICIDAL], now=NOW)
    client = client_of("nurse", ours, ours)
    page = client.post(reverse("letters"), {"patient": addressed.key}).content.decode()
    assert "Call, do not only write" in page
    assert f'value="{addressed.key}" checked' not in page
    Patient.objects.update(address="")
    sent = {"patient": addressed.key, f"reason-{addressed.key}": "visit"}
    refused = client.post(reverse("letters_make"), sent)
    assert refused.status_code == 422
    assert b"no address" in refused.content
    assert not Document.objects.exists()


def test_a_stranger_writes_to_nobody_of_ours(ours: House, theirs: House, addressed: Patient) -> None:
    assert recall.chosen(by=theirs.nurse, keys=[addressed.key]) == []
    made = recall.letter(addressed, by=ours.nurse, reason="visit", on="today")
    with pytest.raises(Denied):
        recall.keep(by=theirs.nurse, letters={addressed: made}, now=NOW)


def test_no_letter_names_a_medicine_an_illness_or_a_test() -> None:
    for reason in words.REASONS:
        text = " ".join(words.paragraphs(reason, phone="{phone}")).lower()
        for telling in ("isotretinoin", "acne", "skin", "pregnan", "blood", "mood", "dermat", "capsule", "urgent"):
            assert telling not in text
