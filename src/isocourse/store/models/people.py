"""The clinic and the people who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key


def team_roles() -> list[str]:
    """The roles of a clinic's team."""
    return ["prescriber", "nurse", "administrator"]


class Clinic(models.Model):
    """One clinic: its programme, its own settings, and how it writes numbers and letters.

    `settings` is the YAML of docs/clinic-settings.md, empty where the clinic does as its programme says. `adopted`
    names the versions it has adopted with their days ({"ipledge-2026": "2026-09-01"}). `lab_units` is how the pages
    show results beside the unit reported: "si" (mmol/L) or "conventional" (mg/dL). `second_factor_roles` are the roles
    that must have a second factor before they see anything. `care.clinic_settings` writes it all, with its history.
    """

    class LabUnits(models.TextChoices):
        SI = "si", _("mmol/L, µmol/L")
        CONVENTIONAL = "conventional", _("mg/dL")

    class WeightUnits(models.TextChoices):
        KG = "kg", _("kg")
        LB = "[lb_av]", _("lb")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=200)
    programme = models.CharField(max_length=8)
    settings = models.TextField(blank=True, default="")
    adopted = models.JSONField(blank=True, default=dict)
    language = models.CharField(max_length=16, default="en-gb")
    lab_units = models.CharField(max_length=16, choices=LabUnits, default=LabUnits.SI)
    weight_units = models.CharField(max_length=8, choices=WeightUnits, default=WeightUnits.KG)
    letterhead = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    products = models.JSONField(blank=True, default=list)
    second_signature = models.BooleanField(default=False)
    second_factor_roles = models.JSONField(blank=True, default=team_roles)
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in: one clinic, one role. `code` is how the record names the author of an event.

    A one-time password has to be changed at once (`must_change_password`) and opens nothing after `one_time_until`.
    `sign_in_epoch` is part of what a session is checked against: counting it up signs out everywhere.
    """

    class Role(models.TextChoices):
        PRESCRIBER = "prescriber", _("Prescriber")
        NURSE = "nurse", _("Nurse")
        ADMINISTRATOR = "administrator", _("Administrator")
        PATIENT = "patient", _("Patient")

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    role = models.CharField(max_length=16, choices=Role, default=Role.PATIENT)
    code = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    title = models.CharField(max_length=200, blank=True, default="")
    theme = models.CharField(max_length=8, default="system")
    must_change_password = models.BooleanField(default=False)
    one_time_until = models.DateTimeField(null=True, blank=True)
    sign_in_epoch = models.PositiveIntegerField(default=0)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def shown_name(self) -> str:
        """The name as colleagues read it."""
        return self.get_full_name() or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must carry to stand: of the password and of the epoch."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under secret keys that are being replaced."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, key: str | bytes) -> str:
        content = f"{self.sign_in_epoch} {self.password}"
        return salted_hmac("isocourse.session", content, secret=key, algorithm="sha256").hexdigest()


class SavedView(models.Model):
    """A worklist filter that somebody keeps under a name. `query` holds filters only, never a search for a person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="one_view_of_a_name")]
        ordering: ClassVar = ["name"]
