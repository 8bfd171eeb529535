"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.routine import views

_PATIENT = "patients/<slug:patient>/skin-care"
urlpatterns = [
    path(_PATIENT, views.skin_care, name="skin_care"),
    path(f"{_PATIENT}/preview", views.preview, name="skin_care_preview"),
    path(f"{_PATIENT}/profile", views.profile, name="skin_care_profile"),
    path(f"{_PATIENT}/sheet", views.sheet, name="skin_care_sheet"),
]
NEEDS = {
    "skin_care": Need("see_patient", looks=True),
    "skin_care_preview": Need("see_patient"),
    "skin_care_profile": Need("write"),
    "skin_care_sheet": Need("see_patient", looks=True),
}
