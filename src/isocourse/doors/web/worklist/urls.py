"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.worklist import views

urlpatterns = [
    path("worklist", views.worklist, name="worklist"),
]
NEEDS = {"worklist": Need("see_worklist")}
