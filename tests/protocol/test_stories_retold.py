"""Stories told again in another programme: what comes of them, and that every mistake is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from isocourse.engine.examples import Story, load_stories
from isocourse.errors import ProtocolError
from tests.shipped import LIBRARY

TOLD = """\
- story: eu_one
  says: One.
  programme: eu
  topics: [mood]
  events:
    - {on: 2026-03-01, kind: mood_assessment, covers: [mental_health], outcome: no_concern}
  expect:
    - {on: 2026-02-28, supply: withhold, withheld_by: [mood_stop], also: [self_harm], tasks: [mood_before_start]}
- story: eu_two
  says: Two, which says nothing of why.
  programme: eu
  extends: eu_one
  events: []
  expect:
    - {on: 2026-03-01, supply: proceed}
- story: european
  says: A story whose name does not tell the programme.
  programme: eu
  events: []
"""


def told(folder: Path, retelling: str) -> dict[str, Story]:
    (folder / "examples").mkdir()
    (folder / "examples" / "mood.eu.yaml").write_text(TOLD, encoding="utf-8")
    (folder / "examples" / "mood.xx.yaml").write_text(retelling, encoding="utf-8")
    return load_stories(LIBRARY, folder)


def test_the_same_events_and_answers_with_other_names(tmp_path: Path) -> None:
    stories = told(
        tmp_path,
        "- retells: mood.eu\n  programme: uk\n  except: [european]\n"
        "  instead: {mood_stop: mood_stop_us, mood_before_start: mood_each_visit}\n",
    )
    assert set(stories) == {"eu_one", "eu_two", "european", "uk_one", "uk_two"}
    first, again = stories["eu_one"], stories["uk_one"]
    assert (again.programme, again.topics, again.says) == ("uk", first.topics, first.says)
    assert again.record.events == first.record.events
    assert again.record.subject == "uk-one"
    (expected,) = again.expectations
    assert expected.withheld_by == {"mood_stop_us"}
    assert expected.also == {"self_harm"}
    assert expected.tasks == {"mood_each_visit"}
    assert expected.supply == first.expectations[0].supply
    assert first.expectations[0].withheld_by == {"mood_stop"}, "the first telling stays as it was"
    assert stories["uk_two"].expectations == stories["eu_two"].expectations


def test_only_some_are_told(tmp_path: Path) -> None:
    stories = told(tmp_path, "- {retells: mood.eu, programme: uk, only: [eu_two]}\n")
    assert {"uk_two"} == set(stories) - {"eu_one", "eu_two", "european"}


@pytest.mark.parametrize(
    ("retelling", "words"),
    [
        ("- {retells: mood.us, programme: uk}\n", "'mood.us' is not allowed here"),
        ("- {retells: mood.eu, programme: nowhere, only: [eu_one]}\n", "'nowhere' is not allowed here"),
        ("- {retells: mood.eu, programme: uk}\n", "'european' cannot be told again for programme 'uk'"),
        ("- {retells: mood.eu, programme: eu, only: [eu_one]}\n", "'eu_one' cannot be told again for programme 'eu'"),
        ("- {retells: mood.eu, programme: uk, only: [eu_three]}\n", "'eu_three' is not allowed here"),
        ("- {retells: mood.eu, programme: uk, except: [eu_three]}\n", "'eu_three' is not allowed here"),
        ("- {retells: mood.eu, programme: uk, only: []}\n", "no story is named here"),
        ("- {retells: mood.eu, programme: uk, except: []}\n", "no story is named here"),
        ("- {retells: mood.eu, programme: uk, only: [eu_one], except: [eu_two]}\n", "either some are left out"),
        ("- {retells: mood.eu, programme: uk, only: [eu_one, eu_one]}\n", "the story 'uk_one' is told twice"),
        ("- {retells: mood.eu, programme: uk, only: [eu_one], instead: {mood_stop: gone}}\n", "'gone' is not allowed"),
        (
            "- {retells: mood.eu, programme: uk, only: [eu_one], instead: {mood_stop_us: mood_stop}}\n",
            "none of these stories names 'mood_stop_us'",
        ),
        ("- {retells: mood.eu, programme: uk, only: [eu_one], says: more}\n", "the key 'says' is not known here"),
    ],
)
def test_a_mistake_in_a_retelling_is_named_with_its_place(tmp_path: Path, retelling: str, words: str) -> None:
    with pytest.raises(ProtocolError, match=words) as caught:
        told(tmp_path, retelling)
    assert caught.value.where == "examples/mood.xx.yaml, line 1"
    assert caught.value.mend or caught.value.allowed
