"""What was decided, what departs from it, and what there is to do."""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any, ClassVar

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key
from isocourse.store.models.people import Clinic, User
from isocourse.store.models.record import Patient


class StoredDecision(models.Model):
    """One decision with all its reasons, for ever. `answer` is the whole answer (docs/answer.md) as compressed JSON, so
    that an old decision explains itself without being run again. Past `valid_until` it is history, never current."""

    class Trigger(models.TextChoices):
        EVENT = "event", _("something was written down")
        TIME = "time", _("time went by")
        EDITION = "edition", _("the protocol or the clinic's settings changed")
        PRESCRIBING = "prescribing", _("a prescription was asked for")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    as_of = models.DateField()
    seen_seq = models.PositiveIntegerField()
    trigger = models.CharField(max_length=16, choices=Trigger)
    edition = models.CharField(max_length=80)
    supply = models.CharField(max_length=16)
    capsules_in_hand = models.CharField(max_length=16)
    complete = models.BooleanField()
    headline = models.TextField()
    valid_until = models.DateTimeField(null=True)
    answer = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-decided_at"])]
        ordering: ClassVar = ["-pk"]

    @property
    def answered(self) -> Any:
        """The answer as plain data."""
        return msgspec.json.decode(zlib.decompress(self.answer))


def packed(answer_json: bytes) -> bytes:
    """An answer as it is stored."""
    return zlib.compress(answer_json, 6)


class Override(models.Model):
    """A prescriber's signed departure from findings of one decision; never from a regulation. `second_*` is the second
    signature where the clinic wants one; without it the override is not in force.

    `rules` are the findings as they were signed for (words.overriding.Covered), `proposal` what was to be prescribed
    (words.prescription.Choice). The database lets nothing but the signature and the withdrawal be added later.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    decision = models.ForeignKey(StoredDecision, on_delete=models.PROTECT, related_name="overrides")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="overrides")
    rules = models.JSONField()
    proposal = models.JSONField(default=dict)
    ground = models.CharField(max_length=40)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    second_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    @property
    def in_force(self) -> bool:
        """Whether every signature is there and none was taken back."""
        return self.withdrawn_at is None and (not self.needs_second or self.second_at is not None)


class SupplyAlert(models.Model):
    """A supply that nobody of the clinic prescribed, or that was made although it was to be withheld. It stands on the
    list until a prescriber has settled it, so that care never leaves the record."""

    class Kind(models.TextChoices):
        OUTSIDE = "outside", _("supplied outside the clinic's prescriptions")
        VOIDED = "voided", _("supplied on a prescription that was voided")
        WITHHELD = "withheld", _("supplied although it was to be withheld")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="supply_alerts")
    kind = models.CharField(max_length=16, choices=Kind)
    event_id = models.CharField(max_length=64)
    rules = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_how = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-pk"]


# After every day that is due.
NO_DAY = date(9999, 12, 31)


class WorkItem(models.Model):
    """One thing to do about one patient, as the current decision says; written anew with each decision.

    `place` is the part of the list it belongs to, `rank` its place among the patient's own (0: the most pressing), so
    that a list can show each patient once without sorting everything first. `state` is the patient's, for filters.
    `by_day` is `due`, or NO_DAY: databases differ in where they sort what has none. `why` has one sentence a line.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="work")
    state = models.CharField(max_length=16, default="new")
    kind = models.CharField(max_length=24)
    place = models.CharField(max_length=12, default="dated")
    rank = models.PositiveSmallIntegerField(default=0)
    risk = models.PositiveSmallIntegerField()
    says = models.TextField()
    why = models.TextField(blank=True, default="")
    who = models.CharField(max_length=16)
    earliest = models.DateField(null=True)
    due = models.DateField(null=True)
    by_day = models.DateField(default=NO_DAY)
    closes_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["clinic", "place", "risk", "by_day", "id"], name="work_by_place"),
            models.Index(fields=["clinic", "place", "by_day", "id"], name="work_by_place_and_day"),
            models.Index(fields=["clinic", "risk", "by_day", "id"], name="work_by_risk"),
            models.Index(fields=["clinic", "by_day", "id"], name="work_by_day"),
            models.Index(fields=["clinic", "kind", "risk", "by_day", "id"], name="work_by_kind"),
            models.Index(fields=["clinic", "state", "risk", "by_day", "id"], name="work_by_state"),
            models.Index(fields=["clinic", "state", "by_day", "id"], name="work_by_state_and_day"),
            models.Index(fields=["clinic", "who", "risk", "by_day", "id"], name="work_by_who"),
            models.Index(fields=["patient", "rank"], name="work_of_patient"),
        ]
