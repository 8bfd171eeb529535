"""Every address, with every method, sent what nobody at a screen would send.

What somebody may not do changes no row; whatever is sent, nothing breaks; what is typed about a patient stands in no
log, address, redirect, audit entry or message.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from isocourse.care import inbox
from isocourse.care.overriding import Departure, ask
from isocourse.care.patients import identity_mark
from isocourse.care.permissions import acts_of
from isocourse.care.prescribing import prescribe
from isocourse.care.recording import record_events
from isocourse.doors.web import gate
from isocourse.doors.web.trouble import PlainFormatter
from isocourse.doors.web.urls import NEEDS
from isocourse.store.keys import new_key
from isocourse.store.models import AuditEntry, Look, OutboxMessage, Patient, User
from isocourse.words.overriding import GROUNDS
from isocourse.words.recall import REASONS
from tests.clinic.conftest import House
from tests.clinic.courses import Case, overridable, proceeding
from tests.clinic.test_access import REPORT, ROWS, WHO, client_of, keys_of

pytestmark = pytest.mark.django_db
PAGES = Path(gate.__file__).parent
# What sessions and counters write by themselves.
OF_ITSELF = ("django_session", "axes_", "store_look")


def fields() -> list[str]:
    """The names of all fields that any page has or any view reads."""
    found: set[str] = set()
    for path in PAGES.rglob("*.html"):
        found.update(re.findall(r'name="([\w.-]+)"', path.read_text()))
    for path in PAGES.rglob("*.py"):
        found.update(re.findall(r'(?:POST|GET|sent)\.get(?:list)?\("([\w-]+)"', path.read_text()))
    return sorted(found - {"csrfmiddlewaretoken", "password", "login"})


def rows() -> dict[str, list[Any]]:
    """Everything in the database but what is written by itself."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if not model._meta.db_table.startswith(OF_ITSELF)
    }


@pytest.fixture
def keys(ours: House, patient: Patient) -> dict[str, str]:
    """The keys of everything that our clinic has."""
    found = keys_of(ours, patient)
    return found | {"OVERRIDE": _asked(ours, overridable(ours)), "DOCUMENT": _written(ours)}


def _asked(ours: House, case: Case) -> str:
    """An override that waits for its second signature."""
    marks = frozenset(each.mark for each in case.judged.in_the_way)
    departure = Departure(marks, next(iter(GROUNDS)), "weighed with the patient and a colleague, who agrees")
    about = {"patient": case.patient, "choice": case.choice, "now": case.now, "seen_seq": case.patient.last_seq}
    return ask(by=ours.prescriber, departure=departure, **about).key


def _written(ours: House) -> str:
    """A prescription."""
    case = proceeding(ours)
    about = {"patient": case.patient, "choice": case.choice, "now": case.now, "seen_seq": case.patient.last_seq}
    return prescribe(by=ours.prescriber, **about).document.key


def where(name: str, keys: dict[str, str]) -> str:
    """The address of a row, with our own keys in all places that have one."""
    more = {"document": "DOCUMENT", "override": "OVERRIDE"}
    kwargs = {key: keys.get(more.get(key, value), value) for key, value in ROWS[name][0].items()}
    return reverse(name, kwargs=kwargs)


def every_key(keys: dict[str, str]) -> dict[str, list[str]]:
    """All our keys in every field at once."""
    of_things = {
        "patient": keys["KEY"], "document": keys["DOCUMENT"], "override": keys["OVERRIDE"], "event": keys["EVENT"],
        "report": keys["REPORT"], "code": keys["NURSE"], "listed": keys["KEY"], "prescription": keys["EVENT"],
        "other": keys["OTHER"], "photograph": keys["PHOTO"], "before": keys["PHOTO"], "after": keys["PHOTO"],
        "all": "1", "signer": "patient", "view": "1", "token": new_key(), "seen_seq": "0", "row": "0",
        "reason": "ten letters or more",
    }  # fmt: skip
    return {name: [of_things.get(name, "1")] for name in (*fields(), *of_things)}


def may(user: User | None, name: str) -> bool:
    """Whether somebody may open an address in their own clinic."""
    need = NEEDS[name]
    return need.anybody or (user is not None and (need.act is None or need.act in acts_of(user)))


