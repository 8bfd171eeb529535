"""A clinic that wants another default says so in a file of its own, and no code changes."""

from __future__ import annotations

from isocourse.engine.clinic import read_clinic
from isocourse.engine.decide import decide
from isocourse.engine.edition import edition_of
from tests import shipped
from tests.bloods.courses import alt, day, record, supplied, tg
from tests.shipped import LIBRARY

SETTINGS = """\
clinic: Our clinic
programme: us
settings:
  - value: default_schedule
    is: hansen_2016
    from: 2026-01-01
    departs: {signed_by: Dr A. Example, on: 2025-12-20, reason: House rules.}
  - {value: liver_hold_above, is: 2, from: 2026-01-01}
"""


def test_a_clinic_sets_its_own_schedule_and_limit() -> None:
    ours = read_clinic(SETTINGS.encode(), "clinic.yaml", LIBRARY)
    editions = {
        "us": shipped.edition("us", ("bloods",)),
        "ourclinic": edition_of(LIBRARY, "us", topics=["bloods"], clinic=ours),
    }
    told = record(alt(-1), tg(-1), supplied(lasts=90), alt(8, 81))
    found = {
        name: {finding.rule.id for finding in decide(editions[name], told, day(10)).findings}
        for name in ("us", "ourclinic")
    }
    # 81 U/L is above twice the limit of 40. As a raised result it brings monthly tests in both.
    assert found["ourclinic"] - found["us"] == {"liver_hold", "bilirubin_missing"}
    calm = record(alt(-1), tg(-1), supplied(lasts=90))
    overdue = {
        (name, days): "bloods_overdue" in {f.rule.id for f in decide(editions[name], calm, day(days)).findings}
        for name in ("us", "ourclinic")
        for days in (36, 68, 69)
    }
    assert [overdue["us", 36], overdue["ourclinic", 68], overdue["ourclinic", 69]] == [True, False, True]
