"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.visit import views

urlpatterns = [
    path("patients/<slug:patient>/visit", views.visit, name="visit"),
    path("patients/<slug:patient>/visit/more", views.more, name="visit_more"),
    path("patients/<slug:patient>/visit/preview", views.preview, name="visit_preview"),
    path("patients/<slug:patient>/visit/draft", views.draft, name="visit_draft"),
    path("patients/<slug:patient>/visit/discard", views.discard, name="visit_discard"),
    path("patients/<slug:patient>/visits/<slug:token>", views.sheet, name="visit_sheet"),
]
NEEDS = {
    "visit": Need("write", looks=True),
    "visit_more": Need("write"),
    "visit_preview": Need("write", heavy=True),
    "visit_draft": Need("write"),
    "visit_discard": Need("write"),
    "visit_sheet": Need("see_patient", looks=True),
}
