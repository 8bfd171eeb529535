"""Who signs in: accounts of a clinic's team, made and closed by its administrators.

A one-time password is shown once, has to be changed at the first sign-in and opens nothing after a week. A closed
account, a new role or a reset signs the person out everywhere. The last administrator of a clinic stays one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from isocourse.care import audit
from isocourse.care.editions import library
from isocourse.care.permissions import Denied, check
from isocourse.errors import InputError
from isocourse.store.keys import new_key
from isocourse.store.models import Clinic, User

TEAM = ("prescriber", "nurse", "administrator")
ONE_TIME_LASTS = timedelta(days=7)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")
FIELDS = ("first_name", "last_name", "title", "email")


@dataclass(frozen=True)
class Opened:
    """An account with its one-time password, which is kept nowhere."""

    user: User
    password: str


@transaction.atomic
def open_account(*, by: User, now: datetime, name: str, role: str, fields: Mapping[str, str]) -> Opened:
    """A new account in one's own clinic. Raises Denied, or InputError naming the field."""
    check(by, "manage_users")
    assert by.clinic is not None
    opened = new_account(by.clinic, now=now, name=name, role=role, fields=fields)
    audit.write("open_account", by=by, now=now, subject=opened.user.code, detail={"role": role})
    return opened


def new_account(clinic: Clinic, *, now: datetime, name: str, role: str, fields: Mapping[str, str]) -> Opened:
    """The row of a new account. Only inside a transaction, with its audit entry."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise InputError(
            "this user name cannot be",
            where="name",
            allowed="3 to 40 of a to z, 0 to 9, dot, dash, underscore",
            mend="choose another",
        )
    checked = _checked(fields)
    _check_role(role)
    user = User(username=name, clinic=clinic, role=role, **checked)
    password = _one_time(user, now)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise InputError("this user name is taken", where="name", mend="choose another") from None
    return Opened(user, password)


@transaction.atomic
def begin_clinic(*, now: datetime, name: str, programme: str, administrator: str, family_name: str) -> Opened:
    """A clinic with its first administrator. For the command line: nobody signed in can do it. Raises InputError."""
    if not name.strip():
        raise InputError("the clinic's name is missing", where="NAME")
    if programme not in library().programmes:
        raise InputError(
            f"{programme!r} is not a programme", where="programme", allowed=", ".join(library().programmes)
        )
    clinic = Clinic.objects.create(
        name=name.strip(), programme=programme, letterhead=name.strip(), **customs_of(programme)
    )
    fields = {"last_name": family_name}
    opened = new_account(clinic, now=now, name=administrator, role=User.Role.ADMINISTRATOR, fields=fields)
    audit.write("begin_clinic", by=opened.user, now=now, subject=clinic.key, detail={"programme": programme})
    return opened


def customs_of(programme: str) -> dict[str, str]:
    """The language and the units that a clinic begins with; it can set others."""
    if programme == "us":
        return {"language": "en-us", "lab_units": Clinic.LabUnits.CONVENTIONAL}
    return {"language": "en-gb", "lab_units": Clinic.LabUnits.SI}


@transaction.atomic
def change_account(*, by: User, now: datetime, user: User, role: str, fields: Mapping[str, str]) -> None:
    """Correct a name or title, or give another role. A new role signs the person out everywhere."""
    held = _held(by, user)
    checked = _checked(fields)
    _check_role(role)
    changed = [name for name in FIELDS if getattr(held, name) != checked[name]]
    for name in changed:
        setattr(held, name, checked[name])
    was = held.role
    if role != was:
        _not_oneself(by, held, "give yourself another role")
        _not_the_last(held, "takes another role")
        held.role = role
        held.sign_in_epoch += 1
    held.save()
    detail = {"fields": changed, **({"role": role, "was": was} if role != was else {})}
    audit.write("change_account", by=by, now=now, subject=held.code, detail=detail)


@transaction.atomic
def close_account(*, by: User, now: datetime, user: User) -> None:
    """Nobody signs in with it any more, and whoever is signed in is not from the next page on. Nothing is deleted."""
    held = _held(by, user)
    _not_oneself(by, held, "close your own account")
    _not_the_last(held, "is closed")
    held.is_active = False
    held.sign_in_epoch += 1
    held.save()
    audit.write("close_account", by=by, now=now, subject=held.code)


@transaction.atomic
def reopen_account(*, by: User, now: datetime, user: User) -> Opened:
    """Open a closed account again, with a one-time password."""
    held = _held(by, user)
    held.is_active = True
    password = _one_time(held, now)
    held.save()
    audit.write("reopen_account", by=by, now=now, subject=held.code)
    return Opened(held, password)


@transaction.atomic
def new_one_time_password(*, by: User, now: datetime, user: User) -> Opened:
    """For who forgot the password: a one-time password instead; signed out everywhere, and unlocked."""
    held = _held(by, user)
    password = _one_time(held, now)
    held.save()
    AccessAttempt.objects.filter(username=held.username).delete()
    audit.write("new_password", by=by, now=now, subject=held.code)
    return Opened(held, password)


@transaction.atomic
def reset_second_factor(*, by: User, now: datetime, user: User) -> int:
    """Remove the second factors of somebody who lost them, and sign out everywhere. How many there were."""
    held = _held(by, user)
    count, _ = Authenticator.objects.filter(user=held).delete()
    held.sign_in_epoch += 1
    held.save(update_fields=["sign_in_epoch"])
    audit.write("reset_second_factor", by=by, now=now, subject=held.code, detail={"count": count})
    return count


@transaction.atomic
def unlock(*, by: User, now: datetime, user: User) -> int:
    """Forget wrong passwords, so that the person can try at once. How many records there were."""
    held = _held(by, user)
    count, _ = AccessAttempt.objects.filter(username=held.username).delete()
    audit.write("unlock", by=by, now=now, subject=held.code)
    return count


def has_second_factor(user: User) -> bool:
    """Whether there is an authenticator app or a passkey (recovery codes alone are none)."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def needs_second_factor(user: User) -> bool:
    """Whether the clinic wants one of this role."""
    return user.clinic is not None and user.role in user.clinic.second_factor_roles


