"""Every address, tried with nobody, a stranger, a nurse, a doctor, an administrator and a patient.

The table is written by hand: what a page answers to each of them. A new address without a row fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from isocourse.care.patients import register
from isocourse.care.recording import record_events
from isocourse.store.models import Look, Patient
from tests.clinic.conftest import NOW, House

pytestmark = pytest.mark.django_db
WHO = ("nobody", "stranger", "nurse", "doctor", "administrator", "patient")
YES, NO, IN, GO = 200, 403, 302, 302  # IN: sent to sign in; GO: sent on to another page
# name: (keyword arguments, what each of WHO gets for a GET)
ROWS: dict[str, tuple[dict[str, str], tuple[int, ...]]] = {
    "home": ({}, (IN, GO, GO, GO, GO, YES)),
    "health": ({}, (YES,) * 6),
    "theme": ({}, (IN, 405, 405, 405, 405, 405)),
    "worklist": ({}, (IN, YES, YES, YES, NO, NO)),
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
    "prescription": ({"patient": "KEY"}, (IN, NO, NO, YES, NO, NO)),
    "inbox": ({}, (IN, YES, YES, YES, NO, NO)),
    "clinic_settings": ({}, (IN, YES, YES, YES, YES, NO)),
    "administration": ({}, (IN, NO, NO, NO, YES, NO)),
    "design": ({}, (IN, YES, YES, YES, YES, NO)),
    "openapi": ({}, (IN, YES, YES, YES, NO, NO)),
    "assess_record": ({}, (IN, 405, 405, 405, NO, NO)),
    "record_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "answer_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
    "plan_json": ({"patient": "KEY"}, (IN, NO, YES, YES, NO, NO)),
}
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


@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_each_as_the_table_says(ours: House, theirs: House, patient: Patient, who: str) -> None:
    client = client_of(who, ours, theirs)
    weight = {"kind": "weight", "happened_on": "2026-11-23", "value": "62.5", "unit": "kg"}
    written = record_events(by=ours.nurse, patient=patient, events=[weight], now=NOW)
    twin = register(by=ours.nurse, now=NOW, who={"number": "0413", "given_name": "Ada", "family_name": "Example"})
    keys: dict[str, Any] = {"KEY": patient.key, "EVENT": written.events[0].id, "OTHER": twin.key}
    found = {}
    for name, (kwargs, _) in ROWS.items():
        response = client.get(reverse(name, kwargs={key: keys.get(value, value) for key, value in kwargs.items()}))
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
