"""What changed between two visits, and whether it is more than photographs alone would vary.

Only figures that were measured alike stand beside each other: one method, one side of the face, one way to calibrate,
and marks only in skin that both photographs validly show. Lower is better for everything here; which way it went is
all that is said, never why and never a rank among other people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Literal

import msgspec

from isocourse.skin.align import Alignment, align
from isocourse.skin.alone import Visit, settled
from isocourse.skin.findings import Compared, Comparison, Measurement, Note, Pair, Spot, note
from isocourse.skin.match import paired
from isocourse.skin.measure import Look, Settings
from isocourse.skin.noise import Noise, count_noise, least, limit, own_noise
from isocourse.skin.quality import smallest_mm

DARK_SPOTS, RED_MARKS = "dark spots", "red marks"
_KINDS: tuple[tuple[str, Literal["brown", "red"]], ...] = ((DARK_SPOTS, "brown"), (RED_MARKS, "red"))
REDNESS = "redness of the skin between marks"
HOLLOWS = "depth of hollows"

_METHOD = "The two photographs were measured by different versions of the method: measure the first one again."
_COLOURS = "Nothing was compared: the colours of the two photographs stand on different references ({0}, then {1})."
_NO_COLOURS = "The redness of the whole skin was not compared: that needs a chart or a grey card in both photographs."
_LIGHT = (
    "Burden and texture are given as if the skin were as bright in both photographs: without a chart or a grey card "
    "nothing says how bright it was."
)
_BANDS = "Texture was compared only in the widths that both photographs are sharp enough for."
_SIZE = "Marks under {0} mm across were left out: one of the two photographs is too coarse to show them."
_RELIEF = "The depth of hollows was not compared: that needs light from either side at both visits."
_FEW = (
    "The noise comes from {0} photographs of the first visit: the true one may be {1} to {2} times the spread between "
    "them, and the limit was widened for that."
)
_LEAST = (
    "These photographs differ by less than photographs of generated skin do when they are taken again: that is taken "
    "as the noise of {0} of the figures."
)
_TOGETHER = (
    "The two counts were chosen beforehand, and each is judged by itself. The other {0} figures are judged together, "
    "with wider limits: without any change, one comparison in twenty at most would show one of them beyond it."
)
_NONE = (
    "How much photographs of this person vary is not known: take two or three at one visit. Until then counts are held "
    "against chance alone, and nothing is called a change."
)
_LEFT_OUT = "Of the photographs taken again at the first visit {0} could not be used: not measured alike, or the same."


@dataclass(frozen=True, eq=False)
class Laid:
    """A comparison, and the alignment that it stands on (None where it came to none), for drawing."""

    comparison: Comparison
    alignment: Alignment | None = None


def compare(
    baseline: Look,
    follow_up: Look,
    repeats: Sequence[Measurement] = (),
) -> Comparison:
    """`laid` without the alignment."""
    return laid(baseline, follow_up, repeats).comparison


def laid(
    baseline: Look,
    follow_up: Look,
    repeats: Sequence[Measurement] = (),
) -> Laid:
    """A follow-up against its baseline.

    `repeats` are the other photographs of the first visit, of the same side: only they say how much photographs of this
    person vary.
    """
    first, second = baseline.measurement, follow_up.measurement
    for which, each in (("first", first), ("second", second)):
        if each.refused:
            return _nothing(f"The {which} photograph was not measured. {each.refused}")
    if first.method != second.method:
        return _nothing(_METHOD)
    assert baseline.frame and baseline.regions and follow_up.frame and follow_up.regions  # measured, so all there
    alignment = align(
        baseline.frame, follow_up.frame,
        baseline_skin=baseline.regions.skin, follow_up_skin=follow_up.regions.skin,
    )  # fmt: skip
    if alignment.refused:
        return _nothing(alignment.refused)
    smallest = max(_smallest(baseline), _smallest(follow_up))
    pairs = _of_size(paired(first.spots, second.spots, alignment), first, second, smallest)
    pairs = settled(pairs, _visit(baseline), _visit(follow_up), alignment)
    skin = baseline.regions.skin
    comparison = Comparison(
        seen=float((alignment.valid & skin).sum()) / max(float(skin.sum()), 1.0),
        consistency=alignment.consistency,
        pairs=pairs,
    )
    told = judged(first, second, pairs, repeats=repeats, smallest=smallest)
    if _smallest(baseline) != _smallest(follow_up) and smallest > Settings().smallest:
        told = Told(told.numbers, (*told.notes, note(_SIZE, f"{smallest:.1f}")))
    return Laid(msgspec.structs.replace(comparison, numbers=told.numbers, notes=told.notes), alignment)


def taken_again(baseline: Look, again: Look) -> Measurement:
    """What was measured in a photograph that was taken again at the first visit. Refused where it does not show the
    same skin: the noise of one person is not that between two."""
    if baseline.measurement.refused or again.measurement.refused:
        return again.measurement
    assert baseline.frame and baseline.regions and again.frame and again.regions  # measured, so all there
    alignment = align(
        baseline.frame, again.frame, baseline_skin=baseline.regions.skin, follow_up_skin=again.regions.skin
    )
    return msgspec.structs.replace(again.measurement, refused=alignment.refused)


def _visit(look: Look) -> Visit:
    assert look.calibrated and look.regions  # measured, so all there
    return Visit(look.measurement.spots, look.calibrated.linear, look.regions.skin)


def _smallest(look: Look) -> float:
    """The diameter in millimetres from which a photograph shows marks; 0 where its pixels are not known."""
    if look.picture is None or look.scale is None:
        return 0.0
    return smallest_mm(look.picture.jpeg, look.scale)


def _of_size(pairs: Sequence[Pair], first: Measurement, second: Measurement, smallest: float) -> tuple[Pair, ...]:
    """Without what came or went only because one photograph is too coarse to show it."""
    least = pi / 4 * smallest**2

    def alone(pair: Pair) -> Spot | None:
        if pair.before is not None and pair.after is not None:
            return None
        return first.spots[pair.before] if pair.before is not None else second.spots[pair.after or 0]

    return tuple(pair for pair in pairs if (spot := alone(pair)) is None or spot.area >= least)


def _nothing(why: str) -> Laid:
    return Laid(Comparison(refused=why))


@dataclass(frozen=True)
class Told:
    """Numbers of two visits with their verdicts, and what has to be known about them."""

    numbers: tuple[Compared, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Figure:
    """One figure of one photograph."""

    value: float
    unit: str
    counted: bool = False


def judged(
    first: Measurement,
    second: Measurement,
    pairs: Sequence[Pair],
    *,
    repeats: Sequence[Measurement],
    smallest: float = 0.0,
) -> Told:
    """Every figure that both visits have. Marks count where a pair tells of them, so in skin that both show, from the
    diameter `smallest` in millimetres on."""
    if not _alike(first, second):
        rungs = [each.colour.rung if each.colour else "none" for each in (first, second)]
        return Told((), (note(_COLOURS, *rungs),))
    shots = _usable(first, repeats)
    before = figures_of(first, [first.spots[pair.before] for pair in pairs if pair.before is not None], smallest)
    after = figures_of(
        second, [second.spots[pair.after] for pair in pairs if pair.after is not None], smallest,
        light=_same_light(first, second),
    )  # fmt: skip
    of_shots = [figures_of(shot, shot.spots, smallest, light=_same_light(first, shot)) for shot in shots]
    noises: dict[str, Noise] = {}
    for what in (name for name in before if name in after):
        found = own_noise([shot[what].value for shot in of_shots if what in shot])
        if found is not None:
            noises[what] = found
    limits = _limits(before, after, noises)
    numbers = tuple(_compared(what, before[what], after[what], limits.get(what)) for what in before if what in after)
    notes = [*_left_out(first, second), *_of_noise(noises, limits, before, len(shots))]
    if len(repeats) >= len(shots):  # the first photograph itself is one of the shots
        notes.append(note(_LEFT_OUT, str(len(repeats) + 1 - len(shots))))
    return Told(numbers, tuple(notes))


def _limits(before: Mapping[str, Figure], after: Mapping[str, Figure], noises: Mapping[str, Noise]) -> dict[str, Noise]:
    """What each difference is held against. Counts, chosen beforehand, stand alone; all others stand together."""
    together = sum(1 for what in noises if not before[what].counted)
    return {
        what: limit(
            noise,
            least=least(what, (before[what].value + after[what].value) / 2),
            together=1 if before[what].counted else together,
        )
        for what, noise in noises.items()
    }


def hollows(first: Measurement, second: Measurement, repeats: Sequence[Measurement] = ()) -> Compared | None:
    """The depth of hollows of two visits, each from two photographs with light from either side, which hold nothing
    else. None where one has none, or where they were measured by different versions of the method. `repeats` are more
    of the first visit."""
    if first.method != second.method:
        return None
    depths = [figures_of(each, ()).get(HOLLOWS) for each in (first, second)]
    before, after = depths
    if before is None or after is None:
        return None
    shots = [first, *(shot for shot in repeats if shot.method == first.method)]
    of_shots = dict.fromkeys(depth.value for shot in shots if (depth := figures_of(shot, ()).get(HOLLOWS)))
    return _compared(HOLLOWS, before, after, own_noise(list(of_shots)))


def _alike(first: Measurement, second: Measurement) -> bool:
    """Whether colours stand on one reference. A follow-up brought to its own baseline's tone stands on that."""
    if first.colour is None or second.colour is None:
        return False
    return first.colour.rung == second.colour.rung or second.colour.rung == "own baseline"


