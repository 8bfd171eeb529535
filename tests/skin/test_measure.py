"""One photograph whole: every figure is what it says, and every kind of bad file ends in one sentence and no figure."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pytest

from isocourse.errors import InputError
from isocourse.simulate.faces import Camera, Mark, Person, photograph
from isocourse.simulate.faces import Look as Look_
from isocourse.simulate.faces.camera import Lighting
from isocourse.skin.calibrate import Calibration
from isocourse.skin.colour import delta_e00
from isocourse.skin.draw import gates_drawn, map_drawn, photograph_of, regions_drawn, spots_drawn
from isocourse.skin.findings import Measurement
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes
from isocourse.skin.measure import METHOD, Look, Settings, look, measure, measure_relief
from isocourse.skin.regions import NAMES
from tests.skin.generated import generated
from tests.skin.portraits import as_jpeg, finder

FIND = finder()


@cache
def seen(marks: bool = True) -> Look:
    return look(as_jpeg(generated("light", marks=marks).rgb), Calibration(), Settings(), FIND)


def test_every_mark_lies_where_one_was_drawn_and_has_the_size_of_one() -> None:
    """Of the generated marks that are large and face the camera most are found; what is found is mostly a mark."""
    found, truth = seen(), generated("light", marks=True).truth
    assert found.frame is not None and found.regions is not None
    spots = found.measurement.spots
    places = np.array([[spot.x, spot.y] for spot in spots]) * found.frame.step + np.array(found.frame.origin)
    true = np.array([[mark.x, mark.y] for mark in truth.marks])
    reach = np.array([max(mark.radius * mark.px_per_mm, 8) for mark in truth.marks])
    apart = np.linalg.norm(places[:, None] - true[None], axis=2)
    assert (apart < reach).any(axis=1).mean() > 0.7
    large = [i for i, mark in enumerate(truth.marks) if mark.radius >= 1.5 and mark.facing > 0.7 and mark.dose > 0.15]
    nearest = apart.argmin(axis=0)
    hit = [i for i in large if apart[nearest[i], i] < reach[i]]
    ratio = [spots[nearest[i]].area / truth.marks[i].area for i in hit]
    assert 0.6 < float(np.median(ratio)) < 1.5


def test_counts_and_burden_of_the_parts_add_up() -> None:
    found = seen().measurement
    assert [part.name for part in found.regions] == list(NAMES)
    for kind in ("brown", "red", "uncertain"):
        assert sum(getattr(part, kind) for part in found.regions) == len(found.of(kind))  # type: ignore[arg-type]
    for kind in ("brown", "red"):
        of_kind = found.of(kind)  # type: ignore[arg-type]
        burden = sum(getattr(part, f"{kind}_burden") for part in found.regions)
        assert burden == pytest.approx(sum(spot.area * abs(spot.d_l) for spot in of_kind))
        assert sum(getattr(part, f"{kind}_area") for part in found.regions) == pytest.approx(
            sum(s.area for s in of_kind)
        )


def test_areas_are_square_millimetres_of_the_skin_that_was_seen() -> None:
    found = seen()
    assert found.regions is not None
    for part in found.measurement.regions:
        assert part.area == pytest.approx(float(found.regions.of(part.name).sum()) / PX_PER_MM**2, rel=0.02, abs=1)


def test_marks_are_taken_out_of_texture() -> None:
    found = seen()
    assert found.spotless is not None and found.regions is not None
    for spot in found.measurement.spots:
        assert (
            not found.spotless[round(spot.y), round(spot.x)] or found.regions.labels[round(spot.y), round(spot.x)] == 0
        )
    assert [band.from_mm for band in found.measurement.texture] == [0.4, 1.0]


def test_without_a_reference_there_is_no_tone() -> None:
    found = seen().measurement
    assert found.colour is not None and found.colour.rung == "none"
    assert found.tone is None and all(part.tone is None for part in found.regions)
    assert found.relief is not None and found.relief.how == "shading"


def test_the_same_bytes_give_the_same_figures_and_survive_as_json() -> None:
    data = as_jpeg(generated("light", marks=True).rgb)
    again = measure(data, Calibration(), Settings(), finder())
    assert again == seen().measurement and again.method == METHOD
    assert msgspec.json.decode(msgspec.json.encode(again), type=Measurement) == again


def test_only_marks_that_are_large_enough_count() -> None:
    data = as_jpeg(generated("light", marks=True).rgb)
    found = measure(data, Calibration(), Settings(smallest=3.0), FIND)
    assert 0 < len(found.spots) < len(seen().measurement.spots)
    assert min(spot.area for spot in found.spots) >= np.pi / 4 * 9


def test_the_folds_beside_the_nose_are_no_marks() -> None:
    found = look(as_jpeg(generated("light", seed=1000).rgb), Calibration(), Settings(), FIND)
    assert found.frame is not None and found.regions is not None
    for wing in (129, 358):
        x, y = found.frame.points[wing]
        assert not any(np.hypot(spot.x - x, spot.y - y) < 6 * PX_PER_MM for spot in found.measurement.spots)
        assert not found.regions.skin[round(y), round(x)]


def test_a_given_length_takes_the_place_of_the_irises() -> None:
    data = as_jpeg(generated("light").rgb)
    found = measure(data, Calibration(length_px=170, length_mm=20), Settings(), FIND)
    assert found.scale_how == "given" and found.px_per_mm == 8.5


@pytest.mark.parametrize("tone", ["light", "brown"])
def test_with_a_chart_the_tone_is_the_same_in_any_light(tone: str) -> None:
    """Three lights and exposures."""
    found = []
    for white, stops in (((1.0, 1.0, 1.0), 0.0), ((1.25, 1.0, 0.75), -0.4), ((0.85, 1.0, 1.2), 0.2)):
        camera = Camera(chart=True, white=white, exposure=stops)
        data = as_jpeg(generated(tone, camera=camera).rgb)  # type: ignore[arg-type]
        told = measure(data, Calibration(chart=True), Settings(), FIND)
        assert told.tone is not None and told.colour is not None and told.colour.rung == "chart"
        assert told.tone.ita_error is not None and told.tone.ita_error < 3
        found.append((told.tone.lightness, told.tone.a, told.tone.b))
    assert max(float(delta_e00(found[0], other)) for other in found[1:]) < 1.0


# --- two lamps --------------------------------------------------------------------------------------
def raked(light: Lighting, *, scars: bool, yaw: float = 0.0) -> bytes:
    places = [(33, -12), (-33, -12), (0, -64), (18, -66), (-18, -66), (9, -72), (-9, -72), (5, 40), (-6, 41)]
    marks = tuple(Mark(kind="scar", across=x, down=y, radius=1.6, dose=0.45) for x, y in places)
    look = Look_(marks if scars else ())
    return as_jpeg(photograph(Person(3, "light"), look, Camera(light=light, yaw=yaw), seed=2).rgb)


def test_scars_of_a_face_are_hollows_under_two_lamps() -> None:
    scarred, smooth = (
        measure_relief(raked("raking left", scars=scars), raked("raking right", scars=scars), Settings(), FIND)
        for scars in (True, False)
    )
    assert scarred.how == "raking light" and scarred.hollows is not None and smooth.hollows is not None
    assert scarred.hollows >= smooth.hollows + 4


def test_two_lamps_on_a_head_that_moved_are_refused() -> None:
    with pytest.raises(InputError, match="head moved"):
        measure_relief(raked("raking left", scars=False), raked("raking right", scars=False, yaw=6), Settings(), FIND)
    with pytest.raises(InputError, match="not a photograph"):
        measure_relief(b"no", b"no", Settings(), FIND)


def test_what_stops_leaves_the_stages_before_it_for_drawing() -> None:
    dark = (generated("light").rgb * 0.12).astype(np.uint8)
    found = look(as_jpeg(dark), Calibration(), Settings(), FIND)
    assert found.measurement.refused and found.frame is not None and found.calibrated is None


# --- drawn ------------------------------------------------------------------------------------------
def changed(one: Bytes, other: Bytes) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.asarray(np.any(one != other, axis=2), dtype=np.bool_)


def test_a_mark_is_drawn_where_it_is_and_nothing_else_is_touched() -> None:
    found = seen()
    assert found.frame is not None
    photograph = photograph_of(found.frame.linear)
    spot = max(found.measurement.spots, key=lambda each: each.area)
    drawn = spots_drawn(photograph, (spot,))[: photograph.shape[0]]
    touched = changed(drawn, photograph)
    rows, columns = np.nonzero(touched)
    outline = np.array(spot.outline)
    low, high = outline.min(axis=0), outline.max(axis=0)
    assert columns.min() < low[0] and columns.max() > high[0] and rows.min() < low[1] and rows.max() > high[1]
    reach = 2.5 * (high - low).max() + 40
    assert np.hypot(columns - spot.x, rows - spot.y).max() < reach
    for x, y in outline[::4]:
        assert touched[max(round(y) - 1, 0) : round(y) + 2, max(round(x) - 1, 0) : round(x) + 2].any()


def test_kinds_differ_in_shape_as_well_as_in_colour() -> None:
    found = seen()
    assert found.frame is not None
    photograph = photograph_of(found.frame.linear)
    spot = max(found.measurement.spots, key=lambda each: each.area)
    shapes = [
        changed(spots_drawn(photograph, (msgspec.structs.replace(spot, kind=kind),))[: photograph.shape[0]], photograph)
        for kind in ("brown", "red", "uncertain")
    ]
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (shapes[one] ^ shapes[other]).sum() > 100


def test_every_stage_can_be_drawn() -> None:
    found = seen()
    assert found.frame is not None and found.regions is not None
    photograph = photograph_of(found.frame.linear)
    parts = regions_drawn(photograph, found.regions)
    outside = ~found.regions.bare
    assert parts.shape[0] > photograph.shape[0]
    same = np.all(parts[: photograph.shape[0]] == photograph, axis=2)
    assert same[outside].mean() > 0.97 and same[found.regions.skin].mean() < 0.1
    values = found.frame.linear[..., 0].copy()
    values[found.regions.skin & (values > 0.4)] = np.nan
    mapped = map_drawn(photograph, values, found.regions.skin, name="Red light")
    assert mapped.shape[1] == photograph.shape[1] and mapped.dtype == np.uint8
    assert gates_drawn(found.measurement.gates).shape[1] == 1100 and gates_drawn(()).size
