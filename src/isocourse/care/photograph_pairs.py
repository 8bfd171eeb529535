"""Which photographs are compared: the first of each visit with the first of all, view by view; what somebody asks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from isocourse.care import audit
from isocourse.care.permissions import check
from isocourse.care.photographs import owner_of, photographs_of, refuse_without_consent
from isocourse.errors import InputError
from isocourse.store.models import Photograph, PhotographComparison, User
from isocourse.store.models.photographs import Analysis

NOT_COMPARED = ("raking_left", "raking_right")  # measured as a pair of one visit

APART = gettext_noop(
    "This does not show the same skin as the first photograph of this day and view, so it is not used for the noise. "
    "Check that both are of the same person, and delete the wrong one."
)


def ask_for(photograph: Photograph, *, now: datetime) -> None:
    """After a photograph was measured: compare again what it is part of, as noise or as a side, and compare the first
    of each visit with the baseline. Only inside a transaction."""
    own = _own(photograph)
    _again(own, photograph, Q(after=photograph))
    _with_the_first(own, now)


def without(photograph: Photograph, *, now: datetime) -> None:
    """After a photograph was deleted: compare again what it was the noise of, and the others with what is now the first
    of all. Where its day has photographs of other skin, it is looked at again what belongs together. Only inside a
    transaction."""
    own = _own(photograph)
    same_day = [each for each in own if each.day == photograph.day]
    if any(each.problem == APART for each in same_day):
        together = Photograph.objects.filter(pk__in=[each.pk for each in same_day])
        together.update(state=Analysis.WAITING, attempts=0, problem="")
    _again(own, photograph, Q())
    if photograph.view not in NOT_COMPARED:
        _with_the_first(own, now)


def _own(photograph: Photograph) -> list[Photograph]:
    return list(photographs_of(photograph.patient).filter(view=photograph.view))


def _again(own: list[Photograph], photograph: Photograph, more: Q) -> None:
    same_day = [each.pk for each in own if each.day == photograph.day]
    concerned = Q(before__in=same_day) | more
    PhotographComparison.objects.filter(concerned).update(state=Analysis.WAITING, attempts=0, problem="")


def _with_the_first(own: list[Photograph], now: datetime) -> None:
    firsts: dict[date, Photograph] = {}
    for each in own:
        if each.state == Analysis.MEASURED:
            firsts.setdefault(each.day, each)
    in_order = [firsts[day] for day in sorted(firsts)]
    for each in in_order[1:]:
        PhotographComparison.objects.get_or_create(before=in_order[0], after=each, defaults={"at": now})


def pair_of(before: Photograph, after: Photograph) -> PhotographComparison | None:
    """The comparison of two photographs, finished or not."""
    return PhotographComparison.objects.filter(before=before, after=after).first()


@transaction.atomic
def compare(*, by: User, before: Photograph, after: Photograph, now: datetime) -> PhotographComparison:
    """Ask for a comparison. Raises Denied, or InputError where the two cannot be compared."""
    for each in (before, after):
        check(by, "take_photographs", each.patient, now=now)
        refuse_without_consent(owner_of(each), now)
    if before.view != after.view or before.pk == after.pk:
        raise InputError(_("these are not two photographs of one view"), mend=_("choose two of the same view"))
    if before.view in NOT_COMPARED:
        raise InputError(_("photographs with light from the side are measured, not compared"))
    if {before.state, after.state} != {Analysis.MEASURED}:
        raise InputError(_("one of the two was not measured"), mend=_("its own page says why"))
    found, made = PhotographComparison.objects.get_or_create(before=before, after=after, defaults={"by": by, "at": now})
    if not made and found.state == Analysis.FAILED:
        found.state, found.attempts, found.problem = Analysis.WAITING, 0, ""
        found.save(update_fields=["state", "attempts", "problem"])
    detail = {"before": before.key, "after": after.key}
    audit.write("compare_photographs", by=by, now=now, subject=after.patient.key, detail=detail)
    return found
