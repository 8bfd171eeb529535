"""Every page: its address, its view, what it needs. Addresses hold random keys, never names or search words."""

from __future__ import annotations

from django.urls import include, path

from isocourse.doors.web import home, sign_in
from isocourse.doors.web.administration import urls as administration
from isocourse.doors.web.clinic_settings import urls as clinic_settings
from isocourse.doors.web.data import urls as data
from isocourse.doors.web.design import urls as design
from isocourse.doors.web.expectations import urls as expectations
from isocourse.doors.web.glossary import urls as glossary
from isocourse.doors.web.guidance import urls as guidance
from isocourse.doors.web.inbox import urls as inbox
from isocourse.doors.web.needs import ANYBODY, SIGNED_IN, Need
from isocourse.doors.web.patient import urls as patient
from isocourse.doors.web.photographs import urls as photographs
from isocourse.doors.web.prescription import urls as prescription
from isocourse.doors.web.routine import urls as routine
from isocourse.doors.web.skincare import urls as skincare
from isocourse.doors.web.visit import urls as visit
from isocourse.doors.web.worklist import urls as worklist

FOLDERS = (
    worklist, patient, visit, prescription, photographs, routine, skincare, expectations, inbox, clinic_settings,
    administration, glossary, guidance, design, data,
)  # fmt: skip

urlpatterns = [
    path("", home.home, name="home"),
    path("health", home.health, name="health"),
    path("theme", home.theme, name="theme"),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    *[pattern for folder in FOLDERS for pattern in folder.urlpatterns],
]

sign_in.whole(urlpatterns)

NEEDS: dict[str, Need] = {
    "home": SIGNED_IN,
    "health": ANYBODY,
    "theme": SIGNED_IN,
    # Signing in and out, and one's own second factors (allauth).
    "account_login": ANYBODY,
    "account_logout": ANYBODY,  # whoever stands between password and second factor may go away
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_inactive": ANYBODY,
    "mfa_authenticate": ANYBODY,
    "mfa_trust": ANYBODY,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_login_webauthn": ANYBODY,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
}
for folder in FOLDERS:
    NEEDS.update(folder.NEEDS)

handler400 = "isocourse.doors.web.trouble.bad_request"
handler403 = "isocourse.doors.web.trouble.forbidden"
handler404 = "isocourse.doors.web.trouble.not_found"
handler500 = "isocourse.doors.web.trouble.server_error"
