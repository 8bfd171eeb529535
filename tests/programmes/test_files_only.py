"""A country is files: no code names one of the five, and what they take from others is cited for themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.load import PROTOCOL, programme_names
from isocourse.engine.model import Task
from tests import shipped
from tests.programmes.told import ADDED, ALONE, FIVE, TOPICS, edition, whole
from tests.shipped import LIBRARY

SOURCE = PROTOCOL.parent
NAMED = re.compile(r"\b(German|France|French|Ital|Canad|Austral)", re.IGNORECASE)
VERSION = re.compile(rf"(^|[^a-z])({'|'.join(FIVE)})-[0-9]{{4}}|_({'|'.join(FIVE)})$")
CARRIED = {
    "category_unknown", "ground_not_accepted", "pregnancy_unresolved", "latest_test_unclear", "concern_open",
    "breast_feeding", "breast_feeding_not_asked", "test_setting_unknown", "test_not_sensitive", "not_in_programme",
    "prescription_too_long", "prescription_with_refills", "supply_too_early", "course_paused", "blood_given",
    "capsules_left_over",
}  # fmt: skip


def told(path: Path) -> Iterator[str]:
    """Every piece of text in a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def names_a_country(text: str) -> bool:
    return text in FIVE or NAMED.search(text) is not None or VERSION.search(text) is not None


def test_no_code_names_one_of_the_five() -> None:
    modules = [path for path in SOURCE.rglob("*.py") if PROTOCOL not in path.parents]
    assert len(modules) > 50
    found = [
        f"{path.relative_to(SOURCE)}: {text!r}" for path in modules for text in told(path) if names_a_country(text)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["ca", "it", "for de-2024 only", "Italian", "prescriber_role_au"])
def test_a_named_country_would_be_found(text: str) -> None:
    assert names_a_country(text)
    assert not names_a_country("it is not recorded")


def test_no_shipped_file_of_the_others_names_them() -> None:
    """The files of the spine's programmes add nothing for the five: those add themselves."""
    for path in PROTOCOL.rglob("*.yaml"):
        if path.stem.split(".")[-1] not in FIVE:
            keys = re.findall(r"[{,\s](de|fr|it|ca|au):\s", path.read_text(encoding="utf-8"))
            assert keys == [], path.name


@pytest.mark.parametrize("programme", FIVE)
def test_more_than_policy_is_cited_for_the_country_itself(programme: str) -> None:
    """A regulation, label or guideline of one country is none of another: its own source stands there."""
    mine = {source for source in LIBRARY.sources if source.startswith((f"{programme}-", f"eu-{programme}-"))}
    inherited = {"de": "eu", "fr": "eu", "it": "eu"}.get(programme)
    compiled = whole(programme)
    checked = 0
    for item in (*compiled.rules, *compiled.tasks):
        if programme in item.in_force and item.strength != "clinic_policy":
            assert mine & set(item.sources), item.id
            checked += 1
    for name, step in compiled.value_steps.items():
        assert step.programme in (programme, inherited), name
        if step.programme == programme and step.strength != "clinic_policy":
            assert mine & set(step.sources), name
            checked += 1
    assert checked > 3


@pytest.mark.parametrize("programme", ALONE)
def test_a_country_that_stands_alone_has_the_spine(programme: str) -> None:
    held = {rule.id for rule in edition(programme).rules}
    assert held >= CARRIED
    assert {rule.topic for rule in edition(programme).rules} == set(TOPICS)
    for part in (
        "contraception_before",
        "contraception_during",
        "contraception_lapsed",
        "lead_time",
        "prescriber",
        "test_too_old",
    ):
        if (programme, part) != ("ca", "prescriber"):
            assert any(part in name for name in held), part
    assert {task.id for task in edition(programme).tasks} >= {"after_test", "contraception_after", "no_blood_donation"}


@pytest.mark.parametrize("programme", FIVE)
def test_every_topic_that_the_core_has_is_loaded(programme: str) -> None:
    for topic in (*TOPICS, *ADDED):
        core = [rule for rule in whole("eu").rules if rule.topic == topic]
        own = [rule for rule in whole(programme).rules if rule.topic == topic]
        assert core and own, topic
        if topic in ADDED:
            assert len(own) >= len(core), topic


