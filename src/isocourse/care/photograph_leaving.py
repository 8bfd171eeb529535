"""What leaves the house of a photograph: only while the consent stands, and written into the book of looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from isocourse.care.permissions import check
from isocourse.care.photograph_jobs import DAMAGED, NO_KEY, Kept, measured
from isocourse.care.photographs import consent_of, opened
from isocourse.errors import InputError
from isocourse.store import vault
from isocourse.store.models import Patient, Photograph, User
from isocourse.store.models.photographs import Analysis


def may_leave(by: User, patient: Patient, photographs: Sequence[Photograph], now: datetime) -> None:
    """Raises Denied, or InputError with one sentence: deleted, no consent."""
    check(by, "see_photographs", patient, now=now)
    if any(each.deleted_at is not None for each in photographs):
        raise InputError(_("this photograph was deleted"))
    if not consent_of(patient, now=now).given:
        raise InputError(
            _("there is no consent to photographs on record, so nothing of them is handed out"),
            mend=_("have the consent form signed, and record it with the photographs"),
        )


def measured_or_refused(photograph: Photograph) -> Kept:
    """What was measured in it. Raises InputError where nothing was."""
    kept = measured(photograph)
    if kept is None or photograph.state != Analysis.MEASURED:
        raise InputError(_("this photograph is not measured"), mend=_("its page says why"))
    return kept


def opened_part(by: User, photograph: Photograph, part: str, now: datetime) -> bytes:
    """As `photographs.opened`, with one sentence for a file that cannot be opened."""
    try:
        return opened(by=by, photograph=photograph, part=part, now=now)
    except vault.NoKey:
        raise InputError(_(NO_KEY)) from None
    except (vault.Tampered, OSError):
        raise InputError(_(DAMAGED)) from None
