"""A clinic that wants another default says so in a file of its own, and no code changes."""

from __future__ import annotations

from pathlib import Path

from isocourse.engine.decide import decide
from isocourse.engine.edition import edition_of
from isocourse.engine.load import PROTOCOL, load_library
from tests.bloods.courses import alt, day, record, supplied, tg

PROGRAMME = """\
- programme: ourclinic
  title: Our clinic, on top of the US programme
  time_zone: America/New_York
  inherits: us
  required_topics: [bloods]
  versions:
    - {version: ourclinic-2026, from: 2026-01-01, status: in_force, says: House rules., sources: [lab-policy]}
"""
STEP = "{is: %s, from: ourclinic-2026, strength: clinic_policy, confidence: high, sources: [lab-policy]}"
VALUES = f"""\
- value: default_schedule
  programmes:
    ourclinic:
      - {STEP % "hansen_2016"}
- value: liver_hold_above
  programmes:
    ourclinic:
      - {STEP % 2}
"""


def test_a_clinic_sets_its_own_schedule_and_limit(tmp_path: Path) -> None:
    for place, content in (("programmes/ourclinic.yaml", PROGRAMME), ("values/bloods.ourclinic.yaml", VALUES)):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(content, encoding="utf-8")
    library = load_library(PROTOCOL, tmp_path)
    told = record(alt(-1), tg(-1), supplied(lasts=90), alt(8, 81))
    found = {
        name: {
            finding.rule.id for finding in decide(edition_of(library, name, topics=["bloods"]), told, day(10)).findings
        }
        for name in ("us", "ourclinic")
    }
    # 81 U/L is above twice the limit of 40. As a raised result it brings monthly tests in both.
    assert found["ourclinic"] - found["us"] == {"liver_hold", "bilirubin_missing"}
    calm = record(alt(-1), tg(-1), supplied(lasts=90))
    overdue = {
        (name, days): "bloods_overdue"
        in {f.rule.id for f in decide(edition_of(library, name, topics=["bloods"]), calm, day(days)).findings}
        for name in ("us", "ourclinic")
        for days in (36, 68, 69)
    }
    assert [overdue["us", 36], overdue["ourclinic", 68], overdue["ourclinic", 69]] == [True, False, True]