@pytest.mark.parametrize("programme", ALONE)
def test_what_is_borrowed_is_policy_and_says_from_whom(programme: str) -> None:
    """The text of another country is evidence here and no law: it keeps its sources and is never more than medium."""
    rule = {rule.id: rule for rule in whole(programme).rules}["tetracycline_taken"]
    elsewhere = LIBRARY.rules["tetracycline_taken"]
    assert (elsewhere.strength, elsewhere.confidence) == ("label", "high")
    assert (rule.strength, rule.confidence) == ("clinic_policy", "medium")
    assert rule.sources == ("policy", *elsewhere.sources)
    alcohol = {rule.id: rule for rule in whole(programme).rules}["alcohol_taken"]
    assert alcohol.confidence == LIBRARY.rules["alcohol_taken"].confidence == "medium"
    task = {task.id: task for task in whole(programme).tasks}["review_course_length"]
    assert (LIBRARY.tasks["review_course_length"].strength, task.strength) == ("label", "clinic_policy")
    step = whole(programme).value_steps["dose_usual_conventional"]
    theirs = whole("eu").value_steps["dose_usual_conventional"]
    assert (step.value, theirs.strength, step.strength) == (theirs.value, "label", "clinic_policy")
    assert step.sources == ("policy", *theirs.sources)


def test_where_a_country_has_a_text_of_its_own_no_other_speaks_there() -> None:
    """An American answer cites no German letter; what is borrowed keeps what it was borrowed from."""
    kept = left = 0
    for programme in LIBRARY.programmes:
        lineage = set(LIBRARY.lineage(programme))
        compiled = whole(programme)
        for item in (*compiled.rules, *compiled.tasks, *compiled.value_steps.values()):
            assert item.sources
            of = [set(LIBRARY.sources[name].of) for name in item.sources]
            if any(lineage & where for where in of):
                assert all(not where or lineage & where for where in of), (programme, item)
                left += 1
            else:
                kept += any(of)
    assert left > 1000 and kept > 100


def test_the_after_test_is_cited_by_country() -> None:
    cited = {name: {task.id: task for task in whole(name).tasks}["after_test"].sources for name in ("us", "uk", "eu")}
    assert cited["us"] == ("us-label",) and cited["uk"] == ("uk-uktis",)
    assert cited["eu"] == ("eu-de-letter-2024", "eu-it-letter-2024")
    assert set(LIBRARY.tasks["after_test"].sources) == {name for named in cited.values() for name in named}


@pytest.mark.parametrize("programme", ALONE)
def test_what_is_borrowed_does_not_speak_of_the_label_as_of_ones_own(programme: str) -> None:
    """ "The label" would be read as the country's own: a sentence says whose it is, or speaks of labels."""
    seen = 0
    for item in (*whole(programme).rules, *whole(programme).tasks):
        elsewhere = LIBRARY.rules.get(item.id) or LIBRARY.tasks[item.id]
        if item.strength != "clinic_policy" or elsewhere.strength == "clinic_policy":
            continue
        says = [item.why, item.what] if isinstance(item, Task) else [item.says, item.why, item.unknown_says]
        assert not any(re.search(r"\b[Tt]he label\b", told) for told in says), (item.id, says)
        seen += 1
    assert seen > 50


@pytest.mark.parametrize("programme", FIVE)
def test_no_second_prescriber_is_asked_for(programme: str) -> None:
    assert "second_prescriber_missing" not in {rule.id for rule in edition(programme).rules}


def test_a_rule_is_cited_by_programme() -> None:
    """The same rule is a regulation in one country and clinic policy in another, and the answer says which."""
    strengths = {name: {rule.id: rule for rule in edition(name).rules}["test_not_sensitive"] for name in ("us", "ca")}
    assert strengths["us"].strength == "regulation"
    assert (strengths["ca"].strength, strengths["ca"].confidence) == ("clinic_policy", "low")
    assert strengths["ca"].sources == ("policy", "us-rems-page")
    assert LIBRARY.rules["test_not_sensitive"].strength == "regulation"


def test_every_topic_is_asked_for_before_a_bare_proceed() -> None:
    for programme in FIVE:
        asked = LIBRARY.programmes[programme].required_topics
        assert set(asked) >= set(LIBRARY.programmes["eu"].required_topics)
        shipped.edition(programme).run  # noqa: B018 - compiling is the check


def test_help_lists_the_programmes_that_are_loaded() -> None:
    assert programme_names() == tuple(sorted(LIBRARY.programmes))
    for command in (["assess"], ["explain"], ["protocol", "show"]):
        shown = " ".join(CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "300"}).output.split())
        assert ", ".join(programme_names()) in shown, command
