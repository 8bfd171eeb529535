"""Photographs of skin, what was measured in them, and pairs that were compared. The pictures are sealed files
(`store.vault`); here is whose they are, when and how, and what became of them."""

from __future__ import annotations

import zlib
from typing import Any, ClassVar

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from isocourse.store.keys import new_key
from isocourse.store.models.people import User
from isocourse.store.models.record import Patient


class Analysis(models.TextChoices):
    WAITING = "waiting", _("waits to be measured")
    RUNNING = "running", _("is being measured")
    MEASURED = "measured", _("measured")
    FAILED = "failed", _("not measured")


class Photograph(models.Model):
    """One photograph. `data_key` is its own key, wrapped by the clinic's; empty once the photograph is deleted, and the
    row then says by whom, when and why. `consent` is the id of the event under which it was taken. `synthetic`: made
    for a demonstration, of nobody. `problem` is why nothing was measured, for whoever holds the camera."""

    class View(models.TextChoices):
        FRONTAL = "frontal", _("Face, front")
        LEFT = "left_45", _("Face, left side (45°)")
        RIGHT = "right_45", _("Face, right side (45°)")
        RAKING_LEFT = "raking_left", _("Face, light from the picture's left")
        RAKING_RIGHT = "raking_right", _("Face, light from the picture's right")
        CHEST = "chest", _("Chest")
        BACK = "back", _("Back")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photographs")
    day = models.DateField()
    view = models.CharField(max_length=16, choices=View)
    repeat = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    synthetic = models.BooleanField(default=False)
    consent = models.CharField(max_length=64)
    data_key = models.BinaryField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Analysis, default=Analysis.WAITING)
    problem = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    delete_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "day", "view", "repeat"], name="one_photograph_of_a_repeat")
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "day"]),
            models.Index(fields=["state"], condition=models.Q(deleted_at=None), name="photographs_by_state"),
        ]
        ordering: ClassVar = ["day", "view", "repeat", "pk"]


class PhotographMeasurement(models.Model):
    """What one version of the method measured: `content` is it as compressed JSON (`care.photograph_jobs.Kept`). A
    new version adds a row; deleting the photograph deletes them."""

    photograph = models.ForeignKey(Photograph, on_delete=models.PROTECT, related_name="measurements")
    method = models.CharField(max_length=80)
    at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photograph", "method"], name="one_measurement_of_a_method")
        ]
        ordering: ClassVar = ["pk"]


class PhotographComparison(models.Model):
    """A follow-up laid on an earlier photograph of the same view: `content` is what came of it as compressed JSON
    (`care.photograph_comparing.Pairing`), empty while it waits."""

    before = models.ForeignKey(Photograph, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Photograph, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Analysis, default=Analysis.WAITING)
    problem = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    content = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["before", "after"], name="one_comparison_of_a_pair")]


def packed_struct(content: msgspec.Struct) -> bytes:
    """Figures as they are stored."""
    return zlib.compress(msgspec.json.encode(content), 6)


def unpacked(content: bytes | memoryview, shape: type[Any]) -> Any:
    """Stored figures in their shape."""
    return msgspec.json.decode(zlib.decompress(bytes(content)), type=shape)
