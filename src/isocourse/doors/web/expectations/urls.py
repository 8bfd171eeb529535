"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.expectations import views
from isocourse.doors.web.needs import Need

_PATIENT = "patients/<slug:patient>/expectations"
urlpatterns = [
    path(_PATIENT, views.expectations, name="expectations"),
    path(f"{_PATIENT}/sheet", views.sheet, name="expectations_sheet"),
]
NEEDS = {
    "expectations": Need("see_patient", looks=True),
    "expectations_sheet": Need("see_patient", looks=True),
}