@pytest.mark.parametrize("who", WHO)
def test_what_somebody_may_not_do_changes_nothing(
    ours: House, theirs: House, patient: Patient, keys: dict[str, str], who: str
) -> None:
    user = {"stranger": theirs.prescriber, "nurse": ours.nurse, "doctor": ours.prescriber}.get(who)
    user = user or {"administrator": ours.administrator, "patient": ours.patient}.get(who)
    client, body, found = client_of(who, ours, theirs), every_key(keys), []
    before = rows()
    for name in ROWS:
        ours_alone = "patient" in ROWS[name][0] or name.startswith("inbox_")
        if may(user, name) and not (who == "stranger" and ours_alone):
            continue
        if name == "inbox_receive":
            continue  # a stranger's report is the stranger's clinic's
        for method in ("post", "put", "patch", "delete", "options"):
            answer = getattr(client, method)(where(name, keys), body)
            assert answer.status_code in (302, 400, 401, 403, 404, 405), (name, method, answer.status_code)
        if (after := rows()) != before:
            found.append((name, [table for table in after if after[table] != before[table]]))
            before = after
    assert found == []


def test_a_stranger_with_our_keys_changes_nothing_of_ours(
    ours: House, theirs: House, patient: Patient, keys: dict[str, str]
) -> None:
    """What a stranger may do in the own clinic, with the keys of ours in every field."""
    mine = {ours.clinic.pk}
    for user in (theirs.prescriber, theirs.nurse, theirs.administrator):
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        before = of_clinic(mine)
        for name in ROWS:
            if name == "glass":
                continue  # open to strangers, and told to our administrators
            answer = client.post(where(name, keys), every_key(keys))
            assert answer.status_code < 500, name
            assert answer.streaming or patient.family_name.encode() not in answer.content, name
        assert of_clinic(mine) == before


def of_clinic(clinics: set[int]) -> dict[str, list[Any]]:
    """The rows of clinics: their own, and those of their patients and people."""
    patients = set(Patient.objects.filter(clinic__in=clinics).values_list("pk", flat=True))
    people = set(User.objects.filter(clinic__in=clinics).values_list("pk", flat=True))
    found: dict[str, list[Any]] = {}
    for model in apps.get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if not model._meta.db_table.startswith("store_"):
            continue
        for row in model._default_manager.order_by("pk").values():
            whose = row.get("clinic_id") in clinics or row.get("patient_id") in patients or row.get("user_id") in people
            if whose or ("by_id" in names and row.get("by_id") in people) or (model is User and row["id"] in people):
                found.setdefault(model._meta.db_table, []).append(row)
    return found


def test_nothing_is_sent_without_the_token_of_its_page(
    ours: House, theirs: House, patient: Patient, keys: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ours.prescriber, backend="allauth.account.auth_backends.AuthenticationBackend")
    before = rows()
    for name in ROWS:
        assert client.post(where(name, keys), every_key(keys)).status_code == 403, name
    for name in ("account_login", "account_logout", "account_change_password", "mfa_generate_recovery_codes"):
        assert client.post(reverse(name), {}).status_code == 403, name
    assert rows() == before


# --- whatever is sent, nothing breaks -------------------------------------------------------------
NASTY = (
    "",
    "²",
    "٣",
    "9" * 5000,
    "1e999999999",
    "NaN",
    "-1",
    "a\x00b",
    "9999-12-31",
    "0001-01-01T00:00",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    '#panic("x") $x$ *b* \\ [',
    "\u202e\ufeff🙂\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "{0.__class__} %s {% load x %}",
    "../../etc/passwd",
)


@pytest.mark.parametrize("text", NASTY, ids=[f"{place}" for place, _ in enumerate(NASTY)])
def test_whatever_is_sent_nothing_breaks(
    ours: House, theirs: House, patient: Patient, keys: dict[str, str], text: str
) -> None:
    body = {name: [text] for name in fields()}
    query = dict.fromkeys(fields(), text)
    known = {"token": [new_key()], "seen_seq": ["1"]}
    visit = {f"{form}.{part}": [text] for form in VISIT for part in PARTS}
    clients = [client_of(who, ours, theirs) for who in ("doctor", "administrator")]
    cache.clear()
    for name in ROWS:
        client = clients[0] if may(ours.prescriber, name) else clients[1]
        client.raise_request_exception = True  # as the line that is at fault
        more = known | visit if name.startswith("visit") else {}
        for answer in (client.get(where(name, keys), query), client.post(where(name, keys), body | more)):
            assert answer.status_code < 500, (name, answer.status_code)


