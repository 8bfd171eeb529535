"""What was measured in a photograph, in words for the team: figures with their error, and the checks of quality.

Nothing here is a diagnosis, and nothing decides about capsules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from isocourse.skin import figures as measured
from isocourse.skin.figures import Spread, spread
from isocourse.skin.findings import Gate, Kind, Measurement
from isocourse.words.photograph_change import number
from isocourse.words.sentence import Sentence, Word, said

KINDS: dict[Kind, str] = {"brown": "Dark spots", "red": "Red marks", "uncertain": "Marks of uncertain colour"}
MARKS = {"brown": "Dark spot", "red": "Red mark", "uncertain": "Uncertain"}
_CODES: dict[Kind, str] = {"brown": "dark-spots", "red": "red-marks", "uncertain": "marks-of-uncertain-kind"}
_BANDS = {0: "Fine texture", 1: "Texture", 2: "Coarse texture"}
GATES = {
    "file": "File",
    "faces": "One face",
    "whole face": "The whole face in the picture",
    "focus": "Focus",
    "exposure": "Exposure",
    "clipping": "Parts too bright or too dark",
    "jpeg quality": "Quality of the file",
    "thinned colour": "Colour in the file",
    "turned": "Head turned",
    "tilted": "Chin up or down",
    "leaning": "Head leaning",
    "scale": "Distance",
    "size": "Size of the face",
    "light": "Light from both sides",
    "covered": "Hair, beard, shine",
    "glasses": "Dark glasses",
    "frame of glasses": "Glasses",
    "eyes": "Eyes",
    "drawing": "A photograph, not a drawing",
    "skin colour": "Colours of skin",
}
RUNGS = {
    "chart": "By a colour chart",
    "grey card": "By a grey card",
    "own baseline": "As at the first visit",
    "none": "No reference",
}
REGIONS = {
    "forehead": "Forehead",
    "right cheek": "Right cheek",
    "left cheek": "Left cheek",
    "nose": "Nose",
    "chin": "Chin",
    "right temple": "Right temple",
    "left temple": "Left temple",
    "right jaw": "Right side of the jaw",
    "left jaw": "Left side of the jaw",
    "upper lip": "Above the upper lip",
}


class Figure(NamedTuple):
    """One number as it is read: `amount` with its unit, `note` what belongs to it."""

    title: str
    amount: str
    note: Sentence | str = ""


class Check(NamedTuple):
    """One check of quality. `state` is passed, poor (measured all the same) or stops."""

    title: str
    state: str
    says: str


def figures(found: Measurement, shots: Sequence[Measurement] = ()) -> list[Figure]:
    """The numbers of a photograph, empty where it was refused. `shots` are photographs of one visit: counts and texture
    have the spread between them behind them."""
    if found.refused:
        return []
    known = spread(found, shots)
    return [*_marks(found, known), *_colour(found), *_surface(found, known)]


def between(found: Measurement, shots: Sequence[Measurement]) -> int:
    """Between how many photographs of one visit that spread is; 0 where it is not known."""
    return max((many for _spread, many in spread(found, shots).values()), default=0)


def _within(known: Spread, *name: str | float) -> str:
    return f" ± {number(known[name][0])}" if name in known else ""


def _marks(found: Measurement, known: Spread) -> Iterator[Figure]:
    if found.px_per_mm is None:
        return  # of two photographs with light from the side: marks were not looked for
    for kind, title in KINDS.items():
        spots = found.of(kind)
        if spots or kind != "uncertain":
            yield Figure(title, f"{len(spots)}{_within(known, f'{_CODES[kind]}-count')}", _areas(found, kind, known))


def _areas(found: Measurement, kind: Kind, known: Spread) -> Sentence | str:
    """What the marks cover together, with the error that every other paper of it has."""
    code = f"{_CODES[kind]}-area"
    area = next((each for each in measured.figures(found) if each.code == code and not each.region), None)
    if area is None or not area.value:
        return ""
    error = known[code,][0] if (code,) in known else area.error
    if error is None:
        return said("{0} mm² together", number(area.value))
    return said("{0} mm² together (± {1})", number(area.value), number(error))


def _colour(found: Measurement) -> Iterator[Figure]:
    tone = found.tone
    if tone is None:
        return
    if tone.ita is not None:
        error = f" ± {tone.ita_error:.0f}" if tone.ita_error is not None else ""
        note = said("{0}", Word(tone.tone_class)) if tone.tone_class else ""
        yield Figure("Tone of the skin (ITA)", f"{tone.ita:.0f}{error}°", note)
    yield Figure("Erythema index", f"{tone.erythema_index:.1f}")


def _surface(found: Measurement, known: Spread) -> Iterator[Figure]:
    for place, band in enumerate(found.texture):
        name = _BANDS.get(place, "Texture")
        yield Figure(
            name,
            f"{_rough(band.value, known.get(('roughness', band.from_mm, band.to_mm)))} L*",
            said("{0} to {1} mm wide", format(band.from_mm, "g"), format(band.to_mm, "g")),
        )
    if found.relief is not None:
        depth = _within(known, "hollows-index") if found.relief.how == "raking light" else ""
        yield Figure("Hollows, relative", f"{number(found.relief.index)}{depth}", said("{0}", Word(found.relief.says)))


def _rough(value: float, known: tuple[float, int] | None) -> str:
    """With as many digits as the spread has, three at most."""
    if known is None or known[0] >= 0.01:
        return f"{value:.2f}" if known is None else f"{value:.2f} ± {known[0]:.2f}"
    return f"{value:.3f} ± {max(known[0], 0.001):.3f}"


def how(found: Measurement) -> Iterator[Figure]:
    """What the numbers stand on: scale, colours, what of the skin was seen."""
    if found.px_per_mm is not None:
        error = f" ± {100 * found.scale_error:.0f} %" if found.scale_error is not None else ""
        yield Figure("Scale", f"{found.px_per_mm:.1f} px/mm{error}", said("{0}", Word(found.scale_how)))
    if found.covered is not None:
        yield Figure("Skin covered by hair or glasses", f"{100 * found.covered:.0f} %")
    if found.colour is not None:
        yield Figure("Colour", RUNGS[found.colour.rung], said("{0}", Word(found.colour.says)))


def checks(found: Measurement) -> list[Check]:
    """Every check of quality, those that failed first."""
    made = [Check(_title(gate), _state(gate), gate.says) for gate in found.gates]
    return sorted(made, key=lambda each: ("stops", "poor", "passed").index(each.state))


def _state(gate: Gate) -> str:
    if gate.passed:
        return "passed"
    return "stops" if gate.stops else "poor"


def _title(gate: Gate) -> str:
    return GATES.get(gate.code, gate.code[:1].upper() + gate.code[1:])
