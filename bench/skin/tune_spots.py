"""The detector on the skin that it is tuned on (tests/skin/drawn_skin.py): `python bench/skin/tune_spots.py`.

The figures that count come from `isocourse skin evaluate`, whose renderer is another one.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from isocourse.skin.light import to_srgb
from isocourse.skin.spots import DEFAULT, find_spots
from tests.skin import drawn_skin as drawn

SIZE = (800, 1000)


def around(place: float) -> slice:
    return slice(max(round(place) - 6, 0), round(place) + 7)


def main(seeds: int = 1, out: str = "") -> None:
    recall: dict[tuple[str, ...], list[bool]] = defaultdict(list)
    ratios: list[float] = []
    covered: list[bool] = []
    false: dict[str, list[float]] = defaultdict(list)
    kinds: dict[tuple[str, str], int] = defaultdict(int)
    spent = []
    skin = np.ones(SIZE, bool)
    skin[:8] = skin[-8:] = False
    labels = skin.astype(np.uint8)
    for seed in range(seeds):
        for tone in drawn.TONES:
            dice = np.random.default_rng([seed, len(tone)])
            bare = drawn.density(dice, SIZE)
            drawn.add_marks(bare, dice, tone, [(float(r), float(dice.uniform(4, 20)), False) for r in (0.6, 0.8, 1, 2)])
            full = bare.copy()
            wanted = [
                (float(r), float(e), bool(red))
                for r, e in zip(dice.uniform(0.6, 4, 26), dice.uniform(3, 14, 26), strict=True)
                for red in [dice.random() < 0.5]
            ]
            marks = drawn.add_marks(full, dice, tone, wanted)
            for how, kwargs in (
                ("plain", {}),
                ("jpeg 60", {"jpeg": 60}),
                ("dark", {"ev": -0.7}),
                ("blur", {"blur": 2.0}),
            ):
                pictures = [
                    drawn.render(tone, found, np.random.default_rng([seed, 7 + k]), **kwargs)
                    for k, found in enumerate((bare, full))
                ]
                start = time.perf_counter()
                before = find_spots(pictures[0], skin, labels, DEFAULT)
                after = find_spots(pictures[1], skin, labels, DEFAULT)
                spent.append((time.perf_counter() - start) / 2)
                hit = set()
                for mark in marks:
                    own = [s for s in after if mark.mask[round(s.y), round(s.x)]]
                    hit |= {id(s) for s in own}
                    size = "<2mm" if mark.radius < 1 else ">=2mm"
                    strength = "3-6" if mark.d_e < 6 else "6-10" if mark.d_e < 10 else "10-14"
                    recall[("red" if mark.red else "brown", size, strength, how)].append(bool(own))
                    if size == ">=2mm" and mark.d_e >= 6:
                        recall[("tone", tone, how)].append(bool(own))
                    if own and how == "plain" and mark.d_e >= 6:
                        ratios.append(own[0].area / mark.area)
                        covered.append(abs(own[0].area - mark.area) < 2 * own[0].area_error)
                        kinds["red" if mark.red else "brown", own[0].kind] += 1
                new = [
                    s for s in after
                    if id(s) not in hit
                    and all(np.hypot(s.x - o.x, s.y - o.y) > max(6, np.sqrt(o.area / np.pi) * 8) for o in before)
                    and not any(m.mask[around(s.y), around(s.x)].any() for m in marks)
                ]  # fmt: skip
                false[how].append(len(new))
                false[how + " already there"].append(len(before))
                if out and how == "plain":
                    shown = np.ascontiguousarray(to_srgb(pictures[1])[..., ::-1])
                    for m in marks:
                        edge, _ = cv2.findContours(m.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
                        cv2.drawContours(shown, edge, -1, (0, 255, 0), 1)
                    for s in after:
                        line = np.rint(np.array(s.outline) * 16).astype(np.int32)
                        shade = {"brown": (255, 120, 0), "red": (0, 0, 255), "uncertain": (255, 0, 255)}[s.kind]
                        cv2.polylines(shown, [line], True, shade, 1, cv2.LINE_AA, 4)
                    cv2.imwrite(f"{out}/{seed}-{tone}.png", shown)
    for key in sorted(recall):
        print(*key, f"{np.mean(recall[key]):.2f} of {len(recall[key])}")
    per_face = 200 / (SIZE[0] * SIZE[1] / 64 / 100)
    for how, counts in false.items():
        print(f"{how}: {np.mean(counts) * per_face:.2f} a face")
    print(f"area ratio {np.percentile(ratios, [10, 25, 50, 75, 90]).round(2)}, inside 2 errors {np.mean(covered):.2f}")
    print(dict(kinds), f"{1000 * np.median(spent):.0f} ms a picture of {SIZE[0] * SIZE[1] / 1e6:.2f} MP")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, sys.argv[2] if len(sys.argv) > 2 else "")
