"""Messages: sent at least once, later again when they fail, and never with anything about a patient."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from isocourse.care import outbox
from isocourse.care.patients import break_glass
from isocourse.store.models import OutboxMessage, Patient
from tests.clinic.conftest import NOW, House

pytestmark = pytest.mark.django_db
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
DUMMY = "django.core.mail.backends.dummy.EmailBackend"
NOWHERE = "tests.clinic.no_mail.Backend"


@pytest.fixture
def message(ours: House, theirs: House, patient: Patient) -> OutboxMessage:
    ours.administrator.email = "admin@example.org"
    ours.administrator.save()
    break_glass(by=theirs.prescriber, patient=patient, now=NOW, reason="unconscious in our emergency room")
    return OutboxMessage.objects.get()


def test_a_message_goes_to_the_administrators_once_and_names_nobody(
    message: OutboxMessage, patient: Patient, settings: Any
) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    assert outbox.send_due(now=NOW) == 1
    assert outbox.send_due(now=NOW + timedelta(days=1)) == 0
    (sent,) = mail.outbox
    assert sent.to == ["admin@example.org"]
    whole = f"{sent.subject} {sent.body} {sent.extra_headers}"
    for word in (
        patient.family_name,
        patient.given_name,
        patient.number,
        patient.key,
        "emergency",
        "isotretinoin",
        "http",
    ):
        assert word not in whole
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)


def test_without_a_mail_server_messages_wait(message: OutboxMessage, settings: Any) -> None:
    settings.EMAIL_BACKEND = DUMMY
    assert outbox.send_due(now=NOW + timedelta(days=9)) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)


def test_a_failing_mail_server_is_tried_again_later_and_at_last_given_up(message: OutboxMessage, settings: Any) -> None:
    settings.EMAIL_BACKEND = NOWHERE
    now, tried = NOW, []
    while OutboxMessage.objects.get().state == "waiting":
        outbox.send_due(now=now)
        message.refresh_from_db()
        if not tried or tried[-1] != message.attempts:
            tried.append(message.attempts)
        now = message.not_before
    assert tried == list(range(1, outbox.MOST_ATTEMPTS + 1))
    assert (message.state, message.problem) == ("failed", "ConnectionRefusedError")
    settings.EMAIL_BACKEND = LOCMEM
    assert outbox.send_due(now=now + timedelta(days=1)) == 0


def test_between_attempts_it_waits_longer_each_time(message: OutboxMessage, settings: Any) -> None:
    settings.EMAIL_BACKEND = NOWHERE
    outbox.send_due(now=NOW)
    message.refresh_from_db()
    assert message.not_before == NOW + timedelta(minutes=1)
    settings.EMAIL_BACKEND = LOCMEM
    assert outbox.send_due(now=message.not_before - timedelta(seconds=1)) == 0
    assert outbox.send_due(now=message.not_before) == 1
    waits = [outbox.wait_after(attempts) for attempts in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_WAIT


def test_killed_between_sending_and_marking_it_is_sent_again(message: OutboxMessage, settings: Any) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    claimed = outbox._claimed(message.pk, NOW)
    assert claimed is not None
    assert outbox._mail(claimed) == ""
    # Killed here. Nobody else tries before its time, then somebody does.
    assert outbox.send_due(now=NOW) == 0
    assert outbox.send_due(now=NOW + timedelta(minutes=1)) == 1
    assert len(mail.outbox) == 2


def test_without_an_address_the_problem_is_told(message: OutboxMessage, ours: House, settings: Any) -> None:
    settings.EMAIL_BACKEND = LOCMEM
    ours.administrator.email = ""
    ours.administrator.save()
    assert outbox.send_due(now=NOW) == 0
    message.refresh_from_db()
    assert (message.state, message.problem) == ("waiting", "no address")
