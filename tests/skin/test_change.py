"""What is called a change: only what is more than the noise, only what was measured alike, and never why."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import stdev
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.simulate.faces import Camera, Person, course_series, photograph
from isocourse.skin import align, change, change_map, match, noise, trend
from isocourse.skin.calibrate import Calibrated, Calibration
from isocourse.skin.change import DARK_SPOTS, RED_MARKS, REDNESS, Told, compare, hollows, judged, laid
from isocourse.skin.findings import (
    Band,
    ColourFit,
    Compared,
    Comparison,
    Kind,
    Measurement,
    Pair,
    Relief,
    Rung,
    Spot,
    Tone,
)
from isocourse.skin.measure import Look, Settings
from isocourse.skin.measure import look as look_
from isocourse.skin.noise import count_floor, count_noise, limit, own_noise
from isocourse.skin.picture import Picture
from isocourse.skin.regions import Regions
from isocourse.skin.scale import Scale
from isocourse.skin.scales.agreement import t_975
from isocourse.skin.scales.change import count_p
from isocourse.words import photograph_change
from isocourse.words.skin_report.sheet import change_sheet
from tests.skin.portraits import finder
from tests.skin.test_agreement import RETEST
from tests.skin.test_align import OTHER, VIEWS, baseline, follow_up, sampled_at
from tests.skin.warped import HEIGHT, WIDTH, Made


def spot(x: float = 0.0, y: float = 0.0, kind: Kind = "brown", area: float = 4.0) -> Spot:
    return Spot(x, y, area, 0.1, kind, -8, 1, 2, 8.3, -10, 0.2, 0.05, 1.0, "nose", ())


def measured(
    brown: int = 0, red: int = 0, *, rung: Rung = "chart", tone: float | None = 30.0, **other: Any
) -> Measurement:
    spots = (*(spot(kind="brown") for _ in range(brown)), *(spot(kind="red") for _ in range(red)))
    colours = None if tone is None else Tone(60, 12, 16, 32, 1, "intermediate", 50, tone)
    known: dict[str, Any] = {
        "method": "1", "width": 3000, "height": 4000, "gates": (), "colour": ColourFit(rung, 1.0, 24, ""),
        "tone": colours, "spots": spots, "texture": (Band(0.4, 1.0, 1.2), Band(1.0, 6.0, 2.0)),
    }  # fmt: skip
    return Measurement(**(known | other))


def told(first: Measurement, second: Measurement, *repeats: Measurement) -> Told:
    everything = [
        *(Pair(i, None, "faded") for i in range(len(first.spots))),
        *(Pair(None, j, "new") for j in range(len(second.spots))),
    ]
    return judged(first, second, everything, repeats=repeats)


def notes(found: Told) -> list[str]:
    return [str(note) for note in found.notes]


def patient_reads(found: Told) -> str:
    return change_sheet(Comparison(numbers=found.numbers, notes=found.notes)).says


def number(found: Told, what: str) -> Compared:
    return next(each for each in found.numbers if each.what == what)


# --- noise ---


def test_the_published_retest_comes_out() -> None:
    """Ten people's own spreads, put together, are the published standard error of 0.851 and change of 2.36."""
    own = [own_noise(pair) for pair in RETEST]
    sem = [each.value / sqrt(2) / t_975(1) for each in own if each is not None]
    together = sqrt(sum(value**2 for value in sem) / len(sem))
    assert len(sem) == 10 and round(together, 3) == 0.851 and round(1.96 * sqrt(2) * together, 2) == 2.36


def test_few_repeats_widen_the_limit_and_say_so() -> None:
    two, three = own_noise([30, 32]), own_noise([30, 32, 31])
    assert two is not None and three is not None
    assert two.value == pytest.approx(12.706 * sqrt(2) * stdev([30, 32]), rel=1e-3)
    assert three.value == pytest.approx(4.303 * sqrt(2) * stdev([30, 32, 31]), rel=1e-3)
    # Printed quantiles of chi square: 0.00098 and 5.024 with one degree of freedom, 0.0506 and 7.378 with two.
    assert (two.low, two.high) == pytest.approx((sqrt(1 / 5.024), sqrt(1 / 0.000982)), rel=1e-3)
    assert (three.low, three.high) == pytest.approx((sqrt(2 / 7.378), sqrt(2 / 0.0506)), rel=1e-3)


def test_no_spread_seen_is_no_estimate() -> None:
    assert own_noise([]) is own_noise([31]) is own_noise([31, 31]) is None


