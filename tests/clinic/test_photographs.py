"""Photographs: consent, sealing, what a file says beside its picture, who may see, deletion that is real, the jobs."""

from __future__ import annotations

import ast
import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pydicom import dcmread

from isocourse.care import photograph_comparing, photograph_jobs
from isocourse.care import photograph_deleting as deleting
from isocourse.care import photographs as care
from isocourse.care.deciding import today_in
from isocourse.care.patients import break_glass, merge, register
from isocourse.care.permissions import Denied
from isocourse.care.photograph_comparing import Pairing, compare_due, pairing
from isocourse.care.photograph_jobs import analyse_due, measured
from isocourse.care.photograph_pairs import compare as ask
from isocourse.care.photograph_trends import NOT_IN_BOTH, WAITS, courses_of, hollows_of
from isocourse.care.recording import record_events
from isocourse.doors.web.templatetags.patient_words import page_name
from isocourse.doors.web.trouble import PlainFormatter
from isocourse.errors import InputError
from isocourse.skin.figures import spread
from isocourse.skin.findings import Comparison, Measurement
from isocourse.skin.picture import decode
from isocourse.store import vault
from isocourse.store.models import AuditEntry, Look, Patient, Photograph, PhotographComparison
from isocourse.store.reading import record_of
from isocourse.words.photograph_change import number
from isocourse.words.photograph_scores import scores_on
from isocourse.words.skin_report.paper import Heading, compared_pdf
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    """A folder and a photograph key of its own for each test."""
    settings.HOME = tmp_path


