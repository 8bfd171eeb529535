"""At the door: guessing locks, one-time passwords must be changed, second factors can be demanded, sessions end."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from isocourse.care import people
from isocourse.doors.web import gate
from isocourse.store.models import AuditEntry, User
from tests.clinic.conftest import House

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9"
LOGIN = "/account/login/"


def enter(name: str, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, Any]:
    """Sign in through the form, as a person does."""
    client = client or Client()
    return client, client.post(LOGIN, {"login": name, "password": password})


def code_now(secret: str) -> str:
    """The code that an authenticator app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def with_app(user: User) -> str:
    """Give somebody an authenticator app; its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


# --- guessing ---------------------------------------------------------------------------------------
def test_five_wrong_passwords_lock_the_name_however_it_is_written(ours: House, caplog: Any) -> None:
    name = ours.nurse.username
    with caplog.at_level(logging.DEBUG):
        for spelling in (name, name.upper(), f" {name}", name.capitalize(), name):
            _, answer = enter(spelling, "a wrong password")
    assert answer.status_code == 429
    assert b"Locked for a while" in answer.content
    assert AccessAttempt.objects.get().failures_since_start == 5  # one account, five times: axes is asked with the name
    client, _ = enter(name)
    assert client.get(reverse("worklist")).status_code == 302, "the right password is not even tried"
    cache.clear()  # the limits of this process apart: axes alone holds the lock
    assert enter(name)[1].status_code == 429
    for record in caplog.records:
        if record.levelno >= logging.WARNING:
            assert "a wrong password" not in record.getMessage()
    assert [entry.subject for entry in AuditEntry.objects.filter(act="locked_out")] == [ours.nurse.code]


def test_nothing_of_wrong_passwords_reaches_the_log_as_it_is_set_up(ours: House, capfd: Any) -> None:
    for _ in range(6):
        enter(ours.nurse.username, "a wrong password")
    said = "".join(capfd.readouterr())
    assert ours.nurse.username not in said
    assert "a wrong password" not in said


def test_what_is_kept_of_a_wrong_attempt_holds_no_password(ours: House) -> None:
    enter(ours.nurse.username, "a wrong password")
    assert "a wrong password" not in str(AccessAttempt.objects.values())


def test_an_administrator_unlocks(ours: House) -> None:
    for _ in range(5):
        enter(ours.nurse.username, "a wrong password")
    people.unlock(by=ours.administrator, now=timezone.now(), user=ours.nurse)
    cache.clear()  # the limits of this process, which run out by themselves
    assert enter(ours.nurse.username)[1].status_code == 302


def test_another_person_at_the_same_desk_is_not_locked(ours: House) -> None:
    for _ in range(5):
        enter(ours.nurse.username, "a wrong password")
    assert enter(ours.prescriber.username)[1].status_code == 302


# --- one-time passwords -----------------------------------------------------------------------------
def opened(ours: House, **fields: str) -> people.Opened:
    wanted = {"last_name": "New", **fields}
    return people.open_account(by=ours.administrator, now=timezone.now(), name="new.nurse", role="nurse", fields=wanted)


def test_a_one_time_password_opens_the_page_that_changes_it_and_nothing_else(ours: House) -> None:
    account = opened(ours)
    client, answer = enter("new.nurse", account.password)
    change = reverse("account_change_password")
    for page in (answer.url, reverse("worklist"), reverse("mfa_index"), reverse("clinic_settings")):
        assert client.get(page).url == change
    assert client.get(reverse("worklist"), headers={"HX-Request": "true"})["HX-Redirect"] == change
    sent = {"oldpassword": account.password, "password1": account.password, "password2": account.password}
    assert b"the password you have now" in client.post(change, sent).content
    for bad in ("short", "123456789012", "1qaz2wsx3edc"):
        client.post(change, {**sent, "password1": bad, "password2": bad})
        account.user.refresh_from_db()
        assert account.user.must_change_password
    good = "lantern orbit walnut"
    assert client.post(change, {**sent, "password1": good, "password2": good}).url == reverse("worklist")  # type: ignore[attr-defined]
    assert client.get(reverse("worklist")).status_code == 200
    assert AuditEntry.objects.filter(act="change_password", by=account.user.code).count() == 1
    assert enter("new.nurse", account.password)[1].status_code == 200, "the one-time password is gone"


def test_what_cannot_be_audited_is_not_done(ours: House, monkeypatch: Any) -> None:
    """The password stays, and so do the recovery codes, where their audit entry cannot be written."""
    client, _ = enter(ours.nurse.username)
    client.raise_request_exception = False
    was = User.objects.get(pk=ours.nurse.pk).password

    def full(*args: Any, **more: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr("isocourse.care.audit.write", full)
    new = {"oldpassword": PASSWORD, "password1": "lantern orbit walnut", "password2": "lantern orbit walnut"}
    assert client.post(reverse("account_change_password"), new).status_code == 500
    assert User.objects.get(pk=ours.nurse.pk).password == was
    secret = with_app(ours.nurse)
    assert secret and client.post(reverse("mfa_generate_recovery_codes"), {}).status_code in (302, 500)
    assert not Authenticator.objects.filter(user=ours.nurse, type="recovery_codes").exists()
    monkeypatch.undo()
    for act in ("add_second_factor", "renew_second_factor"):
        assert client.post(reverse("mfa_generate_recovery_codes"), {}).status_code == 302
        entry = AuditEntry.objects.filter(subject=ours.nurse.code).latest("number")
        assert (entry.act, entry.detail) == (act, {"type": "recovery_codes"})


def test_a_one_time_password_runs_out(ours: House) -> None:
    account = opened(ours)
    User.objects.filter(pk=account.user.pk).update(one_time_until=timezone.now() - timedelta(seconds=1))
    client, answer = enter("new.nurse", account.password)
    assert answer.url == LOGIN
    assert b"run out" in client.get(LOGIN).content
    assert client.get(reverse("worklist")).status_code == 302


# --- second factors ---------------------------------------------------------------------------------
def test_who_needs_a_second_factor_and_has_none_can_only_add_one(ours: House) -> None:
    ours.clinic.second_factor_roles = ["nurse"]
    ours.clinic.save()
    client, _ = enter(ours.nurse.username)
    index = reverse("mfa_index")
    assert client.get(reverse("worklist")).url == index
    assert client.get(reverse("clinic_settings")).url == index
    assert b"Add a second factor" in client.get(index).content
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("worklist")).status_code == 200
    doctor, _ = enter(ours.prescriber.username)
    assert doctor.get(reverse("worklist")).status_code == 200, "only the roles that are named"


def test_the_second_step_is_asked_and_the_secret_is_not_readable_in_the_database(ours: House) -> None:
    secret = with_app(ours.nurse)
    assert secret not in str(Authenticator.objects.values())
    client, answer = enter(ours.nurse.username)
    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("worklist")).status_code == 302
    client.post(answer.url, {"code": code_now(secret)})
    assert client.get(reverse("worklist")).status_code == 200


def test_codes_cannot_be_guessed_for_long(ours: House) -> None:
    secret = with_app(ours.nurse)
    client, answer = enter(ours.nurse.username)
    for _ in range(6):
        client.post(answer.url, {"code": "000000"})
    client.post(answer.url, {"code": code_now(secret)})
    assert client.get(reverse("worklist")).status_code == 302


def test_removing_the_last_second_factor_closes_the_gate_again(ours: House, monkeypatch: Any) -> None:
    ours.clinic.second_factor_roles = ["nurse"]
    ours.clinic.save()
    secret = with_app(ours.nurse)
    client, answer = enter(ours.nurse.username)
    client.post(answer.url, {"code": code_now(secret)})
    assert client.get(reverse("worklist")).status_code == 200
    later = gate.time.time() + gate.FRESH_SECONDS
    with monkeypatch.context() as clock:
        clock.setattr(gate.time, "time", lambda: later)
        assert "reauthenticate" in client.post(reverse("mfa_deactivate_totp")).url
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(reverse("worklist")).url == reverse("mfa_index")


# --- sessions ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["close_account", "reset_second_factor", "new_one_time_password", "role"])
def test_what_an_administrator_does_signs_out_everywhere(ours: House, act: str) -> None:
    desks = [enter(ours.nurse.username)[0] for _ in range(2)]
    assert [desk.get(reverse("worklist")).status_code for desk in desks] == [200, 200]
    now = timezone.now()
    if act == "role":
        people.change_account(
            by=ours.administrator, now=now, user=ours.nurse, role="prescriber", fields={"last_name": "Tan"}
        )
    else:
        getattr(people, act)(by=ours.administrator, now=now, user=ours.nurse)
    assert [desk.get(reverse("worklist")).status_code for desk in desks] == [302, 302]


def test_a_closed_account_does_not_sign_in_and_what_was_open_stays_closed(ours: House) -> None:
    desk, _ = enter(ours.nurse.username)
    people.close_account(by=ours.administrator, now=timezone.now(), user=ours.nurse)
    assert enter(ours.nurse.username)[0].get(reverse("worklist")).status_code == 302
    people.reopen_account(by=ours.administrator, now=timezone.now(), user=ours.nurse)
    assert desk.get(reverse("worklist")).status_code == 302


def test_a_session_ends_twelve_hours_after_it_began_however_busy(ours: House, monkeypatch: Any) -> None:
    client, _ = enter(ours.nurse.username)
    began = client.session["began"]
    monkeypatch.setattr(gate.time, "time", lambda: began + gate.LONGEST_SECONDS - 1)
    assert client.get(reverse("worklist")).status_code == 200
    monkeypatch.setattr(gate.time, "time", lambda: began + gate.LONGEST_SECONDS)
    assert client.get(reverse("worklist")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_idle_time_is_measured_from_the_last_request(ours: House, monkeypatch: Any) -> None:
    client, _ = enter(ours.nurse.username)
    stored = client.session
    stored["seen"] -= gate.WRITTEN_EVERY_SECONDS
    stored.set_expiry(60)
    stored.save()
    before = client.session.get_expiry_date()
    client.get(reverse("worklist"))
    assert client.session.get("seen") > stored["seen"], "a request writes the session, and with it when it ends"
    assert client.session.get_expiry_date() >= before


def test_a_part_of_a_page_asked_for_after_the_end_gets_no_page(ours: House) -> None:
    assert Client().get(reverse("worklist"), headers={"HX-Request": "true"}).status_code == 401


def test_signing_in_and_out_is_in_the_audit(ours: House) -> None:
    client, _ = enter(ours.nurse.username)
    client.post(reverse("account_logout"))
    acts = AuditEntry.objects.filter(by=ours.nurse.code).values_list("act", flat=True)
    assert list(acts) == ["sign_in", "sign_out"]
