"""What was printed: prescriptions and letters, as they were."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key
from isocourse.store.models.decisions import Override, StoredDecision
from isocourse.store.models.people import Clinic, User
from isocourse.store.models.record import Patient


class Document(models.Model):
    """A prescription or letter: `content` is everything it says, so that it can be printed again as it was. The
    database lets nothing but the voiding be added later."""

    class Kind(models.TextChoices):
        PRESCRIPTION = "prescription", _("Prescription")
        RECALL = "recall", _("Recall letter")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=Kind)
    event_id = models.CharField(max_length=64, blank=True, default="")
    decision = models.ForeignKey(StoredDecision, on_delete=models.PROTECT, null=True)
    override = models.ForeignKey(Override, on_delete=models.PROTECT, null=True)
    content = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            # An override is for one prescription; null is not equal to null.
            models.UniqueConstraint(fields=["override"], name="one_document_of_an_override")
        ]
        ordering: ClassVar = ["-pk"]
