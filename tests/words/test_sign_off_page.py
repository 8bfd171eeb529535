"""The page of what awaits sign-off: everything is on it, the worst and the weakest first, and its counts are right."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from isocourse.engine.model import Effect, Library, Rule
from isocourse.words.sign_off_page import FIRST, HARM, SECOND, THIRD, WEAKEST_FIRST, harm_of, in_order, sign_off_page
from isocourse.words.site import site
from tests.shipped import LIBRARY

LINE = re.compile(r"- `(\w+)` \(([^;]*); ([^)]*)\): ")
ROW = re.compile(r"\| (.+?) \| \[(.+?)\]\(#(.+?)\) \| (\d+) \| (\d+) \|")


def page(library: Library = LIBRARY) -> str:
    return "\n".join(sign_off_page(library)) + "\n"


def seen(text: str, sort: str = "") -> list[tuple[str, str]]:
    """By line: what is named, and each place it is named for. A rule ends in its effect, a value shows its content."""
    chosen = [line for line in text.splitlines() if sort in ("", "value" if " **" in line else "rule")]
    lines = [found for line in chosen if (found := LINE.match(line))]
    return [(line[1], place) for line in lines for place in line[2].split(", ")]


def test_everything_that_is_policy_or_weak_is_there_once_for_each_programme() -> None:
    wanted: list[tuple[str, str]] = []
    for rule in LIBRARY.rules.values():
        for programme in rule.in_force:
            own = rule.cited.get(programme, rule)
            if own.strength == "clinic_policy" or own.confidence in ("memory", "low", "medium"):
                wanted.append((rule.id, programme))
    shown = [(name, place) for name, place in seen(page(), "rule") if name in LIBRARY.rules]
    assert sorted(shown) == sorted(wanted) and len(wanted) > 300
    weak = {
        (value.name, step.programme)
        for value in LIBRARY.values.values()
        for step in value.steps
        if step.strength == "clinic_policy" or step.confidence in ("memory", "low", "medium")
    }
    assert {(name, place) for name, place in seen(page(), "value") if name in LIBRARY.values} == weak
    others = (LIBRARY.regimens, LIBRARY.targets, LIBRARY.advice, LIBRARY.reports)
    for entry in (entry for several in others for entry in several.values()):
        assert (f"- `{entry.id}` (" in page()) == (entry.strength == "clinic_policy" or entry.confidence != "high")


def test_the_worst_comes_first_and_there_the_weakest() -> None:
    ranks = [(item.harm, WEAKEST_FIRST.index(item.confidence)) for item in in_order(LIBRARY)]
    assert ranks == sorted(ranks)
    assert {harm for harm, _ in ranks} == {FIRST, SECOND, THIRD}


@pytest.mark.parametrize(
    ("harm", "names"),
    [
        (FIRST, "concern_open intracranial_pressure self_harm mood_symptom contraception_lapsed category_unknown"),
        (
            FIRST,
            "illness_about_pregnancy illness_about_pregnancy_in_course tg_emergency allergy_to_drug symptom_unread",
        ),
        (SECOND, "dose_missing dose_over_range bloods_overdue medicines_not_asked history_not_asked"),
        (SECOND, "prescription_expired_cannot course_paused"),
        (THIRD, "dose_weight_old dose_under_range schedule_not_label blood_given"),
    ],
)
def test_known_ranks(harm: int, names: str) -> None:
    assert {name: harm_of(LIBRARY.rules[name]) for name in names.split()} == dict.fromkeys(names.split(), harm)


def with_rule(rule: Rule) -> Library:
    return replace(LIBRARY, rules={**LIBRARY.rules, rule.id: rule})


def test_a_rule_finds_its_place_by_what_it_does() -> None:
    quiet = LIBRARY.rules["dose_weight_old"]
    loud = replace(quiet, then=Effect("withhold", "stop_now"), confidence="memory")
    assert seen(page(with_rule(loud)))[0][0] == "dose_weight_old"
    # What it does when it cannot be decided counts as well.
    unsure = replace(quiet, if_unknown=Effect("withhold", "unaffected"))
    assert (harm_of(quiet), harm_of(unsure)) == (THIRD, SECOND)


def test_the_counts_are_those_of_the_lists_and_the_links_lead_to_them() -> None:
    text = page()
    made = site({"sign-off.md": text})["sign-off.html"]
    rows = ROW.findall(text)
    total = 0
    for about, source, anchor, count, so_far in rows:
        listed = text.split(f"### {about}, {source}\n")[1].split("\n#")[0]
        total += len(LINE.findall(listed))
        assert (int(count), int(so_far)) == (len(LINE.findall(listed)), total)
        assert f'id="{anchor}"' in made and f'href="#{anchor}"' in made
    assert total == sum(1 for _ in in_order(LIBRARY))
    assert list(dict.fromkeys(row[0] for row in rows)) == list(HARM)
    assert 20 < int(rows[1][4]) < 80, "the first fifty are no longer the weakest of the worst"
