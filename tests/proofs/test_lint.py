"""The shipped protocol holds no rule that does nothing, and the lint that says so finds planted ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import PROTOCOL, load_library
from tests.proofs.lint import ALWAYS, NEVER, USELESS, Fault, faults
from tests.proofs.test_guarantees import ALL, edition

# Tests before treatment are judged only while no treatment has begun, so that `first_supply` adds nothing to the
# facts about them. It stays in the rules for whoever reads them.
SAID_FOR_THE_READER = {
    Fault(rule, USELESS, "first_supply")
    for rule in (
        "second_test_missing",
        "second_test_before_cover",
        "second_test_outside_period",
        "second_test_opened_nothing",
        "locked_out",
        "first_window_missed",
    )
}


@pytest.mark.parametrize("name", ALL)
def test_no_shipped_rule_does_nothing(name: str) -> None:
    found = set(faults(edition(name))) - SAID_FOR_THE_READER
    assert not found, "\n".join(sorted(str(fault) for fault in found))


def test_what_is_said_for_the_reader_is_still_there() -> None:
    assert set(faults(edition("us"))) >= SAID_FOR_THE_READER


RULE = """
- rule: {name}
  says: Planted.
  programmes: {{us: {{from: ipledge-2021}}, uk: {{from: uk-2019}}}}
  when: {when}
  then: {{supply: withhold, capsules: unaffected}}
  if_unknown: {{supply: withhold, capsules: unaffected}}
  act: as_of
  strength: clinic_policy
  confidence: medium
  sources: [policy]
  author: isocourse
  reviewed_by: ""
  next_review: 2027-05-23
"""
PLANTED = {
    "planted_never": "first_supply AND supplied_this_course",
    "planted_never_by_the_calendar": "supplied_this_course AND as_of < last_supply_day",
    "planted_always": "first_supply OR supplied_this_course OR NOT (exposed AND treatment_over)",
    "planted_useless": "supplied_this_course AND last_supply_day <= as_of AND as_of < next_supply_from",
    "planted_useless_branch": "concern_open AND (covered_now OR concern_open)",
    "sound": "concern_open AND (covered_now OR first_supply)",
}


def _planted(folder: Path, programme: str) -> Edition:
    (folder / "rules").mkdir()
    text = "".join(RULE.format(name=name, when=when) for name, when in PLANTED.items())
    (folder / "rules" / "pregnancy.yaml").write_text(text, encoding="utf-8")
    return edition_of(load_library(PROTOCOL, folder), programme)


@pytest.mark.parametrize("programme", ["us", "uk"])
def test_planted_faults_are_found(programme: str, tmp_path: Path) -> None:
    found = {fault for fault in faults(_planted(tmp_path, programme)) if fault.rule in PLANTED}
    assert found == {
        Fault("planted_never", NEVER),
        Fault("planted_never_by_the_calendar", NEVER),
        Fault("planted_always", ALWAYS),
        Fault("planted_useless", USELESS, "last_supply_day <= as_of"),
        Fault("planted_useless_branch", USELESS, "covered_now OR concern_open"),
    }
