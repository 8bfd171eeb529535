"""Patients, and what was written down about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from isocourse.store.keys import new_event_id, new_key
from isocourse.store.models.people import Clinic, User


class Patient(models.Model):
    """One person in one clinic. Names stay here; the record of events carries only `key`.

    `last_seq` is the number of the last event written, so that a page can tell whether somebody wrote in between.
    `merged_into` names the record that this one is read with: nothing is moved, nothing is lost.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    number = models.CharField(max_length=40, help_text="The clinic's own number of the patient")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    born = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    account = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="patient")
    last_seq = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    merge_reason = models.TextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    # The decision that stands, copied for lists (care.deciding is the only writer of these).
    decision = models.ForeignKey(
        "store.StoredDecision", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    state = models.CharField(max_length=16, default="new", editable=False)
    risk = models.PositiveSmallIntegerField(default=9, editable=False)
    valid_until = models.DateTimeField(null=True, blank=True, editable=False)
    summary = models.JSONField(default=dict, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "number"], name="one_patient_of_a_number")]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "family_name", "given_name"]),
            models.Index(fields=["clinic", "state", "risk"]),
            models.Index(fields=["valid_until"]),
        ]

    @property
    def full_name(self) -> str:
        """Given and family name, as written."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def list_name(self) -> str:
        """The family name first, as lists are sorted."""
        return f"{self.family_name}, {self.given_name}".strip(", ")


class StoredEvent(models.Model):
    """One event as it was written down, for ever: `body` is its JSON. The database refuses to change or delete it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    event_id = models.CharField(max_length=64, unique=True, default=new_event_id)
    kind = models.CharField(max_length=40)
    happened_on = models.CharField(max_length=10)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["patient", "seq"], name="one_event_of_a_seq")]
        indexes: ClassVar = [models.Index(fields=["patient", "kind"])]


class Draft(models.Model):
    """What somebody typed and has not saved yet: one for each person and each form of one patient."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    fields = models.JSONField(default=dict)
    seen_seq = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "patient", "form"], name="one_draft_of_a_form")
        ]


class SentForm(models.Model):
    """A form that was saved, under the token it was drafted with: sent twice, it is written once. `events` are the ids
    of what was written, `decision` what followed."""

    token = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sent_forms")
    form = models.CharField(max_length=40)
    decision = models.ForeignKey("store.StoredDecision", on_delete=models.PROTECT, related_name="+")
    events = models.JSONField(default=list)
    at = models.DateTimeField()


def event_rows(patient: Patient) -> Any:
    """The events of a patient and of every record merged into it, in the order they were written down."""
    keys = [patient.pk, *Patient.objects.filter(merged_into=patient).values_list("pk", flat=True)]
    return StoredEvent.objects.filter(patient__in=keys).order_by("recorded_at", "pk")


def of_person(patient: Patient) -> models.Q:
    """The condition for rows of a patient, or of a record merged into it, in a table with the column `patient`."""
    return models.Q(patient=patient) | models.Q(patient__merged_into=patient)
