"""Photographs for the demonstration clinic: faces that a computer drew, of nobody, marked as synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from isocourse.care.deciding import today_in
from isocourse.care.photographs import sign_consent, take
from isocourse.errors import InputError
from isocourse.record.events import kind_of
from isocourse.simulate.faces import TONES, Camera, Look, Person, course_series, photograph
from isocourse.store.models import Clinic, Patient, Photograph, User
from isocourse.store.reading import record_of

MOST_VISITS, REPEATS = 4, 3
_DAYS_A_MONTH = 30.4
_WIDTH, _HEIGHT, _PX_PER_MM = 1290, 1620, 6.4  # enough to be measured, and drawn in under a second


def seed_photographs(clinic: Clinic, *, by: User, now: datetime, patients: int = 12) -> Iterator[Photograph]:
    """A series for some patients in treatment: a face for each, one photograph a visit from the front, and three at
    the first visit, so that the noise is known. All six classes of tone take turns. Who has photographs is left as is.
    """
    made = 0
    for patient in Patient.objects.filter(clinic=clinic, state="treated", merged_into=None).order_by("pk"):
        if made == patients:
            return
        if patient.photographs.exists():
            made += 1
            continue
        days = _visit_days(patient, now)
        if len(days) < 3:
            continue
        try:
            sign_consent(
                by=by, patient=patient, signers=("patient", "guardian"), on=days[0], now=now, seen_seq=patient.last_seq
            )
            yield from _series(patient, made, days, by=by, now=now)
        except InputError:
            continue  # a record that takes no consent: its date of birth is not known
        made += 1


def _visit_days(patient: Patient, now: datetime) -> list[date]:
    """Some days of visits, spread over the course."""
    today = today_in(patient.clinic, now)
    found = sorted(
        {
            date.fromordinal(event.happened_on.last)
            for event in record_of(patient).events
            if kind_of(event) == "visit" and event.happened_on.exact and event.happened_on.last <= today.toordinal()
        }
    )
    apart = [day for place, day in enumerate(found) if not place or day - found[place - 1] >= timedelta(days=14)]
    if len(apart) <= MOST_VISITS:
        return apart
    last = len(apart) - 1
    return [apart[round(step * last / (MOST_VISITS - 1))] for step in range(MOST_VISITS)]


def _series(patient: Patient, number: int, days: list[date], *, by: User, now: datetime) -> Iterator[Photograph]:
    tone = TONES[number % len(TONES)]
    person = Person(number + 1, tone)
    months = [(day - days[0]).days / _DAYS_A_MONTH for day in days]
    looks = course_series(number + 1, tone, months)
    for place, (day, look) in enumerate(zip(days, looks, strict=True)):
        for repeat in range(REPEATS if place == 0 else 1):
            data = _picture(person, look, place, repeat)
            yield take(by=by, patient=patient, data=data, view="frontal", day=day, now=now, synthetic=True)


def _picture(person: Person, look: Look, visit: int, repeat: int) -> bytes:
    """A photograph as a clinic takes it: never from quite the same place, in quite the same light."""
    swing = ((visit * 7 + repeat * 3) % 5 - 2) / 2
    camera = Camera(
        yaw=1.5 * swing,
        pitch=-1.0 * swing,
        exposure=0.08 * swing,
        white=(1 + 0.02 * swing, 1.0, 1 - 0.02 * swing),
        px_per_mm=_PX_PER_MM,
        width=_WIDTH,
        height=_HEIGHT,
        jpeg=93,
    )
    file = photograph(person, look, camera, seed=10 * visit + repeat).jpeg
    assert file is not None
    return file
