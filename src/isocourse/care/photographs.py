"""Photographs: consent, taking, opening, deleting. The one way in which pictures enter the house and leave it.

A picture touches the disk sealed alone (`store.vault`), without what its file says beside it (`skin.bare`). Nothing
that is measured in it decides anything about capsules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import cv2
import numpy as np
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from isocourse.care import audit
from isocourse.care.deciding import locked_patient, today_in
from isocourse.care.permissions import check
from isocourse.care.recording import Written, record_events
from isocourse.errors import InputError
from isocourse.record.photograph_consent import FORM, PhotographConsent, photograph_consent
from isocourse.skin.bare import bare, encoded
from isocourse.skin.picture import Picture
from isocourse.store import vault
from isocourse.store.keys import new_key
from isocourse.store.models import Patient, Photograph, PhotographComparison, PhotographMeasurement, User
from isocourse.store.models.photographs import Analysis
from isocourse.store.models.record import of_person
from isocourse.store.reading import record_of

LARGEST_BYTES = 18 * 1024 * 1024
SIDES = {vault.SCREEN: 1600, vault.THUMB: 360}  # the longer side of what is shown, in pixels
FRAME, ALIGNED, MELANIN, REDNESS = "frame", "aligned", "melanin", "redness"  # made by comparing
LEAST_REASON, MOST_REASON = 3, 500  # characters
SIGNERS = ("patient", "guardian")
_ORPHANED_AFTER = timedelta(hours=1)


# --- consent --------------------------------------------------------------------------------------
def consent_of(patient: Patient, *, now: datetime) -> PhotographConsent:
    """Whether photographs may be taken today."""
    return photograph_consent(record_of(patient).events, today_in(patient.clinic, now).toordinal())


def sign_consent(
    *, by: User, patient: Patient, signers: Collection[str], on: date | None, now: datetime, seen_seq: int | None
) -> Written:
    """Write down that the consent form was signed. Raises Denied, MovedOn, or InputError naming the field."""
    check(by, "take_photographs", patient, now=now)
    if not signers or not set(signers) <= set(SIGNERS):
        raise InputError(_("nobody is ticked"), where="signers", mend=_("tick who signed the form"))
    if on is None:
        raise InputError(_("this is not a date"), where="on", mend=_("choose the day on which the form was signed"))
    if on > today_in(patient.clinic, now):
        raise InputError(_("this day has not come yet"), where="on", mend=_("choose the day it was signed"))
    fields = {"kind": "form_signed", "form": FORM, "happened_on": on.isoformat()}
    events = [{**fields, "signed_by": who} for who in SIGNERS if who in signers]
    return record_events(by=by, patient=patient, events=events, now=now, act="photograph_consent", seen_seq=seen_seq)


def withdraw_consent(*, by: User, patient: Patient, now: datetime, seen_seq: int | None) -> Written:
    """Write down that the consent is withdrawn, today. Nothing is taken any more; what is there stays until somebody
    asks for its deletion."""
    check(by, "take_photographs", patient, now=now)
    if consent_of(patient, now=now).state not in ("given", "incomplete"):
        raise InputError(_("there is no consent to withdraw"), mend=_("load the page again"))
    today = today_in(patient.clinic, now).isoformat()
    events = [{"kind": "photograph_consent_withdrawn", "happened_on": today}]
    act = "photograph_consent_withdrawn"
    return record_events(by=by, patient=patient, events=events, now=now, act=act, seen_seq=seen_seq)


def _refuse_without_consent(patient: Patient, now: datetime) -> PhotographConsent:
    found = consent_of(patient, now=now)
    if not found.given:
        raise InputError(
            _("there is no consent to photographs on record"),
            where="consent",
            mend=_("have the consent form signed, and record it on this page"),
        )
    return found


# --- taking ---------------------------------------------------------------------------------------
def take(
    *, by: User, patient: Patient, data: bytes, view: str, day: date | None, now: datetime, synthetic: bool = False
) -> Photograph:
    """Keep a photograph, and ask for its measurement. Raises Denied, or InputError with one sentence for whoever
    holds the camera: no consent, too large, not a photograph, a day or a view that cannot be."""
    check(by, "take_photographs", patient, now=now)
    _refuse_without_consent(patient, now)
    on = _day(patient, day, now)
    if view not in Photograph.View.values:
        raise InputError(_("the view is not chosen"), where="view", mend=_("choose what the photograph shows"))
    if len(data) > LARGEST_BYTES:
        raise InputError(
            _("this photograph is too large"),
            where="files",
            allowed=_("up to {0} MB").format(LARGEST_BYTES // 1024**2),
            mend=_("set the camera to JPEG, or to fewer pixels"),
        )
    clean, picture = bare(data)
    kind = "png" if clean.startswith(b"\x89PNG") else "jpeg"
    parts = {vault.ORIGINAL: clean, **{part: smaller(picture, side) for part, side in SIDES.items()}}
    name, data_key = new_key(), vault.new_data_key()
    try:
        for part, content in parts.items():
            vault.write(name, part, content, data_key)
        with transaction.atomic():
            held = locked_patient(patient.pk)
            if held.merged_into_id is not None:
                raise InputError(_("this record was merged into another"), mend=_("open the other record"))
            consent = _refuse_without_consent(held, now)  # again, for it may have been withdrawn meanwhile
            last = Photograph.objects.filter(patient=held, day=on, view=view).aggregate(last=Max("repeat"))["last"]
            taken = Photograph.objects.create(
                key=name,
                patient=held,
                day=on,
                view=view,
                repeat=(last or 0) + 1,
                width=picture.width,
                height=picture.height,
                kind=kind,
                synthetic=synthetic,
                consent=consent.events[-1],
                data_key=vault.wrap(data_key, clinic=held.clinic.key, name=name),
                by=by,
                at=now,
            )
            detail = {"photograph": name, "view": view, "day": on.isoformat(), "synthetic": synthetic}
            audit.write("take_photograph", by=by, now=now, subject=held.key, detail=detail)
    except BaseException:
        vault.remove(name)
        raise
    return taken


def _day(patient: Patient, day: date | None, now: datetime) -> date:
    today = today_in(patient.clinic, now)
    if day is None:
        raise InputError(_("this is not a date"), where="day", mend=_("choose the day it was taken"))
    if day > today:
        raise InputError(_("this day has not come yet"), where="day", mend=_("choose the day it was taken"))
    return day


def smaller(picture: Picture, side: int) -> bytes:
    """A picture for a screen as JPEG, its longer side at most so many pixels."""
    share = side / max(picture.width, picture.height)
    if share >= 1:
        return encoded(picture, 90)
    size = (max(round(picture.width * share), 1), max(round(picture.height * share), 1))
    rgb = np.asarray(cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return encoded(Picture(rgb, None, "sRGB", 1), 88)


# --- seeing ---------------------------------------------------------------------------------------
def photographs_of(patient: Patient) -> QuerySet[Photograph]:
    """The photographs of a person that are there, oldest first."""
    return Photograph.objects.filter(of_person(patient), deleted_at=None).select_related("by", "patient__clinic")


def deleted_of(patient: Patient) -> QuerySet[Photograph]:
    """What is left of those that were deleted: by whom, when and why."""
    found = Photograph.objects.filter(of_person(patient)).exclude(deleted_at=None)
    return found.select_related("by", "deleted_by").order_by("-deleted_at")


def photograph_of(patient: Patient, key: str) -> Photograph | None:
    """One photograph of a person, deleted or not."""
    found = Photograph.objects.filter(of_person(patient), key=key)
    return found.select_related("by", "deleted_by", "patient__clinic").first()


def opened(*, by: User, photograph: Photograph, part: str, now: datetime) -> bytes:
    """The bytes of a part. Whoever opens more than a thumbnail is written into the book of looks with the key of the
    photograph. Raises Denied, InputError for one that is deleted, vault.Tampered."""
    check(by, "see_photographs", photograph.patient, now=now)
    if photograph.deleted_at is not None:
        raise InputError(_("this photograph was deleted"))
    content = vault.read(photograph.key, part, data_key_of(photograph))
    if part != vault.THUMB:
        audit.looked(by=by, patient=photograph.patient, page=f"photograph {photograph.key}", now=now)
    return content


@transaction.atomic
def measure_again(*, by: User, photograph: Photograph, now: datetime) -> None:
    """Let a photograph wait to be measured again; what was measured stays until then."""
    check(by, "take_photographs", photograph.patient, now=now)
    held = Photograph.objects.select_for_update().filter(pk=photograph.pk, deleted_at=None).first()
    if held is None or held.state in (Analysis.WAITING, Analysis.RUNNING):
        return
    held.state, held.attempts, held.problem = Analysis.WAITING, 0, ""
    held.save(update_fields=["state", "attempts", "problem"])
    audit.write("measure_again", by=by, now=now, subject=photograph.patient.key, detail={"photograph": photograph.key})


def data_key_of(photograph: Photograph) -> bytes:
    """The key of a photograph. Raises vault.Tampered."""
    return vault.unwrap(bytes(photograph.data_key), clinic=photograph.patient.clinic.key, name=photograph.key)


# --- deleting -------------------------------------------------------------------------------------
def delete(*, by: User, photographs: Sequence[Photograph], reason: str, now: datetime) -> int:
    """Delete photographs for good: files, keys, what was measured and compared. The rows stay and say who, when and
    why. How many. Raises Denied, or InputError where the reason is missing."""
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


def laid_part(what: str, before: str) -> str:
    """The part of a follow-up that is a picture of it laid on an earlier photograph."""
    return f"{what}-{before}"


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


# --- keys -----------------------------------------------------------------------------------------
@transaction.atomic
def rewrap(*, now: datetime) -> int:
    """Wrap every photograph's key with the first photograph key of the house, so that older ones can go. The pictures
    themselves are not touched. How many."""
    count = 0
    rows = Photograph.objects.select_for_update(of=("self",)).filter(deleted_at=None).select_related("patient__clinic")
    for photograph in rows.order_by("pk").iterator(chunk_size=500):
        photograph.data_key = vault.wrap(
            data_key_of(photograph), clinic=photograph.patient.clinic.key, name=photograph.key
        )
        photograph.save(update_fields=["data_key"])
        count += 1
    audit.write("rewrap_photographs", by=None, now=now, detail={"photographs": count})
    return count
