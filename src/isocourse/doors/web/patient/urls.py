"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.patient import glass, views

urlpatterns = [
    path("patients/<slug:patient>", views.patient, name="patient"),
    path("break-glass/<slug:key>", glass.glass, name="glass"),
]
NEEDS = {"patient": Need("see_patient", looks=True), "glass": Need("break_glass")}