def _usable(first: Measurement, repeats: Sequence[Measurement]) -> list[Measurement]:
    """The first photograph and those taken again that were measured alike, each once."""
    found = [first]
    for shot in repeats:
        if not shot.refused and shot.method == first.method and _alike(first, shot) and shot not in found:
            found.append(shot)
    return found


def _same_light(first: Measurement, other: Measurement) -> float:
    """What differences of lightness are multiplied by so that they are of skin as bright as in the first photograph.

    Without a chart or a card a camera that took half the light makes the same skin a fifth smoother. L* + 16 goes with
    the cube root of light (CIE 1976), so all its differences change by one factor: it is taken from the skin itself.
    """
    referenced = first.colour is not None and first.colour.rung in ("chart", "grey card")
    if referenced or first.brightness is None or other.brightness is None:
        return 1.0
    return (first.brightness + 16) / (other.brightness + 16)


def figures_of(
    measured: Measurement, spots: Sequence[Spot], smallest: float = 0.0, *, light: float = 1.0
) -> dict[str, Figure]:
    """What can be compared, by its name, with `spots` for its marks. `light` is what its L* is multiplied by."""
    found = {}
    for name, kind in _KINDS:
        own = [spot for spot in spots if spot.kind == kind and spot.area >= pi / 4 * smallest**2]
        area, burden = sum(spot.area for spot in own), light * sum(spot.area * abs(spot.d_l) for spot in own)
        found[name] = Figure(len(own), "", counted=True)
        found[f"area of {name}"] = Figure(area, "mm2")
        found[f"burden of {name}"] = Figure(burden, "mm2 L*")
    if measured.tone is not None:
        found[REDNESS] = Figure(measured.tone.erythema_index, "100 log10(R/G)")
    for band in measured.texture:
        name = f"roughness of {band.from_mm:g} to {band.to_mm:g} mm"
        found[name] = Figure(light * band.value, "L*")
    if measured.relief is not None and measured.relief.how == "raking light":
        found[HOLLOWS] = Figure(measured.relief.index, "")
    return found


