"""Deleting photographs for good, and clearing files that nobody can open any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from isocourse.care import audit, photograph_pairs
from isocourse.care.permissions import check
from isocourse.care.photographs import laid_part
from isocourse.errors import InputError
from isocourse.store import vault
from isocourse.store.models import Photograph, PhotographComparison, PhotographMeasurement, User

LEAST_REASON, MOST_REASON = 3, 500  # characters
_ORPHANED_AFTER = timedelta(hours=1)


def delete(*, by: User, photographs: Sequence[Photograph], reason: str, now: datetime) -> int:
    """Delete photographs for good: files, keys, what was measured and compared. The rows stay and say who, when and
    why; what is left of a view is compared with what is now its first. How many. Raises Denied, or InputError where the
    reason is missing."""
    for photograph in photographs:
        check(by, "delete_photographs", photograph.patient, now=now)
    reason = reason.strip()
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise InputError(
            _("the reason is missing or too long"), where="reason", mend=_("write in a few words why it is deleted")
        )
    with transaction.atomic():
        keys = [each.pk for each in photographs]
        held = list(Photograph.objects.select_for_update().filter(pk__in=keys, deleted_at=None).order_by("pk"))
        for photograph in held:
            _delete_one(photograph, by=by, reason=reason, now=now)
        for photograph in held:
            photograph_pairs.without(photograph, now=now)
    return len(held)


def _delete_one(photograph: Photograph, *, by: User, reason: str, now: datetime) -> None:
    pairs = PhotographComparison.objects.filter(Q(before=photograph) | Q(after=photograph))
    laid_on_it = list(pairs.filter(before=photograph).values_list("after__key", flat=True))
    pairs.delete()
    PhotographMeasurement.objects.filter(photograph=photograph).delete()
    photograph.data_key, photograph.problem = b"", ""
    photograph.deleted_at, photograph.deleted_by, photograph.delete_reason = now, by, reason
    photograph.save(
        update_fields=["data_key", "problem", "deleted_at", "deleted_by", "delete_reason"],
    )
    detail = {"photograph": photograph.key, "view": photograph.view, "day": photograph.day.isoformat()}
    audit.write("delete_photograph", by=by, now=now, subject=photograph.patient.key, detail=detail)
    transaction.on_commit(lambda: _remove_files(photograph.key, laid_on_it))


def _remove_files(key: str, laid_on_it: Sequence[str]) -> None:
    vault.remove(key)
    for other in laid_on_it:
        vault.remove(other, laid_part("*", key))


def sweep(*, now: datetime) -> int:
    """The job: remove files that nobody can open any more, of photographs that were deleted, or never kept, when the
    process was killed. How many photographs."""
    found = vault.names(before=(now - _ORPHANED_AFTER).timestamp())
    live: set[Any] = set()
    names = sorted(found)
    for first in range(0, len(names), 500):
        rows = Photograph.objects.filter(key__in=names[first : first + 500], deleted_at=None)
        live.update(rows.values_list("key", flat=True))
    for name in found - live:
        vault.remove(name)
    return len(found - live)
