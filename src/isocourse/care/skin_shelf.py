"""The shelf of a person: products for the skin put on it and put away (the event `skin_product`).

A list that was pasted belongs to the record. It is in no log and in no address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from isocourse.care.deciding import today_in
from isocourse.care.recording import Written, record_events
from isocourse.errors import InputError
from isocourse.record.corrections import visible
from isocourse.record.events import Event, SkinProduct
from isocourse.skincare.judge import check
from isocourse.skincare.shelf import Product
from isocourse.skincare.table import KINDS
from isocourse.store.models import Patient, User
from isocourse.store.reading import record_of

MOST_PRODUCTS = 40
LONGEST_NAME = 120


def on_shelf(events: Iterable[Event]) -> tuple[Product, ...]:
    """The products in use, by name; of one name, however it is capitalised, the latest entry stands."""
    latest: dict[str, SkinProduct] = {}
    products = [event for event in visible(events) if isinstance(event, SkinProduct)]
    for event in sorted(products, key=lambda event: (event.happened_on.last, event.recorded_at)):
        latest[_same(event.product)] = event
    in_use = [event for event in latest.values() if event.use == "in_use"]
    return tuple(
        Product(event.product, event.product_kind, event.ingredients)
        for event in sorted(in_use, key=lambda event: _same(event.product))
    )


def shelf_of(patient: Patient) -> tuple[Product, ...]:
    """The products of a patient."""
    return on_shelf(record_of(patient).events)


def put_on_shelf(
    *, by: User, patient: Patient, name: str, kind: str, text: str, now: datetime, seen_seq: int | None
) -> Written:
    """Write down that a product is used, as of today; one of the same name takes its place. Raises Denied, MovedOn, or
    InputError naming the field."""
    name = " ".join(name.split())
    if not name:
        raise InputError(_("the product has no name"), where="name", mend=_("write what stands on the front of it"))
    if len(name) > LONGEST_NAME:
        raise InputError(_("the name is too long"), where="name", mend=_("write it shorter"))
    if kind not in KINDS:
        raise InputError(_("the kind is not chosen"), where="kind", mend=_("choose what the product is for"))
    if not check(text, kind=kind).judged:
        raise InputError(_("no ingredient was found in the text"), where="text", mend=_("paste the list as printed"))
    shelf = shelf_of(patient)
    if len(shelf) >= MOST_PRODUCTS and _same(name) not in {_same(each.name) for each in shelf}:
        raise InputError(_("the shelf is full"), where="name", mend=_("put something away first"))
    fields = {"product": name, "product_kind": kind, "use": "in_use", "ingredients": text.strip()}
    return _write(fields, by=by, patient=patient, now=now, seen_seq=seen_seq, act="skin_shelf_put")


def put_away(*, by: User, patient: Patient, name: str, now: datetime, seen_seq: int | None) -> Written:
    """Write down that a product is not used any more. Raises Denied, MovedOn, or InputError where it is not there."""
    found = next((each for each in shelf_of(patient) if _same(each.name) == _same(name)), None)
    if found is None:
        raise InputError(_("this product is not on the shelf"), mend=_("load the page again"))
    fields = {"product": found.name, "product_kind": found.kind, "use": "stopped"}
    return _write(fields, by=by, patient=patient, now=now, seen_seq=seen_seq, act="skin_shelf_away")


def _write(
    fields: dict[str, str], *, by: User, patient: Patient, now: datetime, seen_seq: int | None, act: str
) -> Written:
    event = {"kind": "skin_product", "happened_on": today_in(patient.clinic, now).isoformat(), **fields}
    return record_events(by=by, patient=patient, events=[event], now=now, act=act, seen_seq=seen_seq)


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()
