"""The addresses, and what they need. Nothing here is about a patient."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.guidance import views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("guidance/", views.guidance, name="guidance"),
    path("guidance/evidence/", views.evidence, name="evidence"),
    path("guidance/evidence/<slug:claim>/", views.evidence_claim, name="evidence_claim"),
    path("guidance/pages/<slug:page>/", views.plain_page, name="plain_page"),
]
NEEDS = {
    "guidance": Need("see_settings"),
    "evidence": Need("see_settings"),
    "evidence_claim": Need("see_settings"),
    "plain_page": Need("see_settings"),
}
