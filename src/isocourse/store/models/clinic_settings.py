"""What a clinic has set over time, and what waits for a prescriber's signature."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key
from isocourse.store.models.people import Clinic, User


class ClinicSettingsVersion(models.Model):
    """Everything a clinic had set from a moment on, for ever: `content` is all of it, so that an old decision can be
    understood. `signed_by` is the prescriber, where the change was a clinical one. The database refuses changes."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="settings_versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=120)
    edition = models.CharField(max_length=200)
    content = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "number"], name="one_version_of_a_number")]
        ordering: ClassVar = ["clinic", "-number"]


class SettingsProposal(models.Model):
    """One clinical change that somebody proposed. In force only when a prescriber of the clinic signs it.

    `target` is the name of the value, rule or version; `content` what it shall be (null: as the programme says);
    `reason` is needed where the change departs from the programme, and stands then with the signature in every answer.
    """

    class Kind(models.TextChoices):
        VALUE = "value", _("A limit or schedule")
        RULE = "rule", _("A rule switched off or on")
        ADOPTION = "adoption", _("A version adopted")
        SECOND_SIGNATURE = "second_signature", _("The second signature")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a prescriber")
        SIGNED = "signed", _("signed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20, choices=Kind)
    target = models.CharField(max_length=80)
    content = models.JSONField(null=True)
    from_day = models.DateField()
    reason = models.TextField(blank=True, default="")
    departs = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "target"],
                condition=models.Q(state="waiting"),
                name="one_waiting_proposal_of_a_target",
            )
        ]
        ordering: ClassVar = ["-pk"]
