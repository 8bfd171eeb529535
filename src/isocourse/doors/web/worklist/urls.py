"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.worklist import finding, letters, new, views

urlpatterns = [
    path("worklist", views.worklist, name="worklist"),
    path("worklist/keep", views.keep_view, name="keep_view"),
    path("worklist/drop", views.drop_view, name="drop_view"),
    path("find", finding.find_patient, name="find_patient"),
    path("new-patient", new.new_patient, name="new_patient"),
    path("letters", letters.preview, name="letters"),
    path("letters/make", letters.make, name="letters_make"),
    path("letters/done", letters.done, name="letters_done"),
    path("letters/print", letters.printed, name="letters_print"),
]
NEEDS = {
    "worklist": Need("see_worklist"),
    "keep_view": Need("see_worklist"),
    "drop_view": Need("see_worklist"),
    "find_patient": Need("see_patient", heavy=True),
    "new_patient": Need("register"),
    "letters": Need("recall"),
    "letters_make": Need("recall", heavy=True),
    "letters_done": Need("recall"),
    "letters_print": Need("recall", heavy=True),
}
