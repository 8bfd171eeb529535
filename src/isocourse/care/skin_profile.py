"""Writing down what a person answered about skin care (the event `skin_profile`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from isocourse.care.deciding import today_in
from isocourse.care.recording import Written, record_events
from isocourse.errors import InputError
from isocourse.skincare.facts import PROFILE
from isocourse.store.models import Patient, User


def read_answers(typed: Mapping[str, str]) -> dict[str, str]:
    """The answers that were typed, by question; what is left out is unknown. Raises InputError naming the question."""
    found = {}
    for question, answers in PROFILE.items():
        answer = typed.get(question) or "unknown"
        if answer not in answers:
            raise InputError(_("this is none of the answers"), where=question, mend=_("choose one of those shown"))
        found[question] = answer
    return found


def keep_profile(
    *, by: User, patient: Patient, answers: Mapping[str, str], now: datetime, seen_seq: int | None
) -> Written:
    """Write the answers down, as of today. Raises InputError where nothing was answered, Denied, and MovedOn."""
    found = read_answers(answers)
    if set(found.values()) == {"unknown"}:
        raise InputError(_("nothing was answered"), mend=_("answer at least one question"))
    today = today_in(patient.clinic, now).isoformat()
    fields = {name: answer for name, answer in found.items() if answer != "unknown"}
    events = [{"kind": "skin_profile", "happened_on": today, **fields}]
    return record_events(by=by, patient=patient, events=events, now=now, seen_seq=seen_seq)
