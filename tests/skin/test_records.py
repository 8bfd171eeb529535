"""Skin scores in a record, on the pages and on the command line: what is refused, what is kept, what is told."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.errors import InputError
from isocourse.record import terminology as t
from isocourse.record.record import read_record
from isocourse.record.skin_scores import KEPT, MOST, RANGES, outside
from isocourse.skin.scales.library import SCALES
from isocourse.skin.scales.score import extremes
from isocourse.words.skin_scores import meaning, range_text, scales_page, told
from isocourse.words.visit_read import Setting, read
from tests.record.made import event, written


def test_every_code_of_the_record_is_a_scale_with_a_range() -> None:
    assert set(t.codes(t.SkinScale)) == set(RANGES) == {*SCALES, "other"}
    assert set(RANGES) > KEPT


@pytest.mark.parametrize("name", sorted(SCALES))
def test_the_range_in_the_record_is_the_one_the_items_give(name: str) -> None:
    low, high = extremes(SCALES[name])
    kept = RANGES[name]
    if SCALES[name].counted or name == "icgs":
        assert (kept.low, kept.high) == (low, MOST)
    elif name == "pahpi":
        assert (kept.low, kept.high, kept.or_none, low, high) == (6, 22, True, 0, 22)
    else:
        assert (kept.low, kept.high, kept.or_none) == (low, high, False)
    steps = [term.weight.denominator for term in SCALES[name].terms]
    assert kept.whole == (max(steps) == 1)


@pytest.mark.parametrize(
    ("scale", "inside", "out"),
    [
        ("iga", ["0", "4", "4.0"], ["5", "2.5"]),
        ("gags", ["0", "39", "44"], ["45"]),
        ("pahpi", ["0", "6", "22"], ["1", "5", "23"]),
        ("goodman_baron_qualitative", ["1", "4"], ["0", "5"]),
        ("mmasi", ["0", "5.2", "24"], ["24.1"]),
        ("skindex16_symptoms", ["33.3", "100"], ["100.1"]),
        ("icgs", ["12", "13"], ["1.5"]),
        ("hayashi", ["51", "10000"], ["10001"]),
    ],
)
def test_both_sides_of_the_ends(scale: str, inside: list[str], out: list[str]) -> None:
    assert [outside(scale, Decimal(value)) for value in inside] == [""] * len(inside)
    for value in out:
        assert "cannot be on" in outside(scale, Decimal(value)) and "allowed are" in outside(scale, Decimal(value))


def test_a_new_scale_is_refused_outside_its_range_wherever_it_is_read() -> None:
    with pytest.raises(InputError, match="a score of 31 cannot be on DLQI; allowed are whole numbers from 0 to 30"):
        read_record(written(event("skin_score", scale="dlqi", value=31)))
    assert read_record(written(event("skin_score", scale="dlqi", value=30))).events


def test_a_record_from_before_the_ranges_stays_readable_and_says_that_the_number_cannot_be() -> None:
    kept = read_record(written(event("skin_score", scale="gags", value=60))).events[0]
    assert str(meaning("gags", kept.value)) == "outside the range of the scale"  # type: ignore[union-attr]
    assert str(told("gags", Decimal(10), before=Decimal(60))) == "mild"
    assert str(told("gags", Decimal(60), before=Decimal(10))) == "outside the range of the scale"


def test_a_number_is_told_with_its_band_its_remark_and_its_change() -> None:
    assert str(meaning("gags", Decimal(39))).startswith("very severe; 39 is in no printed band")
    assert meaning("ecca", Decimal(95)) is None and meaning("other", Decimal(7)) is None
    assert str(told("gags", Decimal(19), before=Decimal(30))) == "moderate; −11, noise not known"
    assert str(told("inflammatory_count", Decimal(12), before=Decimal(20))) == "−8, within the noise of counting"
    assert str(told("inflammatory_count", Decimal(12), before=Decimal(40))) == (
        "−28, better by more than the noise of counting"
    )
    assert str(told("goodman_baron_quantitative", Decimal(30), before=Decimal(25))) == (
        "+5, worse by more than the disagreement of raters"
    )
    assert str(told("dlqi", Decimal(6), before=Decimal(10))) == (
        "moderate effect; −4, noise not known; at least 4, which patients notice"
    )
    assert str(told("dlqi", Decimal(7), before=Decimal(10))).endswith("less than 4, which patients notice")
    assert str(told("iga", Decimal(3), before=Decimal(3))) == "moderate; no change"
    assert [range_text(scale) for scale in ("gags", "pahpi", "icgs", "lesion_count", "other")] == [
        "0–44",
        "0–22",
        "",
        "",
        "",
    ]


def test_several_scores_can_be_typed_at_one_visit() -> None:
    setting = Setting(role="nurse", today="2026-11-23", token="t" * 20, known_ids=frozenset())
    typed = {
        "skin_score.0.scale": ["iga"],
        "skin_score.0.value": ["3"],
        "skin_score.n1.scale": ["mmasi"],
        "skin_score.n1.value": ["5,2"],
    }
    found = read(typed, setting)
    assert found.problems == []
    assert [(each["scale"], each["value"]) for each in found.events] == [("iga", "3"), ("mmasi", "5.2")]


# --- the command line -----------------------------------------------------------------------------
GAGS = "forehead=2,right_cheek=3,left_cheek=2,nose=1,chin=4,chest_upper_back="


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["skin", *arguments])
    return result.exit_code, result.output


def test_a_score_on_the_command_line() -> None:
    code, out = run("score", "gags", "--items", GAGS + "0")
    assert code == 0 and "GAGS 19 (0 to 44): moderate" in out and "Doshi 1997" in out
    code, out = run("score", "gags", "--items", GAGS + "0", "--format", "json")
    told_json = json.loads(out)
    assert (told_json["total"], told_json["band"], told_json["missing"]) == ("19", "moderate", [])
    code, out = run("score", "skindex16_symptoms", "--items", "sum=8")
    assert "33.33" in out and "Here totals only" in out
    code, out = run("score", "icgs", "--items", "erythema=4,scale_crust=1", "--items", "fissures=1,commissures=0")
    assert "ICGS (lips) 6" in out and "above 3" in out and "decides nothing" in out


def test_a_missing_item_is_asked_for_and_the_exit_code_says_so() -> None:
    for typed in (GAGS + "?", GAGS.rpartition(",")[0]):
        code, out = run("score", "gags", "--items", typed)
        assert code == 1 and "no total" in out and "chest_upper_back" in out
    code, out = run("score", "gags", "--format", "json")
    assert code == 1 and json.loads(out)["total"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["score", "nothing"], "'nothing' is not a scale"),
        (["score", "gags", "--items", "nose"], "'nose' is not an item"),
        (["score", "gags", "--items", "nose=a lot"], "'a lot' is not a number"),
        (["score", "gags", "--items", "nose=NaN"], "'NaN' is not a number"),
        (["score", "gags", "--items", "nose=1,nose=2"], "nose stands twice"),
        (["score", "gags", "--items", "nose=9"], "whole numbers from 0 to 4"),
        (["score", "gags", "--items", "nose=1e999999"], "is not a number"),
        (["change", "gags", "50", "3"], "a score of 50 cannot be on GAGS"),
    ],
)
def test_what_cannot_be_read_is_one_message(arguments: list[str], says: str) -> None:
    code, out = run(*arguments)
    assert code == 2 and says in out and "Traceback" not in out


def test_a_change_on_the_command_line_never_says_why() -> None:
    code, out = run("change", "dlqi", "14", "8")
    assert code == 0 and "at least 4, which patients notice" in out and "nothing about its cause" in out
    code, out = run("change", "inflammatory_count", "40", "12", "--format", "json")
    assert json.loads(out)["verdict"] == "improved" and json.loads(out)["percent"] == "-70"


def test_the_page_has_every_scale_and_every_item() -> None:
    page = scales_page()
    assert run("scales")[0] == 0
    for scale in SCALES.values():
        assert f"## {scale.title}\n" in page and scale.source in page
        assert all(f"| `{item.name}` | {item.says} |" in page for item in scale.items)
        assert all(remark in page for remark in (*scale.may_not, *scale.recalled, scale.licence))
