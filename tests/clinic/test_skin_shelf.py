"""The pages of the ingredient checker: what is answered, what is kept and by whom; a pasted text is in no log."""

from __future__ import annotations

import logging

import pytest
from django.urls import reverse

from isocourse.care.permissions import Denied
from isocourse.care.recording import MovedOn, record_events
from isocourse.care.skin_shelf import MOST_PRODUCTS, put_away, put_on_shelf, shelf_of
from isocourse.errors import InputError
from isocourse.store.models import AuditEntry, Patient
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db
CREAM = "Aqua, Glycerin, Cetearyl Alcohol, Lanolin, Parfum"
SERUM = "Aqua, Glycerin, Retinol, Blorptane"


def url(name: str, patient: Patient) -> str:
    return reverse(name, kwargs={"patient": patient.key})


def sent(house: House, address: str, fields: dict[str, str], **headers: str) -> str:
    answer = client_of("nurse", house, house).post(address, fields, headers=headers)
    return " ".join(answer.content.decode().split())


def test_a_list_is_answered_and_questions_can_be(ours: House, caplog: pytest.LogCaptureFixture) -> None:
    address = reverse("skincare_check")
    with caplog.at_level(logging.DEBUG):
        told = sent(ours, address, {"text": f"{SERUM}, Glycollic Acid", "kind": "serum"})
    assert "Avoid during the course: Retinol, Glycollic Acid" in told and "Blorptane" in told
    assert "did you mean …" in told and 'value="Glycolic Acid"' in told
    assert "Blorptane" not in caplog.text and not AuditEntry.objects.filter(detail__icontains="Blorptane").exists()
    answered = sent(ours, address, {"text": "Aqua, Glycerim", "raw": "Glycerim", "meant-0": "Glycerin"})
    assert "Nothing to avoid found; all 2 ingredients are known" in answered and "did you mean …" not in answered
    part = sent(ours, address, {"text": SERUM}, **{"HX-Request": "true"})
    assert part.startswith('<div id="answer">') and "Retinol" in part


def test_what_cannot_be_read_is_told_without_quoting_it(ours: House) -> None:
    told = sent(ours, reverse("skincare_check"), {"text": "a," * 4000})
    assert "The text has 4001 parts" in told or "The text has 4000 parts" in told
    assert "Allowed: at most 600" in told
    assert "Paste the lists of both products" in sent(
        ours, reverse("skincare_compare"), {"first": "Aqua", "second": ""}
    )


def test_two_products_side_by_side(ours: House) -> None:
    told = sent(ours, reverse("skincare_compare"), {"first": SERUM, "second": CREAM})
    assert "The second product asks less of the skin during the course: its verdict is milder" in told


def test_the_shelf_is_kept_and_follows_the_person(ours: House, patient: Patient) -> None:
    client = client_of("nurse", ours, ours)
    for name, kind, text in (("Night serum", "serum", SERUM), ("Wool cream", "moisturiser", CREAM)):
        patient.refresh_from_db()
        fields = {"name": name, "kind": kind, "text": text, "seen_seq": str(patient.last_seq)}
        assert client.post(url("skin_shelf_put", patient), fields).status_code == 302
    entry = AuditEntry.objects.filter(subject=patient.key, act="skin_shelf_put").latest("pk")
    assert entry.detail["kinds"] == ["skin_product"] and "Parfum" not in str(entry.detail)
    told = " ".join(client.get(url("skin_shelf", patient)).content.decode().split())
    assert "Avoid during the course: Retinol" in told and "Take care: Parfum" in told
    assert "Nothing on the shelf that may be used: Cleanser, Sunscreen, Lip care." in told
    assert "left off where a pregnancy is possible" in told and "An allergy to lanolin" not in told
    nurse = ours.nurse
    event = {"kind": "skin_profile", "happened_on": TODAY.isoformat(), "lanolin_allergy": "yes"}
    record_events(by=nurse, patient=patient, events=[event], now=NOW)
    told = " ".join(client.get(url("skin_shelf", patient)).content.decode().split())
    assert "An allergy to lanolin (wool fat) is on record." in told
    patient.refresh_from_db()
    fields = {"name": "night SERUM", "seen_seq": str(patient.last_seq)}
    assert client.post(url("skin_shelf_away", patient), fields).status_code == 302
    assert [each.name for each in shelf_of(patient)] == ["Wool cream"]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "  ", "kind": "serum", "text": SERUM}, "name"),
        ({"name": "n" * 121, "kind": "serum", "text": SERUM}, "name"),
        ({"name": "Serum", "kind": "soup", "text": SERUM}, "kind"),
        ({"name": "Serum", "kind": "serum", "text": " , "}, "text"),
    ],
)
def test_what_is_not_a_product_is_refused(ours: House, patient: Patient, fields: dict[str, str], where: str) -> None:
    with pytest.raises(InputError) as refused:
        put_on_shelf(by=ours.nurse, patient=patient, **fields, now=NOW, seen_seq=None)
    assert refused.value.where == where and shelf_of(patient) == ()
    assert client_of("nurse", ours, ours).post(url("skin_shelf_put", patient), fields).status_code in (409, 422)


def test_who_may_and_what_moved_on(ours: House, patient: Patient) -> None:
    fields = {"name": "Cream", "kind": "moisturiser", "text": CREAM}
    with pytest.raises(Denied):
        put_on_shelf(by=ours.administrator, patient=patient, **fields, now=NOW, seen_seq=None)
    with pytest.raises(MovedOn):
        put_on_shelf(by=ours.nurse, patient=patient, **fields, now=NOW, seen_seq=999)
    with pytest.raises(InputError, match="not on the shelf"):
        put_away(by=ours.nurse, patient=patient, name="Cream", now=NOW, seen_seq=None)
    put_on_shelf(by=ours.nurse, patient=patient, **fields, now=NOW, seen_seq=None)
    put_on_shelf(by=ours.nurse, patient=patient, **{**fields, "name": "CREAM ", "text": SERUM}, now=NOW, seen_seq=None)
    (only,) = shelf_of(patient)
    assert only.text == SERUM and MOST_PRODUCTS == 40
