"""A new programme is files only: Germany on top of the shipped protocol, with no code changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from isocourse.engine.decide import Decision, decide
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import PROTOCOL, load_library
from isocourse.errors import NotInForce
from isocourse.record.record import Record, read_record

PROGRAMME = """\
- programme: de
  title: Germany, on top of the EU Pregnancy Prevention Programme
  time_zone: Europe/Berlin
  inherits: eu
  required_topics: [pregnancy, contraception, supply, consent]
  versions:
    - version: de-2024
      from: 2024-05-01
      status: in_force
      says: National rules as in the letter of May 2024.
      sources: [de-letter]
"""
SOURCES = """\
- {source: de-letter, title: "Letter to health professionals", publisher: BfArM, at: akdae.de, dated: "2024-05", read: in part}
"""
VALUES = """\
- value: prescription_valid
  programmes:
    de:
      - {is: 6, from: de-2024, strength: regulation, confidence: high, sources: [de-letter], remark: Counted to the sixth day.}
"""
PRESCRIBED = date(2026, 6, 2)
SPINE = ("pregnancy", "contraception", "supply", "consent", "aftercare")  # what the record below is about


@pytest.fixture(scope="module")
def germany(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("germany")
    for place, content in {
        "programmes/de.yaml": PROGRAMME,
        "sources/de.yaml": SOURCES,
        "values/supply.de.yaml": VALUES,
    }.items():
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def editions(germany: Path) -> dict[str, Edition]:
    library = load_library(PROTOCOL, germany)
    return {name: edition_of(library, name, topics=SPINE) for name in ("de", "eu", "uk", "us")}


@pytest.fixture(scope="module")
def record() -> Record:
    """A first supply in which everything is in order; the prescription is written on PRESCRIBED."""
    days = {"asked": "2026-05-01", "method": "2026-03-01", "test": "2026-06-01", "prescribed": PRESCRIBED.isoformat()}
    events: list[tuple[str, str, dict[str, Any]]] = [
        ("birth", "asked", {"happened_on": "1995-04-01"}),
        ("pregnancy_potential", "asked", {"potential": "can", "ground": "uterus_and_ovary", "confirmed": True}),
        ("programme_enrolment", "asked", {"registry": "ppp", "status": "enrolled"}),
        ("prescriber", "asked", {"prescriber_id": "dr", "role": "dermatologist"}),
        ("breast_feeding", "asked", {"status": "stopped"}),
        ("form_signed", "asked", {"form": "acknowledgement_of_risk", "signed_by": "patient", "version": "2026-01"}),
        ("contraception_started", "method", {"method": "implant"}),
        ("pregnancy_test", "test", {"result": "negative", "method": "serum", "setting": "medical"}),
        ("prescription", "prescribed", {"product": "isotretinoin 20 mg", "days": 30}),
    ]
    written = [
        {
            "kind": kind,
            "id": f"e{index}",
            "happened_on": days[day],
            "recorded_at": datetime(2026, 6, 2, 12, tzinfo=UTC).isoformat(),
            "author": {"id": "dr", "role": "prescriber"},
            **fields,
        }
        for index, (kind, day, fields) in enumerate(events)
    ]
    return read_record(msgspec.json.encode({"isocourse_record": "1", "subject": "p1", "events": written}))


def on(edition: Edition, record: Record, days_later: int) -> Decision:
    return decide(edition, record, (PRESCRIBED + timedelta(days=days_later)).toordinal())


def fired(decision: Decision) -> set[str]:
    return {finding.rule.id for finding in decision.findings if finding.withholds}


@pytest.mark.parametrize("days_later", range(0, 7))
def test_both_supply_up_to_the_sixth_day(editions: dict[str, Edition], record: Record, days_later: int) -> None:
    assert on(editions["eu"], record, days_later).supply == "proceed"
    assert on(editions["de"], record, days_later).supply == "proceed"


def test_on_the_seventh_day_only_germany_withholds(editions: dict[str, Edition], record: Record) -> None:
    assert on(editions["eu"], record, 7).supply == "proceed"
    german = on(editions["de"], record, 7)
    assert german.supply == "withhold"
    assert fired(german) == {"prescription_expired"}
    (finding,) = german.findings
    assert german.facts["prescription_last_day"] == (PRESCRIBED + timedelta(days=6)).toordinal()
    assert finding.reasons


def test_on_the_eighth_day_both_withhold(editions: dict[str, Edition], record: Record) -> None:
    assert fired(on(editions["eu"], record, 8)) == fired(on(editions["de"], record, 8)) == {"prescription_expired"}


def test_the_answer_holds_until_the_day_after_the_sixth(editions: dict[str, Edition], record: Record) -> None:
    assert on(editions["de"], record, 0).valid_until is not None
    assert on(editions["de"], record, 6).valid_until == (PRESCRIBED + timedelta(days=7)).toordinal()


def test_everything_else_is_inherited(editions: dict[str, Edition]) -> None:
    assert [rule.id for rule in editions["de"].rules] == [rule.id for rule in editions["eu"].rules]
    assert [task.id for task in editions["de"].tasks] == [task.id for task in editions["eu"].tasks]
    changed = {name for name in editions["eu"].constants if editions["eu"].constants[name] != editions["de"].constants[name]}
    assert changed == {"prescription_valid"}
    assert editions["de"].value_steps["prescription_valid"].sources == ("de-letter",)
    assert editions["de"].value_steps["supply_limit"].programme == "eu"


def test_it_is_in_force_from_its_own_first_day(editions: dict[str, Edition], record: Record) -> None:
    editions["de"].check_in_force(date(2024, 5, 1).toordinal())
    with pytest.raises(NotInForce, match="2024-05-01 or later"):
        decide(editions["de"], record, date(2024, 4, 30).toordinal())
    editions["eu"].check_in_force(date(2024, 4, 30).toordinal())
    assert [v.id for v in editions["de"].versions_in_force(date(2026, 6, 2).toordinal())] == ["de-2024"]


def test_the_shipped_programmes_do_not_change(editions: dict[str, Edition]) -> None:
    shipped = load_library()
    for name in ("eu", "uk", "us"):
        alone = edition_of(shipped, name, topics=SPINE)
        assert alone.source == editions[name].source
        assert dict(alone.constants) == dict(editions[name].constants)
        assert [step.where for step in alone.value_steps.values()] == [
            step.where for step in editions[name].value_steps.values()
        ]
        assert alone.name != editions[name].name, "the content hash has to tell that files were added"


def test_a_german_rule_of_its_own(germany: Path, tmp_path: Path, record: Record) -> None:
    """A later file adds a rule for Germany alone, in the topic it belongs to."""
    path = tmp_path / "rules" / "supply.de.yaml"
    path.parent.mkdir()
    path.write_text(
        """\
- rule: prescription_undated_de
  says: The prescription is not of today.
  programmes: {de: {from: de-2024}}
  when: prescription_pending AND as_of > prescription_day
  then: {supply: withhold, capsules: unaffected}
  if_unknown: {supply: withhold, capsules: unaffected}
  act: as_of
  strength: clinic_policy
  confidence: low
  sources: [de-letter]
  author: a test
  reviewed_by: ""
  next_review: 2027-05-23
""",
        encoding="utf-8",
    )
    library = load_library(PROTOCOL, germany, tmp_path)
    assert on(edition_of(library, "de", topics=SPINE), record, 0).supply == "proceed"
    assert fired(on(edition_of(library, "de", topics=SPINE), record, 1)) == {"prescription_undated_de"}
    assert on(edition_of(library, "eu", topics=SPINE), record, 1).supply == "proceed"
