"""The addresses, and what they need. What is pasted is sent, never part of an address."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.skincare import shelf, views

_SHELF = "patients/<slug:patient>/skin-shelf"
urlpatterns = [
    path("skincare/check", views.check_list, name="skincare_check"),
    path("skincare/compare", views.compare_lists, name="skincare_compare"),
    path(_SHELF, shelf.shelf, name="skin_shelf"),
    path(f"{_SHELF}/put", shelf.put, name="skin_shelf_put"),
    path(f"{_SHELF}/away", shelf.away, name="skin_shelf_away"),
]
NEEDS = {
    "skincare_check": Need("see_worklist"),
    "skincare_compare": Need("see_worklist"),
    "skin_shelf": Need("see_patient", looks=True),
    "skin_shelf_put": Need("write"),
    "skin_shelf_away": Need("write"),
}
