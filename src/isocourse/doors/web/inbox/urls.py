"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.inbox import views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
    path("inbox/receive", views.receive, name="inbox_receive"),
    path("inbox/reports/<slug:report>", views.report, name="inbox_report"),
    path("inbox/results/<slug:result>", views.result, name="inbox_result"),
    path("inbox/results/<slug:result>/find", views.find, name="inbox_find"),
    path("inbox/results/<slug:result>/file", views.file, name="inbox_file"),
    path("inbox/results/<slug:result>/aside", views.aside, name="inbox_aside"),
    path("inbox/results/<slug:result>/take-up", views.take_up, name="inbox_take_up"),
    path("inbox/results/<slug:result>/undo", views.undo, name="inbox_undo"),
]
NEEDS = {
    "inbox": Need("see_inbox"),
    "inbox_receive": Need("file_results", heavy=True),
    "inbox_report": Need("see_inbox"),
    "inbox_result": Need("see_inbox"),
    "inbox_find": Need("see_inbox", heavy=True),
    "inbox_file": Need("file_results"),
    "inbox_aside": Need("file_results"),
    "inbox_take_up": Need("file_results"),
    "inbox_undo": Need("file_results"),
}
