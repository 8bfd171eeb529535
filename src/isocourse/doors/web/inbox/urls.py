"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.access import Need
from isocourse.doors.web.inbox import views

urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
]
NEEDS = {"inbox": Need("see_inbox")}