# --- files ----------------------------------------------------------------------------------------
def scene(width: int = 320, height: int = 400, seed: int = 1) -> np.ndarray[Any, Any]:
    """Coloured noise that is smooth enough for a JPEG; nobody."""
    dice = np.random.default_rng(seed)
    return cv2.resize(dice.integers(60, 220, (height // 16, width // 16, 3), dtype=np.uint8), (width, height))


def jpeg(seed: int = 1, *, orientation: int = 1, gps: bool = True, **more: Any) -> bytes:
    """A JPEG as a phone writes it: place, time, device, a remark, a second file behind the end."""
    exif = Image.Exif()
    exif[0x0110] = "SecretPhone 12"
    exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    made = io.BytesIO()
    Image.fromarray(scene(seed=seed)).save(made, "JPEG", quality=88, exif=exif, comment=b"Ada Example", **more)
    return made.getvalue() + b"trailing film of Ada"


def consent(house: House, patient: Patient, *signers: str, on: date = TODAY) -> None:
    care.sign_consent(
        by=house.nurse, patient=patient, signers=signers or ("patient",), on=on, now=NOW, seen_seq=patient.last_seq
    )


def born(house: House, patient: Patient, day: str) -> None:
    record_events(by=house.nurse, patient=patient, events=[{"kind": "birth", "happened_on": day}], now=NOW)


@pytest.fixture
def adult(ours: House, patient: Patient) -> Patient:
    """A patient of age who consents."""
    born(ours, patient, "2004-05-06")
    consent(ours, patient)
    return patient


_SEEDS = count(1000)  # each photograph another one


def take(house: House, patient: Patient, data: bytes | None = None, **more: Any) -> Photograph:
    known = {"by": house.nurse, "view": "frontal", "day": TODAY, "now": NOW, **more}
    return care.take(patient=patient, data=jpeg(next(_SEEDS)) if data is None else data, **known)


def sealed(photograph: Photograph, part: str = vault.ORIGINAL) -> Path:
    return vault.place(photograph.key, part)


def test_a_photograph_goes_in_and_comes_out(ours: House, adult: Patient) -> None:
    kept = take(ours, adult, jpeg())
    found = care.opened(by=ours.nurse, photograph=kept, part=vault.ORIGINAL, now=NOW)
    assert np.array_equal(decode(found).rgb, decode(jpeg()).rgb)


# --- consent --------------------------------------------------------------------------------------
def test_no_photograph_without_a_consent_that_stands(ours: House, patient: Patient) -> None:
    born(ours, patient, "2004-05-06")
    with pytest.raises(InputError, match="no consent to photographs"):
        take(ours, patient)
    consent(ours, patient)
    take(ours, patient)
    care.withdraw_consent(by=ours.nurse, patient=patient, now=NOW, seen_seq=patient.last_seq)
    with pytest.raises(InputError, match="no consent to photographs"):
        take(ours, patient)
    assert care.photographs_of(patient).count() == 1  # what is there stays until its deletion is asked for
    assert care.consent_of(patient, now=NOW).state == "withdrawn"
    consent(ours, patient)
    assert take(ours, patient).repeat == 2


@pytest.mark.parametrize(
    ("born_on", "signers", "state"),
    [
        ("2008-11-23", ("patient",), "given"),  # eighteen today
        ("2008-11-24", ("patient",), "incomplete"),
        ("2008-11-24", ("guardian",), "incomplete"),
        ("2008-11-24", ("patient", "guardian"), "given"),
        ("2008-11", ("patient",), "incomplete"),  # the last day it can mean
        ("2008", ("patient", "guardian"), "given"),
        (None, ("patient",), "incomplete"),  # nobody is of age whose birth is not known
    ],
)
def test_who_has_to_sign(
    ours: House, patient: Patient, born_on: str | None, signers: tuple[str, ...], state: str
) -> None:
    if born_on is not None:
        born(ours, patient, born_on)
    consent(ours, patient, *signers)
    assert care.consent_of(patient, now=NOW).state == state


def test_consent_to_treatment_or_one_of_a_prescriber_is_none(ours: House, patient: Patient) -> None:
    born(ours, patient, "2000-01-01")
    day = {"kind": "form_signed", "happened_on": "2026-11-01"}
    others = [
        {**day, "form": "treatment_consent", "signed_by": "patient"},
        {**day, "form": "photograph_consent", "signed_by": "prescriber"},
        {**day, "form": "photograph_consent", "signed_by": "patient", "happened_on": "2026-11"},
    ]
    record_events(by=ours.nurse, patient=patient, events=others, now=NOW)
    assert care.consent_of(patient, now=NOW).state == "none"


def test_a_consent_entered_in_error_is_none(ours: House, adult: Patient) -> None:
    (signed,) = care.consent_of(adult, now=NOW).events
    wrong = {"kind": "entered_in_error", "happened_on": "2026-11-23", "corrects": signed, "reason": "another person's"}
    record_events(by=ours.nurse, patient=adult, events=[wrong], now=NOW)
    assert care.consent_of(adult, now=NOW).state == "none"


def test_a_consent_dated_in_part_does_not_outlive_a_withdrawal_it_may_come_before(
    ours: House, patient: Patient
) -> None:
    born(ours, patient, "2000-01-01")
    events = [
        {"kind": "photograph_consent_withdrawn", "happened_on": "2026-10-10"},
        {"kind": "form_signed", "happened_on": "2026-10", "form": "photograph_consent", "signed_by": "patient"},
    ]
    record_events(by=ours.nurse, patient=patient, events=events, now=NOW)
    assert care.consent_of(patient, now=NOW).state == "withdrawn"


def test_consent_changes_nothing_about_capsules(ours: House, patient: Patient) -> None:
    before = patient.decision.answered if patient.decision else None
    consent(ours, patient)
    patient.refresh_from_db()
    after = patient.decision.answered if patient.decision else None
    assert before is not None and after is not None
    assert (before["supply"], before["findings"]) == (after["supply"], after["findings"])


# --- what is in a file ----------------------------------------------------------------------------
@pytest.mark.parametrize("orientation", range(1, 9))
def test_nothing_is_said_beside_the_picture_and_every_pixel_stays(
    ours: House, adult: Patient, orientation: int
) -> None:
    data = jpeg(orientation=orientation)
    assert b"SecretPhone" in data and b"Ada Example" in data
    found = care.opened(by=ours.nurse, photograph=take(ours, adult, data), part=vault.ORIGINAL, now=NOW)
    assert not any(word in found for word in (b"SecretPhone", b"Ada", b"GPS", b"film"))
    kept = Image.open(io.BytesIO(found))
    assert dict(kept.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
    assert kept.getexif().get_ifd(0x8825) == {}
    assert np.array_equal(decode(found).rgb, decode(data).rgb)
    assert decode(found).jpeg == decode(data).jpeg  # the tables of the camera: their quality is still read


@pytest.mark.parametrize("more", [{"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_every_way_to_write_a_jpeg_keeps_its_pixels(ours: House, adult: Patient, more: dict[str, Any]) -> None:
    data = jpeg(**more)
    found = care.opened(by=ours.nurse, photograph=take(ours, adult, data), part=vault.ORIGINAL, now=NOW)
    assert np.array_equal(decode(found).rgb, decode(data).rgb)
    assert b"SecretPhone" not in found


def other_file(form: str, **more: Any) -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "SecretPhone 12"
    made = io.BytesIO()
    Image.fromarray(scene()).save(made, form, exif=exif, **more)
    return made.getvalue()


def test_png_keeps_its_pixels_and_webp_becomes_a_jpeg(ours: House, adult: Patient) -> None:
    from PIL.PngImagePlugin import PngInfo

    remark = PngInfo()
    remark.add_text("Author", "Ada Example")
    png = other_file("PNG", pnginfo=remark)
    assert b"Ada Example" in png and b"SecretPhone" in png
    kept = take(ours, adult, png)
    found = care.opened(by=ours.nurse, photograph=kept, part=vault.ORIGINAL, now=NOW)
    assert kept.kind == "png" and b"Ada" not in found and b"SecretPhone" not in found
    assert np.array_equal(decode(found).rgb, scene())
    webp = take(ours, adult, other_file("WEBP", quality=90))
    found = care.opened(by=ours.nurse, photograph=webp, part=vault.ORIGINAL, now=NOW)
    assert webp.kind == "jpeg" and found.startswith(b"\xff\xd8") and b"SecretPhone" not in found


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a photograph"),
        (b"%PDF-1.7 whatever", "not a photograph"),
        (jpeg()[:2000], "damaged"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (b"\xff\xd8" + b"x" * care.LARGEST_BYTES, "too large"),
    ],
    ids=["empty", "pdf", "cut", "heic", "large"],
)
def test_a_bad_file_gets_one_sentence_and_leaves_nothing(ours: House, adult: Patient, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        take(ours, adult, data)
    assert not Photograph.objects.exists() and not vault.names(before=2**40)


@pytest.mark.parametrize(
    ("more", "where"),
    [({"view": "elbow"}, "view"), ({"day": TODAY + timedelta(days=1)}, "day"), ({"day": None}, "day")],
)
def test_a_view_or_a_day_that_cannot_be_is_refused(
    ours: House, adult: Patient, more: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError) as refused:
        take(ours, adult, **more)
    assert refused.value.where == where


def test_a_file_is_what_it_holds_whatever_it_is_called(ours: House, theirs: House, adult: Patient) -> None:
    """A PNG that is called .jpg goes out as a PNG; a page of script that is called .jpg does not go in."""
    client, place = client_of("nurse", ours, theirs), reverse("photograph_add", args=[adult.key])
    assert client.post(place, sent(other_file("PNG"))).status_code == 302
    kept = Photograph.objects.get()
    assert client.get(picture(kept, vault.ORIGINAL))["Content-Type"] == "image/png"
    for data in (
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ):
        answer = client.post(place, sent(data))
        page = answer.content.decode()
        assert answer.status_code == 422 and "Send the photograph as the camera wrote it." in page
        assert "Allowed:" not in page  # the form itself says so
    assert Photograph.objects.count() == 1


def test_the_same_file_is_not_kept_twice(ours: House, theirs: House, adult: Patient) -> None:
    """It would count as a repeat and say that photographs never vary. Remarks in the file make no difference."""
    kept = take(ours, adult, jpeg(1))
    for more in ({}, {"view": "left_45"}, {"day": date(2026, 9, 1)}):
        with pytest.raises(InputError, match="here already: Face, front, 23"):
            take(ours, adult, jpeg(1, gps=False), **more)
    assert Photograph.objects.get() == kept and vault.names(before=2**40) == {kept.key}
    client, place = client_of("nurse", ours, theirs), reverse("photograph_add", args=[adult.key])
    answer = client.post(place, sent(jpeg(2), jpeg(2)))
    assert answer.status_code == 422 and "photo1.jpg: This photograph is here already" in answer.content.decode()
    deleting.delete(by=ours.nurse, photographs=[kept], reason="wrong view", now=NOW)
    assert take(ours, adult, jpeg(1), view="left_45").view == "left_45"


def test_more_than_the_server_reads_gets_a_clear_page(ours: House, theirs: House, adult: Patient) -> None:
    big = b"\xff\xd8" + b"\0" * 60_000_000
    answer = client_of("nurse", ours, theirs).post(reverse("photograph_add", args=[adult.key]), sent(big))
    assert answer.status_code == 413 and "Choose fewer or smaller files" in answer.content.decode()
    assert not Photograph.objects.exists()


def test_repeats_of_a_view_are_counted(ours: House, adult: Patient) -> None:
    found = [take(ours, adult, jpeg(seed)).repeat for seed in range(3)]
    assert found == [1, 2, 3] and take(ours, adult, view="left_45").repeat == 1


# --- sealing --------------------------------------------------------------------------------------
def test_nothing_readable_is_on_the_disk(ours: House, adult: Patient) -> None:
    kept = take(ours, adult)
    for part in (vault.ORIGINAL, vault.SCREEN, vault.THUMB):
        content = care.opened(by=ours.nurse, photograph=kept, part=part, now=NOW)
        path = sealed(kept, part)
        raw = path.read_bytes()
        # Long pieces only: three given bytes turn up by chance in one of twenty sealed photographs.
        pieces = [content[at : at + 16] for at in range(0, len(content) - 15, 97)]
        assert raw.startswith(b"iso1") and pieces and not any(piece in raw for piece in pieces)
        assert path.stat().st_mode & 0o777 == 0o600
    assert not list(Path(settings.HOME).rglob("*.new"))
    key = Path(settings.HOME) / "photo-key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_changed_or_put_in_anothers_place_does_not_open(ours: House, adult: Patient) -> None:
    one, other = take(ours, adult, jpeg(1)), take(ours, adult, jpeg(2))
    raw = sealed(one).read_bytes()
    for place in (0, 10, len(raw) // 2, len(raw) - 1):
        sealed(one).write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(vault.Tampered):
            care.opened(by=ours.nurse, photograph=one, part=vault.ORIGINAL, now=NOW)
    sealed(one).write_bytes(sealed(other).read_bytes())
    with pytest.raises(vault.Tampered):
        care.opened(by=ours.nurse, photograph=one, part=vault.ORIGINAL, now=NOW)
    sealed(one).write_bytes(sealed(one, vault.THUMB).read_bytes())  # another part of the same photograph
    with pytest.raises(vault.Tampered):
        care.opened(by=ours.nurse, photograph=one, part=vault.ORIGINAL, now=NOW)
    # A key that was moved to another row does not open either.
    one.data_key = other.data_key
    with pytest.raises(vault.Tampered):
        care.data_key_of(one)


def test_a_changed_file_is_no_picture_on_the_page(ours: House, theirs: House, adult: Patient) -> None:
    kept = take(ours, adult)
    sealed(kept, vault.SCREEN).write_bytes(b"iso1" + b"\xff\xd8" * 50)
    answer = client_of("nurse", ours, theirs).get(picture(kept))
    assert answer.status_code == 404


def test_keys_can_be_replaced(ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = vault.new_house_key(), vault.new_house_key()
    monkeypatch.setenv("ISOCOURSE_PHOTO_KEY", old)
    kept = take(ours, adult)
    monkeypatch.setenv("ISOCOURSE_PHOTO_KEY", new)
    with pytest.raises(vault.Tampered):
        care.data_key_of(kept)
    monkeypatch.setenv("ISOCOURSE_PHOTO_KEY", f"{new}, {old}")
    before = sealed(kept).read_bytes()
    assert care.rewrap(now=NOW) == 1
    monkeypatch.setenv("ISOCOURSE_PHOTO_KEY", new)
    kept.refresh_from_db()
    assert care.opened(by=ours.nurse, photograph=kept, part=vault.THUMB, now=NOW)
    assert sealed(kept).read_bytes() == before


@pytest.mark.parametrize("text", ["short", "AAAA", "!" * 44, "QUJD, QUJD"])
def test_a_key_that_cannot_be_read_is_not_repeated(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("ISOCOURSE_PHOTO_KEY", text)
    with pytest.raises(ImproperlyConfigured) as refused:
        vault.house_keys()
    assert text not in str(refused.value)


@pytest.mark.parametrize("lost", ["missing", "another", "unreadable"])
def test_without_its_photograph_key_a_page_says_so_and_nothing_is_lost(
    ours: House, theirs: House, adult: Patient, lost: str
) -> None:
    kept, waits = take(ours, adult), take(ours, adult)
    file = Path(settings.HOME) / "photo-key"
    right = file.read_text()
    if lost == "missing":
        file.unlink()
    else:
        file.write_text(vault.new_house_key() if lost == "another" else "what was here?")
    client = client_of("nurse", ours, theirs)
    pages = [reverse("photographs", args=[adult.key]), reverse("photograph", args=[adult.key, kept.key])]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and "The photographs cannot be opened just now" in answer.content.decode()
    assert client.get(picture(kept)).status_code == 404
    # None is added under another key, and no key is made in its place.
    answer = client.post(reverse("photograph_add", args=[adult.key]), sent(jpeg(7)))
    assert answer.status_code == 422 and "opens none of the photographs" in answer.content.decode()
    assert file.exists() == (lost != "missing") and vault.names(before=2**40) == {kept.key, waits.key}
    assert analyse_due(now=NOW) == 2 and photograph_jobs.take_up_again(now=NOW) == 0
    assert {each.problem for each in Photograph.objects.all()} == {photograph_jobs.NO_KEY}
    # With its key back everything opens, and what was not measured for want of it is.
    file.write_text(right)
    assert client.get(picture(kept)).status_code == 200
    assert "cannot be opened" not in client.get(pages[0]).content.decode()
    assert photograph_jobs.take_up_again(now=NOW) == 2
    assert {each.state for each in Photograph.objects.all()} == {"waiting"}


def test_the_first_photograph_of_all_makes_the_key(ours: House, adult: Patient) -> None:
    assert not (Path(settings.HOME) / "photo-key").exists()
    take(ours, adult)
    assert (Path(settings.HOME) / "photo-key").exists()


def test_two_clinics_have_two_keys(ours: House) -> None:
    key = vault.new_data_key()
    wrapped = vault.wrap(key, clinic="one", name="photograph")
    assert vault.unwrap(wrapped, clinic="one", name="photograph") == key
    for clinic, name in (("two", "photograph"), ("one", "another")):
        with pytest.raises(vault.Tampered):
            vault.unwrap(wrapped, clinic=clinic, name=name)


# --- who ------------------------------------------------------------------------------------------
def picture(kept: Photograph, part: str = vault.SCREEN) -> str:
    return reverse("photograph_picture", args=[kept.patient.key, kept.key, part])


def test_who_may_take_see_and_delete(ours: House, theirs: House, adult: Patient) -> None:
    kept = take(ours, adult)
    for user in (ours.administrator, ours.patient, theirs.nurse, theirs.prescriber, theirs.administrator):
        with pytest.raises(Denied):
            take(ours, adult, by=user)
        with pytest.raises(Denied):
            care.opened(by=user, photograph=kept, part=vault.THUMB, now=NOW)
        with pytest.raises(Denied):
            deleting.delete(by=user, photographs=[kept], reason="I want it", now=NOW)
        with pytest.raises(Denied):
            care.sign_consent(by=user, patient=adult, signers=["patient"], on=TODAY, now=NOW, seen_seq=None)
        with pytest.raises(Denied):
            care.withdraw_consent(by=user, patient=adult, now=NOW, seen_seq=None)
        with pytest.raises(Denied):
            care.measure_again(by=user, photograph=kept, now=NOW)
    assert Photograph.objects.get().deleted_at is None
    for user in (ours.nurse, ours.prescriber):
        assert care.opened(by=user, photograph=kept, part=vault.THUMB, now=NOW)


def test_through_broken_glass_one_sees_and_does_no_more(ours: House, theirs: House, adult: Patient) -> None:
    kept = take(ours, adult)
    break_glass(by=theirs.prescriber, patient=adult, now=NOW, reason="in our emergency room")
    assert care.opened(by=theirs.prescriber, photograph=kept, part=vault.SCREEN, now=NOW)
    look = Look.objects.get(user=theirs.prescriber)
    assert look.broke_glass and look.page == f"photograph {kept.key}"
    for act in (
        lambda: take(ours, adult, by=theirs.prescriber),
        lambda: deleting.delete(by=theirs.prescriber, photographs=[kept], reason="away with it", now=NOW),
    ):
        with pytest.raises(Denied):
            act()
    with pytest.raises(Denied):
        care.opened(by=theirs.prescriber, photograph=kept, part=vault.SCREEN, now=NOW + timedelta(hours=2))


def test_every_photograph_opened_is_in_the_book_of_looks(ours: House, theirs: House, adult: Patient) -> None:
    one, other = take(ours, adult, jpeg(1)), take(ours, adult, jpeg(2))
    client = client_of("nurse", ours, theirs)
    gallery = client.get(reverse("photographs", args=[adult.key])).content.decode()
    assert picture(one, vault.THUMB) in gallery
    for kept in (one, other):
        answer = client.get(picture(kept))
        assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
        assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
        assert adult.family_name not in answer["Content-Disposition"]
    pages = list(Look.objects.filter(user=ours.nurse).order_by("pk").values_list("page", flat=True))
    assert pages == ["photographs", f"photograph {one.key}", f"photograph {other.key}"]
    details = client.get(reverse("details", args=[adult.key])).content.decode()
    assert f"Photograph {one.key[:6]} opened" in details


def test_a_picture_is_of_the_patient_in_its_address(ours: House, theirs: House, adult: Patient) -> None:
    kept = take(ours, adult)
    from isocourse.care.patients import register

    other = register(by=ours.nurse, now=NOW, who={"number": "9", "given_name": "Bo", "family_name": "Other"})
    client = client_of("nurse", ours, theirs)
    assert client.get(reverse("photograph_picture", args=[other.key, kept.key, "screen"])).status_code == 404
    for page in ("photograph", "photograph_pdf", "photograph_dicom", "photograph_fhir"):
        assert client.get(reverse(page, args=[other.key, kept.key])).status_code == 404
    assert client.get(reverse("photograph_picture", args=[adult.key, kept.key, "data_key"])).status_code == 404
    for part in ("aligned", "frame", "melanin"):  # nothing was compared
        place = reverse("photograph_laid", args=[adult.key, kept.key, kept.key, part])
        assert client.get(place).status_code == 404


def test_every_act_is_in_the_audit_and_says_nothing_of_the_patient(ours: House, adult: Patient) -> None:
    kept = take(ours, adult)
    deleting.delete(by=ours.prescriber, photographs=[kept], reason="Ada asked for it", now=NOW)
    acts = list(AuditEntry.objects.filter(subject=adult.key).order_by("number"))
    assert [each.act for each in acts][-3:] == ["photograph_consent", "take_photograph", "delete_photograph"]
    assert acts[-1].detail == {"photograph": kept.key, "view": "frontal", "day": "2026-11-23"}


def test_nothing_is_kept_where_its_row_is_not(ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError("the audit is away")

    monkeypatch.setattr(care.audit, "write", broken)
    with pytest.raises(RuntimeError):
        take(ours, adult)
    assert not Photograph.objects.exists() and not vault.names(before=2**40)


# --- deleting -------------------------------------------------------------------------------------
def test_deletion_is_real(ours: House, adult: Patient, django_capture_on_commit_callbacks: Any) -> None:
    one, other = take(ours, adult, jpeg(1)), take(ours, adult, jpeg(2))
    raw = sealed(one).read_bytes()
    with pytest.raises(InputError, match="reason"):
        deleting.delete(by=ours.nurse, photographs=[one], reason=" ", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert deleting.delete(by=ours.nurse, photographs=[one], reason="the patient asked for it", now=NOW) == 1
    assert vault.names(before=2**40) == {other.key}
    one.refresh_from_db()
    assert (bytes(one.data_key), one.deleted_by, one.deleted_at) == (b"", ours.nurse, NOW)
    assert one.delete_reason == "the patient asked for it"
    assert not one.measurements.exists()
    with pytest.raises(InputError, match="was deleted"):
        care.opened(by=ours.nurse, photograph=one, part=vault.ORIGINAL, now=NOW)
    sealed(one).write_bytes(raw)  # a file out of a backup opens no more
    with pytest.raises(vault.Tampered):
        care.data_key_of(one)
    assert deleting.sweep(now=NOW + timedelta(days=36500)) == 1  # and goes again
    assert vault.names(before=2**40) == {other.key}
    assert care.opened(by=ours.nurse, photograph=other, part=vault.ORIGINAL, now=NOW)
    assert deleting.delete(by=ours.nurse, photographs=[one], reason="once more", now=NOW) == 0


def test_a_deleted_photograph_stays_as_a_line(ours: House, theirs: House, adult: Patient) -> None:
    kept = take(ours, adult)
    client = client_of("doctor", ours, theirs)
    place = reverse("photograph_delete", args=[adult.key])
    assert b"Why is it deleted?" in client.get(place, {"photograph": kept.key}).content
    assert client.post(place, {"photograph": kept.key, "reason": ""}).status_code == 422
    assert client.post(place, {"photograph": kept.key, "reason": "wrong person"}).status_code == 302
    gallery = client.get(reverse("photographs", args=[adult.key])).content.decode()
    assert "wrong person" in gallery and picture(kept, vault.THUMB) not in gallery
    assert client.get(picture(kept)).status_code == 404
    assert "wrong person" in client.get(reverse("photograph", args=[adult.key, kept.key])).content.decode()


# --- pages ----------------------------------------------------------------------------------------
def sent(*files: bytes, **more: str) -> dict[str, Any]:
    uploads = [SimpleUploadedFile(f"photo{place}.jpg", data, "image/jpeg") for place, data in enumerate(files)]
    return {"view": "frontal", "day": "2026-11-23", "files": uploads, **more}


def test_the_page_takes_photographs_and_says_which_it_refused(ours: House, theirs: House, adult: Patient) -> None:
    client = client_of("nurse", ours, theirs)
    place = reverse("photograph_add", args=[adult.key])
    assert client.post(place, sent(jpeg(1), jpeg(2))).status_code == 302
    answer = client.post(place, sent(jpeg(3), b"no picture at all"))
    assert answer.status_code == 422
    assert (
        "photo1.jpg: This is not a photograph that can be read. Send the photograph as the" in answer.content.decode()
    )
    assert "1 photograph is kept." in answer.content.decode()
    assert client.post(place, sent()).status_code == 422
    found = client.post(place, sent(b"nothing"), headers={"Accept": "application/json"})
    assert found.status_code == 422 and found.json()["kept"] == 0 and "not a photograph" in found.json()["wrong"][0]
    assert care.photographs_of(adult).count() == 3


def test_where_one_takes_photographs_those_of_today_are_shown(ours: House, theirs: House, adult: Patient) -> None:
    now = timezone.now()
    old, new = take(ours, adult), take(ours, adult, now=now, day=today_in(adult.clinic, now))
    client = client_of("nurse", ours, theirs)
    of_today, all_of_them = {"only": "today"}, {}
    for name, sent_with, shown in (
        ("photograph_capture", {}, [new]),
        ("photograph_progress", of_today, [new]),
        ("photograph_progress", all_of_them, [old, new]),
    ):
        page = client.get(reverse(name, args=[adult.key]), sent_with).content.decode()
        assert [picture(each, vault.THUMB) in page for each in (old, new)] == [each in shown for each in (old, new)]
        again = f'hx-get="{reverse("photograph_progress", args=[adult.key])}'
        assert (f'{again}?only=today"' in page) == (shown == [new]) and again in page


def test_the_page_says_that_consent_is_missing_and_takes_it(ours: House, theirs: House, patient: Patient) -> None:
    born(ours, patient, "2000-01-01")
    client = client_of("nurse", ours, theirs)
    gallery, place = reverse("photographs", args=[patient.key]), reverse("photograph_consent", args=[patient.key])
    page = client.get(gallery).content.decode()
    assert "No consent to photographs is on record" in page and reverse("visit", args=[patient.key]) in page
    assert client.post(reverse("photograph_add", args=[patient.key]), sent(jpeg())).status_code == 422
    patient.refresh_from_db()
    form = {"signer": "patient", "on": "2026-11-23", "seen_seq": patient.last_seq}
    assert client.post(place, {**form, "seen_seq": 0}).status_code == 409
    assert client.post(place, {**form, "signer": []}).status_code == 422
    assert client.post(place, {**form, "on": "yesterday"}).status_code == 422
    assert client.post(place, form).status_code == 302
    assert "on record" in client.get(gallery).content.decode()
    patient.refresh_from_db()
    away = reverse("photograph_consent_withdraw", args=[patient.key])
    assert client.post(away, {"seen_seq": patient.last_seq}).status_code == 302
    assert "The consent was withdrawn on" in client.get(gallery).content.decode()


def test_an_upload_touches_no_temporary_file(
    ours: House, theirs: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django writes uploads above some size into the system's folder for temporary files, in the clear."""

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refused)
    big = other_file("PNG") + b"\0" * 6_000_000
    answer = client_of("nurse", ours, theirs).post(reverse("photograph_add", args=[adult.key]), sent(big))
    assert answer.status_code == 302 and care.photographs_of(adult).count() == 1


# --- the jobs -------------------------------------------------------------------------------------
def face(months: float, repeat: int = 0, **more: Any) -> bytes:
    """A drawn face of nobody at a visit, as small as can be measured."""
    from isocourse.simulate.faces import Camera, Person, course_series, photograph

    (look,) = course_series(5, "light", [months])
    camera = Camera(px_per_mm=5.0, width=980, height=1230, yaw=0.6 * repeat, jpeg=94, **more)
    made = photograph(Person(5, "light"), look, camera, seed=repeat).jpeg
    assert made is not None
    return made


def all_jobs() -> int:
    return analyse_due(now=NOW) + compare_due(now=NOW)


def test_from_a_photograph_to_what_changed_and_away(
    ours: House, theirs: House, adult: Patient, django_capture_on_commit_callbacks: Any
) -> None:
    """The whole way, with the pipeline itself: measured, compared with the first, shown, deleted with all of it."""
    first = [take(ours, adult, face(0, repeat), day=date(2026, 9, 1)) for repeat in range(2)]
    later = take(ours, adult, face(3, 2), day=date(2026, 11, 20))
    assert all_jobs() == 4 and all_jobs() == 0
    states = {(each.state, each.problem) for each in Photograph.objects.all()}
    assert states == {("measured", "")}
    pair = PhotographComparison.objects.get()
    assert (pair.before, pair.after, pair.state) == (first[0], later, "measured")
    found = pairing(pair)
    assert found is not None and found.marks and found.comparison.numbers
    kept = measured(first[0])
    assert kept is not None and kept.measurement.spots
    for spot in kept.measurement.spots:  # where the mark is in the photograph, not in the frame
        x, y = spot.x * kept.step + kept.origin[0], spot.y * kept.step + kept.origin[1]
        assert 0 < x < first[0].width and 0 < y < first[0].height

    client = client_of("doctor", ours, theirs)
    page = client.get(reverse("photograph", args=[adult.key, first[0].key])).content.decode()
    assert page.count("<polygon") == len(kept.measurement.spots) and "not validated" in page
    own = spread(kept.measurement, [each.measurement for each in map(measured, first) if each is not None])
    sd, shots = own["red-marks-count",]
    assert f"{len(kept.measurement.of('red'))} ± {number(sd)}" in page and shots == 2
    assert "between 2 photographs of one visit" in page
    page = client.get(reverse("photograph", args=[adult.key, later.key])).content.decode()
    assert f" ± {number(sd)}</strong>" in page  # of the first visit: at this one there is a single photograph
    place = f"{reverse('photograph_compare', args=[adult.key])}?before={later.key}&after={first[0].key}"
    page = client.get(place).content.decode()
    for each in found.comparison.numbers:
        assert each.what.startswith("roughness") or each.what[:1].upper() + each.what[1:] in page
    assert "For the patient" in page and "photographs of the same skin can differ by" in page
    laid = [reverse("photograph_laid", args=[adult.key, *names]) for names in (
        (first[0].key, first[0].key, "frame"), (later.key, first[0].key, "aligned"),
        (later.key, first[0].key, "redness"), (later.key, first[0].key, "melanin"),
    )]  # fmt: skip
    for each in laid:
        assert each in page and client.get(each).status_code == 200
    papers = [
        reverse("photograph_pdf", args=[adult.key, later.key]),
        place.replace("/compare?", "/compare/pdf?"),
    ]
    assert papers[0] in client.get(reverse("photograph", args=[adult.key, later.key])).content.decode()
    assert f"{reverse('photographs_pdf', args=[adult.key])}?before={first[0].key}&amp;after={later.key}" in page
    for paper, shown in zip(papers, ([later], [first[0], later]), strict=True):
        seen_before = Look.objects.count()
        answer = client.get(paper)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
        assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
        assert adult.family_name not in answer["Content-Disposition"]
        looks = list(Look.objects.order_by("pk").values_list("page", flat=True))[seen_before:]
        assert {f"photograph {each.key}" for each in shown} <= set(looks)
        assert client_of("stranger", ours, theirs).get(paper).status_code == 403
        assert b"/Lang(en-GB)" in answer.content
    ours.clinic.language = "en-us"
    ours.clinic.save()
    assert all(b"/Lang(en-US)" in client.get(paper).content for paper in papers)
    trend = client.get(reverse("photograph_trend", args=[adult.key])).content.decode()
    assert "Dark spots" in trend and "noise-band" in trend and trend.count("change-chart") > 2

    with django_capture_on_commit_callbacks(execute=True):
        deleting.delete(by=ours.nurse, photographs=[first[0]], reason="the patient asked for it", now=NOW)
    pair = PhotographComparison.objects.get()  # its repeat is the first now
    assert (pair.before, pair.after, pair.state) == (first[1], later, "waiting")
    assert not first[0].measurements.exists()
    assert [client.get(each).status_code for each in laid] == [404] * 4
    assert not client.get(papers[1]).content.startswith(b"%PDF")
    assert client.get(papers[0]).content.startswith(b"%PDF")
    adult.refresh_from_db()
    care.withdraw_consent(by=ours.nurse, patient=adult, now=NOW, seen_seq=adult.last_seq)
    refused = client.get(papers[0], follow=True)
    assert "o consent to photographs on record, so nothing of them is handed out" in refused.content.decode()
    assert papers[0] not in refused.content.decode()
    left = {path.name for path in (Path(settings.HOME) / "files").rglob("*.*")}
    assert left == {f"{each.key}.{part}" for each in (first[1], later) for part in ("original", "screen", "thumb")}


def test_a_comparison_kept_before_its_notes_had_patterns_is_still_read(
    ours: House, theirs: House, adult: Patient
) -> None:
    """As it was stored then, byte for byte but for the figures: notes are whole sentences."""
    first, later = (take(ours, adult, day=day) for day in (date(2026, 9, 1), date(2026, 11, 20)))
    Photograph.objects.update(state="measured")
    old = (
        b'{"comparison":{"refused":"","seen":0.91,"consistency":0.02,"pairs":[{"before":0,"after":null,"state":"faded"}],'
        b'"numbers":[{"what":"dark spots","unit":"","before":31.0,"after":22.0,"noise":4.0,"own":true,'
        b'"verdict":"improved"}],"says":"Dark spots 31 to 22.","notes":["The noise comes from 3 photographs of the '
        b'first visit. {so} it was said.","Texture was compared only in the widths that both photographs are '
        b'sharp enough for."]},"width":40,"height":50,"marks":[]}'
    )
    PhotographComparison.objects.create(
        before=first, after=later, at=NOW, state="measured", content=zlib.compress(old, 6)
    )
    place = f"{reverse('photograph_compare', args=[adult.key])}?before={first.key}&after={later.key}"
    page = client_of("doctor", ours, theirs).get(place).content.decode()
    assert "The noise comes from 3 photographs of the first visit. {so} it was said." in page
    assert "31 → 22" in page and "improved" in page
    found = pairing(PhotographComparison.objects.get())
    assert found is not None and compared_pdf(found.comparison, (), heading=Heading(), at=NOW).startswith(b"%PDF")


def test_a_chart_in_one_of_two_photographs_gives_its_tone_and_keeps_no_comparison_back(
    ours: House, adult: Patient
) -> None:
    charted = take(ours, adult, face(0, chart=True), day=date(2026, 9, 1))
    plain = take(ours, adult, face(3), day=date(2026, 11, 20))
    assert all_jobs() == 3
    found = [measured(Photograph.objects.get(pk=each.pk)) for each in (charted, plain)]
    assert [each.measurement.colour.rung for each in found if each and each.measurement.colour] == ["chart", "none"]
    assert found[0] is not None and found[0].measurement.tone is not None
    pair = pairing(PhotographComparison.objects.get())
    assert pair is not None and {number.what for number in pair.comparison.numbers} >= {"dark spots", "red marks"}


def test_hollows_are_measured_from_two_photographs_with_light_from_either_side(
    ours: House, theirs: House, adult: Patient
) -> None:
    from isocourse.simulate.faces import Camera, Person, course_series, photograph

    (look,) = course_series(5, "light", [4])

    def lit(light: Any) -> bytes:
        camera = Camera(px_per_mm=5.0, width=980, height=1230, light=light, jpeg=94)
        return photograph(Person(5, "light"), look, camera).jpeg or b""

    left = take(ours, adult, lit("raking left"), view="raking_left")
    analyse_due(now=NOW)
    left.refresh_from_db()
    assert left.state == "failed" and "from the other side" in left.problem
    right = take(ours, adult, lit("raking right"), view="raking_right")
    assert [analyse_due(now=NOW) for _ in range(3)] == [1, 1, 0]
    found = [measured(Photograph.objects.get(pk=each.pk)) for each in (left, right)]
    assert all(each is not None and each.measurement.relief for each in found)
    assert found[0].measurement.relief == found[1].measurement.relief  # type: ignore[union-attr]
    page = client_of("nurse", ours, theirs).get(reverse("photograph", args=[adult.key, left.key])).content.decode()
    assert "Hollows, relative" in page and "Dark spots" not in page  # not looked for is not none


def relief_jobs(monkeypatch: pytest.MonkeyPatch, depths: dict[str, float | None]) -> None:
    """Measure what waits; the relief of each photograph is given by its key, and nobody's face is looked for."""
    from isocourse.skin.findings import Relief

    def measured_relief(photograph: Photograph) -> Any:
        depth = depths[photograph.key]
        if depth is None:
            return None
        relief = Relief("raking light", depth, 2, 3.0, "")
        return photograph_jobs.Kept(Measurement("m", 1, 1, (), relief=relief))

    monkeypatch.setattr(photograph_jobs, "_measure_relief", measured_relief)
    analyse_due(now=NOW)


def test_hollows_have_a_course_with_their_noise_and_the_visits_without(
    ours: House, theirs: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hollows_of(adult) is None
    days = {date(2026, 6, 1): (0.30, 0.302), date(2026, 8, 1): (None,), date(2026, 11, 20): (0.2,)}
    depths: dict[str, float | None] = {}
    kept = []
    for day, values in days.items():
        for depth in values:
            kept.append(take(ours, adult, view="raking_left", day=day))
            depths[kept[-1].key] = depth
            if depth is not None:
                depths[take(ours, adult, view="raking_right", day=day).key] = depth
    relief_jobs(monkeypatch, depths)
    course = hollows_of(adult)
    assert course is not None and course.baseline == kept[0] and course.what == "depth of hollows"
    (point,) = course.points
    assert (point.day, point.before, point.after, point.verdict) == (date(2026, 11, 20), 0.3, 0.2, "improved")
    assert point.noise is not None and 0 < point.noise < 0.1
    (gap,) = course.gaps
    assert (gap.day, gap.why) == (date(2026, 8, 1), photograph_jobs.NO_PARTNER)
    page = client_of("doctor", ours, theirs).get(reverse("photograph_trend", args=[adult.key])).content.decode()
    assert "Depth of hollows" in page and "Not measured. Hollows are measured from two photographs" in page
    assert page.count('class="quiet cross"') == 2  # in the chart and in the legend
    # Without a repeat of the first visit nothing is called a change.
    deleting.delete(by=ours.nurse, photographs=[kept[1]], reason="blinked", now=NOW)
    course = hollows_of(adult)
    assert course is not None
    assert [(each.noise, each.verdict) for each in course.points] == [(None, "not known")]
    page = client_of("doctor", ours, theirs).get(reverse("photograph_trend", args=[adult.key])).content.decode()
    assert "not known yet" in page


def test_every_photograph_waits_for_its_partner(ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two with light from the left were tried before one with light from the right came: both are measured then."""
    lefts = [take(ours, adult, view="raking_left") for _ in range(2)]
    analyse_due(now=NOW)
    assert {each.problem for each in Photograph.objects.all()} == {photograph_jobs.NO_PARTNER}
    right = take(ours, adult, view="raking_right")
    relief_jobs(monkeypatch, {each.key: 0.3 for each in (*lefts, right)})
    analyse_due(now=NOW)
    assert {each.state for each in Photograph.objects.all()} == {"measured"}


def test_a_figure_that_a_visit_does_not_have_is_a_gap_with_its_reason(ours: House, adult: Patient) -> None:
    from isocourse.skin.findings import Compared
    from isocourse.store.models.photographs import packed_struct

    days = [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
    first, whole, coarse, refused, waits = (take(ours, adult, day=day) for day in days)
    Photograph.objects.exclude(pk=waits.pk).update(state="measured")
    spots = Compared("dark spots", "", 9, 4, 3.0, True, "improved")
    fine = Compared("roughness of 0.4 to 1 mm", "L*", 0.3, 0.3, 0.1, True, "within noise")
    for after, numbers in ((whole, (spots, fine)), (coarse, (spots,))):
        content = packed_struct(Pairing(Comparison(numbers=numbers)))
        PhotographComparison.objects.create(before=first, after=after, at=NOW, state="measured", content=content)
    PhotographComparison.objects.create(before=first, after=refused, at=NOW, state="failed", problem="Turned too far.")
    found = {course.what: course for course in courses_of(adult, "frontal")}
    assert [point.day for point in found["dark spots"].points] == days[1:3]
    assert [(gap.day, gap.why) for gap in found["dark spots"].gaps] == [(days[3], "Turned too far."), (days[4], WAITS)]
    assert [gap.why for gap in found[fine.what].gaps] == [NOT_IN_BOTH, "Turned too far.", WAITS]


def test_no_report_of_what_is_not_measured_deleted_or_damaged(
    ours: House, theirs: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = take(ours, adult)
    client = client_of("nurse", ours, theirs)
    place = reverse("photograph_pdf", args=[adult.key, kept.key])

    def refused() -> str:
        answer = client.get(place, follow=True)
        assert not answer.content.startswith(b"%PDF")
        return answer.content.decode()

    assert "This photograph is not measured" in refused()
    found = SimpleNamespace(measurement=Measurement("m", 1, 1, (), px_per_mm=8.0), frame=None)
    monkeypatch.setattr(photograph_jobs, "look_at", lambda _: found)
    analyse_due(now=NOW)
    assert client.get(place).content.startswith(b"%PDF")
    raw = sealed(kept).read_bytes()
    sealed(kept).write_bytes(b"x" + raw[1:])
    assert "damaged or was changed" in refused()
    sealed(kept).write_bytes(raw)
    deleting.delete(by=ours.nurse, photographs=[kept], reason="wrong person", now=NOW)
    assert "This photograph was deleted" in refused()


def test_a_photograph_and_its_figures_go_to_another_system_with_the_name_and_are_looked_at(
    ours: House, theirs: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, back = take(ours, adult), take(ours, adult, jpeg(2), view="back")
    found = SimpleNamespace(measurement=Measurement("m", 1, 1, (), px_per_mm=8.0, scale_how="iris"), frame=None)
    monkeypatch.setattr(photograph_jobs, "look_at", lambda _: found)
    client = client_of("nurse", ours, theirs)
    picture, figures = (reverse(f"photograph_{name}", args=[adult.key, kept.key]) for name in ("dicom", "fhir"))
    assert "is not measured" in client.get(figures, follow=True).content.decode()
    assert "PixelSpacing" not in dcmread(io.BytesIO(client.get(picture).content))  # nothing was measured, no scale
    analyse_due(now=NOW)
    page = client.get(reverse("photograph", args=[adult.key, kept.key])).content.decode()
    assert picture in page and figures in page and "name, number and date of birth" in page

    seen_before = Look.objects.count()
    answers = [client.get(place) for place in (picture, figures)]
    for answer in answers:
        assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
        assert adult.family_name not in answer["Content-Disposition"]
    looks = list(Look.objects.order_by("pk").values_list("page", flat=True))[seen_before:]
    assert looks.count(f"photograph {kept.key}") == 2
    assert [page_name(each) for each in looks if "photograph_" in each] == ["Photograph (DICOM)", "Figures (FHIR)"]
    image = dcmread(io.BytesIO(answers[0].content))
    assert (image.PatientName, image.PatientID) == (f"{adult.family_name}^{adult.given_name}", adult.number)
    assert (image.StudyDate, image.StudyTime) == (kept.day.strftime("%Y%m%d"), "") and image.PixelSpacing[0] == 0.125
    assert image.SyntheticData == "NO"
    bundle = answers[1].json()
    (person,) = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient"]
    assert person["name"] == [{"family": adult.family_name, "given": [adult.given_name]}]
    media = next(each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Media")
    assert media["identifier"][0]["value"] == f"urn:oid:{image.SOPInstanceUID}"
    assert media["subject"] == {"reference": f"urn:uuid:{person['id']}"} and "meta" not in bundle

    ours.clinic.demonstration = True
    ours.clinic.save()
    assert dcmread(io.BytesIO(client.get(picture).content)).SyntheticData == "YES"
    made_up = client.get(figures).json()
    assert all(each["meta"]["tag"][0]["code"] == "HTEST" for each in (made_up, made_up["entry"][0]["resource"]))
    page = client.get(reverse("photograph_dicom", args=[adult.key, back.key]), follow=True).content.decode()
    assert "Only photographs of a face" in page
    for place in (picture, figures):
        assert client_of("stranger", ours, theirs).get(place).status_code == 403

    raw = sealed(kept).read_bytes()
    sealed(kept).write_bytes(b"x" + raw[1:])
    for place in (picture, figures):
        assert "damaged or was changed" in client.get(place, follow=True).content.decode()
    sealed(kept).write_bytes(raw)
    adult.refresh_from_db()
    care.withdraw_consent(by=ours.nurse, patient=adult, now=NOW, seen_seq=adult.last_seq)
    for place in (picture, figures):
        assert "nothing of them is handed out" in client.get(place, follow=True).content.decode()
    deleting.delete(by=ours.nurse, photographs=[kept], reason="wrong person", now=NOW)
    for place in (picture, figures):
        assert "This photograph was deleted" in client.get(place, follow=True).content.decode()


def test_a_photograph_of_a_merged_record_is_no_second_picture_elsewhere(
    ours: House, theirs: House, adult: Patient
) -> None:
    kept = take(ours, adult)
    twin = register(by=ours.nurse, now=NOW, who={"number": "0413", "given_name": "Ada", "family_name": "Example"})
    client = client_of("doctor", ours, theirs)

    def handed_out(record: Patient) -> Any:
        return dcmread(io.BytesIO(client.get(reverse("photograph_dicom", args=[record.key, kept.key])).content))

    before = handed_out(adult)
    merge(by=ours.prescriber, patient=adult, into=twin, now=NOW, reason="one person")
    after = handed_out(twin)
    assert (before.PatientID, after.PatientID) == (adult.number, twin.number)
    for uid in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        assert before[uid].value == after[uid].value


def test_what_cannot_be_measured_says_why(ours: House, theirs: House, adult: Patient) -> None:
    no_face, back = take(ours, adult), take(ours, adult, jpeg(2), view="back")
    gone = take(ours, adult, jpeg(3))
    sealed(gone).write_bytes(b"x")
    assert analyse_due(now=NOW) == 3
    for kept, says in (
        (no_face, "No face was found"),
        (back, "Only faces are measured"),
        (gone, "damaged or was changed"),
    ):
        kept.refresh_from_db()
        assert kept.state == "failed" and says in kept.problem
        assert says in client_of("nurse", ours, theirs).get(reverse("photographs", args=[adult.key])).content.decode()
        page = client_of("nurse", ours, theirs).get(reverse("photograph", args=[adult.key, kept.key]))
        assert says in page.content.decode()


def test_a_measurement_that_breaks_is_logged_without_the_patient_and_can_be_tried_again(
    ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = take(ours, adult)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError(adult.family_name)

    monkeypatch.setattr(photograph_jobs, "look_at", broken)
    analyse_due(now=NOW)
    kept.refresh_from_db()
    assert kept.state == "failed" and "Something went wrong" in kept.problem
    lines = [PlainFormatter().format(record) for record in caplog.records]
    assert any("ZeroDivisionError" in line for line in lines) and adult.family_name not in "".join(lines)
    care.measure_again(by=ours.nurse, photograph=kept, now=NOW)
    kept.refresh_from_db()
    assert (kept.state, kept.attempts, kept.problem) == ("waiting", 0, "")


def test_one_that_ends_its_process_is_tried_thrice_and_no_more(ours: House, adult: Patient) -> None:
    kept = take(ours, adult)
    rows, now = Photograph.objects.all(), NOW
    for _ in range(3):
        assert photograph_jobs.claimed(rows, kept.pk, now) is not None
        assert photograph_jobs.claimed(rows, kept.pk, now) is None  # somebody else has it
        now += photograph_jobs.LOST_AFTER + timedelta(seconds=1)
    assert photograph_jobs.claimed(rows, kept.pk, now) is None
    kept.refresh_from_db()
    assert kept.state == "failed" and kept.problem == photograph_jobs.BROKE


def test_a_photograph_deleted_while_it_is_measured_leaves_nothing(
    ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = take(ours, adult)

    def meanwhile(photograph: Photograph) -> Any:
        deleting.delete(by=ours.nurse, photographs=[photograph], reason="meanwhile", now=NOW)
        return SimpleNamespace(measurement=Measurement("m", 1, 1, ()), frame=None)

    monkeypatch.setattr(photograph_jobs, "look_at", meanwhile)
    analyse_due(now=NOW)
    kept.refresh_from_db()
    assert kept.deleted_at is not None and kept.state != "measured" and not kept.measurements.exists()


def test_a_consent_withdrawn_while_a_photograph_is_measured_leaves_nothing(
    ours: House, theirs: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = take(ours, adult)

    def meanwhile(_: Photograph) -> Any:
        care.withdraw_consent(by=ours.nurse, patient=adult, now=NOW, seen_seq=None)
        return SimpleNamespace(measurement=Measurement("m", 1, 1, ()), frame=None)

    monkeypatch.setattr(photograph_jobs, "look_at", meanwhile)
    assert analyse_due(now=NOW) == 1
    kept.refresh_from_db()
    assert (kept.state, kept.problem) == ("failed", photograph_jobs.NO_CONSENT) and not kept.measurements.exists()
    # What waits is not even begun, and nobody can have it measured while no consent stands.
    Photograph.objects.update(state="waiting")
    monkeypatch.setattr(photograph_jobs, "look_at", lambda _: pytest.fail("it was measured"))
    assert analyse_due(now=NOW) == 1
    with pytest.raises(InputError, match="no consent"):
        care.measure_again(by=ours.nurse, photograph=kept, now=NOW)
    place = reverse("photograph_again", args=[adult.key, kept.key])
    assert "no consent to photographs" in client_of("nurse", ours, theirs).post(place, follow=True).content.decode()
    adult.refresh_from_db()
    consent(ours, adult)
    care.measure_again(by=ours.nurse, photograph=kept, now=NOW)
    kept.refresh_from_db()
    assert kept.state == "waiting"


def two_measured(house: House, patient: Patient) -> tuple[Photograph, Photograph]:
    """Two photographs that are said to be measured, with a comparison that waits."""
    found = take(house, patient, day=date(2026, 9, 1)), take(house, patient)
    Photograph.objects.update(state="measured")
    PhotographComparison.objects.create(before=found[0], after=found[1], at=NOW)
    return Photograph.objects.get(pk=found[0].pk), Photograph.objects.get(pk=found[1].pk)


PICTURES = {care.ALIGNED: b"a", care.MELANIN: b"m", care.REDNESS: b"r"}


@pytest.mark.parametrize("what", ["withdrawn", "deleted"])
def test_what_ends_while_two_are_compared_leaves_nothing(
    ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before, after = two_measured(ours, adult)

    def meanwhile(_: PhotographComparison) -> Any:
        if what == "withdrawn":
            care.withdraw_consent(by=ours.nurse, patient=adult, now=NOW, seen_seq=None)
        else:
            deleting.delete(by=ours.nurse, photographs=[before], reason="meanwhile", now=NOW)
        parts = {(after.key, care.laid_part(part, before.key)): data for part, data in PICTURES.items()}
        return Pairing(Comparison(), 10, 10), parts

    monkeypatch.setattr(photograph_comparing, "_laid", meanwhile)
    assert compare_due(now=NOW) == 1
    left = {path.name.partition(".")[2] for path in (Path(settings.HOME) / "files").rglob("*.*")}
    assert left == {"original", "screen", "thumb"}
    row = PhotographComparison.objects.first()
    if what == "deleted":
        assert row is None
    else:
        assert row is not None and (row.problem, bytes(row.content)) == (photograph_jobs.NO_CONSENT, b"")
        with pytest.raises(InputError, match="no consent"):
            ask(by=ours.nurse, before=before, after=after, now=NOW)


def test_what_a_killed_process_left_is_taken_up_again(
    ours: House, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_measured(ours, adult)
    waits = take(ours, adult, view="left_45")
    for rows in (Photograph.objects.filter(pk=waits.pk), PhotographComparison.objects.all()):
        assert photograph_jobs.claimed(rows, rows.get().pk, NOW) is not None  # and then the process is killed
    found = SimpleNamespace(measurement=Measurement("m", 1, 1, ()), frame=None)
    monkeypatch.setattr(photograph_jobs, "look_at", lambda _: found)
    monkeypatch.setattr(photograph_comparing, "_laid", lambda _: (Pairing(Comparison()), {}))
    soon = NOW + photograph_jobs.LOST_AFTER
    assert analyse_due(now=soon) == compare_due(now=soon) == 0  # it may be running yet
    later = soon + timedelta(seconds=1)
    assert analyse_due(now=later) == compare_due(now=later) == 1
    assert Photograph.objects.get(pk=waits.pk).state == PhotographComparison.objects.get().state == "measured"


def test_what_was_deleted_in_another_window_leads_to_what_is_left(ours: House, theirs: House, adult: Patient) -> None:
    before, after = two_measured(ours, adult)
    client = client_of("nurse", ours, theirs)
    keys = {"before": before.key, "after": after.key}
    assert client.get(reverse("photograph_compare", args=[adult.key]), keys).status_code == 200
    deleting.delete(by=ours.prescriber, photographs=[after], reason="in another window", now=NOW)
    for name, ask_with in (
        ("photograph_compare", client.get),
        ("photograph_begin", client.post),
        ("photographs_pdf", client.get),
    ):
        answer = ask_with(reverse(name, args=[adult.key]), keys, follow=True)
        assert answer.redirect_chain and "One of the two photographs was deleted" in answer.content.decode()
    assert not PhotographComparison.objects.exists()


def test_without_the_first_photograph_the_others_are_compared_with_what_is_first_now(
    ours: House, adult: Patient
) -> None:
    days = [date(2026, 9, 1), date(2026, 9, 1), date(2026, 10, 1), TODAY]
    first, repeat, second, third = (take(ours, adult, day=day) for day in days)
    Photograph.objects.update(state="measured")
    for after in (second, third):
        PhotographComparison.objects.create(before=first, after=after, at=NOW, state="measured")

    def pairs() -> list[tuple[Photograph, Photograph, str]]:
        return [(row.before, row.after, row.state) for row in PhotographComparison.objects.order_by("pk")]

    # The noise of the two comparisons came from this one as well.
    deleting.delete(by=ours.nurse, photographs=[repeat], reason="blinked", now=NOW)
    assert pairs() == [(first, second, "waiting"), (first, third, "waiting")]
    deleting.delete(by=ours.nurse, photographs=[first], reason="blinked too", now=NOW)
    assert pairs() == [(second, third, "waiting")]


def test_the_clinicians_score_of_the_day_stands_beside_the_figures(ours: House, theirs: House, adult: Patient) -> None:
    before, after = two_measured(ours, adult)
    scored = [
        {"kind": "skin_score", "happened_on": day, "scale": scale, "value": value}
        for day, scale, value in (
            ("2026-09-01", "iga", "3"),
            ("2026-11-23", "iga", "2"),
            ("2026-11-23", "iga", "1"),  # corrected in the same visit: the last
            ("2026-10-01", "gags", "9"),  # no photograph of that day
        )
    ]
    for event in scored:
        record_events(by=ours.nurse, patient=adult, events=[event], now=NOW)
    found = scores_on(record_of(adult).events, [before.day.toordinal(), after.day.toordinal()])
    assert [(each.title, each.totals, each.ends) for each in found] == [("IGA", ("3", "1"), "0–4")]
    assert [each.totals for each in scores_on(record_of(adult).events, [after.day.toordinal()])] == [("1",)]
    assert scores_on(record_of(adult).events, [date(2026, 9, 2).toordinal()]) == []


def test_only_two_of_one_view_that_were_measured_are_compared(ours: House, theirs: House, adult: Patient) -> None:
    one, other = take(ours, adult, day=date(2026, 9, 1)), take(ours, adult, jpeg(2))
    side = take(ours, adult, jpeg(3), view="left_45")
    with pytest.raises(InputError, match="one of the two was not measured"):
        ask(by=ours.nurse, before=one, after=other, now=NOW)
    with pytest.raises(InputError, match="of one view"):
        ask(by=ours.nurse, before=one, after=side, now=NOW)
    Photograph.objects.update(state="measured")
    pair = [Photograph.objects.get(pk=each.pk) for each in (one, other)]
    with pytest.raises(Denied):
        ask(by=theirs.nurse, before=pair[0], after=pair[1], now=NOW)
    client = client_of("nurse", ours, theirs)
    place, keys = reverse("photograph_begin", args=[adult.key]), {"before": other.key, "after": one.key}
    assert client.post(place, keys).status_code == 302
    made = PhotographComparison.objects.get()
    assert (made.before, made.after) == (one, other)  # the earlier one first, however they are named
    for wrong in ({"before": one.key, "after": side.key}, {"before": one.key, "after": one.key}, {}):
        assert client.get(reverse("photograph_compare", args=[adult.key]), wrong).status_code == 404


def test_nothing_measured_decides_about_capsules() -> None:
    """The rooms that decide know nothing of photographs (pyproject.toml holds them apart); no event holds figures."""
    from isocourse.record.events import KINDS

    assert [kind for kind in KINDS if "photograph" in kind] == ["photograph_consent_withdrawn"]


_WHY_OR_RANK = re.compile(
    r"percentile|because of|due to|thanks to|isotretinoin|capsule|than (other|most)|for (his|her|their) age|average|"
    r"normal|works?\b|worked\b|respon[sd]|heal|cure",
    re.IGNORECASE,
)


def _said_in(source: str) -> Iterator[str]:
    """Every text of a module that is not a docstring."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_page_says_why_skin_changed_or_ranks_anybody() -> None:
    """The sentences of the templates and of everything that words what was measured; the glossary of names as well."""
    from isocourse import words

    pages = Path(settings.PACKAGE) / "doors" / "web" / "templates" / "photographs"
    read = {path.name: re.sub(r"\{%-? ?(url|load|include|extends|static)[^%]*%\}", "", path.read_text())
            for path in pages.glob("*.html")}  # fmt: skip
    assert len(read) > 10
    folder = Path(words.__path__[0])
    for path in (*folder.glob("photograph*.py"), *folder.glob("skin_report/*.py")):
        read[path.name] = " ".join(_said_in(path.read_text()))
    read["paper.typ"] = (folder / "skin_report" / "paper.typ").read_text()
    assert {"photograph_change.py", "sheet.py", "paper.typ", "compare.html", "trend.html"} <= set(read)
    found = {name: match.group() for name, text in read.items() if (match := _WHY_OR_RANK.search(text))}
    assert found == {}
    assert _WHY_OR_RANK.search("fewer because of isotretinoin") and _WHY_OR_RANK.search("in the 80th percentile")
