"""Signing in: nobody signs up by themselves, and what happens at the door goes into the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator of the clinic, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: Any) -> str:
        from django.urls import reverse

        from isocourse.care.permissions import acts_of

        return reverse("worklist" if "see_worklist" in acts_of(request.user) else "home")
