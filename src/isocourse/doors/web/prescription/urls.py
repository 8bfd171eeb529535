"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.needs import Need
from isocourse.doors.web.prescription import documents, signatures, supplies, views

_PATIENT = "patients/<slug:patient>"
urlpatterns = [
    path(f"{_PATIENT}/prescription", views.prescription, name="prescription"),
    path(f"{_PATIENT}/prescription/preview", views.preview, name="prescription_preview"),
    path(f"{_PATIENT}/prescriptions", documents.prescriptions, name="prescriptions"),
    path(f"{_PATIENT}/prescriptions/<slug:document>", documents.document, name="prescription_document"),
    path(f"{_PATIENT}/prescriptions/<slug:document>/pdf", documents.pdf, name="prescription_pdf"),
    path(f"{_PATIENT}/prescriptions/<slug:document>/void", documents.void, name="prescription_void"),
    path(f"{_PATIENT}/overrides/<slug:override>/sign", signatures.sign, name="override_sign"),
    path(f"{_PATIENT}/overrides/<slug:override>/withdraw", signatures.withdraw, name="override_withdraw"),
    path(f"{_PATIENT}/overrides/<slug:override>/prescribe", signatures.prescribe, name="override_prescribe"),
    path(f"{_PATIENT}/supply", supplies.supply, name="supply"),
    path(f"{_PATIENT}/supply-alerts/<slug:alert>/settle", supplies.settle, name="supply_settle"),
    path("second-signatures", signatures.waiting, name="second_signatures"),
]
NEEDS = {
    "prescription": Need("prescribe", looks=True),
    "prescription_preview": Need("prescribe", heavy=True),
    "prescriptions": Need("see_prescriptions", looks=True),
    "prescription_document": Need("see_prescriptions", looks=True),
    "prescription_pdf": Need("see_prescriptions", looks=True, heavy=True),
    "prescription_void": Need("void"),
    "override_sign": Need("sign_second"),
    "override_withdraw": Need("override"),
    "override_prescribe": Need("prescribe"),
    "supply": Need("record_supply", looks=True),
    "supply_settle": Need("settle_supply"),
    "second_signatures": Need("sign_second"),
}