def _compared(what: str, before: Figure, after: Figure, noise: Noise | None) -> Compared:
    if before.counted:
        noise = count_noise(before.value, after.value, noise)
    verdict: Literal["improved", "within noise", "worse", "not known"] = "not known"
    if noise is not None:
        less = before.value - after.value
        verdict = "within noise" if abs(less) <= noise.value else "improved" if less > 0 else "worse"
    value, own = (None, False) if noise is None else (noise.value, noise.own)
    return Compared(what, before.unit, float(before.value), float(after.value), value, own, verdict)


def _left_out(first: Measurement, second: Measurement) -> list[Note]:
    notes = []
    if first.tone is None or second.tone is None:
        notes.append(note(_NO_COLOURS))
    if _same_light(first, second) != 1:
        notes.append(note(_LIGHT))
    widths = [{(band.from_mm, band.to_mm) for band in each.texture} for each in (first, second)]
    if widths[0] != widths[1]:
        notes.append(note(_BANDS))
    raking = [each.relief is not None and each.relief.how == "raking light" for each in (first, second)]
    if any(raking) and not all(raking):
        notes.append(note(_RELIEF))
    return notes


def _of_noise(
    noises: Mapping[str, Noise], limits: Mapping[str, Noise], figures: Mapping[str, Figure], shots: int
) -> list[Note]:
    if not noises:
        return [note(_NONE)]
    any_of = next(iter(noises.values()))  # as many photographs stand behind each
    notes = [note(_FEW, str(shots), f"{any_of.low:.1f}", f"{any_of.high:.1f}")]
    together = sum(1 for what in noises if not figures[what].counted)
    raised = sum(1 for what in noises if limits[what].raised)
    if raised:
        notes.append(note(_LEAST, str(raised)))
    if together > 1:
        notes.append(note(_TOGETHER, str(together)))
    return notes
