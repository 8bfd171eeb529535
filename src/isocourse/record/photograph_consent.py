"""Consent to photographs, which is apart from consent to treatment: whether it stands on a day, and what is missing.

Doubt is against taking a photograph: a date known in part counts where it permits least, and nobody is an adult whose
birth is not on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from isocourse.record.corrections import visible
from isocourse.record.dates import add_months
from isocourse.record.events import Birth, Event, FormSigned, PhotographConsentWithdrawn

FORM = "photograph_consent"
ADULT_YEARS = 18  # everywhere: a picture of a face stays when the course is over
State = Literal["none", "incomplete", "withdrawn", "given"]


class PhotographConsent(msgspec.Struct, frozen=True):
    """Whether photographs may be taken: only where `state` is "given". `missing` names who has to sign yet, `since` is
    the day (an ordinal) of the last signature or of the withdrawal."""

    state: State
    missing: tuple[str, ...] = ()
    since: int | None = None
    events: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        return self.state == "given"


def photograph_consent(events: Sequence[Event], on: int) -> PhotographConsent:
    """What the record says on a day. The patient signs, and for a minor a guardian as well."""
    standing = list(visible(events))
    withdrawals = _of(standing, PhotographConsentWithdrawn)
    ended = max((_order(each, each.happened_on.last) for each in withdrawals), default=None)
    signed = [
        each
        for each in _of(standing, FormSigned)
        if isinstance(each, FormSigned) and each.form == FORM and each.happened_on.last <= on
    ]
    valid = [each for each in signed if ended is None or _order(each, each.happened_on.first) > ended]
    by = {each.signed_by for each in valid}
    if not by & {"patient", "guardian"}:
        return PhotographConsent("withdrawn", ("patient",), ended[0]) if ended is not None else _NONE
    needed = ("patient",) if adult(standing, on) else ("patient", "guardian")
    missing = tuple(who for who in needed if who not in by)
    since = max(each.happened_on.last for each in valid)
    ids = tuple(each.id for each in valid)
    return PhotographConsent("incomplete" if missing else "given", missing, since, ids)


_NONE = PhotographConsent("none", ("patient",))


def adult(events: Iterable[Event], on: int) -> bool:
    """Whether somebody is known to be an adult on a day."""
    born = [each.happened_on.last for each in events if isinstance(each, Birth)]
    return bool(born) and add_months(max(born), ADULT_YEARS * 12) <= on


def _of(events: Iterable[Event], kind: type[Event]) -> list[Event]:
    return [each for each in events if isinstance(each, kind)]


def _order(event: Event, day: int) -> tuple[int, float]:
    """Of one day the one that was recorded later is the later one."""
    return day, event.recorded_at.timestamp()