def _one_time(user: User, now: datetime) -> str:
    password = "-".join(re.findall("....", new_key()))
    user.set_password(password)
    user.must_change_password = True
    user.one_time_until = now + ONE_TIME_LASTS
    user.sign_in_epoch += 1
    return password


def _held(by: User, user: User) -> User:
    """The account, locked, if it is of one's own clinic's team. The clinic's row is locked first, so that two
    administrators cannot remove each other at once."""
    check(by, "manage_users")
    assert by.clinic is not None
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=by.clinic.pk)
    held = User.objects.select_for_update().filter(pk=user.pk, clinic=clinic).first()
    if held is None or held.role not in TEAM:
        raise Denied("manage_users")
    return held


def _checked(fields: Mapping[str, str]) -> dict[str, str]:
    found = {name: fields.get(name, "").strip() for name in FIELDS}
    for name in ("first_name", "last_name", "title"):
        if len(found[name]) > 100:
            raise InputError("this is too long", where=name, allowed="100 characters")
    if not found["last_name"]:
        raise InputError("the family name is missing", where="last_name")
    if found["email"]:
        try:
            validate_email(found["email"])
        except ValidationError:
            raise InputError("this is no e-mail address", where="email") from None
    return found


def _check_role(role: str) -> None:
    if role not in TEAM:
        raise InputError("choose a role", where="role", allowed=", ".join(TEAM))


def _not_oneself(by: User, held: User, what: str) -> None:
    if by.pk == held.pk:
        raise InputError(f"you cannot {what}", mend="ask another administrator of the clinic")


def _not_the_last(held: User, what: str) -> None:
    if held.role != User.Role.ADMINISTRATOR or not held.is_active:
        return
    others = User.objects.filter(clinic=held.clinic, role=User.Role.ADMINISTRATOR, is_active=True)
    if not others.exclude(pk=held.pk).exists():
        raise InputError(
            f"the last administrator of the clinic {what}", mend="make somebody else an administrator first"
        )
