"""Marks on the skin: where, how large, how unlike the skin around them, brown or red.

The plain detector, in fixed units: `spot_candidates` says where to look, `spot_outline` draws the line at half of the
contrast, and what is left is compared with its ring. Not a diagnosis: moles, freckles, spots and scabs are all marks.
"""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin import colour
from isocourse.skin.findings import Kind, Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import NAMES, Labels, Mask
from isocourse.skin.spot_candidates import DARKEST, LUMINANCE, candidates
from isocourse.skin.spot_outline import Outlined, medians, outlined, ring_of

Doubles = NDArray[np.float64]


class SpotSettings(msgspec.Struct, frozen=True):
    """What counts as a mark. Density is -ln of linear light: 0.1 is about a tenth less light than the skin around."""

    least_density: float = 0.08  # of luminance, mark against ring
    least_answer: float = 0.05  # the same in the scale space, where an uneven mark answers less
    # Times the spread of this skin. What looks like a small mark is found more often, and what looks like a large one
    # is shade more often: outside `sure_areas` (mm2) more by these powers of how far outside.
    least_score: float = 3.6
    sure_areas: tuple[float, float] = (5.0, 20.0)
    more_outside: tuple[float, float] = (0.4, 0.25)
    # What the eye hardly tells from its ring (delta E00) has to score so many times as much.
    faint: float = 3.0
    times_faint: float = 1.5
    least_area: float = 0.75  # mm2, about 1 mm across; pores are smaller
    most_area: float = 250.0  # mm2
    # What is not red may be shade. It has to score more by so much times the share of its outline that runs along what
    # is no skin, and so many times as much where less than that of its difference from the ring lies at its outline.
    more_cut: float = 40.0
    times_fading: float = 2.0
    least_step: float = 0.5
    # How much more green is absorbed than red, of the whole difference: blood lets nearly all red light through,
    # melanin does not. Blue says less: it is the noisiest, and on dark skin a veil of surface light hides it.
    brown_below: float = 0.23
    red_above: float = 0.32


DEFAULT = SpotSettings()
_BAND, _BAND_LEAST = 0.4, 3.0  # of the radius, and pixels: what is looked at on both sides of an outline


def find_spots(linear: Floats, skin: Mask, labels: Labels, settings: SpotSettings = DEFAULT) -> tuple[Spot, ...]:
    """Marks on the bare skin of a frame, the most outstanding first.

    `linear` (height, width, 3) is linear light at 8 px/mm, `skin` says where it is bare skin and `labels` of which
    part of the face (`regions.NAMES`). Exposure and white balance change nothing but through noise and clipping.
    """
    taken = np.zeros(skin.shape, bool)
    found: list[Outlined] = []
    for each in candidates(linear, skin, amplitude=settings.least_answer, score=settings.least_score):
        if taken[round(each.y), round(each.x)] or each.score < _least_score(
            _likeliest(each.radius, settings), settings
        ):
            continue
        mark = outlined(linear, skin, taken, each)
        if mark is None or not settings.least_area <= mark.area / PX_PER_MM**2 <= settings.most_area:
            continue
        if mark.score < _least_score(mark.area, settings):
            continue
        taken[mark.box] |= mark.mask
        found.append(mark)
    free = skin & ~taken
    spots = (_measured(linear, (free, skin), labels, mark, settings) for mark in found)
    return tuple(spot for spot in spots if spot is not None)


