"""The addresses, and what they need."""

from __future__ import annotations

from django.urls import path

from isocourse.doors.web.clinic_settings import clinical, views
from isocourse.doors.web.needs import Need

urlpatterns = [
    path("settings", views.clinic_settings, name="clinic_settings"),
    path("settings/progress", views.progress, name="settings_progress"),
    path("settings/house/<slug:part>", views.house, name="settings_house"),
    path("settings/letter-preview", views.letter_preview, name="letter_preview"),
    path("settings/history", views.history, name="settings_history"),
    path("settings/history/<int:number>", views.version, name="settings_version"),
    path("settings/limits", clinical.limits, name="limits"),
    path("settings/rules", clinical.rules, name="policy_rules"),
    path("settings/change/<slug:kind>/<slug:target>", clinical.change, name="setting_change"),
    path("settings/proposals/<slug:key>", clinical.proposal, name="settings_proposal"),
]
NEEDS = {
    "clinic_settings": Need("see_settings"),
    "settings_progress": Need("see_settings"),
    "settings_house": Need("change_settings"),
    "letter_preview": Need("change_settings"),
    "settings_history": Need("see_settings"),
    "settings_version": Need("see_settings"),
    "limits": Need("see_settings"),
    "policy_rules": Need("see_settings"),
    "setting_change": Need("see_settings"),
    "settings_proposal": Need("see_settings"),
}