@settings(deadline=None)
@given(st.integers(0, 150), st.integers(0, 150))
def test_the_floor_is_the_largest_difference_that_chance_makes(before: int, after: int) -> None:
    floor = count_floor(before, after)
    both = before + after
    likely = [abs(2 * k - both) for k in range(both + 1) if count_p(min(k, both - k), max(k, both - k)) >= 0.05]
    assert floor == max(likely)
    assert (abs(before - after) > floor) is (count_p(min(before, after), max(before, after)) < 0.05)


@pytest.mark.parametrize(("before", "after", "beyond"), [(20, 12, False), (40, 12, True), (4, 0, False), (6, 0, True)])
def test_published_counts(before: int, after: int, beyond: bool) -> None:
    assert (before - after > count_floor(before, after)) is beyond


def test_large_counts_take_the_roots() -> None:
    assert count_floor(1500, 1500) == pytest.approx(1.96 * sqrt(3000))
    assert count_floor(1000, 1000) == pytest.approx(1.96 * sqrt(2000), abs=2.5)


def test_photographs_add_to_counting() -> None:
    alone, own = count_noise(40, 40, None), own_noise([40, 44, 42])
    both = count_noise(40, 40, own)
    assert alone is not None and own is not None and both is not None
    assert both.value == pytest.approx(sqrt(alone.value**2 + own.value**2)) and both.own and not alone.own


def test_without_a_figure_for_photographs_nothing_is_called_a_change() -> None:
    assert count_noise(40, 12, None) is None  # beyond chance, but photographs may differ by more
    within = count_noise(20, 12, None)
    assert within is not None and within.value >= 8
    assert count_noise(0, 0, None) is None  # no limit of nothing


# --- the three states ---


def test_three_states_and_not_known() -> None:
    first = measured(40, 10)
    shots = (measured(41, 10), measured(42, 11))
    assert number(told(first, measured(2, 10), *shots), DARK_SPOTS).verdict == "improved"
    assert number(told(first, measured(38, 10), *shots), DARK_SPOTS).verdict == "within noise"
    assert number(told(first, measured(90, 10), *shots), DARK_SPOTS).verdict == "worse"
    unknown = number(told(first, measured(2, 10)), DARK_SPOTS)
    assert (unknown.verdict, unknown.noise) == ("not known", None)
    own, chance = (number(told(first, measured(38, 10), *more), DARK_SPOTS) for more in (shots, ()))
    assert own.own and not chance.own and own.noise and chance.noise and own.noise > chance.noise


def textured(*rough: float, redness: float = 30.0) -> Measurement:
    return measured(30, 10, tone=redness, texture=(Band(0.4, 1.0, rough[0]), Band(1.0, 6.0, rough[1])))


FINE = "roughness of 0.4 to 1 mm"


def test_repeats_that_are_alike_by_chance_do_not_make_a_tiny_difference_a_change() -> None:
    """0.311 to 0.307 with repeats a ten thousandth apart: within, by what generated skin differs by."""
    first, again, second = textured(0.3110, 0.50), textured(0.3111, 0.52), textured(0.307, 0.51)
    found = told(first, second, again)
    fine = number(found, FINE)
    seen_only = own_noise([0.3110, 0.3111])
    assert seen_only is not None and seen_only.value < 0.311 - 0.307, "what the repeats alone would call a change"
    assert fine.verdict == "within noise" and fine.noise is not None
    assert fine.noise >= noise.least(FINE, 0.309) > 0.311 - 0.307
    assert any("generated skin" in note for note in notes(found))
    far = number(told(first, textured(0.2, 0.51), again), FINE)
    assert far.verdict == "improved"


def burdens_and_texture(found: Told) -> dict[str, tuple[float, float]]:
    return {each.what: (each.before, each.after) for each in found.numbers if "L*" in each.unit}


def test_without_a_reference_lightness_is_compared_as_if_the_skin_were_as_bright() -> None:
    """L* 50 and 34 are 66 and 50 above -16, so differences are multiplied by 66 / 50."""
    first, darker = measured(4, 2, rung="none", brightness=50.0), measured(4, 2, rung="none", brightness=34.0)
    found = told(first, darker, measured(4, 3, rung="none", brightness=34.0))
    assert burdens_and_texture(found) == {
        "burden of dark spots": pytest.approx((128, 128 * 66 / 50)),
        "burden of red marks": pytest.approx((64, 64 * 66 / 50)),
        FINE: pytest.approx((1.2, 1.2 * 66 / 50)),
        "roughness of 1 to 6 mm": pytest.approx((2.0, 2.0 * 66 / 50)),
    }
    assert any("as if the skin were as bright" in note for note in notes(found))
    fine, repeats = number(found, FINE), own_noise([1.2, 1.2 * 66 / 50])
    assert repeats is not None and fine.noise is not None and fine.noise >= repeats.value  # the repeat's light, too
    for rung in ("chart", "grey card"):
        known = told(measured(4, 2, rung=rung, brightness=50.0), measured(4, 2, rung=rung, brightness=34.0))
        assert all(before == after for before, after in burdens_and_texture(known).values())
        assert not any("as bright" in note for note in notes(known))


