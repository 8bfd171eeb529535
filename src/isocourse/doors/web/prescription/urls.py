"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.prescription import views

urlpatterns = [
    path("patients/<slug:patient>/prescription", views.prescription, name="prescription"),
]
NEEDS = {"prescription": Need("prescribe", looks=True)}
