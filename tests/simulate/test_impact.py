"""`isocourse protocol impact` against a comparison made by hand, decision by decision."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.decide import Evaluation, decide, evaluate, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import PROTOCOL, content_hash, load_library
from isocourse.engine.model import Effect
from isocourse.plan.impact import Case, Impact, compare
from isocourse.record.dates import day_of, iso
from isocourse.record.record import read_record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import Course, courses
from tests import shipped
from tests.shipped import LIBRARY as SHIPPED

FIRST_DAY = day_of("2026-08-08")
ADOPTION = {"ipledge-2026": FIRST_DAY}
COUNT = 180
OPEN = ("continue", "ask_prescriber", "stop_now")


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["protocol", "impact", *(str(argument) for argument in arguments)])


def data(*arguments: object) -> Any:
    result = run(*arguments, "--format", "json", "--courses", COUNT)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def changed(folder: Path, name: str, found: str, to: str) -> Path:
    """A copy of the shipped protocol in which one line reads otherwise, with the right content hash."""
    shutil.copytree(PROTOCOL, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(found) == 1, text.count(found)
    path.write_text(text.replace(found, to), encoding="utf-8")
    edition = folder / "edition.yaml"
    kept = re.sub(r"(?m)^content: .*$", f"content: {content_hash(folder)}", edition.read_text(encoding="utf-8"))
    edition.write_text(kept, encoding="utf-8")
    return folder


def window_of(days: int) -> tuple[str, str, str]:
    """Where the seven days of the United States stand, with other days in their place."""
    text = (PROTOCOL / "values/supply.yaml").read_text(encoding="utf-8")
    entry = text[text.index("value: supply_window") :]
    line = re.search(r"\{is: 6, from: ipledge-2021.*", entry)
    assert line is not None
    return "values/supply.yaml", line.group(), line.group().replace("is: 6", f"is: {days}")


def made(edition: Edition, count: int = COUNT) -> list[Course]:
    return list(courses(clinic_of(edition, FIRST_DAY), count=count, seed=1, first_day=FIRST_DAY))


def speaking(edition: Edition, found: Evaluation) -> dict[str, tuple[int, Effect]]:
    """Every rule that is not silent, with its state (1 fired, 2 cannot be decided) and what it does."""
    states = found.states[: len(edition.rules)]
    every = zip(edition.rules, states, strict=True)
    return {rule.id: (state, rule.then if state == 1 else rule.if_unknown) for rule, state in every if state}


def by_hand(old: Edition, new: Edition) -> tuple[dict[str, list[str]], set[str], bool, bool]:
    """Slowly, rule by rule: which courses differ in which rule, which in an answer, any looser, any stricter."""
    rules: dict[str, list[str]] = defaultdict(list)
    answered: set[str] = set()
    looser = stricter = False
    for course in made(old):
        for look in course.looks:
            rows = prepare(course.record, look.known_at)
            both = [evaluate(edition, rows, look.day) for edition in (old, new)]
            said = [speaking(edition, found) for edition, found in zip((old, new), both, strict=True)]
            for name in said[0].keys() | said[1].keys():
                if said[0].get(name) != said[1].get(name) and str(course.number) not in rules[name]:
                    rules[name].append(str(course.number))
            before, after = (
                (
                    any(effect.supply == "withhold" for _, effect in side.values()),
                    max((OPEN.index(e.capsules) for _, e in side.values() if e.capsules in OPEN), default=0),
                )
                for side in said
            )
            if before != after:
                answered.add(str(course.number))
            looser |= after[0] < before[0] or after[1] < before[1]
            stricter |= after[0] > before[0] or after[1] > before[1]
    return dict(rules), answered, looser, stricter


def impact(old: Edition, new: Edition, count: int = COUNT) -> Impact:
    cases = (Case(str(c.number), c.record, tuple((x.day, x.known_at) for x in c.looks)) for c in made(old, count))
    return compare(old, new, cases)


@pytest.mark.parametrize(("days", "way"), [(5, "stricter"), (8, "looser")])
def test_a_changed_window_lists_exactly_the_courses_found_by_hand(tmp_path: Path, days: int, way: str) -> None:
    folder = changed(tmp_path / "new", *window_of(days))
    told = data("this", folder, "--programme", "us")
    old, new = shipped.edition("us"), edition_of(load_library(folder), "us")
    rules, answered, looser, stricter = by_hand(old, new)
    assert answered and (looser, stricter) == (way == "looser", way == "stricter")
    (programme,) = told["programmes"]
    assert {group["rule"]: group["courses"] for group in programme["groups"]} == rules
    assert set(programme["courses_changed"]) == answered
    assert {change["direction"] for change in programme["changes"]} == {way}
    assert {group["direction"] for group in programme["groups"]} == {way}
    assert programme["values"] == [{"value": "supply_window", "before": [6], "after": [days]}]
    assert programme["old"].endswith(content_hash(PROTOCOL)) and programme["new"].endswith(content_hash(folder))
    text = run("this", folder, "--programme", "us", "--courses", COUNT).output
    assert ("LOOSER: window_closed vanishes" in text) is (way == "looser")
    assert ("stricter: window_closed appears" in text) is (way == "stricter")
    assert f"Answered otherwise on some day: {len(answered)} courses" in text
    assert "seed 1" in text and content_hash(folder) in text


def test_adopting_ipledge_2026_shows_what_the_two_versions_differ_in_and_nothing_else() -> None:
    """us.md A.3: the lock-out after a first missed window, the visit window and the monthly counselling of people
    who cannot become pregnant. Home tests and later windows are the same in both."""
    told = data("this", "this+ipledge-2026=2026-08-08")
    found = {programme["programme"]: programme for programme in told["programmes"]}
    assert [name for name, programme in found.items() if not programme["nobody_changes"]] == ["us"]
    us = found["us"]
    assert {group["rule"] for group in us["groups"]} == {
        "locked_out", "counselling_missing_cannot", "visit_missing", "visit_window_closed",
    }  # fmt: skip
    assert {group["kind"] for group in us["groups"]} == {"vanishes"}
    assert {change["direction"] for change in us["changes"]} == {"looser"}
    assert us["new"] == f"{us['old']}+ipledge-2026=2026-08-08"
    rules, answered, _, stricter = by_hand(
        shipped.edition("us"), shipped.edition("us", adopted=tuple(ADOPTION.items()))
    )
    assert {group["rule"]: group["courses"] for group in us["groups"]} == rules
    assert set(us["courses_changed"]) == answered and not stricter


def test_nothing_changes_before_the_day_of_adoption() -> None:
    old = shipped.edition("us")
    late = shipped.edition("us", adopted=(("ipledge-2026", day_of("2026-12-01")),))
    found = impact(old, late)
    assert found.courses_changed
    for course in made(old):
        for look in course.looks:
            if str(course.number) in found.courses_changed and look.day < day_of("2026-12-01"):
                one, two = (decide(e, course.record, look.day, look.known_at) for e in (old, late))
                assert (one.supply, one.capsules_in_hand) == (two.supply, two.capsules_in_hand)


def test_the_other_way_round_is_the_mirror(tmp_path: Path) -> None:
    old = shipped.edition("us")
    new = edition_of(load_library(changed(tmp_path / "new", *window_of(5))), "us")
    there, back = impact(old, new), impact(new, old)
    assert [group.courses for group in there.groups] == [group.courses for group in back.groups]
    assert {group.kind for group in there.groups} == {"appears"} and {g.kind for g in back.groups} == {"vanishes"}
    assert {g.direction for g in there.groups} == {"stricter"} and {g.direction for g in back.groups} == {"looser"}
    assert there.courses_changed == back.courses_changed


@pytest.mark.parametrize("programme", ["us", "uk"])
def test_the_same_edition_twice_changes_nobody_when_it_is_run(programme: str) -> None:
    same = shipped.edition(programme)
    found = impact(same, shipped.edition(programme), 60)
    assert found.decisions > 600 and found.nobody
    assert not found.changes and not found.unreached and not found.values


def test_the_same_edition_twice_says_nobody_changes() -> None:
    result = run("this", "this")
    assert result.exit_code == 0
    assert result.output.count("Nobody changes") == len(SHIPPED.programmes)


def test_a_rule_nobody_reaches_is_listed(tmp_path: Path) -> None:
    """Nobody of eleven or twelve is made up, so another least age changes nobody; it is told all the same."""
    text = (PROTOCOL / "values/suitability.yaml").read_text(encoding="utf-8")
    entry = re.search(r"\{is: 144, from: uk-2019.*", text[text.index("value: least_age") :])
    assert entry is not None
    line = entry.group()
    folder = changed(tmp_path / "new", "values/suitability.yaml", line, line.replace("144", "156"))
    (programme,) = data("this", folder, "--programme", "uk")["programmes"]
    assert programme["nobody_changes"] and programme["courses"] == COUNT
    assert programme["unreached"] == ["age_not_recorded", "under_age"]
    assert programme["values"] == [{"value": "least_age", "before": [144], "after": [156]}]
    text = run("this", folder, "--programme", "uk", "--courses", 9).output
    assert "no synthetic course reaches the difference" in text


def test_a_changed_effect_is_told_as_one(tmp_path: Path) -> None:
    path = "rules/mood.yaml"
    text = (PROTOCOL / path).read_text(encoding="utf-8")
    start = text.index("- rule: mood_follow_up_missing_uk")
    rule = text[start : text.index("- rule:", start + 5)]
    milder = rule.replace("{supply: withhold, capsules: unaffected}", "{supply: unaffected, capsules: unaffected}")
    folder = changed(tmp_path / "new", path, rule, milder)
    (programme,) = data("this", folder, "--programme", "uk")["programmes"]
    (group,) = programme["groups"]
    assert (group["rule"], group["kind"], group["direction"]) == ("mood_follow_up_missing_uk", "changes", "looser")
    assert group["effect_before"]["supply"] == "withhold" and group["effect_after"]["supply"] == "unaffected"
    assert group["example"]["because"]


def test_the_examples_can_be_assessed_again(tmp_path: Path) -> None:
    folder = tmp_path / "examples"
    told = data("this", "this+ipledge-2026=2026-08-08", "--programme", "us", "--examples", folder)
    for group in told["programmes"][0]["groups"]:
        example = group["example"]
        record = read_record((folder / f"us-{example['course']}.json").read_bytes())
        moment = next(c for c in made(shipped.edition("us")) if str(c.number) == example["course"])
        known_at = next(look.known_at for look in moment.looks if iso(look.day) == example["on"])
        old = decide(shipped.edition("us"), record, day_of(example["on"]), known_at)
        assert group["rule"] in {finding.rule.id for finding in old.findings}
        assert old.supply == example["before"]["supply"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing", "this"], ["OLD (missing)", "no folder"]),
        (["this", "missing"], ["NEW (missing)", "no folder"]),
        (["this", "this", "--programme", "nowhere"], ["'nowhere'", "both editions"]),
        (["this", "this+ipledge-2099=2026-08-08"], ["NEW", "ipledge-2099"]),
        (["this+ipledge-2026=2026-01-01", "this"], ["OLD", "before its scheduled day"]),
        (["this+ipledge-2026=soon", "this"], ["OLD ipledge-2026", "not a date"]),
        (["this", "this", "--from", "2026-13-01"], ["--from"]),
    ],
)
def test_what_cannot_be_read_is_said_with_the_edition_it_is_about(
    arguments: list[str], told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert all(words in result.output for words in told), result.output


def test_a_folder_that_breaks_the_language_names_edition_file_and_line(tmp_path: Path) -> None:
    name, line, _ = window_of(5)
    folder = changed(tmp_path / "new", name, line, line.replace("is: 6", "is: many"))
    result = run("this", folder, "--programme", "us")
    assert result.exit_code == 2
    assert f"NEW ({folder})" in result.output and re.search(r"values/supply\.yaml, line \d+", result.output)


def test_an_empty_folder_is_no_protocol(tmp_path: Path) -> None:
    result = run(tmp_path, "this")
    assert result.exit_code == 2
    assert f"OLD ({tmp_path})" in result.output


def test_a_rule_that_only_informs_is_not_blamed_for_an_answer_that_another_changed(tmp_path: Path) -> None:
    """Two rules about symptoms are taken out: the one that withholds made the answers stricter, the other did not."""
    folder, left_out = tmp_path / "old", 0
    shutil.copytree(PROTOCOL, folder)
    for path in (folder / "rules").glob("effects*.yaml"):
        text = path.read_text(encoding="utf-8")
        for rule in ("symptom_severe", "lips_dry"):
            of_the_us = rf"(?ms)^(- rule: {rule}\n.*?programmes: \{{)us: \{{from: ipledge-2021\}}, "
            text, found_here = re.subn(of_the_us, r"\1", text, count=1)
            left_out += found_here
        path.write_text(text, encoding="utf-8")
    assert left_out == 2
    found = impact(edition_of(load_library(folder), "us"), shipped.edition("us"))
    ways = {group.rule: group.direction for group in found.groups}
    assert ways == {"lips_dry": "same", "symptom_severe": "stricter"}
    informs = next(group for group in found.groups if group.rule == "lips_dry")
    assert any(change.direction == "stricter" for change in informs.changes)
    assert {informs.part_in(change) for change in informs.changes} == {"same"}
