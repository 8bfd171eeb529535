"""Photographs: consent, taking, opening. The one way in which pictures enter the house; `photograph_deleting` is the
one in which they leave it.

A picture touches the disk sealed alone (`store.vault`), without what its file says beside it (`skin.bare`). Nothing
that is measured in it decides anything about capsules.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import cv2
import numpy as np
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.formats import date_format
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
from isocourse.store.models import Patient, Photograph, User
from isocourse.store.models.photographs import Analysis
from isocourse.store.models.record import of_person
from isocourse.store.reading import record_of

LARGEST_BYTES = 18 * 1024 * 1024
SIDES = {vault.SCREEN: 1600, vault.THUMB: 360}  # the longer side of what is shown, in pixels
FRAME, ALIGNED, MELANIN, REDNESS = "frame", "aligned", "melanin", "redness"  # made by comparing
SIGNERS = ("patient", "guardian")
_TRIED = 3  # photographs, until the photograph key is taken to be another one


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


def consent_stands(photograph: Photograph, *, now: datetime) -> bool:
    """Whether a photograph that is here may be measured: the consent of its owner was not withdrawn."""
    return consent_of(owner_of(photograph), now=now).given


def owner_of(photograph: Photograph) -> Patient:
    """Whose photograph it is now: records are merged."""
    return photograph.patient.merged_into or photograph.patient


def refuse_without_consent(patient: Patient, now: datetime) -> PhotographConsent:
    """The consent that stands. Raises InputError where there is none."""
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
    refuse_without_consent(patient, now)
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
    wrapped = _wrapped(data_key, patient, name)
    try:
        for part, content in parts.items():
            vault.write(name, part, content, data_key)
        with transaction.atomic():
            held = locked_patient(patient.pk)
            if held.merged_into_id is not None:
                raise InputError(_("this record was merged into another"), mend=_("open the other record"))
            consent = refuse_without_consent(held, now)  # again, for it may have been withdrawn meanwhile
            _refuse_twice(held, clean)
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
                data_key=wrapped,
                by=by,
                at=now,
            )
            detail = {"photograph": name, "view": view, "day": on.isoformat(), "synthetic": synthetic}
            audit.write("take_photograph", by=by, now=now, subject=held.key, detail=detail)
    except BaseException:
        vault.remove(name)
        raise
    return taken


def _wrapped(data_key: bytes, patient: Patient, name: str) -> bytes:
    """A photograph's key as it is stored: under the photograph key that opens the others, and under no second one."""
    try:
        if not no_key(Photograph.objects.filter(patient__clinic=patient.clinic, deleted_at=None)):
            return vault.wrap(data_key, clinic=patient.clinic.key, name=name)
    except vault.NoKey:
        pass
    raise InputError(
        _("the photograph key of this server opens none of the photographs that are here, so none is added"),
        mend=_("tell whoever runs isocourse; nothing is lost"),
    )


def _refuse_twice(patient: Patient, clean: bytes) -> None:
    """The same file again is no repeat: nothing in it says how much photographs vary."""
    for each in photographs_of(patient):
        try:
            same = vault.holds(each.key, vault.ORIGINAL, clean, data_key_of(each))
        except vault.Tampered:
            continue
        if same:
            raise InputError(
                _("this photograph is here already: {0}, {1}").format(
                    each.get_view_display(), date_format(each.day, "DATE_FORMAT")
                ),
                where="files",
                mend=_("choose another one; if the view or the day is wrong, delete it there first"),
            )


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
    """Let a photograph wait to be measured again; what was measured stays until then. Raises Denied, InputError."""
    check(by, "take_photographs", photograph.patient, now=now)
    refuse_without_consent(owner_of(photograph), now)
    held = Photograph.objects.select_for_update().filter(pk=photograph.pk, deleted_at=None).first()
    if held is None or held.state in (Analysis.WAITING, Analysis.RUNNING):
        return
    held.state, held.attempts, held.problem = Analysis.WAITING, 0, ""
    held.save(update_fields=["state", "attempts", "problem"])
    audit.write("measure_again", by=by, now=now, subject=photograph.patient.key, detail={"photograph": photograph.key})


def data_key_of(photograph: Photograph) -> bytes:
    """The key of a photograph. Raises vault.NoKey."""
    return vault.unwrap(bytes(photograph.data_key), clinic=photograph.patient.clinic.key, name=photograph.key)


def laid_part(what: str, before: str) -> str:
    """The part of a follow-up that is a picture of it laid on an earlier photograph."""
    return f"{what}-{before}"


# --- keys -----------------------------------------------------------------------------------------
def no_key(photographs: QuerySet[Photograph]) -> bool:
    """Whether the photograph key is missing or another one: it opens none of the last of these."""
    last = photographs.select_related("patient__clinic").order_by("-pk")[:_TRIED]
    return bool(last) and not any(_opens(each) for each in last)


def _opens(photograph: Photograph) -> bool:
    try:
        return bool(data_key_of(photograph))
    except vault.NoKey:
        return False


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
