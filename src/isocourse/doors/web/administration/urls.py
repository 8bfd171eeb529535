"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.administration import views

urlpatterns = [
    path("administration", views.administration, name="administration"),
]
NEEDS = {"administration": Need("manage_users")}
