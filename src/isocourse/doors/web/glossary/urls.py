"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.glossary import views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("guidance/words/", views.words, name="words"),
]
NEEDS = {"words": Need("see_settings")}
