"""Which mark of one visit is which of the other: the pairing that fits best as a whole (Kuhn 1955, Munkres 1957).

A mark that lies where the other photograph does not validly show skin is neither new nor faded: nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from isocourse.skin.align import Alignment
from isocourse.skin.face import Points
from isocourse.skin.findings import Pair, Spot
from isocourse.skin.frame import PX_PER_MM

# Two marks are the same one where their centres are nearer than this and the radius of the larger, and neither is more
# than so many times the other's area. Outlines differ between photographs; marks shrink as they fade.
_NEAR_MM = 0.75
_MOST_GROWN = 6.0
_FURTHEST_MM = 3.0
# How much less likely a pair is for being as far apart as allowed, as unlike in size, and of kinds that are not sure.
_BY_PLACE, _BY_SIZE, _BY_KIND = 0.6, 0.25, 0.1


def paired(before: Sequence[Spot], after: Sequence[Spot], alignment: Alignment) -> tuple[Pair, ...]:
    """The marks of both visits, persistent ones first, then faded, then new; those not seen by both left out."""
    if alignment.refused:
        return ()
    one, other = places(before), alignment.to_baseline(places(after))
    seen, also = alignment.seen(one), alignment.seen(other)
    couples = assigned(gains(before, after, one, other) * (seen[:, None] | also[None]))
    taken, met = {i for i, _ in couples}, {j for _, j in couples}
    return (
        *(Pair(i, j, "persistent") for i, j in couples),
        *(Pair(i, None, "faded") for i in range(len(before)) if i not in taken and seen[i]),
        *(Pair(None, j, "new") for j in range(len(after)) if j not in met and also[j]),
    )


def places(spots: Sequence[Spot]) -> Points:
    """Centres (n, 2) in pixels of the spots' own frame."""
    return np.array([(spot.x, spot.y) for spot in spots], dtype=np.float64).reshape(-1, 2)


def gains(before: Sequence[Spot], after: Sequence[Spot], one: Points, other: Points) -> NDArray[np.float64]:
    """How well each mark of one visit (row) fits each of the other (column): above 0 to 1, and 0 where it cannot be.

    `one` and `other` are their centres in the same frame.
    """
    if not before or not after:
        return np.zeros((len(before), len(after)))
    area = np.array([spot.area for spot in before])[:, None]
    later = np.array([spot.area for spot in after])[None]
    radius = np.sqrt(np.maximum(area, later) / np.pi)
    reach = np.minimum(_NEAR_MM + radius, _FURTHEST_MM)
    apart = np.linalg.norm(one[:, None] - other[None], axis=2) / PX_PER_MM / reach
    grown = np.abs(np.log(np.maximum(area, 1e-9) / np.maximum(later, 1e-9))) / np.log(_MOST_GROWN)
    same = np.array([[first.kind == second.kind for second in after] for first in before])
    unsure = np.array([["uncertain" in (first.kind, second.kind) for second in after] for first in before])
    fits = 1 - _BY_PLACE * apart - _BY_SIZE * grown - _BY_KIND * ~same
    return np.asarray(np.where((apart <= 1) & (grown <= 1) & (same | unsure), fits, 0.0))


def assigned(gain: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairing of rows and columns with the largest sum; pairs that gain nothing are none."""
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gain[i, j] > 0]