@cache
def in_light(stops: float, seed: int) -> Look:
    look_of = course_series(3, "light", (0.0,))[0]
    camera = Camera(width=1300, height=1720, px_per_mm=6.5, jpeg=95, exposure=stops)
    taken = photograph(Person(3, "light"), look_of, camera, seed=seed)
    assert taken.jpeg is not None
    return look_(taken.jpeg, Calibration(), Settings(), finder())


@pytest.mark.parametrize("stops", [-0.7, 0.3])
def test_a_camera_that_takes_less_light_makes_no_skin_smoother(stops: float) -> None:
    """0.7 of a stop made it a seventh smoother, which was called improved."""
    first, other = in_light(0.0, 1), in_light(stops, 2)
    raw = other.measurement.texture[0].value / first.measurement.texture[0].value
    found = compare(first, other, [in_light(0.0, 3).measurement])
    rough = [each for each in found.numbers if each.what.startswith("roughness")]
    assert rough and abs(raw - 1) > 0.05
    assert all(each.after == pytest.approx(each.before, rel=0.05) for each in rough)
    assert {each.verdict for each in rough} <= {"within noise", "not known"}


def test_the_least_noise_is_that_of_the_evaluation_as_printed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "skin-evaluation.md").read_text()
    table = page.split("two photographs of a whole face")[1]
    rows = re.findall(r"^ +([a-z][\w. ]+?) {2,}([\d.]+) +([\d.]+) +\d+%$", table, re.MULTILINE)
    printed = {name: (float(change), float(mean)) for name, mean, change in rows}
    assert printed == noise.LEAST
    names = {each.what for each in told(measured(1, 1), measured(1, 1)).numbers}
    assert names == set(noise.LEAST), "every figure that is compared has one, but hollows, which the evaluation has not"


def test_the_least_noise_grows_with_the_figure_and_not_beyond_what_was_found() -> None:
    change, found_at = noise.LEAST[REDNESS]
    assert noise.least(REDNESS, found_at) == noise.least(REDNESS, 9 * found_at) == change
    assert noise.least(REDNESS, found_at / 4) == pytest.approx(change / 4)
    assert noise.least("depth of hollows", 3.0) == 0


def test_figures_that_nobody_chose_beforehand_are_judged_together() -> None:
    """Printed quantiles (97.5 and 98.75 %): 4.303 and 6.205 of t with two degrees, 1.960 and 2.241 of the normal."""
    own = own_noise([30, 32, 31])
    assert own is not None
    assert limit(own, together=1).value == pytest.approx(own.value)
    assert limit(own, together=2).value == pytest.approx(own.value * 6.205 / 4.303, rel=1e-3)
    raised = limit(own, least=100.0, together=2)
    assert raised.raised and raised.value == pytest.approx(100.0 * 2.241 / 1.960, rel=1e-3)
    found = told(measured(40, 10), measured(20, 10), measured(41, 11), measured(42, 12))
    assert any(note.startswith("The two counts were chosen beforehand") for note in notes(found))
    counts = own_noise([40, 41, 42])
    assert counts is not None
    alone = limit(counts, least=noise.least(DARK_SPOTS, 30))
    assert number(found, DARK_SPOTS).noise == pytest.approx(float(np.hypot(count_floor(40, 20), alone.value)))


def test_without_a_change_few_comparisons_have_any_figure_beyond_its_noise() -> None:
    """A thousand people whose seven other figures vary by chance alone, three photographs at the first visit."""
    dice = np.random.default_rng(4)
    with_any = 0
    for shots in dice.normal(0, 1, (1000, 7, 4)):
        owns = [own_noise(each[:3]) for each in shots]
        assert None not in owns
        limits = [limit(own, together=7).value for own in owns if own is not None]
        with_any += any(abs(each[3] - each[0]) > most for each, most in zip(shots, limits, strict=True))
    assert with_any / 1000 <= 0.05 + 0.014  # and two standard errors of that share


