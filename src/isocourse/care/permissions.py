"""Who may do what. Denied unless it stands here.

A role gives acts; an act about a patient also needs that the patient is of one's own clinic, or that the glass was
broken for this patient a short while ago (looking and writing only, never prescribing).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from isocourse.store.models import BreakGlass, Patient, User

Act = Literal[
    "see_worklist",
    "see_patient",
    "write",
    "see_prescriptions",
    "record_supply",
    "prescribe",
    "override",
    "sign_second",
    "void",
    "settle_supply",
    "register",
    "merge",
    "see_photographs",
    "take_photographs",
    "delete_photographs",
    "see_inbox",
    "file_results",
    "recall",
    "see_settings",
    "change_settings",
    "sign_settings",
    "manage_users",
    "see_audit",
    "break_glass",
]
ACTS: frozenset[Act] = frozenset(get_args(Act))

_CLINICAL: frozenset[Act] = frozenset(
    {
        "see_worklist",
        "see_patient",
        "see_prescriptions",
        "record_supply",
        "write",
        "register",
        "see_photographs",
        "take_photographs",
        # Both: a picture taken of the wrong person is deleted at once by whoever took it.
        "delete_photographs",
        "see_inbox",
        "file_results",
        "recall",
        "see_settings",
        "break_glass",
    }
)
BY_ROLE: dict[str, frozenset[Act]] = {
    "prescriber": _CLINICAL
    | {"prescribe", "override", "sign_second", "sign_settings", "void", "settle_supply", "merge"},
    "nurse": _CLINICAL,
    # Runs the clinic, sees no patient.
    "administrator": frozenset({"see_settings", "change_settings", "manage_users", "see_audit"}),
    "patient": frozenset(),
}
THROUGH_GLASS: frozenset[Act] = frozenset({"see_patient", "write", "see_photographs"})


class Denied(Exception):
    """This person may not do this. Says which act, never about whom."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__(f"not permitted: {act}")


def acts_of(user: User) -> frozenset[Act]:
    """What a person may do in their own clinic; nothing without a clinic, or once the account is closed."""
    if not user.is_authenticated or not user.is_active or user.clinic_id is None:
        return frozenset()
    return BY_ROLE.get(user.role, frozenset())


def may(user: User, act: Act, patient: Patient | None = None, *, now: datetime | None = None) -> bool:
    """Whether somebody may do this, about this patient. `now` is needed for a patient of another clinic."""
    if act not in acts_of(user):
        return False
    if patient is None or patient.clinic_id == user.clinic_id:
        return True
    return act in THROUGH_GLASS and now is not None and glass_broken(user, patient, now)


def glass_broken(user: User, patient: Patient, now: datetime) -> bool:
    """Whether this person broke the glass for this patient, and the time is not over."""
    return BreakGlass.objects.filter(user=user, patient=patient, at__lte=now, until__gt=now).exists()


def check(user: User, act: Act, patient: Patient | None = None, *, now: datetime | None = None) -> None:
    """Raises Denied unless `may`."""
    if not may(user, act, patient, now=now):
        raise Denied(act)
