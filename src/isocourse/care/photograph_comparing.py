"""Comparing two photographs without anybody waiting for it: figures, marks on one picture, and pictures to lay on each
other, sealed like the photographs they are made of."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import msgspec
import numpy as np
from django.db import transaction
from django.db.models import Q

from isocourse.care.deciding import locked_patient
from isocourse.care.photograph_jobs import (
    BROKE,
    DAMAGED,
    NO_CONSENT,
    NO_KEY,
    claimed,
    look_at,
    measured,
    waiting,
)
from isocourse.care.photographs import (
    ALIGNED,
    FRAME,
    MELANIN,
    REDNESS,
    consent_stands,
    data_key_of,
    laid_part,
    owner_of,
    photographs_of,
)
from isocourse.skin.bare import encoded
from isocourse.skin.findings import Comparison, Kind, Measurement
from isocourse.skin.picture import Picture
from isocourse.store import vault
from isocourse.store.models import Photograph, PhotographComparison
from isocourse.store.models.photographs import Analysis, packed_struct, unpacked

_log = logging.getLogger(__name__)
_QUALITY = 88
Outline = tuple[tuple[float, float], ...]


class Mark(msgspec.Struct, frozen=True):
    """A mark of either photograph, on the frame of the earlier one."""

    state: Literal["new", "persistent", "faded"]
    kind: Kind
    area: float
    outline: Outline


class Pairing(msgspec.Struct, frozen=True):
    """A comparison as it is stored: what was found, the marks, and the size of the frame that they lie on."""

    comparison: Comparison
    width: int = 0
    height: int = 0
    marks: tuple[Mark, ...] = ()


def pairing(row: PhotographComparison) -> Pairing | None:
    """What came of a comparison; None while there is nothing."""
    return unpacked(row.content, Pairing) if row.content else None


def compare_due(*, now: datetime, most: int = 5) -> int:
    """The job: compare what waits and is measured. How many pairs were looked at."""
    ready = Q(before__state=Analysis.MEASURED, after__state=Analysis.MEASURED)
    rows = PhotographComparison.objects.filter(waiting(now), ready).order_by("pk")
    return sum(_compare(pk, now) for pk in list(rows.values_list("pk", flat=True)[:most]))


def _compare(pk: int, now: datetime) -> bool:
    pairs = PhotographComparison.objects.select_related("before__patient__clinic", "after__patient__clinic")
    pair: PhotographComparison | None = claimed(pairs, pk, now)
    if pair is None:
        return False
    found: Pairing | None = None
    pictures: dict[tuple[str, str], bytes] = {}
    try:
        if consent_stands(pair.after, now=now):
            found, pictures = _laid(pair)
            problem = found.comparison.refused
        else:
            problem = NO_CONSENT
    except vault.NoKey:
        problem = NO_KEY
    except (vault.Tampered, OSError):
        problem = DAMAGED
    except Exception:  # the line in the log says where; it can be asked for again
        _log.exception("photographs were not compared")
        problem = BROKE
    _keep(pair, found, pictures, problem, now)
    return True


def _laid(pair: PhotographComparison) -> tuple[Pairing, dict[tuple[str, str], bytes]]:
    """What came of it, and the pictures by photograph and part."""
    from isocourse.skin.change import laid
    from isocourse.skin.change_map import ERYTHEMA_RANGE, MELANIN_RANGE, change_maps, drawn
    from isocourse.skin.light import to_srgb

    first, second = look_at(pair.before), look_at(pair.after)
    if _rung(first) != _rung(second):  # a chart in one of them only: both as their cameras saw it
        first, second = look_at(pair.before, chart=False), look_at(pair.after, chart=False)
    least = max(_smallest(first), _smallest(second))
    first, second = (replace(each, measurement=_counted_from(each.measurement, least)) for each in (first, second))
    done = laid(first, second, [_counted_from(each, least) for each in _repeats(pair.before)])
    if done.alignment is None:
        return Pairing(done.comparison), {}
    frame, after = first.frame.linear, second.frame.linear
    height, width = frame.shape[:2]
    maps = change_maps(first.calibrated.linear, second.calibrated.linear, done.alignment)
    before_key, after_key = pair.before.key, pair.after.key
    pictures = {
        (before_key, FRAME): to_srgb(frame),
        (after_key, laid_part(ALIGNED, before_key)): to_srgb(np.maximum(done.alignment.laid(after), 0)),
        (after_key, laid_part(MELANIN, before_key)): drawn(frame, maps.melanin, MELANIN_RANGE),
        (after_key, laid_part(REDNESS, before_key)): drawn(frame, maps.erythema, ERYTHEMA_RANGE),
    }
    found = Pairing(done.comparison, width, height, tuple(_marks(first, second, done)))
    return found, {name: encoded(Picture(rgb, None, "sRGB", 1), _QUALITY) for name, rgb in pictures.items()}


def _rung(look: Any) -> str:
    return look.measurement.colour.rung if look.measurement.colour is not None else "none"


def _smallest(look: Any) -> float:
    """The diameter in millimetres from which marks can be seen in a photograph; 0 where nothing was measured."""
    from isocourse.skin.quality import smallest_mm

    return 0.0 if look.measurement.refused else smallest_mm(look.picture.jpeg, look.scale)


def _counted_from(found: Measurement, least: float) -> Measurement:
    """A measurement without the marks that the coarser one of two photographs could not show."""
    spots = tuple(spot for spot in found.spots if spot.area >= math.pi / 4 * least**2)
    return msgspec.structs.replace(found, spots=spots)


def _marks(first: Any, second: Any, done: Any) -> Iterator[Mark]:
    """Every mark that is spoken of, on the earlier frame."""
    for pair in done.comparison.pairs:
        if pair.before is not None:
            spot = first.measurement.spots[pair.before]
            yield Mark(pair.state, spot.kind, spot.area, spot.outline)
        else:
            spot = second.measurement.spots[pair.after]
            outline = done.alignment.to_baseline(np.array(spot.outline, dtype=np.float64))
            yield Mark(pair.state, spot.kind, spot.area, tuple((float(x), float(y)) for x, y in outline))


def _repeats(before: Photograph) -> list[Measurement]:
    """What was measured in the other photographs of the first visit, of the same view."""
    others = photographs_of(before.patient).filter(view=before.view, day=before.day, state=Analysis.MEASURED)
    found = [measured(each) for each in others.exclude(pk=before.pk)]
    return [each.measurement for each in found if each is not None and not each.apart]


@transaction.atomic
def _keep(
    pair: PhotographComparison,
    found: Pairing | None,
    pictures: dict[tuple[str, str], bytes],
    problem: str,
    now: datetime,
) -> None:
    """Write down what came of it, unless one of the two was deleted meanwhile, or the consent withdrawn."""
    locked_patient(owner_of(pair.after).pk)  # a withdrawal waits, or is seen
    if not consent_stands(pair.after, now=now):
        found, pictures, problem = None, {}, NO_CONSENT
    held = PhotographComparison.objects.select_for_update().filter(pk=pair.pk).first()
    if held is None:
        return
    keys = {each.key: data_key_of(each) for each in (pair.before, pair.after)}
    for (name, part), content in pictures.items():
        vault.write(name, part, content, keys[name])
    held.content = packed_struct(found) if found is not None else b""
    held.state, held.problem = (Analysis.FAILED, problem) if problem else (Analysis.MEASURED, "")
    held.save(update_fields=["content", "state", "problem"])