def _measured(
    linear: Floats, bare: tuple[Mask, Mask], labels: Labels, mark: Outlined, settings: SpotSettings
) -> Spot | None:
    """`bare` is skin without any mark, and skin: where other outlines leave no ring, it may lie on them."""
    free, skin = bare
    radius = float(np.sqrt(mark.area / np.pi))
    around = int(1.3 * radius + max(radius, 8) + 8)
    rows, columns = mark.box
    y0, x0 = max(rows.start - around, 0), max(columns.start - around, 0)
    y1, x1 = min(rows.stop + around, free.shape[0]), min(columns.stop + around, free.shape[1])
    mask = np.zeros((y1 - y0, x1 - x0), bool)
    mask[rows.start - y0 : rows.stop - y0, columns.start - x0 : columns.stop - x0] = mark.mask
    ring = ring_of(mask, free[y0:y1, x0:x1])
    if not ring.any():
        ring = ring_of(mask, skin[y0:y1, x0:x1] & ~mask)
    if not ring.any():
        return None
    box = linear[y0:y1, x0:x1]
    inside, outside = medians(box[mask]), medians(box[ring])
    density = np.log(np.maximum(outside, DARKEST)) - np.log(np.maximum(inside, DARKEST))
    if float(LUMINANCE @ density) < settings.least_density:
        return None
    kind = kind_of(density, settings)
    if kind != "red" and mark.score < _wanted_score(mark, _step(box, mask, free[y0:y1, x0:x1], density), settings):
        return None

    lab_in, lab_out = colour.lab_of(inside), colour.lab_of(outside)
    angles = (colour.ita(float(lab_in[0]), float(lab_in[2])), colour.ita(float(lab_out[0]), float(lab_out[2])))
    d_e = float(colour.delta_e00(lab_in, lab_out))
    if d_e < settings.faint and mark.score < settings.times_faint * _least_score(mark.area, settings):
        return None
    pigments = colour.pigments(inside) - colour.pigments(outside)
    middle = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    place = np.bincount(labels[y0:y1, x0:x1][mask], minlength=1)
    place[0] = 0
    return Spot(
        x=round(x0 + middle["m10"] / middle["m00"], 2),
        y=round(y0 + middle["m01"] / middle["m00"], 2),
        area=mark.area / PX_PER_MM**2,
        area_error=mark.area_error / PX_PER_MM**2,
        kind=kind,
        d_l=float(lab_in[0] - lab_out[0]),
        d_a=float(lab_in[1] - lab_out[1]),
        d_b=float(lab_in[2] - lab_out[2]),
        d_e=d_e,
        d_ita=None if angles[0] is None or angles[1] is None else angles[0] - angles[1],
        melanin=float(pigments[0]),
        haemoglobin=float(pigments[1]),
        score=mark.score,
        region=NAMES[int(np.argmax(place)) - 1] if place.any() else "",
        outline=mark.outline,
    )


def _least_score(pixels: float, settings: SpotSettings) -> float:
    """What a mark of so many pixels has to score at least."""
    area, (low, high) = pixels / PX_PER_MM**2, settings.sure_areas
    small, large = settings.more_outside
    return float(settings.least_score * max(low / area, 1.0) ** small * max(area / high, 1.0) ** large)


def _likeliest(radius: float, settings: SpotSettings) -> float:
    """The area in pixels from which on least is asked of what a disc may come to: half of its own to twice as much, for
    a larger or smaller mark has another disc of its own."""
    disc = float(np.pi * radius**2)
    return min(max(disc / 2, settings.sure_areas[0] * PX_PER_MM**2), 2 * disc)


def _wanted_score(mark: Outlined, step: float, settings: SpotSettings) -> float:
    """Shade begins where nobody sees, beside brows, lips and nostrils, or it fades into the ring."""
    wanted = _least_score(mark.area, settings) + settings.more_cut * mark.cut
    return wanted if step >= settings.least_step else settings.times_fading * wanted


def _step(box: Floats, mask: Mask, free: Mask, density: Doubles) -> float:
    """How much of the difference from the ring lies right at the outline: a mark ends there, shade fades into the
    ring. 1 where nothing around the outline is seen."""
    radius = float(np.sqrt(np.count_nonzero(mask) / np.pi))
    reach = max(_BAND * radius, _BAND_LEAST)

    def beside(where: Mask) -> Mask:
        away = np.asarray(cv2.distanceTransform((~where).astype(np.uint8), cv2.DIST_L2, 3))
        return (away > 1) & (away <= reach)

    inside, outside = beside(~mask), beside(mask) & free
    if not (inside.any() and outside.any()):
        return 1.0
    within, without = (np.log(np.maximum(medians(box[band]), DARKEST)) for band in (inside, outside))
    return float((without - within) @ density) / max(float(density @ density), 1e-9)


def kind_of(density: Doubles, settings: SpotSettings = DEFAULT) -> Kind:
    """Brown or red from the direction of a difference of density (R, G, B); uncertain between the two."""
    excess = float(density[1] - density[0]) / max(float(np.linalg.norm(density)), 1e-6)
    if excess < settings.brown_below:
        return "brown"
    return "red" if excess > settings.red_above else "uncertain"
