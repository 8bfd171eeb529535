"""Laboratory reports on their way into records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key
from isocourse.store.models.people import Clinic, User
from isocourse.store.models.record import Patient


class InboxReport(models.Model):
    """One report as it came: `source` is kept as it was (`encoding` gives its bytes back), `digest` is of its text
    without regard to line ends, and `not_read` lists what could not be read and is nobody's."""

    class Form(models.TextChoices):
        CSV = "csv", _("CSV")
        FHIR = "fhir", _("FHIR Bundle")
        HL7 = "hl7", _("HL7 v2 ORU")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="reports")
    form = models.CharField(max_length=8, choices=Form)
    source = models.TextField()
    encoding = models.CharField(max_length=16, default="utf-8")
    digest = models.CharField(max_length=64)
    not_read = models.JSONField(default=list)
    came_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "digest"], name="one_report_of_a_content")]
        ordering: ClassVar = ["-pk"]


class InboxResult(models.Model):
    """One person's results in a report. Nothing enters a record before somebody confirmed whose they are."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a person to confirm")
        FILED = "filed", _("filed")
        ASIDE = "aside", _("kept aside")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    report = models.ForeignKey(InboxReport, on_delete=models.PROTECT, related_name="results")
    named = models.JSONField(help_text="How the report names the person: number, names, birth date")
    events = models.JSONField(help_text="What would be written down, without ids, as `exchange.lab_reports.Found`")
    not_read = models.JSONField(default=list)
    written = models.JSONField(
        default=list, help_text="What was written down: the place in `events`, and the event's id"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    suggested = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["clinic", "state"])]
        ordering: ClassVar = ["pk"]
