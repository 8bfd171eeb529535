"""Signing in: nobody signs up by themselves, guessing is locked out, and what happens at the door goes into the audit.

Passwords are checked by Django through axes (which counts wrong ones in the database, for all server processes) and
allauth (second factors, passkeys, asking again). Its rate limits count in each process for itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLResolver, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from isocourse.care import audit
from isocourse.care.permissions import acts_of
from isocourse.doors.web import gate
from isocourse.store.models import AuditEntry, User

# Messages of allauth that say what the page says already.
_SILENT = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator of the clinic, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: Any) -> str:
        return reverse("worklist" if "see_worklist" in acts_of(request.user) else "home")

    def get_password_change_redirect_url(self, request: Any) -> str:
        return self.get_login_redirect_url(request)  # the form once more would look as if nothing had happened

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """A one-time password that has run out opens nothing."""
        if user.one_time_until is not None and user.one_time_until <= timezone.now():
            messages.error(request, _("This one-time password has run out. Ask an administrator for a new one."))
            return redirect("account_login")
        return super().pre_login(request, user, **more)  # type: ignore[no-any-return]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Changing one's second factors asks for the password again, unless one has signed in just now."""
        return not gate.just_began(context.request) and super().is_reauthentication_required(app=app)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The rules for passwords, and that a new one is new."""
        if user is not None and user.pk is not None and user.check_password(password):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return super().clean_password(password, user=user)  # type: ignore[no-any-return]

    def add_message(
        self, request: Any, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        if message_template not in _SILENT:
            super().add_message(request, level, message_template, *args, **more)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """The secrets of authenticator apps are encrypted in the database, with a key made from the secret key."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"isocourse.second-factor " + str(key).encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


# --- what axes asks ---------------------------------------------------------------------------------
def typed_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The user name that wrong passwords are counted under: the same however it is written. Axes asks with allauth's
    credentials, with its own, and with none."""
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login") or ""
    return str(name).strip().lower()[:150]


def client_address(request: HttpRequest) -> str | None:
    """The address wrong passwords are counted under: what the nearest trusted proxy saw (ISOCOURSE_PROXIES)."""
    try:
        return get_adapter().get_client_ip(request)  # type: ignore[no-any-return]
    except PermissionDenied:  # a socket file, and no proxy that is trusted
        return None


# --- what one does about one's own account, whole with its audit -----------------------------------
OF_ONES_OWN = frozenset(
    {
        "account_change_password",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    }
)


def whole(patterns: Iterable[Any]) -> None:
    """Have the pages of allauth that change one's account answer in a transaction, for they have none: what they save
    and what is written down of it are kept together or not at all."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            whole(pattern.url_patterns)
        elif pattern.name in OF_ONES_OWN:
            pattern.callback = _whole(pattern.callback)


def _whole(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            before = _factors(request)
            response = view(request, *args, **kwargs)
            _write_changed(request, before, _factors(request))
        return response

    return answered


def _factors(request: HttpRequest) -> dict[int, str]:
    """The kinds of one's second factors."""
    return dict(Authenticator.objects.filter(user__in=[request.user.pk]).values_list("pk", "type"))


def _write_changed(request: HttpRequest, before: dict[int, str], after: dict[int, str]) -> None:
    """What became of one's second factors, into the audit. (allauth's own signals come after the commit.)"""
    new = {kind for key, kind in after.items() if key not in before}
    gone = {kind for key, kind in before.items() if key not in after}
    for act, kinds in (("add", new - gone), ("renew", new & gone), ("remove", gone - new)):
        for kind in sorted(kinds):
            _write(f"{act}_second_factor", request.user, {"type": kind})  # type: ignore[arg-type]
    if gone:
        gate.forget_second_factor(request)


# --- what happens at the door, into the audit -------------------------------------------------------
@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    gate.begin(request)
    _write("sign_in", user)


@receiver(user_logged_out)
def _signed_out(sender: Any, request: HttpRequest, user: User | None, **more: Any) -> None:
    if user is not None:
        _write("sign_out", user)


@receiver(password_changed)
@transaction.atomic
def _password_changed(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=False, one_time_until=None)
    user.must_change_password, user.one_time_until = False, None
    _write("change_password", user)


@receiver(user_locked_out)
def _locked(sender: Any, request: HttpRequest, username: str, **more: Any) -> None:
    """Once for each lock, under the account that is locked; a name that nobody has is written nowhere."""
    user = User.objects.select_related("clinic").filter(username=username).first()
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    if user is None or AuditEntry.objects.filter(subject=user.code, act="locked_out", at__gte=since).exists():
        return
    _write("locked_out", user)


def _write(act: str, user: User, detail: Mapping[str, Any] | None = None) -> None:
    with transaction.atomic():
        audit.write(act, by=user, now=timezone.now(), subject=user.code, detail=detail)
