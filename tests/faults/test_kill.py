"""The server is killed while people write: nothing acknowledged is lost, nothing is half written."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from tests.faults.conftest import WHOLE, Place, Writers

WEIGHTS = """
import json
from isocourse.store.models import StoredEvent
for event in StoredEvent.objects.filter(kind="weight").select_related("patient"):
    print(event.patient.key, json.loads(event.body)["value"])
"""


def killed(place: Place, *, writers: int, after: float) -> Counter[tuple[str, str]]:
    """Start, let people write, kill after a while; what was acknowledged."""
    place.start()
    at_work = Writers(place.port, place.patients())
    at_work.begin(writers)
    until = time.monotonic() + 30
    while not at_work.acknowledged and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(after)
    place.kill()
    at_work.end()
    assert at_work.acknowledged, place.log()
    return Counter(at_work.acknowledged)


def check(place: Place, acknowledged: Counter[tuple[str, str]]) -> None:
    written = Counter(tuple(line.split()) for line in place.run(WEIGHTS).splitlines())
    lost = {each: count for each, count in acknowledged.items() if written[each] < count}
    assert lost == {}
    place.run(WHOLE)


def rounds(place: Place, count: int, seed: int) -> None:
    dice = random.Random(seed)
    acknowledged: Counter[tuple[str, str]] = Counter()
    for _ in range(count):
        acknowledged += killed(place, writers=6, after=dice.uniform(0.2, 1.5))
        check(place, acknowledged)


def test_a_killed_server_loses_nothing_and_leaves_nothing_half_written(place: Place) -> None:
    rounds(place, 3, seed=1)


@pytest.mark.long
def test_a_server_that_is_killed_again_and_again_loses_nothing(place: Place) -> None:
    rounds(place, 30, seed=2)


def test_the_check_finds_a_half_written_decision(place: Place) -> None:
    """Break it once: an event without its decision, as a writer without a transaction would leave it."""
    place.run(
        """
from isocourse.store.models import Patient, StoredEvent
patient = Patient.objects.first()
last = patient.events.order_by("-seq").first()
StoredEvent.objects.create(patient=patient, seq=last.seq + 1, kind="weight", happened_on="2026-01-01",
                           recorded_at=last.recorded_at, body=last.body)
"""
    )
    with pytest.raises(AssertionError, match="gap in events"):
        place.run(WHOLE)
