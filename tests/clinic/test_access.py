"""Every address, tried with nobody, a stranger, a nurse, a doctor, an administrator and a patient.

The table is written by hand: what a page answers to each of them. A new address without a row fails.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from isocourse.care.clinic_settings import Change, change_house, propose
from isocourse.care.inbox import receive
from isocourse.care.patients import register
from isocourse.care.photographs import take
from isocourse.care.recording import record_events
from isocourse.store.models import Look, Patient
from tests.clinic.conftest import NOW, TODAY, House

pytestmark = pytest.mark.django_db
WHO = ("nobody", "stranger", "nurse", "doctor", "administrator", "patient")
YES, NO, IN, GO = 200, 403, 302, 302  # IN: sent to sign in; GO: sent on to another page
# name: (keyword arguments, what each of WHO gets for a GET)
ROWS: dict[str, tuple[dict[str, str], tuple[int, ...]]] = {
    "home": ({}, (IN, GO, GO, GO, GO, YES)),
    "health": ({}, (YES,) * 6),
    "theme": ({}, (IN, 405, 405, 405, 405, 405)),
    "worklist": ({}, (IN, YES, YES, YES, NO, NO)),
    "keep_view": ({}, (IN, 405, 405, 405, NO, NO)),
    "drop_view": ({}, (IN, 405, 405, 405, NO, NO)),
    "find_patient": ({}, (IN, 405, 405, 405, NO, NO)),
    "new_patient": ({}, (IN, YES, YES, YES, NO, NO)),
    "letters": ({}, (IN, 405, 405, 405, NO, NO)),
    "letters_make": ({}, (IN, 405, 405, 405, NO, NO)),
    "letters_done": ({}, (IN, YES, YES, YES, NO, NO)),
    "letters_print": ({}, (IN, GO, GO, GO, NO, NO)),
    "patient": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "flowsheet": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "story": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "withdraw_event": ({"patient": "KEY", "event": "EVENT"}, (IN, NO, YES, YES, NO, NO)),
    "amend_event": ({"patient": "KEY", "event": "EVENT"}, (IN, NO, YES, YES, NO, NO)),
    "decisions": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "details": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "identity": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "merge_search": ({"patient": "KEY"}, (IN, NO, NO, 405, NO, NO)),
    "merge": ({"patient": "KEY", "other": "OTHER"}, (IN, NO, NO, YES, NO, NO)),
    "glass": ({"key": "KEY"}, (IN, NO, NO, NO, NO, NO)),
    "visit": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "visit_more": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "visit_preview": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "visit_draft": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "visit_discard": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "visit_sheet": ({"patient": "KEY", "token": "none"}, (IN, NO, 404, 404, NO, NO)),
    "prescription": ({"patient": "KEY"}, (IN, NO, NO, YES, NO, NO)),
    "prescription_preview": ({"patient": "KEY"}, (IN, NO, NO, 405, NO, NO)),
    "prescriptions": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "prescription_document": ({"patient": "KEY", "document": "none"}, (IN, NO, 404, 404, NO, NO)),
    "prescription_pdf": ({"patient": "KEY", "document": "none"}, (IN, NO, 404, 404, NO, NO)),
    "prescription_void": ({"patient": "KEY", "document": "none"}, (IN, NO, NO, 405, NO, NO)),
    "override_sign": ({"patient": "KEY", "override": "none"}, (IN, NO, NO, 405, NO, NO)),
    "override_withdraw": ({"patient": "KEY", "override": "none"}, (IN, NO, NO, 405, NO, NO)),
    "override_prescribe": ({"patient": "KEY", "override": "none"}, (IN, NO, NO, 405, NO, NO)),
    "supply": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "supply_settle": ({"patient": "KEY", "alert": "none"}, (IN, NO, NO, 405, NO, NO)),
    "second_signatures": ({}, (IN, YES, NO, YES, NO, NO)),
    "skin_care": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "skin_care_preview": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "skin_care_profile": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "skincare_check": ({}, (IN, YES, YES, YES, NO, NO)),
    "skincare_compare": ({}, (IN, YES, YES, YES, NO, NO)),
    "skin_shelf": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "skin_shelf_put": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "skin_shelf_away": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "skin_care_sheet": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "expectations": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "expectations_sheet": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photographs": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_add": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "photograph_capture": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_aim": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "photograph_progress": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_trend": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_consent": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "photograph_consent_withdraw": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "photograph_delete": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_compare": ({"patient": "KEY"}, (IN, NO, 404, 404, NO, NO)),
    "photograph_begin": ({"patient": "KEY"}, (IN, NO, 405, 405, NO, NO)),
    "photograph": ({"patient": "KEY", "photograph": "PHOTO"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_again": ({"patient": "KEY", "photograph": "PHOTO"}, (IN, NO, 405, 405, NO, NO)),
    "photograph_pdf": ({"patient": "KEY", "photograph": "PHOTO"}, (IN, NO, GO, GO, NO, NO)),
    "photograph_dicom": ({"patient": "KEY", "photograph": "PHOTO"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_fhir": ({"patient": "KEY", "photograph": "PHOTO"}, (IN, NO, GO, GO, NO, NO)),
    "photographs_pdf": ({"patient": "KEY"}, (IN, NO, 404, 404, NO, NO)),
    "photograph_picture": ({"patient": "KEY", "photograph": "PHOTO", "part": "screen"}, (IN, NO, YES, YES, NO, NO)),
    "photograph_laid": (
        {"patient": "KEY", "photograph": "PHOTO", "before": "PHOTO", "part": "aligned"},
        (IN, NO, 404, 404, NO, NO),
    ),
    "inbox": ({}, (IN, YES, YES, YES, NO, NO)),
    "inbox_receive": ({}, (IN, 405, 405, 405, NO, NO)),
    "inbox_report": ({"report": "REPORT"}, (IN, 404, YES, YES, NO, NO)),
    "inbox_result": ({"result": "RESULT"}, (IN, 404, YES, YES, NO, NO)),
    "inbox_find": ({"result": "RESULT"}, (IN, 405, 405, 405, NO, NO)),
    "inbox_file": ({"result": "RESULT"}, (IN, 405, 405, 405, NO, NO)),
    "inbox_aside": ({"result": "RESULT"}, (IN, 405, 405, 405, NO, NO)),
    "inbox_take_up": ({"result": "RESULT"}, (IN, 405, 405, 405, NO, NO)),
    "inbox_undo": ({"result": "RESULT"}, (IN, 405, 405, 405, NO, NO)),
    "clinic_settings": ({}, (IN, YES, YES, YES, YES, NO)),
    "settings_progress": ({}, (IN, YES, YES, YES, YES, NO)),
    "settings_house": ({"part": "letters"}, (IN, NO, NO, NO, YES, NO)),
    "letter_preview": ({}, (IN, NO, NO, NO, 405, NO)),
    "settings_history": ({}, (IN, YES, YES, YES, YES, NO)),
    "settings_version": ({"number": "1"}, (IN, 404, YES, YES, YES, NO)),
    "limits": ({}, (IN, YES, YES, YES, YES, NO)),
    "policy_rules": ({}, (IN, YES, YES, YES, YES, NO)),
    "setting_change": ({"kind": "value", "target": "default_schedule"}, (IN, YES, YES, YES, YES, NO)),
    "settings_proposal": ({"key": "PROPOSAL"}, (IN, 404, YES, YES, YES, NO)),
    "administration": ({}, (IN, NO, NO, NO, YES, NO)),
    "person_new": ({}, (IN, NO, NO, NO, YES, NO)),
    "person": ({"code": "NURSE"}, (IN, NO, NO, NO, YES, NO)),
    "person_act": ({"code": "NURSE", "act": "close"}, (IN, NO, NO, NO, 405, NO)),
    "audit": ({}, (IN, NO, NO, NO, YES, NO)),
    "audit_verify": ({}, (IN, NO, NO, NO, 405, NO)),
    "audit_export": ({}, (IN, NO, NO, NO, YES, NO)),
    "looks": ({}, (IN, NO, NO, NO, YES, NO)),
    "guidance": ({}, (IN, YES, YES, YES, YES, NO)),
    "evidence": ({}, (IN, YES, YES, YES, YES, NO)),
    "evidence_claim": ({"claim": "existing_scars"}, (IN, YES, YES, YES, YES, NO)),
    "plain_page": ({"page": "safe_supply"}, (IN, YES, YES, YES, YES, NO)),
    "design": ({}, (IN, YES, YES, YES, YES, NO)),
    "words": ({}, (IN, YES, YES, YES, YES, NO)),
    "openapi": ({}, (IN, YES, YES, YES, NO, NO)),
    "assess_record": ({}, (IN, 405, 405, 405, NO, NO)),
    "record_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "answer_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "plan_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
}
REPORT = b"mrn,test,result,unit,collected\n0412,ALT,30,U/L,2026-11-20\n"
# Pages of the sign-in package: open to nobody (IN), or to anybody; none is about a patient.
SIGN_IN_PACKAGE = ("account_", "mfa_")


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def test_every_address_has_a_row() -> None:
    own = {name for name in names() if not name.startswith(SIGN_IN_PACKAGE)}
    assert own == set(ROWS)


def client_of(who: str, ours: House, theirs: House) -> Client:
    client = Client(raise_request_exception=False)
    user = {
        "stranger": theirs.prescriber,
        "nurse": ours.nurse,
        "doctor": ours.prescriber,
        "administrator": ours.administrator,
        "patient": ours.patient,
    }.get(who)
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def keys_of(ours: House, patient: Patient) -> dict[str, str]:
    """What stands in ROWS for keys: of a patient, an entry, a report, a nurse, a proposal."""
    report = receive(by=ours.nurse, raw=REPORT, now=NOW).report
    weight = {"kind": "weight", "happened_on": "2026-11-23", "value": "62.5", "unit": "kg"}
    written = record_events(by=ours.nurse, patient=patient, events=[weight], now=NOW)
    twin = register(by=ours.nurse, now=NOW, who={"number": "0413", "given_name": "Ada", "family_name": "Example"})
    return {
        "KEY": patient.key,
        "EVENT": written.events[0].id,
        "OTHER": twin.key,
        "REPORT": report.key,
        "RESULT": report.results.get().key,
        "NURSE": ours.nurse.code,
        "PROPOSAL": proposed(ours),
        "PHOTO": photographed(ours, patient),
    }


def photographed(ours: House, patient: Patient) -> str:
    """The key of a photograph of the patient, of coloured squares."""
    signed = {"kind": "form_signed", "happened_on": "2026-11-23", "form": "photograph_consent"}
    events = [{**signed, "signed_by": who} for who in ("patient", "guardian")]
    record_events(by=ours.nurse, patient=patient, events=events, now=NOW)
    made = io.BytesIO()
    Image.effect_noise((64, 80), 40).convert("RGB").save(made, "JPEG")
    return take(by=ours.nurse, patient=patient, data=made.getvalue(), view="frontal", day=TODAY, now=NOW).key


def address(name: str, keys: dict[str, str]) -> str:
    """The address of a row."""
    return reverse(name, kwargs={key: keys.get(value, value) for key, value in ROWS[name][0].items()})


def proposed(ours: House) -> str:
    """The key of a proposal, in a clinic that has changed a setting before."""
    change_house(by=ours.administrator, now=NOW, fields={"phone": "555 0199"})
    wanted = Change("second_signature", "second_signature", True, TODAY)
    return propose(by=ours.administrator, now=NOW, change=wanted).key


@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_each_as_the_table_says(ours: House, theirs: House, patient: Patient, who: str) -> None:
    client = client_of(who, ours, theirs)
    keys = keys_of(ours, patient)
    found = {}
    for name in ROWS:
        response = client.get(address(name, keys))
        found[name] = response.status_code
        if response.status_code == 403:
            assert patient.family_name.encode() not in response.content
    assert found == {name: answers[WHO.index(who)] for name, (_, answers) in ROWS.items()}


@pytest.mark.parametrize("who", WHO)
def test_every_page_of_signing_in_is_closed_or_asks_for_a_password(ours: House, theirs: House, who: str) -> None:
    if who != "nobody":
        return
    client = client_of(who, ours, theirs)
    for name in names():
        if name.startswith(SIGN_IN_PACKAGE) and name not in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            try:
                address = reverse(name)
            except Exception:  # noqa: S112 - addresses with arguments are of things nobody has
                continue
            assert client.get(address).status_code in (200, 302, 403, 405), name


def test_looking_is_written_down_and_a_stranger_is_asked_for_a_reason(
    ours: House, theirs: House, patient: Patient
) -> None:
    client_of("nurse", ours, theirs).get(reverse("patient", args=[patient.key]))
    assert [look.user for look in Look.objects.all()] == [ours.nurse]
    stranger = client_of("stranger", ours, theirs)
    assert b"belongs to another clinic" in stranger.get(reverse("patient", args=[patient.key])).content
    stranger.post(reverse("glass", args=[patient.key]), {"reason": "unconscious in our emergency room"})
    assert stranger.get(reverse("patient", args=[patient.key])).status_code == 200
    assert Look.objects.filter(user=theirs.prescriber, broke_glass=True).exists()
    assert stranger.get(reverse("prescription", args=[patient.key])).status_code == 403