VISIT = ("weight.0", "lab_result.0", "symptom.0", "visit.0")
PARTS = ("value", "unit", "happened_on", "note", "term", "analyte", "purpose", "_done", "_sure", "kind", "grade", "i0")


# --- what is typed about a patient stays where it belongs -----------------------------------------
MARKER = "Zyzzyvaquill"


class Kept(logging.Handler):
    """Whatever is logged by anybody, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(PlainFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.db") and not record.name.startswith("django.template"):
            self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    """The log of every logger, at the levels at which they are kept."""
    handler = Kept()
    loggers = [logging.getLogger(name) for name in ("", *settings.LOGGING["loggers"])]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)


def test_what_is_typed_about_a_patient_stays_in_the_record(
    ours: House, theirs: House, patient: Patient, keys: dict[str, str], kept: Kept
) -> None:
    sent: list[str] = []
    people = {who: client_of(who, ours, theirs) for who in ("doctor", "nurse", "administrator", "stranger")}

    def post(who: str, place: str, body: dict[str, Any], well: int | None = None) -> Any:
        answer = people[who].post(place, body)
        sent.extend((place, answer.get("Location", ""), answer.get("HX-Redirect", ""), answer.get("HX-Push-Url", "")))
        assert well is None or answer.status_code == well, (place, answer.status_code)
        if answer.status_code in (400, 403, 404, 405) or answer.status_code >= 500:
            assert MARKER not in answer.content.decode(), place
        return answer

    who = {"family_name": MARKER, "given_name": MARKER, "number": MARKER, "born": "1999-09-19", "phone": MARKER}
    who |= {"email": f"{MARKER}@example.org", "address": MARKER}
    post("nurse", reverse("new_patient"), who, 302)
    marked = Patient.objects.get(number=MARKER)
    again = who | {"number": f"{MARKER}2", "seen": identity_mark(patient)}
    post("nurse", reverse("identity", args=[patient.key]), again, 302)
    post("nurse", reverse("find_patient"), {"sought": MARKER})
    wrong = {"reason": f"{MARKER} was wrong", "seen_seq": patient.last_seq}
    post("nurse", reverse("withdraw_event", args=[patient.key, keys["EVENT"]]), wrong, 302)
    raw = REPORT.replace(b"mrn,", b"mrn,family,").replace(b"0412,", f"{MARKER},{MARKER},".encode())
    post("nurse", reverse("inbox_receive"), {"pasted": raw.decode()}, 302)
    result = reverse("inbox_result", args=[inbox.InboxReport.objects.latest("pk").results.get().key])
    words = {"patient": marked.key, "row": "0", "words": f"asked {MARKER} herself"}
    post("doctor", f"{result}/aside", {"remark": f"{MARKER}?"}, 302)
    post("doctor", f"{result}/file", words, 302)
    post("doctor", f"{result}/undo", {"reason": f"not {MARKER} at all"}, 302)
    post("stranger", reverse("glass", args=[patient.key]), {"reason": f"{MARKER} is unconscious"}, 302)
    twin = reverse("merge", args=[patient.key, keys["OTHER"]])
    post("doctor", twin, {"reason": f"{MARKER} and her sister are one"}, 302)
    everything = {name: [MARKER] for name in fields()}
    for person in ("doctor", "nurse", "stranger"):  # an administrator writes about the team
        client = people[person]
        for name in ROWS:
            cache.clear()
            post(person, where(name, keys), everything)
            answer = client.get(where(name, keys), dict.fromkeys(fields(), MARKER))
            assert MARKER not in answer.get("Location", "").partition("next=")[0]
            if answer.status_code >= 400:
                assert MARKER not in answer.content.decode(), name
    for text in (*sent, *kept.lines):
        assert MARKER not in text and "1999-09-19" not in text
    for entry in AuditEntry.objects.all():
        assert MARKER not in f"{entry.subject} {entry.detail}" and "1999" not in str(entry.detail), entry.act
    for message in OutboxMessage.objects.all():
        assert MARKER not in str(message.payload)


# --- nasty names on every page --------------------------------------------------------------------
BAD = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    '#panic("x") $a$ *b* \\\n[',
    "</svg>{{ 7|add:7 }}&lt;",
)


class Parsed(HTMLParser):
    """What a browser would run: scripts with content, handlers, images of others, addresses that are code."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "script" and not (known.get("src") or "").startswith("/static/") and known.get("type") is None:
            self.bad.append(f"{tag} {known}")
        if tag == "style" or "style" in known or any(name.startswith("on") for name in known):
            self.bad.append(f"{tag} {known}")
        if (known.get("href") or "").lower().startswith(("javascript:", "data:")) or known.get("src") == "x":
            self.bad.append(f"{tag} {known}")