def test_a_note_is_a_pattern_that_translators_get_and_what_stands_in_it() -> None:
    """`tools/messages` takes the constants of this room; a page translates the pattern and fills it in."""
    coarse = measured(40, texture=(Band(1.0, 6.0, 2.0),), tone=None)
    told_of = (
        *told(measured(40, 10), measured(20, 10), measured(41, 11), measured(41, 11), measured(36, method="0")).notes,
        *told(measured(40), coarse, measured(42)).notes,
        *told(measured(), measured(rung="none")).notes,
        *told(measured(1), measured(2)).notes,
    )
    patterns = set(sentences(change))
    assert len({each.pattern for each in told_of}) >= 6
    assert {each.pattern for each in told_of} <= patterns
    compared = Comparison(notes=told_of)
    assert [str(each) for each in photograph_change.notes(compared)] == [str(each) for each in told_of]


def test_just_at_the_noise_is_within_it() -> None:
    first, shots = measured(tone=30.0), (measured(tone=32.0), measured(tone=33.0))
    most = number(told(first, measured(tone=28.0), *shots), REDNESS).noise
    assert most is not None and most > 5
    for more, verdict in ((-1e-9, "within noise"), (1e-9, "improved")):
        assert number(told(first, measured(tone=30 - most - more), *shots), REDNESS).verdict == verdict
    assert number(told(first, measured(tone=30 + most + 1e-9), *shots), REDNESS).verdict == "worse"
    assert number(told(first, measured(tone=28.0)), REDNESS).verdict == "not known"


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 9), st.integers(1, 9))
def test_the_other_way_round_it_is_the_other_way(before: int, after: int, a: int, b: int) -> None:
    shots = (measured(20 + a), measured(20 + a + b))
    there = number(told(measured(before), measured(after), *shots), DARK_SPOTS)
    opposite = {"improved": "worse", "worse": "improved"}
    floor = count_floor(before, after)
    assert there.noise is None or there.noise >= floor
    if there.noise is not None:
        beyond = abs(before - after) > there.noise
        assert (there.verdict in opposite) is beyond
        assert there.verdict == ("within noise" if not beyond else "improved" if after < before else "worse")


def test_areas_and_burdens_are_of_the_marks_that_pairs_tell_of() -> None:
    first, second = measured(3, 2), measured(1, 2)
    pairs = [Pair(0, 0, "persistent"), Pair(1, None, "faded"), Pair(3, 1, "persistent"), Pair(None, 2, "new")]
    found = judged(first, second, pairs, repeats=())
    counts = {each.what: (each.before, each.after) for each in found.numbers}
    assert counts[DARK_SPOTS] == (2, 1) and counts[RED_MARKS] == (1, 2)
    assert counts["area of dark spots"] == (8, 4) and counts["burden of dark spots"] == (64, 32)


# --- what is not compared ---


def test_two_references_for_colour_are_not_compared() -> None:
    rungs: tuple[Rung, ...] = ("chart", "grey card", "own baseline", "none")
    for one in rungs:
        for other in rungs:
            found = told(measured(5, rung=one), measured(5, rung=other))
            assert bool(found.numbers) is (one == other or other == "own baseline"), (one, other)
            if not found.numbers:
                note = notes(found)[0]
                assert one in note and other in note and patient_reads(found) == note
    assert not told(measured(colour=None), measured(colour=None)).numbers


def test_what_only_one_has_is_left_out_with_a_reason() -> None:
    sharp, soft = measured(), measured(texture=(Band(1.0, 6.0, 2.0),), tone=None)
    found = told(sharp, soft)
    names = [each.what for each in found.numbers]
    assert "roughness of 1 to 6 mm" in names and "roughness of 0.4 to 1 mm" not in names and REDNESS not in names
    assert any("redness" in note for note in notes(found)) and any("Texture" in note for note in notes(found))
    raking = Relief("raking light", 0.2, 3, 4.0, "")
    shading = Relief("shading", 0.2, None, None, "")
    assert any("either side" in note for note in notes(told(measured(relief=raking), measured(relief=shading))))
    assert "depth of hollows" not in [
        each.what for each in told(measured(relief=shading), measured(relief=shading)).numbers
    ]
    assert "depth of hollows" in [each.what for each in told(measured(relief=raking), measured(relief=raking)).numbers]


