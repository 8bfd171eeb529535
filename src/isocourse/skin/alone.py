"""Marks that only one of two photographs counts: whether the other one shows them too, under its limit.

What counts as a mark ends at a limit, so a mark near it is found in one photograph and missed in the next without any
change of the skin. It is called new or gone only where the other photograph has less than half of its contrast at the
same place. So edges are followed under the limit from where they pass it (Canny 1986).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.align import Alignment
from isocourse.skin.face import Points
from isocourse.skin.findings import Pair, Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask
from isocourse.skin.spot_candidates import DARKEST
from isocourse.skin.spot_outline import medians, ring_of

Doubles = NDArray[np.float64]
Moves = Callable[[Points], Points]

STILL = 0.5  # of its contrast


@dataclass(frozen=True, eq=False)
class Visit:
    """One photograph: its marks, its frame in linear light, and the bare skin on that."""

    spots: Sequence[Spot]
    linear: Floats
    skin: Mask


def settled(pairs: Sequence[Pair], before: Visit, after: Visit, alignment: Alignment) -> tuple[Pair, ...]:
    """The pairs, where one that is new or gone is "persistent" if the other photograph has `STILL` of its contrast. Its
    index there stays None: it is not counted there. A place where the other one counts a mark of another kind stays as
    it is: a red mark that turned brown is gone, and the brown one is new."""

    def at(pair: Pair) -> Pair:
        if pair.before is not None and pair.after is not None:
            return pair
        if pair.before is not None:
            there = _still(before.spots[pair.before], before, after, alignment.to_follow_up)
        else:
            assert pair.after is not None, "a pair has one of them"
            there = _still(after.spots[pair.after], after, before, alignment.to_baseline)
        return msgspec.structs.replace(pair, state="persistent") if there else pair

    return tuple(at(pair) for pair in pairs)


def _still(spot: Spot, own: Visit, other: Visit, moves: Moves) -> bool:
    x, y = moves(np.array([[spot.x, spot.y]]))[0]
    if any(np.hypot(each.x - x, each.y - y) <= PX_PER_MM * np.sqrt(each.area / np.pi) for each in other.spots):
        return False
    share = share_at(spot, (own.linear, own.skin), (other.linear, other.skin), moves)
    return share is not None and share >= STILL


def share_at(spot: Spot, own: tuple[Floats, Mask], other: tuple[Floats, Mask], moves: Moves) -> float | None:
    """How much of a mark's contrast another frame has at its place, in the mark's own colour: 1 where it is as dark
    there. `moves` brings pixels of its own frame to those of the other. None where one of them cannot tell."""
    outline = np.array(spot.outline, dtype=np.float64).reshape(-1, 2)
    if len(outline) < 3:
        return None
    here, there = contrast_at(outline, *own), contrast_at(moves(outline), *other)
    if here is None or there is None or not float(here @ here) > 0:
        return None
    return float(there @ here) / float(here @ here)


def contrast_at(outline: Points, linear: Floats, skin: Mask) -> Doubles | None:
    """Density (R, G, B) inside a closed line (n, 2), in pixels of the frame, less that of the ring around it. None
    where the line leaves the frame, holds no pixel, or has too little skin around it."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    if not ((low >= 0).all() and (high < skin.shape[::-1]).all()):  # nor where it is not known where the line lies
        return None
    around = 2 * float((high - low).max()) + 32
    x0, y0 = np.maximum(low - around, 0).astype(int)
    x1, y1 = np.minimum(high + around + 1, skin.shape[::-1]).astype(int)
    drawn = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(drawn, [np.rint((outline - [x0, y0]) * 16).astype(np.int32)], 1, shift=4)
    inside = drawn > 0
    ring = ring_of(inside, skin[y0:y1, x0:x1] & ~inside)
    if not (inside.any() and ring.any()):
        return None
    box = linear[y0:y1, x0:x1]
    within, without = (np.log(np.maximum(medians(box[where]), DARKEST)) for where in (inside, ring))
    return np.asarray(without - within)