@pytest.mark.parametrize("name", BAD)
def test_a_nasty_name_is_text_on_every_page_and_paper(
    ours: House, theirs: House, keys: dict[str, str], name: str
) -> None:
    line = " ".join(name.split())
    ours.clinic.name = ours.clinic.letterhead = line
    ours.clinic.save()
    User.objects.filter(clinic=ours.clinic).update(first_name=line[:100], last_name=line[:100], title=line)
    case = proceeding(ours)
    who = {"given_name": line, "family_name": line, "address": name, "phone": line[:40], "merge_reason": name}
    Patient.objects.filter(clinic=ours.clinic).update(**who)
    case.patient.refresh_from_db()
    noted = [
        {"kind": "weight", "happened_on": "2026-01-02", "value": "60", "unit": "kg", "note": name},
        {"kind": "medicine_started", "happened_on": "2026-01-02", "name": line, "note": name},
    ]
    record_events(by=ours.nurse, patient=case.patient, events=noted, now=case.now)
    mine = keys | {"KEY": case.patient.key, "EVENT": case.patient.events.latest("seq").event_id}
    for person in ("doctor", "nurse", "administrator"):
        client = client_of(person, ours, theirs)
        for row in ROWS:
            answer = client.get(where(row, mine))
            if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
                parsed = Parsed()
                parsed.feed(answer.content.decode())
                assert parsed.bad == [], row
    client = client_of("doctor", ours, theirs)
    body = {"patient": case.patient.key, f"reason-{case.patient.key}": next(iter(REASONS))}
    assert client.post(reverse("letters_make"), body).status_code == 302
    assert client.get(reverse("letters_print")).content.startswith(b"%PDF")


# --- looking, and asking too often ----------------------------------------------------------------
def test_nobody_sees_a_record_without_being_in_the_book_of_looks(ours: House, theirs: House, patient: Patient) -> None:
    client = client_of("doctor", ours, theirs)
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(reverse("patient", args=[patient.key])).status_code == 405
    client.get(reverse("visit_more", args=[patient.key]))
    client.post(reverse("prescription_preview", args=[patient.key]), {})
    assert Look.objects.filter(patient=patient, user=ours.prescriber).count() == 1
    client.head(reverse("patient", args=[patient.key]))
    assert Look.objects.filter(patient=patient, user=ours.prescriber).count() == 2


def test_asking_too_often_is_stopped(ours: House, theirs: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "HEAVY_A_MINUTE", 3)
    monkeypatch.setattr(gate.time, "time", lambda: 1_800_000_000)
    client = client_of("nurse", ours, theirs)
    found = [client.post(reverse("find_patient"), {"sought": "x"}).status_code for _ in range(4)]
    assert found == [200, 200, 200, 429]
    assert client_of("doctor", ours, theirs).post(reverse("find_patient"), {"sought": "x"}).status_code == 200


def test_more_than_any_report_is_not_read(ours: House, theirs: House) -> None:
    big = SimpleUploadedFile("big.csv", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    answer = client_of("nurse", ours, theirs).post(reverse("inbox_receive"), {"files": big})
    assert answer.status_code == 413


@pytest.mark.parametrize("depth", [900, 200_000])
def test_a_file_nested_without_end_is_refused(ours: House, theirs: House, depth: int) -> None:
    client = client_of("nurse", ours, theirs)
    for head in (b'{"isocourse_record":"1","subject":"x","events":', b'{"resourceType":"Bundle","entry":'):
        deep = head + b"[" * depth + b"]" * depth + b"}"
        who = {"number": "77", "family_name": "A", "given_name": "B", "file": SimpleUploadedFile("r.json", deep)}
        assert client.post(reverse("new_patient"), who).status_code == 422
        assert client.post(reverse("assess_record"), deep, content_type="application/json").status_code == 422
    assert client.post(reverse("inbox_receive"), {"pasted": deep.decode()}).status_code == 422
