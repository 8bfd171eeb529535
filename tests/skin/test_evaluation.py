"""The evaluation: its truth is true, a perfect eye scores one, a blind one nothing, and a missed aim says so."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from isocourse.doors.cli import skin_evaluation
from isocourse.doors.cli.main import app
from isocourse.simulate.faces.evaluated import generated_face
from isocourse.skin import colour
from isocourse.skin.evaluation import camera, charted, optics, portraits, scoring, summary
from isocourse.skin.evaluation.camera import PLAIN, Shot
from isocourse.skin.evaluation.charted import chart_error
from isocourse.skin.evaluation.faces import FaceMark, WholeFace, score_face
from isocourse.skin.evaluation.scene import CAMERA, TONES, Scene, lit, scene
from isocourse.skin.evaluation.scoring import Piece, score_piece
from isocourse.skin.evaluation.summary import summarise
from isocourse.skin.findings import Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.spot_outline import outline_of
from isocourse.words.skin_evaluation import evaluation_lines
from tests.skin.portraits import astronaut, finder
from tests.skin.portraits import portrait as large_portrait


@pytest.fixture(scope="module")
def there() -> Scene:
    return scene("tan", 501)


@pytest.fixture(scope="module")
def piece() -> Piece:
    return score_piece("tan", 501, shots=(PLAIN,))


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_has_its_angle_and_a_dose_its_contrast(tone: colour.ToneClass) -> None:
    melanin = optics.melanin_for(TONES[tone])
    seen = optics.seen_colour(melanin)
    angle = colour.ita(float(seen[0]), float(seen[2]))
    assert angle == pytest.approx(TONES[tone], abs=0.05)
    assert colour.tone_class(angle) == tone
    for red in (False, True):
        dose = optics.dose_for(melanin, 7.0, red=red)
        marked = optics.seen_colour(melanin, optics.BLOOD + dose) if red else optics.seen_colour(melanin + dose)
        assert np.linalg.norm(marked - seen) == pytest.approx(7.0, abs=0.01)


def test_marks_differ_from_bare_skin_where_the_truth_says_and_nowhere_else(there: Scene) -> None:
    changed = np.abs(camera.ideal(lit(there, marked=True)) - camera.ideal(lit(there, marked=False))).max(axis=2)
    truth = scoring.truth_of(there, PLAIN)
    assert len(np.unique(truth)) == len(there.marks) + 1 > 20
    strong = {n for n, mark in enumerate(there.marks, 1) if mark.d_e >= 6 and not mark.raised}
    for number in strong:
        assert np.median(changed[truth == number]) > 5 * np.median(changed[truth == 0])
    near = np.zeros(truth.shape, bool)
    for mark in there.marks:
        box = [round(v * PX_PER_MM / CAMERA) for v in (mark.y0, mark.x0, *mark.dose.shape)]
        near[max(box[0] - 2, 0) : box[0] + box[2] + 3, max(box[1] - 2, 0) : box[1] + box[3] + 3] = True
    assert changed[~near].max() < 1e-4
    for number, mark in enumerate(there.marks, 1):
        area = np.count_nonzero(truth == number) / PX_PER_MM**2
        assert area == pytest.approx(np.pi * mark.diameter**2 / 4, rel=0.12, abs=0.15)


def test_a_turned_piece_has_its_truth_turned_with_it(there: Scene) -> None:
    shot = Shot("turned", yaw=12, pitch=5, grain=0.0, jpeg=100)
    light = np.zeros((*there.melanin.shape, 3), np.float32) + 0.3
    light[300:360, 700:780] = 0.05
    seen = camera.on_frame(camera.photographed(light, shot, 1)).mean(axis=2)
    truth = camera.truth_on_frame(light[..., 0] < 0.1, shot) >= 0.5
    where = np.argwhere(truth).mean(axis=0)
    inside = np.zeros(truth.shape, bool)
    inside[int(where[0]) - 60 : int(where[0]) + 60, int(where[1]) - 60 : int(where[1]) + 60] = True
    dark = (seen < 0.175) & inside
    assert np.count_nonzero(dark & truth) > 0.97 * np.count_nonzero(dark | truth)


def spot(mask: np.ndarray, *, kind: str = "brown") -> Spot:
    rows, columns = np.nonzero(mask)
    plain = dict.fromkeys(("d_l", "d_a", "d_b", "d_e", "melanin", "haemoglobin", "score"), 1.0)
    return msgspec.convert(
        {
            **plain,
            "x": float(columns.mean()),
            "y": float(rows.mean()),
            "area": len(rows) / PX_PER_MM**2,
            "area_error": 0.1,
            "kind": kind,
            "d_ita": None,
            "region": "",
            "outline": outline_of(mask, 0, 0),
        },
        Spot,
    )


def test_a_perfect_eye_finds_all_and_a_blind_one_nothing(there: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = scoring.truth_of(there, PLAIN)
    full = lit(there, marked=True)
    blank = np.zeros((*truth.shape, 3), np.float32)
    perfect = tuple(spot(truth == number) for number in range(1, len(there.marks) + 1))
    answers = iter([(), perfect, (), ()])
    monkeypatch.setattr(scoring, "look", lambda linear: next(answers))
    marks, picture = scoring._compared(there, full, PLAIN, (blank, blank))
    assert all(mark.found for mark in marks)
    assert picture.false == 0
    assert all(mark.area_ratio == pytest.approx(1) for mark in marks)
    marks, picture = scoring._compared(there, full, PLAIN, (blank, blank))
    assert not any(mark.found for mark in marks)


def test_what_is_found_beside_the_marks_is_false_unless_it_was_there_before(
    there: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = scoring.truth_of(there, PLAIN)
    own = camera.truth_on_frame(there.own.astype(np.float32), PLAIN) > 0
    size = 12
    free = next(
        (y, x) for y in range(20, 700, 9) for x in range(20, 700, 9)
        if not (truth[y - 15 : y + 30, x - 15 : x + 30].any() or own[y - 15 : y + 30, x - 15 : x + 30].any())
    )  # fmt: skip
    stranger = np.zeros(truth.shape, bool)
    stranger[free[0] : free[0] + size, free[1] : free[1] + size] = True
    big = truth == int(np.argmax(np.bincount(truth.ravel())[1:])) + 1
    piece_of_a_mark = big & (np.cumsum(big).reshape(big.shape) < 0.2 * np.count_nonzero(big))
    blank = np.zeros((*truth.shape, 3), np.float32)
    found = (spot(big), spot(piece_of_a_mark), spot(stranger))
    answers = iter([(), found, (spot(stranger),), found])
    monkeypatch.setattr(scoring, "look", lambda linear: next(answers))
    _, picture = scoring._compared(there, lit(there, marked=True), PLAIN, (blank, blank))
    assert (picture.false, picture.clutter) == (2, 0)
    _, picture = scoring._compared(there, lit(there, marked=True), PLAIN, (blank, blank))
    assert (picture.false, picture.clutter) == (1, 1)


@pytest.mark.parametrize("tone", ["very light", "dark"])
def test_a_chart_brings_skin_back_and_a_wrong_one_does_not(
    tone: colour.ToneClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = lit(scene(tone, 501, marks=0), marked=False)
    found = chart_error(bare, (4,))
    assert found.rung == "chart" and found.after < 1 < 3 < found.before
    assert chart_error(bare, (4,)) == found
    monkeypatch.setattr(charted, "REFERENCE", charted.REFERENCE[:, ::-1])  # drawn with red for blue
    wrong = chart_error(bare, (4,))
    assert wrong.after == wrong.before > 3 and wrong.rung == "none"


def test_a_whole_face_is_measured_against_where_its_skin_truly_lies() -> None:
    face = generated_face("light", 0)

    def three_off(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        there, both = face.where(places)
        return there + np.array([3.0, 0.0]), both

    found = score_face(replace(face, where=three_off), finder())
    assert not found.refused
    assert len(found.off) > 10_000
    assert np.median(found.off) == pytest.approx(3 / 1.08, abs=0.2)  # a pixel of the frame is an eighth of a millimetre
    aimed = [mark for mark in found.marks if mark.diameter >= 2 and mark.d_e >= 6]
    assert len(aimed) >= 5 and all(mark.found for mark in aimed)
    assert found.false <= 2
    assert len(found.repeats) == 3 and len({shot["redness of the skin between marks"] for shot in found.repeats}) == 3
    blank = score_face(replace(face, again=(face.again[0], b"no photograph")), finder())
    assert blank.refused.startswith("This is not a photograph") and not blank.marks


def test_whole_faces_are_summed_up(piece: Piece) -> None:
    big = FaceMark(red=False, diameter=3.0, d_e=9.0, found=True)
    red, small = msgspec.structs.replace(big, red=True, found=False), msgspec.structs.replace(big, diameter=1.0)

    def face(*counts: float, off: tuple[float, ...] = (0.1, 0.2, 0.3), **more: object) -> WholeFace:
        repeats = tuple({"burden of dark spots": count} for count in counts)
        return WholeFace("tan", (big, red, small), off=off, repeats=repeats, **more)  # type: ignore[arg-type]

    faces = [
        face(10, 12, 14, false=3, new=1, clutter=2),
        face(10, 12, 14, off=()),
        WholeFace("dark", refused="No face."),
    ]
    found = summarise([piece], faces).whole
    assert found is not None
    assert (found.faces, found.refused, found.not_laid, found.marks) == (3, 1, 1, 4)
    assert (found.brown_recall, found.red_recall) == (1.0, 0.0)
    assert (found.false, found.new, found.clutter) == (1.5, 0.5, 1.0)
    assert found.off_median == pytest.approx(0.2) and found.off_p90 == pytest.approx(0.28)
    (change,) = found.changes
    assert change.mean == 12 and change.sdc == pytest.approx(2.776 * np.sqrt(2) * 2, rel=1e-3)
    assert change.part == pytest.approx(change.sdc / 12)
    aims = {aim.name: aim.met for aim in summarise([piece], [face(1, 2, 3, off=(2.0,) * 9, false=2)] * 2).aims}
    of_faces = [name for name in aims if "whole face" in name or "on it" in name]
    assert len(of_faces) == 4 and not any(aims[name] for name in of_faces)
    aims = {
        aim.name: aim.met for aim in summarise([piece], [face(9, 9.2, 9.4, off=(0.1,) * 9, false=1, new=1)] * 2).aims
    }
    assert all(aims[name] for name in of_faces)


@pytest.fixture(scope="module")
def portrait() -> portraits.Portrait:
    return portraits.score_portrait(astronaut(), 1, finder())


def test_marks_on_a_real_face_change_its_light_as_said_and_nothing_beside_them() -> None:
    small = np.ascontiguousarray(astronaut()[:285, 118:333])
    (face,) = finder()(small)
    light = portraits.enlarged(small, 12) * portraits.drawn_eyes(face, small, 12)[..., None]
    bare = portraits._seen(light, 0, finder())
    assert bare.frame is not None and bare.regions is not None
    skin = np.median(bare.frame.linear[bare.regions.skin], axis=0).astype(np.float64)
    marks = portraits._placed(bare, light, np.random.default_rng(3))
    assert len(marks) == portraits.MARKS and {mark.red for mark in marks} == {False, True}
    beside = np.ones(light.shape[:2], bool)
    for mark in marks:
        through = portraits._through(mark)
        solid = np.abs(mark.dose - 1) < 0.05
        seen = colour.lab_of(skin * np.median(through[solid], axis=0))
        assert np.linalg.norm(seen - colour.lab_of(skin)) == pytest.approx(mark.d_e, rel=0.05)
        assert 5 < mark.d_e < 16 and np.abs(through[mark.dose < 1e-6] - 1).max(initial=0) < 1e-6
        assert beside[mark.box].all()  # none on another
        beside[mark.box] = False


def test_a_real_face_is_measured_with_marks_and_without(portrait: portraits.Portrait) -> None:
    assert not portrait.refused and len(portrait.marks) == portraits.MARKS
    found = [mark for mark in portrait.marks if mark.found]
    assert len(found) >= 4 and all(mark.area_ratio and mark.kind for mark in found)
    assert portrait.false <= 3 and 1 <= portrait.clutter <= 5
    assert portrait.times == 12
    assert portraits.score_portrait(astronaut(), 1, finder()) == portrait
    smooth = portraits.score_portrait(astronaut(), 1, finder(), smoothed=1.0)
    assert smooth.smoothed == 1.0 and sum(mark.found for mark in smooth.marks) >= len(found)
    lost = portraits.score_portrait(astronaut(), 1, lambda rgb: finder()(rgb) if len(rgb) < 600 else ())
    assert lost.refused.startswith("No face") and not lost.marks


def test_a_photograph_that_is_large_enough_is_taken_as_it_is() -> None:
    found = portraits.score_portrait(large_portrait(), 2, finder(), name="large.jpg")
    assert (found.times, found.name, found.refused, len(found.marks)) == (1, "large.jpg", "", portraits.MARKS)
    assert sum(mark.found for mark in found.marks) >= 8 and found.new <= found.false


@pytest.mark.parametrize(("many", "says"), [(0, "No face"), (2, "There is more than one")])
def test_a_photograph_of_no_face_or_two_says_so(many: int, says: str) -> None:
    two = np.hstack([astronaut()[:285, 118:333]] * 2) if many else np.zeros((300, 300, 3), np.uint8)
    found = portraits.score_portrait(two, 1, finder(), name="b.jpg")
    assert found.refused.startswith(says) and (found.name, found.marks) == ("b.jpg", ())


def test_real_faces_are_summed_up_apart(piece: Piece) -> None:
    mark = portraits.PortraitMark(red=False, diameter=3.0, d_e=9.0, found=True, area_ratio=0.9, kind="brown")
    red = msgspec.structs.replace(mark, red=True, d_e=12.0, area_ratio=1.3)
    missed = msgspec.structs.replace(mark, found=False, area_ratio=None, kind=None)
    tiny = msgspec.structs.replace(missed, diameter=1.0)
    sets = [
        portraits.Portrait((mark, red, missed, tiny), 3, 1, 2, times=12),
        portraits.Portrait(refused="Blurred.", times=12),
    ]
    smooth = portraits.Portrait((red, missed), smoothed=1.0, times=12)
    found, smoother = summarise([piece], (), [*sets, smooth]).real
    assert summarise([piece]).real == ()
    assert (smoother.smoothed, smoother.sets, smoother.brown_recall, smoother.red_recall) == (1.0, 1, 0.0, 1.0)
    assert (found.sets, found.refused, found.marks) == (2, 1, 3)
    assert (found.false, found.new, found.clutter) == (3.0, 1.0, 2.0)
    assert (found.brown_recall, found.red_recall, found.weak_recall, found.strong_recall) == (0.5, 1.0, 0.5, 1.0)
    assert found.area_off == pytest.approx(0.2) and found.right_kind == 0.5
    text = "\n".join(line.text for line in evaluation_lines(summarise([piece], (), sets)))
    assert "One real face, enlarged 12 times" in text and "brown 0.500, red 1.000" in text and "no sample" in text


def test_photographs_as_they_are_have_aims_of_their_own(piece: Piece) -> None:
    mark = portraits.PortraitMark(red=False, diameter=3.0, d_e=9.0, found=True, area_ratio=1.05, kind="brown")
    red = msgspec.structs.replace(mark, red=True, kind="red")
    missed = msgspec.structs.replace(red, found=False, area_ratio=None, kind=None)
    one = portraits.Portrait((mark,) * 9 + (red,) * 9 + (missed,), 2, 1, 4, name="one.jpg")
    other = portraits.Portrait((mark, missed), 4, 2, 6, name="other.jpg")
    small = portraits.Portrait((missed,) * 9, 9, 9, 9, name="small.jpg", times=3)
    dark = portraits.Portrait(refused="It is too dark: more light.", name="dark.jpg")
    good = summarise([piece], (), [one, small, dark])
    assert good.sharp is not None and good.sharp.marks == 19  # neither the enlarged one nor the refused one
    aims = {aim.name: (aim.value, aim.met) for aim in good.aims if "real face" in aim.name}
    assert aims == {
        "recall of such brown marks on real faces": (1.0, True),
        "recall of such red marks on real faces": (0.9, True),
        "false marks on a real face that a comparison would call new": (1.0, True),
        "median error of area on real faces": (pytest.approx(0.05), True),
    }
    both = summarise([piece], (), [one, other])
    assert both.sharp is not None and (both.sharp.new, both.sharp.clutter, both.sharp.sets) == (1.5, 5.0, 2)
    assert [aim.met for aim in both.aims if "real face" in aim.name] == [True, False, False, True]
    text = "\n".join(line.text for line in evaluation_lines(good))
    assert "dark.jpg: 1 of 1 not measured. It is too dark: more light." in text
    assert "small.jpg), enlarged 3 times" in text and "all of them" in text
    assert summarise([piece], (), [small]).sharp is None


def test_without_the_library_that_holds_the_face_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(skin_evaluation._sets()) == 16 and not capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "skimage", None)
    assert skin_evaluation._sets() == []
    assert capsys.readouterr().err.strip() == "Without scikit-image there is no real face here: that part is left out."


def test_the_same_seed_gives_the_same_figures(piece: Piece) -> None:
    assert score_piece("tan", 501, shots=(PLAIN,)) == piece
    assert score_piece("tan", 502, shots=(PLAIN,)) != piece


def test_a_missed_aim_says_so(piece: Piece) -> None:
    blind = msgspec.structs.replace(
        piece, marks=tuple(msgspec.structs.replace(mark, found=False, area_ratio=None) for mark in piece.marks)
    )
    text = "\n".join(line.text for line in evaluation_lines(summarise([blind])))
    assert "MISSED  recall of brown marks" in text
    assert "not measured (wanted <= 0.3 px)" in text
    good = [aim for aim in summarise([piece]).aims if aim.name.startswith("recall of red")]
    assert [aim.met for aim in good] == [True]
    with pytest.raises(ValueError, match="nothing was evaluated"):
        summarise([])


def test_false_marks_are_counted_for_a_face_of_200_cm2(piece: Piece) -> None:
    three = tuple(msgspec.structs.replace(picture, false=3) for picture in piece.pictures)
    (shot,) = summarise([msgspec.structs.replace(piece, pictures=three)]).shots
    assert shot.false == 6  # a piece is 100 cm2
    assert summary.FACE_CM2 == 200


def test_noise_is_that_of_one_face_however_many_are_looked_at(piece: Piece) -> None:
    def with_counts(seed: int, *counts: int) -> Piece:
        repeats = tuple(msgspec.structs.replace(r, count=n) for r, n in zip(piece.repeats, counts, strict=True))
        return msgspec.structs.replace(piece, seed=seed, repeats=repeats)

    two = [with_counts(seed, 10, 12, 14) for seed in range(4)]
    eight = [with_counts(seed, 10, 12, 14) for seed in range(16)]
    few, many = (summarise(each).changes[0] for each in (two, eight))
    assert few.mean == many.mean == 24
    # Student's t of 4 and of 16 degrees of freedom; the standard error of a face is 4 in both.
    assert few.sdc == pytest.approx(2.776 * np.sqrt(2) * 4, rel=1e-3)
    assert many.sdc == pytest.approx(2.120 * np.sqrt(2) * 4, rel=1e-3)


def test_the_command_prints_figures_of_six_tones() -> None:
    ran = CliRunner().invoke(app, ["skin", "evaluate", "--pieces", "1", "--plain", "--format", "json"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert [tone["tone"] for tone in found["tones"]] == list(TONES)
    assert found["faces"] == 3
    assert {aim["met"] for aim in found["aims"]} <= {True, False, None}
    assert found["whole"] is None and found["colours"]["pictures"] == 6
