"""The report on a photograph or on two as PDF, made in memory from the sealed files and from what was measured.

Whoever opens one is in the book of looks with each photograph on it. Nothing of it is kept. `say` puts sentences of
`words` and `skin` into the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from isocourse.care.photograph_comparing import pairing
from isocourse.care.photograph_jobs import shots_of
from isocourse.care.photograph_leaving import may_leave, measured_or_refused, opened_part
from isocourse.care.photograph_pairs import pair_of
from isocourse.care.photographs import (
    ALIGNED,
    FRAME,
    MELANIN,
    REDNESS,
    laid_part,
)
from isocourse.errors import InputError
from isocourse.store import vault
from isocourse.store.models import Patient, Photograph, User
from isocourse.store.models.photographs import Analysis
from isocourse.words.sentence import Say
from isocourse.words.skin_report.paper import Heading, compared_pdf, measured_pdf
from isocourse.words.skin_report.pictures import Place, Shown, of_file, of_marks, of_states

_MAP_SAYS = gettext_noop(
    "Orange: more at the later visit. Blue: less. Dark: nothing can be said. A map of colour, not a verdict."
)


def measured_paper(*, by: User, patient: Patient, photograph: Photograph, now: datetime, say: Say = str) -> bytes:
    """The report on one photograph. Raises Denied, or InputError with one sentence: no consent, deleted, not measured,
    a damaged file, a name that no font shows."""
    may_leave(by, patient, (photograph,), now)
    kept = measured_or_refused(photograph)
    data = opened_part(by, photograph, vault.ORIGINAL, now)
    found = kept.measurement
    place = Place(kept.step, kept.origin, kept.size)
    looked_for = found.px_per_mm is not None
    picture = of_marks(data, found.spots, place, say=say) if looked_for else _plain(data, photograph)
    heading = _heading(patient, (photograph,))
    return measured_pdf(found, (picture,), heading=heading, at=now, shots=shots_of(photograph), say=say)


def compared_paper(
    *, by: User, patient: Patient, before: Photograph, after: Photograph, now: datetime, say: Say = str
) -> bytes:
    """The report on two photographs. Raises as `measured_paper` does, and InputError where they are not compared."""
    may_leave(by, patient, (before, after), now)
    row = pair_of(before, after)
    found = pairing(row) if row is not None and row.state == Analysis.MEASURED else None
    if found is None or not found.width:
        raise InputError(_("these two photographs are not compared"), mend=_("their page says why"))
    frame = opened_part(by, before, FRAME, now)
    laid, melanin, redness = (
        opened_part(by, after, laid_part(part, before.key), now) for part in (ALIGNED, MELANIN, REDNESS)
    )
    earlier = [(mark.state, mark.outline) for mark in found.marks if mark.state != "new"]
    later = [(mark.state, mark.outline) for mark in found.marks if mark.state != "faded"]
    pictures = (
        of_states(frame, earlier, _day(before), say=say),
        of_states(laid, later, _day(after), say=say),
        of_file(redness, f"{_('Redness.')} {_(_MAP_SAYS)}", _("The change of redness, painted on the earlier one.")),
        of_file(
            melanin, f"{_('Brown pigment.')} {_(_MAP_SAYS)}", _("The change of brown pigment, on the earlier one.")
        ),
    )
    return compared_pdf(found.comparison, pictures, heading=_heading(patient, (before, after)), at=now, say=say)


def _plain(data: bytes, photograph: Photograph) -> Shown:
    return of_file(data, f"{photograph.get_view_display()}.", _("The photograph."))


def _heading(patient: Patient, photographs: Sequence[Photograph]) -> Heading:
    born = ", " + _("born {0}").format(date_format(patient.born, "DATE_FORMAT")) if patient.born else ""
    return Heading(
        person=f"{patient.list_name}, {patient.number}{born}",
        clinic=patient.clinic.name,
        dates=f"{photographs[0].get_view_display()}: {' → '.join(_day(each) for each in photographs)}",
        language=get_language() or "en-gb",
        synthetic=patient.clinic.demonstration or any(each.synthetic for each in photographs),
    )


def _day(photograph: Photograph) -> str:
    return date_format(photograph.day, "DATE_FORMAT")
