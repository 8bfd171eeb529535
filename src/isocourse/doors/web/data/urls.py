"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.data import views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("data/openapi.json", views.openapi, name="openapi"),
    path("data/assess", views.assess_record, name="assess_record"),
    path("patients/<slug:patient>/record.json", views.record, name="record_json"),
    path("patients/<slug:patient>/answer.json", views.answer, name="answer_json"),
    path("patients/<slug:patient>/plan.json", views.plan, name="plan_json"),
]
NEEDS = {
    "openapi": Need("see_worklist"),
    "assess_record": Need("see_worklist", heavy=True),
    "record_json": Need("see_patient", looks=True),
    "answer_json": Need("see_patient", looks=True),
    "plan_json": Need("see_patient", looks=True),
}