def of_hollows(index: float | None, method: str = "1") -> Measurement:
    """What `measure.measure_relief` gives."""
    relief = None if index is None else Relief("raking light", index, 3, 5.0, "")
    return Measurement(method, 3000, 4000, (), relief=relief)


def test_hollows_of_two_visits_are_judged_against_their_own_repeats() -> None:
    first, again = of_hollows(0.10), of_hollows(0.102)
    limit = own_noise([0.10, 0.102])
    assert limit is not None
    for after, verdict in ((0.10 - limit.value * 1.01, "improved"), (0.10 + limit.value * 1.01, "worse"),
                           (0.10 - limit.value * 0.99, "within noise")):  # fmt: skip
        found = hollows(first, of_hollows(after), [again])
        assert found is not None and (found.verdict, found.noise, found.own) == (verdict, limit.value, True)
    alone = hollows(first, of_hollows(0.05))
    assert alone is not None and (alone.verdict, alone.noise) == ("not known", None)
    same = hollows(first, of_hollows(0.05), [first, of_hollows(0.3, "an older one"), of_hollows(None)])
    assert same == alone  # nothing of these says how much photographs vary
    assert hollows(first, of_hollows(0.05, "2")) is None
    assert hollows(first, of_hollows(None)) is None and hollows(of_hollows(None), first) is None
    shaded = measured(relief=Relief("shading", 0.1, None, None, ""))
    assert hollows(first, replace(shaded, method="1")) is None  # the weak stand-in is no depth


def test_repeats_that_were_measured_otherwise_do_not_count() -> None:
    first = measured(30)
    for shot in (measured(36, method="0"), measured(36, rung="none"), measured(36, refused="soft"), first):
        found = told(first, measured(30), shot)
        assert not number(found, DARK_SPOTS).own
        assert any(" 1 could not be used" in note for note in notes(found))
    assert number(told(first, measured(30), measured(36)), DARK_SPOTS).own


# --- a whole story ---


def seen(made: Made, marks: list[tuple[float, float]], *, brown: bool = True) -> Look:
    """As the pipeline would leave it, with marks put where they are."""
    points = np.array(marks).reshape(-1, 2)
    spots = tuple(spot(float(x), float(y), "brown" if brown else "red") for x, y in sampled_at(made, points))
    labels = made.skin.astype(np.uint8)
    regions = Regions(labels, made.skin, 0.0, labels[::4, ::4], made.skin[::4, ::4])
    colours = Calibrated(made.frame.linear, np.eye(3), ColourFit("none", None, 0, ""))
    return Look(replace(measured(), spots=spots), frame=made.frame, regions=regions, calibrated=colours)


def spread(count: int, seed: int) -> list[tuple[float, float]]:
    """Places on the straight head, on skin of all views and well apart."""
    dice = np.random.default_rng((seed, 9))
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x, y = float(dice.uniform(WIDTH * 0.2, WIDTH * 0.8)), float(dice.uniform(HEIGHT * 0.15, HEIGHT * 0.85))
        inside = baseline(0).skin[int(y) - 40 : int(y) + 40, int(x) - 40 : int(x) + 40].all()
        if inside and all(np.hypot(x - a, y - b) > 50 for a, b in found):
            found.append((x, y))
    return found


def test_marks_of_a_turned_head_find_each_other() -> None:
    places = spread(24, 1)
    before = seen(baseline(0), places[:20])
    after = seen(follow_up(0, OTHER), places[12:])
    found = laid(before, after)
    comparison = found.comparison
    states = {state: sum(pair.state == state for pair in comparison.pairs) for state in ("persistent", "faded", "new")}
    assert states == {"persistent": 8, "faded": 12, "new": 4}
    assert all(pair.before == 12 + pair.after for pair in comparison.pairs if None not in (pair.before, pair.after))  # type: ignore[operator]
    assert comparison.seen > 0.85 and comparison.consistency is not None and comparison.consistency < 0.5
    dark, red = (number(Told(comparison.numbers, ()), what) for what in (DARK_SPOTS, RED_MARKS))
    assert (dark.before, dark.after, dark.verdict) == (20, 12, "within noise")
    assert (red.before, red.after, red.noise) == (0, 0, None)
    assert msgspec.json.decode(msgspec.json.encode(comparison), type=type(comparison)) == comparison


def test_fewer_marks_than_chance_makes_are_told() -> None:
    places = spread(24, 2)
    before, after = seen(baseline(0), places), seen(follow_up(0, VIEWS[2]), places[:3])
    for one, other, repeats, verdict in (
        (before, after, [], "not known"),
        (before, after, taken_again_with(before, -1, 1), "improved"),
        (after, before, taken_again_with(after, 1, 2), "worse"),
    ):
        assert number(Told(compare(one, other, repeats).numbers, ()), DARK_SPOTS).verdict == verdict


