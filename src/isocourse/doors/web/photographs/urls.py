"""The addresses, and what they need. A picture has no address of its own beside the page's keys, and no static file."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.photographs import capture, comparing, consent, papers, trends, views

_PATIENT = "patients/<slug:patient>/photographs"
urlpatterns = [
    path(_PATIENT, views.gallery, name="photographs"),
    path(f"{_PATIENT}/add", views.add, name="photograph_add"),
    path(f"{_PATIENT}/progress", views.progress, name="photograph_progress"),
    path(f"{_PATIENT}/consent", consent.sign, name="photograph_consent"),
    path(f"{_PATIENT}/consent/withdraw", consent.withdraw, name="photograph_consent_withdraw"),
    path(f"{_PATIENT}/delete", views.delete, name="photograph_delete"),
    path(f"{_PATIENT}/trend", trends.trend, name="photograph_trend"),
    path(f"{_PATIENT}/capture", capture.capture, name="photograph_capture"),
    path(f"{_PATIENT}/capture/aim", capture.aim, name="photograph_aim"),
    path(f"{_PATIENT}/compare", comparing.compare, name="photograph_compare"),
    path(f"{_PATIENT}/compare/begin", comparing.begin, name="photograph_begin"),
    path(f"{_PATIENT}/compare/pdf", papers.compared, name="photographs_pdf"),
    path(f"{_PATIENT}/<slug:photograph>", views.photograph, name="photograph"),
    path(f"{_PATIENT}/<slug:photograph>/again", views.again, name="photograph_again"),
    path(f"{_PATIENT}/<slug:photograph>/pdf", papers.measured, name="photograph_pdf"),
    path(f"{_PATIENT}/<slug:photograph>/dicom", papers.dicom, name="photograph_dicom"),
    path(f"{_PATIENT}/<slug:photograph>/fhir", papers.fhir, name="photograph_fhir"),
    path(f"{_PATIENT}/<slug:photograph>/<slug:part>", views.picture, name="photograph_picture"),
    path(f"{_PATIENT}/<slug:photograph>/<slug:before>/<slug:part>", views.laid, name="photograph_laid"),
]
NEEDS = {
    "photographs": Need("see_photographs", looks=True),
    "photograph_add": Need("take_photographs"),
    "photograph_progress": Need("see_photographs"),
    "photograph_consent": Need("take_photographs"),
    "photograph_consent_withdraw": Need("take_photographs"),
    "photograph_delete": Need("delete_photographs", looks=True),
    "photograph_trend": Need("see_photographs", looks=True),
    "photograph_capture": Need("take_photographs", looks=True),
    "photograph_aim": Need("take_photographs"),
    "photograph_compare": Need("see_photographs", looks=True),
    "photograph_begin": Need("take_photographs"),
    "photograph": Need("see_photographs", looks=True),
    "photograph_again": Need("take_photographs"),
    "photograph_pdf": Need("see_photographs", looks=True, heavy=True),
    "photographs_pdf": Need("see_photographs", looks=True, heavy=True),
    "photograph_dicom": Need("see_photographs", looks=True, heavy=True),
    "photograph_fhir": Need("see_photographs", looks=True, heavy=True),
    "photograph_picture": Need("see_photographs"),
    "photograph_laid": Need("see_photographs"),
}
