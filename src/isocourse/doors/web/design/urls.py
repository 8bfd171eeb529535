"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.design import views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("design", views.design, name="design"),
]
NEEDS = {"design": Need("see_settings")}