def taken_again_with(look: Look, *more: int) -> list[Measurement]:
    """Photographs of the same visit that count so many marks more."""
    spots = look.measurement.spots
    return [replace(look.measurement, spots=(spots + spots)[: len(spots) + many]) for many in more]


def test_what_one_photograph_is_too_coarse_for_is_not_new() -> None:
    """At 4 pixels for each millimetre marks show from 1.5 mm on: 1.77 mm2."""
    places = spread(16, 3)
    small, large = 1.6, 4.0

    def of(found: Look, areas: list[float], px_per_mm: float) -> Look:
        spots = tuple(replace(spot, area=area) for spot, area in zip(found.measurement.spots, areas, strict=True))
        picture = Picture(np.zeros((2, 2, 3), np.uint8), None, "", 1)
        return dataclasses.replace(
            found,
            measurement=replace(found.measurement, spots=spots),
            picture=picture,
            scale=Scale(px_per_mm, 0.05, "iris"),
        )

    before = of(seen(baseline(0), places[:4]), [large] * 4, 4.0)
    after = of(seen(follow_up(0, OTHER), places), [large] * 4 + [small] * 12, 8.0)
    found = compare(before, after)
    assert [pair.state for pair in found.pairs] == ["persistent"] * 4
    assert number(Told(found.numbers, ()), DARK_SPOTS).after == 4
    assert any("under 1.5 mm" in str(note) for note in found.notes)
    sharp = compare(of(before, [large] * 4, 8.0), after)
    assert number(Told(sharp.numbers, ()), DARK_SPOTS).after == 16 and not any(
        "coarse" in str(note) for note in sharp.notes
    )


def test_what_cannot_be_laid_on_each_other_is_not_compared() -> None:
    before = seen(baseline(0), [])
    for after, word in (
        (seen(follow_up(50, OTHER), []), "same person"),
        (seen(follow_up(0, dataclasses.replace(OTHER, yaw=45, grimace=0)), []), "different sides"),
        (Look(replace(measured(), method="2")), "versions"),
        (Look(replace(measured(), refused="The picture is not sharp: hold still.")), "second photograph"),
    ):
        found = compare(before, after)
        assert word in found.refused and change_sheet(found).says == found.refused
        assert (found.numbers, found.pairs, found.seen, found.consistency) == ((), (), 0.0, None)


# --- no word about why, and no rank ---

_FORBIDDEN = re.compile(
    r"because|due to|thanks|caus|owing|isotretinoin|capsule|treatment|drug|medic|dose|therap|work(s|ed|ing)\b|effect|"
    r"respon|percent|centile|rank|average|normal|than (other|most)|better than|worse than|heal|cure|%",
    re.IGNORECASE,
)


def sentences(module: ModuleType) -> Iterator[str]:
    """Every text in a module, the parts of f-strings too, that is not a docstring."""
    tree = ast.parse(inspect.getsource(module))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield node.value


@pytest.mark.parametrize("module", [align, change, change_map, match, noise, trend, photograph_change])
def test_no_sentence_says_why_or_how_others_are(module: ModuleType) -> None:
    for sentence in sentences(module):
        assert not _FORBIDDEN.search(sentence), sentence


def test_the_guard_of_sentences_sees_what_it_is_for() -> None:
    for wrong in ("fewer because of isotretinoin", "better than 80 % of people", "in the 80th percentile", "it works"):
        assert _FORBIDDEN.search(wrong)
    assert any("nothing is called a change" in sentence for sentence in sentences(change))


@settings(deadline=None)
@given(*[st.integers(0, 300)] * 4, st.sampled_from([(), (1,), (2, 1)]), st.booleans())
def test_the_patient_reads_of_both_counts_and_never_why(
    brown: int, red: int, brown_after: int, red_after: int, more: tuple[int, ...], same_colours: bool
) -> None:
    rung: Rung = "chart" if same_colours else "none"
    first, second = measured(brown, red), measured(brown_after, red_after, rung=rung)
    says = patient_reads(told(first, second, *(measured(brown + each, red + 2 * each) for each in more)))
    assert not _FORBIDDEN.search(says) and "None" not in says
    assert says.endswith(".") and says[0].isupper() and "by 0." not in says
    assert not same_colours or ("Dark spots: " in says and "Red marks: " in says)
