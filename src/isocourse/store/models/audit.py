"""Who did what, who looked, who broke the glass, and what is still to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.models.people import Clinic, User
from isocourse.store.models.record import Patient


class AuditEntry(models.Model):
    """One act, chained: `digest` is the SHA-256 of this entry's content and of the digest before it, within one chain
    (a clinic's key, or "isocourse" for acts of no clinic). `detail` holds ids and codes, never what a patient said."""

    chain = models.CharField(max_length=32)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=16)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "number"], name="one_entry_of_a_number")]
        indexes: ClassVar = [models.Index(fields=["subject"])]
        ordering: ClassVar = ["chain", "number"]


class AuditHead(models.Model):
    """The end of each chain: locked while an entry is added, and the witness that none is missing at the end."""

    chain = models.CharField(max_length=32, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


class Look(models.Model):
    """Somebody looked at a patient, at which page."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="looks")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    page = models.CharField(max_length=40)
    broke_glass = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-at"]), models.Index(fields=["user", "-at"])]


class BreakGlass(models.Model):
    """Access for a short while to a patient of another clinic, for a stated reason."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()


class OutboxMessage(models.Model):
    """A message that a committed act wants sent. A job sends it after the commit; sent twice is better than never.
    `not_before` is when to try (again); `problem` is the kind of the last failure, never what a server said."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True, default="")
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "not_before"])]
