"""Every scale: its published examples, both sides of every boundary, its extremes, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.skin.scales.change import change, count_p, count_z, iga_success, severe_by_nice
from isocourse.skin.scales.library import SCALES, scale_named
from isocourse.skin.scales.model import Item, Scale
from isocourse.skin.scales.score import Score, band_of, extremes, points_of, score

NAMES = sorted(SCALES)


def scored(name: str, **items: Any) -> Score:
    return score(scale_named(name), items)


def rest(name: str, value: int = 0, **items: Any) -> Score:
    """The score with every other item at one value."""
    return scored(name, **{item.name: items.get(item.name, value) for item in SCALES[name].items})


# --- the worked examples of shared/clinical/instruments.md -----------------------------------------
@pytest.mark.parametrize(
    ("name", "items", "total", "band"),
    [
        ("gags", {"forehead": 2, "right_cheek": 3, "left_cheek": 2, "nose": 1, "chin": 4, "chest_upper_back": 0}, "19",
         "moderate"),
        ("hayashi", {"left_half": 14, "right_half": 23}, "23", "severe"),
        ("ecca", {"v_shaped": 12, "u_shaped": 7, "m_shaped": 3}, "95", ""),
        ("goodman_baron_quantitative", {"macular": 14, "punched_out_shallow": 8, "punched_out_deep_normal": 22}, "13",
         ""),
        ("pahpi", {"size_mm": 4, "intensity": 2, "number": 22}, "12", ""),
        ("mmasi", {"forehead_area": 2, "forehead_darkness": 2, "right_malar_area": 3, "right_malar_darkness": 3,
                   "left_malar_area": 2, "left_malar_darkness": 2, "chin_area": 1, "chin_darkness": 1}, "26/5", ""),
        ("skindex16_symptoms", {"sum": 8}, "100/3", ""),
    ],
)  # fmt: skip
def test_worked_examples_come_out(name: str, items: dict[str, int], total: str, band: str) -> None:
    found = rest(name, **items)
    assert (found.total, found.band, found.missing) == (Fraction(total), band, ())


EXTREMES = {
    "iga": (0, 4), "gags": (0, 44), "cass": (0, 15), "cass_face": (0, 5), "cass_chest": (0, 5), "cass_back": (0, 5),
    "ecca": (0, 540), "goodman_baron_qualitative": (1, 4), "goodman_baron_quantitative": (0, 84), "scar_s": (0, 15),
    "pahpi": (0, 22), "pih_ods": (0, 8), "mmasi": (0, 24), "dlqi": (0, 30), "cadi": (0, 15),
    "acne_qol_self_perception": (0, 30), "acne_qol_role_emotional": (0, 30), "acne_qol_role_social": (0, 24),
    "acne_qol_symptoms": (0, 30), "acne_q4": (0, 24), "skindex16_symptoms": (0, 100), "skindex16_emotions": (0, 100),
    "skindex16_functioning": (0, 100),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_extremes_are_the_published_ones(name: str) -> None:
    open_ended = SCALES[name].counted or name == "icgs"  # counts have no end; that of the ICGS was not confirmed
    assert open_ended or extremes(SCALES[name]) == EXTREMES[name]
    assert name in EXTREMES or open_ended


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("iga", {0: "clear", 1: "almost clear", 2: "mild", 3: "moderate", 4: "severe"}),
        ("gags", {0: "none", 1: "mild", 18: "mild", 19: "moderate", 30: "moderate", 31: "severe", 38: "severe",
                  39: "very severe", 44: "very severe"}),
        ("hayashi", {0: "mild", 5: "mild", 6: "moderate", 20: "moderate", 21: "severe", 50: "severe",
                     51: "very severe", 9999: "very severe"}),
        ("cass_back", {0: "clear", 1: "almost clear", 2: "mild", 3: "moderate", 4: "severe", 5: "very severe"}),
        ("goodman_baron_qualitative", {1: "macular", 2: "mild", 3: "moderate", 4: "severe"}),
        ("pih_ods", {0: "normal", 1: "less than mild", 2: "mild", 4: "moderate", 6: "marked", 8: "severe"}),
        ("dlqi", {0: "no effect on life", 1: "no effect on life", 2: "small effect", 5: "small effect",
                  6: "moderate effect", 10: "moderate effect", 11: "very large effect", 20: "very large effect",
                  21: "extremely large effect", 30: "extremely large effect"}),
    ],
)  # fmt: skip
def test_bands_change_exactly_at_their_boundaries(name: str, edges: dict[int, str]) -> None:
    assert {total: band_of(SCALES[name], Fraction(total)) for total in edges} == edges


@pytest.mark.parametrize("name", [name for name in NAMES if SCALES[name].bands])
def test_bands_leave_no_whole_total_out_and_none_is_in_two(name: str) -> None:
    scale = SCALES[name]
    low, high = extremes(scale)
    assert scale.bands[0].low == low and scale.bands[-1].high in (None, high)
    for before, after in pairwise(scale.bands):
        assert before.high is not None and after.low == before.high + 1


def test_scales_without_published_bands_have_none() -> None:
    without = {"ecca", "goodman_baron_quantitative", "mmasi", "pahpi", "icgs", "cadi", "cass", "scar_s", "lesion_count"}
    assert not [name for name in without if SCALES[name].bands]


def test_gags_39_is_very_severe_and_flagged_and_its_neighbours_are_not() -> None:
    found = scored("gags", forehead=4, right_cheek=4, left_cheek=4, nose=3, chin=0, chest_upper_back=4)
    assert (found.total, found.band) == (39, "very severe") and "39 is in no printed band" in found.flags[0]
    less = scored("gags", forehead=4, right_cheek=4, left_cheek=4, nose=2, chin=0, chest_upper_back=4)
    more = scored("gags", forehead=4, right_cheek=4, left_cheek=4, nose=4, chin=0, chest_upper_back=4)
    assert (less.total, less.band, less.flags, more.total, more.flags) == (38, "severe", (), 40, ())


@pytest.mark.parametrize(
    ("name", "item", "cuts"),
    [
        ("ecca", "v_shaped", {"0": 0, "1": 1, "4": 1, "5": 2, "20": 2, "21": 3}),
        ("goodman_baron_quantitative", "macular", {"0": 0, "1": 1, "10": 1, "11": 2, "20": 2, "21": 3}),
        ("goodman_baron_quantitative", "keloid_area",
         {"0": 0, "0.01": 6, "4.99": 6, "5": 12, "20": 12, "20.01": 18}),
        ("pahpi", "size_mm", {"0.5": 2, "2.99": 2, "3": 4, "6": 4, "6.99": 4, "7": 6, "10": 6, "10.01": 8}),
        ("pahpi", "intensity", {"1": 3, "2": 6, "3": 9}),
        ("pahpi", "number", {"1": 1, "15": 1, "16": 2, "30": 2, "31": 3, "45": 3, "46": 4, "60": 4, "61": 5}),
    ],
)  # fmt: skip
def test_items_are_cut_where_the_tables_are(name: str, item: str, cuts: dict[str, int]) -> None:
    assert {value: points_of(SCALES[name].item(item), Fraction(value)) for value in cuts} == cuts


def test_every_weight_by_itself() -> None:
    assert [rest("gags", **{item.name: 1}).total for item in SCALES["gags"].items] == [2, 2, 2, 1, 1, 3]
    assert [rest("ecca", **{item.name: 1}).total for item in SCALES["ecca"].items] == [15, 20, 25, 30, 40, 50]
    quantitative = SCALES["goodman_baron_quantitative"]
    assert [rest(quantitative.name, **{i.name: 1}).total for i in quantitative.items] == [
        1, 1, 2, 2, 2, 3, 3, 3, 3, 2, 6,
    ]  # fmt: skip
    areas = [item.name for item in SCALES["mmasi"].items if item.name.endswith("_area")]
    found = [rest("mmasi", **{area: 1, area.replace("_area", "_darkness"): 1}).total for area in areas]
    assert found == [Fraction(3, 10)] * 3 + [Fraction(1, 10)]


def test_pahpi_without_a_spot_is_nothing_and_not_six() -> None:
    assert (scored("pahpi", number=0).total, scored("pahpi", number=0).missing) == (0, ())
    assert scored("pahpi", size_mm=1, intensity=1, number=1).total == 6
    with pytest.raises(InputError, match="number is 0, and size_mm is given all the same"):
        scored("pahpi", number=0, size_mm=3)


def test_counts_are_the_sums_they_say() -> None:
    items = {"open_comedones": 1, "closed_comedones": 20, "papules": 300, "pustules": 4000, "nodules": 5}
    totals = {
        name: score(SCALES[name], {item.name: items[item.name] for item in SCALES[name].items}).total
        for name in ("lesion_count", "inflammatory_count", "noninflammatory_count", "nodule_count")
    }
    assert totals == {
        "lesion_count": 4326,
        "inflammatory_count": 4300,
        "noninflammatory_count": 21,
        "nodule_count": 5,
    }


# --- what is missing, what is refused --------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_an_item_that_is_missing_or_unknown_is_never_nought(name: str) -> None:
    whole = {item.name: item.high for item in SCALES[name].items}
    for left_out in whole:
        for partial in ({**whole, left_out: None}, {key: value for key, value in whole.items() if key != left_out}):
            found = score(SCALES[name], partial)
            assert (found.total, found.band, found.missing) == (None, "", (left_out,))
    assert score(SCALES[name], {}).total is None


@pytest.mark.parametrize(
    ("name", "items", "says"),
    [
        ("gags", {"nose": 5}, "nose is 5"),
        ("gags", {"nose": -1}, "whole numbers from 0 to 4"),
        ("iga", {"grade": 5}, "whole numbers from 0 to 4"),
        ("gags", {"nose": Decimal("1.5")}, "nose is 1.5"),
        ("gags", {"nose": Decimal("NaN")}, "nose is NaN"),
        ("gags", {"nose": Decimal("Infinity")}, "whole numbers from 0 to 4"),
        ("gags", {"nose": True}, "nose is True"),
        ("gags", {"jawline": 1}, "'jawline' is no item of GAGS"),
        ("goodman_baron_qualitative", {"grade": 0}, "whole numbers from 1 to 4"),
        ("pahpi", {"size_mm": 0}, "numbers from above 0 to 300 mm"),
        ("dlqi", {"total": 31}, "whole numbers from 0 to 30"),
        ("skindex16_symptoms", {"sum": 25}, "whole numbers from 0 to 24"),
    ],
)
def test_a_number_that_cannot_be_names_the_item_and_the_range(name: str, items: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as refused:
        scored(name, **items)
    assert says in str(refused.value) and "Allowed: " in str(refused.value)


def test_a_range_that_is_only_recalled_refuses_nothing_and_is_remarked_on() -> None:
    assert (rest("icgs", 3).total, rest("icgs", 3).flags) == (12, ())
    above = rest("icgs", 3, fissures=4)
    assert above.total == 13 and "fissures is above 3, the upper end as recalled" in above.flags[0]


def test_what_is_recalled_only_is_no_band_and_no_text_of_a_licensed_item_is_held() -> None:
    assert rest("mmasi", 4).band == "" and "2.7" in SCALES["mmasi"].recalled[0]
    licensed = [scale for scale in SCALES.values() if scale.name.startswith(("dlqi", "cadi", "acne_q", "skindex"))]
    assert len(licensed) == 10
    for scale in licensed:
        assert scale.licence and len(scale.items) == 1 and scale.items[0].name in ("total", "sum")


# --- properties -----------------------------------------------------------------------------------
def values(item: Item) -> st.SearchStrategy[Fraction]:
    low, high = item.low + item.above, min(item.high, 80)
    whole = st.integers(low, high).map(Fraction)
    return whole if item.whole else whole | st.fractions(low, high, max_denominator=100)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Scale, dict[str, Fraction]]:
    scale = SCALES[draw(st.sampled_from(NAMES))]
    return scale, {item.name: draw(values(item)) for item in scale.items if item.name != scale.nothing} | (
        {scale.nothing: Fraction(draw(st.integers(1, 80)))} if scale.nothing else {}
    )


@given(answered())
def test_a_total_is_within_the_range_and_has_a_band_where_the_scale_has_bands(
    drawn: tuple[Scale, dict[str, Fraction]],
) -> None:
    scale, items = drawn
    found = score(scale, items)
    low, high = extremes(scale)
    assert found.total is not None and low <= found.total <= high
    assert bool(found.band) == bool(scale.bands)


@given(answered(), st.data())
def test_more_of_anything_never_lowers_a_total(drawn: tuple[Scale, dict[str, Fraction]], data: st.DataObject) -> None:
    scale, items = drawn
    item = data.draw(st.sampled_from(scale.items))
    more = data.draw(values(item).filter(lambda value: value >= items[item.name]) | st.just(items[item.name]))
    before, after = score(scale, items).total, score(scale, {**items, item.name: more}).total
    assert before is not None and after is not None and after >= before


@given(answered(), st.data())
def test_without_any_one_item_there_is_no_total(drawn: tuple[Scale, dict[str, Fraction]], data: st.DataObject) -> None:
    scale, items = drawn
    gone = data.draw(st.sampled_from(sorted(items)))
    assert score(scale, {**items, gone: None}).total is None


# --- changes --------------------------------------------------------------------------------------
def test_two_counts_are_compared_as_counts() -> None:
    assert (round(count_z(20, 12), 2), round(count_z(40, 12), 2)) == (-1.43, -4.05)
    papules = SCALES["inflammatory_count"]
    assert change(papules, Fraction(20), Fraction(12)).verdict == "within_noise"
    assert change(papules, Fraction(40), Fraction(12)).verdict == "improved"
    assert change(papules, Fraction(12), Fraction(40)).verdict == "worse"
    # Few lesions: by their roots 4 and 0 differ, and still chance does that one time in eight.
    assert abs(count_z(4, 0)) > 1.96 and count_p(4, 0) == 0.125
    assert [change(papules, Fraction(first), Fraction(0)).verdict for first in (4, 5, 6)] == [
        "within_noise",
        "within_noise",
        "improved",
    ]
    assert change(papules, Fraction(0), Fraction(0)).verdict == "within_noise"
    with pytest.raises(ValueError, match="never below 0"):
        count_z(3, -1)


@pytest.mark.parametrize(("before", "percent"), [(4, None), (5, -60), (0, None), (40, -95)])
def test_no_percentage_of_a_count_under_five(before: int, percent: int | None) -> None:
    assert change(SCALES["inflammatory_count"], Fraction(before), Fraction(2)).percent == percent


@pytest.mark.parametrize(
    ("after", "verdict"), [(34, "within_noise"), (35, "worse"), (26, "within_noise"), (25, "improved")]
)
def test_goodman_and_baron_move_by_five_points_or_not_at_all(after: int, verdict: str) -> None:
    assert change(SCALES["goodman_baron_quantitative"], Fraction(30), Fraction(after)).verdict == verdict


@pytest.mark.parametrize(("after", "matters"), [(7, False), (6, True), (13, False), (14, True)])
def test_dlqi_matters_from_four_points_on_and_its_noise_is_not_known(after: int, matters: bool) -> None:
    found = change(SCALES["dlqi"], Fraction(10), Fraction(after))
    assert (found.matters, found.verdict) == (matters, "lower" if after < 10 else "higher")


def test_where_no_noise_is_known_nothing_is_called_better_or_worse() -> None:
    for name in ("gags", "pahpi", "ecca", "iga", "mmasi", "acne_q4"):
        found = [change(SCALES[name], Fraction(3), Fraction(after)) for after in (1, 3, 4)]
        assert [(each.verdict, each.matters) for each in found] == [("lower", None), ("same", None), ("higher", None)]


@pytest.mark.parametrize(("before", "after", "success"), [(3, 1, True), (2, 1, False), (4, 2, False), (2, 0, True)])
def test_success_by_iga(before: int, after: int, success: bool) -> None:
    assert iga_success(before, after) is success


@pytest.mark.parametrize(
    ("inflammatory", "nodules", "severe"),
    [(34, 2, False), (35, 0, True), (0, 3, True), (34, None, None), (None, 2, None), (35, None, True), (None, 3, True),
     (None, None, None)],
)  # fmt: skip
def test_severe_by_nice_or_not_known(inflammatory: int | None, nodules: int | None, severe: bool | None) -> None:
    assert severe_by_nice(inflammatory=inflammatory, nodules=nodules) is severe
