"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.administration import books, views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("administration", views.administration, name="administration"),
    path("administration/people/new", views.person_new, name="person_new"),
    path("administration/people/<slug:code>", views.person, name="person"),
    path("administration/people/<slug:code>/<slug:act>", views.person_act, name="person_act"),
    path("administration/audit", books.audit, name="audit"),
    path("administration/audit/verify", books.verify, name="audit_verify"),
    path("administration/audit/export", books.export, name="audit_export"),
    path("administration/looks", books.looks, name="looks"),
]
NEEDS = {
    "administration": Need("manage_users"),
    "person_new": Need("manage_users"),
    "person": Need("manage_users"),
    "person_act": Need("manage_users"),
    "audit": Need("see_audit"),
    "audit_verify": Need("see_audit", heavy=True),
    "audit_export": Need("see_audit", heavy=True),
    "looks": Need("see_audit"),
}
