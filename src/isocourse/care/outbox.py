"""Messages that committed acts want sent, by e-mail. At least once: what was sent and not marked is sent again.

A message says that something waits in isocourse and nothing else: no patient, no name, no address of a page. Without a
mail server (ISOCOURSE_EMAIL_URL) messages wait; the pages show what they are about in any case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from isocourse.store.models import OutboxMessage, User

MOST_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=6)
_DUMMY = "django.core.mail.backends.dummy.EmailBackend"
# Who is told, by kind of message. A kind that is not named goes to the administrators.
TOLD = {
    "glass_broken": User.Role.ADMINISTRATOR,
    "alert": User.Role.PRESCRIBER,
    "setting_proposed": User.Role.PRESCRIBER,
}


def send_due(*, now: datetime, most: int = 50) -> int:
    """The job: try every message whose time has come. How many were sent."""
    if settings.EMAIL_BACKEND == _DUMMY:
        return 0
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, not_before__lte=now)
    keys = list(due.order_by("not_before").values_list("pk", flat=True)[:most])
    return sum(_send(pk, now) for pk in keys)


def _send(pk: int, now: datetime) -> bool:
    message = _claimed(pk, now)
    if message is None:
        return False
    try:
        problem = _mail(message)
    except Exception as error:  # whatever a mail server does, the message stays and is tried again
        problem = type(error).__name__
    if not problem:
        OutboxMessage.objects.filter(pk=pk).update(state=OutboxMessage.State.SENT, sent_at=now, problem="")
        return True
    over = message.attempts >= MOST_ATTEMPTS
    state = OutboxMessage.State.FAILED if over else OutboxMessage.State.WAITING
    OutboxMessage.objects.filter(pk=pk).update(state=state, problem=problem[:60])
    return False


@transaction.atomic
def _claimed(pk: int, now: datetime) -> OutboxMessage | None:
    """The message, with its next attempt put off: no other process tries it meanwhile, and one that is killed while
    sending leaves it to be tried again."""
    held = OutboxMessage.objects.select_for_update().filter(pk=pk).first()
    if held is None or held.state != OutboxMessage.State.WAITING or held.not_before > now:
        return None
    held.attempts += 1
    held.not_before = now + wait_after(held.attempts)
    held.save(update_fields=["attempts", "not_before"])
    return held


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time, six hours at most."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 20)), LONGEST_WAIT)


def _mail(message: OutboxMessage) -> str:
    """Hand a message to the mail server. The kind of problem, empty when it was taken."""
    clinic = message.clinic
    if clinic is None:
        return "no clinic"
    role = TOLD.get(message.kind, User.Role.ADMINISTRATOR)
    people = User.objects.filter(clinic=clinic, role=role, is_active=True).exclude(email="")
    addresses = list(people.order_by("pk").values_list("email", flat=True))
    if not addresses:
        return "no address"
    with translation.override(clinic.language):
        subject = _("Something waits for you in isocourse")
        body = _("Something waits for you in isocourse. Sign in to see it. This message says nothing more on purpose.")
    # One message for each, so that nobody sees the others' addresses.
    for address in addresses:
        EmailMessage(subject, body, to=[address]).send()
    return ""
