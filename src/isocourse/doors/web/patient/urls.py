"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.patient import corrections, decisions, details, flowsheet, glass, merging, overview, story

urlpatterns = [
    path("patients/<slug:patient>", overview.overview, name="patient"),
    path("patients/<slug:patient>/flowsheet", flowsheet.sheet, name="flowsheet"),
    path("patients/<slug:patient>/story", story.told, name="story"),
    path("patients/<slug:patient>/story/<str:event>/withdraw", corrections.withdrawal, name="withdraw_event"),
    path("patients/<slug:patient>/story/<str:event>/amend", corrections.amendment, name="amend_event"),
    path("patients/<slug:patient>/decisions", decisions.decisions, name="decisions"),
    path("patients/<slug:patient>/details", details.details, name="details"),
    path("patients/<slug:patient>/identity", details.identity, name="identity"),
    path("patients/<slug:patient>/merge", merging.search, name="merge_search"),
    path("patients/<slug:patient>/merge/<slug:other>", merging.confirm, name="merge"),
    path("break-glass/<slug:key>", glass.glass, name="glass"),
]
NEEDS = {
    "patient": Need("see_patient", looks=True),
    "flowsheet": Need("see_patient", looks=True),
    "story": Need("see_patient", looks=True),
    "withdraw_event": Need("write", looks=True),
    "amend_event": Need("write", looks=True),
    "decisions": Need("see_patient", looks=True),
    "details": Need("see_patient", looks=True),
    "identity": Need("register"),
    "merge_search": Need("merge", heavy=True),
    "merge": Need("merge", looks=True),
    "glass": Need("break_glass"),
}
