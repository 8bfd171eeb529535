"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.visit import views

urlpatterns = [
    path("patients/<slug:patient>/visit", views.visit, name="visit"),
]
NEEDS = {"visit": Need("write", looks=True)}
