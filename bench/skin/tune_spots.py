"""The detector on the skin that it is tuned on (tests/skin/drawn_skin.py): `python bench/skin/tune_spots.py [SEEDS]`.

Pictures are kept in build/spots, and drawn there with the marks (green) and what was found (blue brown, red red,
violet uncertain). The figures that count come from `isocourse skin evaluate`, whose renderer is another one.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from isocourse.skin.findings import Spot
from isocourse.skin.light import to_linear, to_srgb
from isocourse.skin.spots import find_spots
from tests.skin import drawn_skin as drawn

SIZE = (800, 1000)
FACES = 200 / (SIZE[0] * SIZE[1] / 64 / 100)  # what is seen of a face is about 200 cm2
KEPT = Path("build/spots")
HOW = {
    "plain": {},
    "jpeg 60": {"jpeg": 60},
    "ev -0.7": {"ev": -0.7},
    "ev +0.3": {"ev": 0.3},
    "warm": {"balance": (1.15, 0.85)},
    "blur": {"blur": 2.0},
}
Case = tuple[list[drawn.Mark], dict[str, list[np.ndarray]]]


def case(seed: int, tone: str) -> Case:
    kept = KEPT / f"{seed}-{tone}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # noqa: S301  written below
    dice = np.random.default_rng([seed, len(tone)])
    pores, hairs = float(dice.choice([0.3, 1, 2])), int(dice.integers(5, 60))
    bare = drawn.density(dice, SIZE, pores=pores, hairs=hairs, uneven=drawn.UNEVEN[tone])
    drawn.add_marks(bare, dice, tone, [(float(r), float(dice.uniform(4, 20)), False) for r in (0.6, 0.8, 1, 2)])
    full = bare.copy()
    sizes, strengths = dice.uniform(0.6, 4, 26), dice.uniform(3, 14, 26)
    wanted = [(float(r), float(e), bool(dice.random() < 0.5)) for r, e in zip(sizes, strengths, strict=True)]
    marks = drawn.add_marks(full, dice, tone, wanted)
    pictures = {
        how: [
            to_srgb(drawn.render(tone, found, np.random.default_rng([seed, 7 + k]), shine=seed, **options))
            for k, found in enumerate((bare, full))
        ]
        for how, options in HOW.items()
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps((marks, pictures)))
    return marks, pictures


def shares(mark: drawn.Mark, spot: Spot) -> bool:
    """At least 0.3 of what both cover."""
    seen = np.zeros(SIZE, np.uint8)
    cv2.fillPoly(seen, [np.rint(np.array(spot.outline) * 16).astype(np.int32)], 1, shift=4)
    return np.count_nonzero(mark.mask & (seen > 0)) >= 0.3 * np.count_nonzero(mark.mask | (seen > 0))


def own_of(mark: drawn.Mark, spots: tuple[Spot, ...]) -> list[Spot]:
    return [s for s in spots if np.hypot(s.x - mark.x, s.y - mark.y) < 24 * mark.radius and shares(mark, s)]


def new_ones(before: tuple[Spot, ...], after: tuple[Spot, ...], marks: list[drawn.Mark]) -> list[Spot]:
    def old(spot: Spot) -> bool:
        return any(np.hypot(spot.x - o.x, spot.y - o.y) < max(6, 8 * np.sqrt(o.area / np.pi)) for o in before)

    used = {id(own[0]) for mark in marks if (own := own_of(mark, after))}
    return [s for s in after if not old(s) and id(s) not in used]


def draw(picture: np.ndarray, marks: list[drawn.Mark], spots: tuple[Spot, ...], path: Path) -> None:
    shown = np.ascontiguousarray(picture[..., ::-1])
    for mark in marks:
        edge, _ = cv2.findContours(mark.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(shown, edge, -1, (0, 255, 0), 1)
    for spot in spots:
        line = np.rint(np.array(spot.outline) * 16).astype(np.int32)
        shade = {"brown": (255, 120, 0), "red": (0, 0, 255), "uncertain": (255, 0, 255)}[spot.kind]
        cv2.polylines(shown, [line], True, shade, 1, cv2.LINE_AA, 4)
    cv2.imwrite(str(path), shown)


def main(seeds: int) -> None:
    recall: dict[tuple[str, ...], list[bool]] = defaultdict(list)
    ratios: dict[str, list[float]] = defaultdict(list)
    covered: list[bool] = []
    false: dict[str, list[float]] = defaultdict(list)
    drift: dict[str, list[float]] = defaultdict(list)
    kinds: dict[tuple[str, str], int] = defaultdict(int)
    spent = []
    skin = np.ones(SIZE, bool)
    skin[:8] = skin[-8:] = False
    labels = skin.astype(np.uint8)
    for seed in range(seeds):
        for tone in drawn.TONES:
            marks, pictures = case(seed, tone)
            usual = 0
            for how, coded in pictures.items():
                start = time.process_time()
                before, after = (find_spots(to_linear(each), skin, labels) for each in coded)
                spent.append((time.process_time() - start) / 2)
                usual = len(after) if how == "plain" else usual
                drift[how].append(len(after) / max(usual, 1) - 1)
                for mark in marks:
                    own = own_of(mark, after)
                    size = "<2mm" if mark.radius < 1 else ">=2mm"
                    strength = "3-6" if mark.d_e < 6 else "6-10" if mark.d_e < 10 else "10-14"
                    recall[("red" if mark.red else "brown", size, strength)].append(bool(own))
                    if size == ">=2mm" and mark.d_e >= 6:
                        recall[("tone", tone)].append(bool(own))
                        recall[("how", how)].append(bool(own))
                    if own and mark.d_e >= 6:
                        ratios[how].append(own[0].area / mark.area)
                        covered.append(abs(own[0].area - mark.area) < 2 * own[0].area_error)
                        kinds["red" if mark.red else "brown", own[0].kind] += 1
                false[how].append(len(new_ones(before, after, marks)))
                false[how + " already there"].append(len(before))
                if how == "plain":
                    draw(coded[1], marks, after, KEPT / f"{seed}-{tone}.png")
    for key in sorted(recall):
        print(*key, f"{np.mean(recall[key]):.2f} of {len(recall[key])}")
    for how, counts in false.items():
        print(f"{how}: {np.mean(counts) * FACES:.2f} a face")
    for how, values in ratios.items():
        print(
            f"{how}: area {np.percentile(values, [10, 25, 50, 75, 90]).round(2)} off "
            f"{np.median(np.abs(np.array(values) - 1)):.3f} count {np.mean(drift[how]):+.3f} "
            f"each {np.mean(np.abs(drift[how])):.3f}"
        )
    print(f"inside two errors {np.mean(covered):.2f}", dict(kinds), f"{1000 * np.median(spent):.0f} ms of processor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
