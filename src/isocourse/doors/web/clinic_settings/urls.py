"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.clinic_settings import views

urlpatterns = [
    path("settings", views.clinic_settings, name="clinic_settings"),
]
NEEDS = {"clinic_settings": Need("see_settings")}
