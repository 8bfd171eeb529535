"""Accounts: made and closed by an administrator of the clinic, who sees no patient and cannot remove the last one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from isocourse.care import audit as chain
from isocourse.care import people
from isocourse.care.patients import break_glass
from isocourse.care.permissions import Denied
from isocourse.errors import InputError
from isocourse.store.append_only import unguards
from isocourse.store.models import AuditEntry, Clinic, Patient, User
from tests.clinic.conftest import NOW, House

pytestmark = pytest.mark.django_db
FIELDS = {"first_name": "Ola", "last_name": "Berg", "title": "Nurse", "email": "ola@example.org"}


def sent(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_new_account_is_of_ones_own_clinic_and_its_password_is_shown_once(ours: House) -> None:
    client = sent(ours.administrator)
    shown = client.post(reverse("person_new"), {**FIELDS, "name": "Ola.Berg", "role": "nurse"})
    user = User.objects.get(username="ola.berg")
    assert (user.clinic, user.role, user.email) == (ours.clinic, "nurse", "ola@example.org")
    password = shown.context["opened"].password
    assert user.check_password(password)
    assert password.encode() in shown.content
    assert shown["Cache-Control"] == "no-store, private"
    for page in (reverse("administration"), reverse("person", args=[user.code]), reverse("audit")):
        assert password.encode() not in client.get(page).content
    assert password not in str(AuditEntry.objects.values())


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": "Ola Berg"}, "name"),
        ({"name": "a"}, "name"),
        ({"role": "patient"}, "role"),
        ({"last_name": " "}, "last_name"),
        ({"email": "ola"}, "email"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(ours: House, change: dict[str, str], where: str) -> None:
    answer = sent(ours.administrator).post(
        reverse("person_new"), {**FIELDS, "name": "ola.berg", "role": "nurse", **change}
    )
    assert answer.context["wrong_field"] == where
    assert b"Ola" in answer.content
    assert not User.objects.filter(last_name="Berg").exists()


def test_a_name_is_taken_once_in_all_clinics(ours: House, theirs: House) -> None:
    with pytest.raises(InputError, match="taken"):
        people.open_account(by=ours.administrator, now=NOW, name=theirs.nurse.username, role="nurse", fields=FIELDS)


@pytest.mark.parametrize("role", ["prescriber", "nurse", "patient"])
def test_only_administrators_manage_accounts(ours: House, role: str) -> None:
    with pytest.raises(Denied):
        people.open_account(by=getattr(ours, role), now=NOW, name="ola.berg", role="administrator", fields=FIELDS)
    with pytest.raises(Denied):
        people.close_account(by=getattr(ours, role), now=NOW, user=ours.administrator)


ACTS = ("close_account", "reopen_account", "new_one_time_password", "reset_second_factor", "unlock")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_of_another_clinic_and_no_patient_can_be_reached(ours: House, theirs: House, act: str) -> None:
    for user in (theirs.nurse, ours.patient):
        with pytest.raises(Denied):
            getattr(people, act)(by=ours.administrator, now=NOW, user=user)
        assert sent(ours.administrator).get(reverse("person", args=[user.code])).status_code == 404


def test_the_last_administrator_stays_one(ours: House) -> None:
    other = people.open_account(
        by=ours.administrator, now=NOW, name="other.admin", role="administrator", fields=FIELDS
    ).user
    people.close_account(by=other, now=NOW, user=ours.administrator)
    with pytest.raises(InputError, match="your own"):
        people.close_account(by=other, now=NOW, user=other)
    people.reopen_account(by=other, now=NOW, user=ours.administrator)
    ours.administrator.refresh_from_db()
    people.change_account(by=ours.administrator, now=NOW, user=other, role="nurse", fields=FIELDS)
    with pytest.raises(InputError, match="yourself"):
        people.change_account(by=ours.administrator, now=NOW, user=ours.administrator, role="nurse", fields=FIELDS)
    # Two administrators who close each other: the second is refused, for the first is closed by then.
    other.refresh_from_db()
    with pytest.raises(Denied):
        people.close_account(by=other, now=NOW, user=ours.administrator)


def test_a_clinic_begins_with_an_administrator_who_needs_a_second_factor(db: Any) -> None:
    opened = people.begin_clinic(now=NOW, name="A clinic", programme="us", administrator="first", family_name="First")
    clinic = Clinic.objects.get()
    assert (clinic.lab_units, clinic.language) == ("conventional", "en-us")
    assert people.needs_second_factor(opened.user)
    assert opened.user.must_change_password
    with pytest.raises(InputError, match="not a programme"):
        people.begin_clinic(now=NOW, name="A clinic", programme="xx", administrator="second", family_name="Second")


# --- the books --------------------------------------------------------------------------------------
def test_the_books_name_no_patient_and_show_only_ones_own_clinic(ours: House, theirs: House, patient: Patient) -> None:
    break_glass(by=theirs.prescriber, patient=patient, now=NOW, reason="unconscious in our emergency room")
    sent(ours.nurse).get(reverse("patient", args=[patient.key]))
    client = sent(ours.administrator)
    pages = [client.get(reverse(name)) for name in ("audit", "looks", "administration")]
    export = b"".join(client.get(reverse("audit_export")).streaming_content)  # type: ignore[attr-defined]
    for content in [*(page.content for page in pages), export]:
        assert patient.family_name.encode() not in content
        # As a word: four digits turn up by chance in the digests of a chain once in some hundred runs.
        assert not re.search(rb"(?<![0-9A-Za-z])" + patient.number.encode() + rb"(?![0-9A-Za-z])", content)
    assert b"unconscious in our emergency room" in client.get(reverse("looks") + "?days=365").content
    assert [entry["entry"].chain for entry in pages[0].context["entries"]] == [ours.clinic.key] * len(
        pages[0].context["entries"]
    )
    ((who, row),) = pages[1].context["rows"]
    assert (who, row["patients"], row["looks"]) == (ours.nurse, 1, 1)


def test_the_audit_is_filtered_by_person_act_and_day(ours: House, patient: Patient) -> None:
    people.unlock(by=ours.administrator, now=NOW, user=ours.nurse)
    client = sent(ours.administrator)

    def acts(**query: str) -> list[str]:
        return [row["entry"].act for row in client.get(reverse("audit"), query).context["entries"]]

    assert acts(person=ours.nurse.code) == ["register"]
    assert acts(act="unlock") == ["unlock"]
    assert "register" in acts(since="2026-11-23", until="2026-11-23")
    assert "register" not in acts(until="2026-11-22")
    assert "register" in acts(since="no day")


def test_a_spreadsheet_takes_no_cell_for_a_formula(ours: House) -> None:
    fields = {**FIELDS, "first_name": "=cmd", "last_name": "x"}
    user = people.open_account(by=ours.administrator, now=NOW, name="formula", role="administrator", fields=fields).user
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    people.unlock(by=user, now=NOW, user=ours.nurse)
    export = b"".join(sent(ours.administrator).get(reverse("audit_export")).streaming_content)  # type: ignore[attr-defined]
    assert b",=cmd" not in export
    assert b"'=cmd" in export


def test_the_verify_button_tells_of_the_own_chain_alone(ours: House, theirs: House) -> None:
    from django.db import connection

    for side in (ours, theirs):
        people.unlock(by=side.administrator, now=NOW, user=side.nurse)
    assert b"none changed or missing" in sent(ours.administrator).post(reverse("audit_verify")).content
    with connection.cursor() as cursor:
        for statement in unguards(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE store_auditentry SET act = 'nothing' WHERE chain = %s", [theirs.clinic.key])
    assert list(chain.broken(ours.clinic.key)) == []
    assert b"none changed or missing" in sent(ours.administrator).post(reverse("audit_verify")).content
    assert b"The chain is broken" in sent(theirs.administrator).post(reverse("audit_verify")).content
