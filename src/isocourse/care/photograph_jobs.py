"""Measuring photographs, without anybody waiting for it.

Each is claimed first, so that no two processes do the same and one that is killed leaves it to be tried again. What
cannot be measured says why, in a sentence for whoever holds the camera.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from isocourse.care import photograph_pairs
from isocourse.care.deciding import locked_patient
from isocourse.care.photographs import consent_stands, data_key_of, no_key, owner_of, photographs_of
from isocourse.errors import IsocourseError
from isocourse.skin.findings import Measurement
from isocourse.store import vault
from isocourse.store.models import Photograph, PhotographComparison, PhotographMeasurement
from isocourse.store.models.photographs import Analysis, packed_struct, unpacked

MOST_ATTEMPTS = 3
LOST_AFTER = timedelta(minutes=10)  # one that runs longer was killed with its process
BROKE = gettext_noop("Something went wrong while it was measured. The photograph itself is kept.")
DAMAGED = gettext_noop("The stored file of this photograph is damaged or was changed. Tell whoever runs isocourse.")
NO_KEY = gettext_noop(
    "The photograph key of this server is missing or another one. Nothing is lost: once the key is back, it is "
    "measured. Tell whoever runs isocourse."
)
NO_CONSENT = gettext_noop(
    "No consent to photographs stands, so nothing is measured. Once there is one, measure it again."
)
NO_FACE_VIEW = gettext_noop("Only faces are measured. This photograph is kept to be looked at.")
NO_PARTNER = gettext_noop("Hollows are measured from two photographs: take the one with light from the other side too.")
# The side that a view shows, as `skin.measure` is told it.
SIDES = {"left_45": "left", "right_45": "right", "frontal": "frontal"}
RAKING = {"raking_left": "raking_right", "raking_right": "raking_left"}
FACES = frozenset({*SIDES, *RAKING})
_log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """A measurement as it is stored, and where its frame lies: a pixel of the frame, times `step`, plus `origin`, is a
    pixel of the upright photograph. `size` is the frame's width and height, 0 and 0 where there is none. `apart`: it
    does not lie on the first one of its day and view, perhaps because it is somebody else's, and is no repeat of it."""

    measurement: Measurement
    step: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    size: tuple[int, int] = (0, 0)
    apart: bool = False


def measured(photograph: Photograph) -> Kept | None:
    """What was measured last in a photograph; None where nothing was."""
    row = photograph.measurements.order_by("at", "pk").last()
    return unpacked(row.content, Kept) if row is not None else None


def shots_of(photograph: Photograph) -> list[Measurement]:
    """What was measured at the visit at which most photographs of this view were taken, the earliest of these: it says
    what another photograph would give."""
    by_day: dict[date, list[Measurement]] = {}
    for each in photographs_of(photograph.patient).filter(view=photograph.view, state=Analysis.MEASURED):
        if (kept := measured(each)) is not None and not kept.apart:
            by_day.setdefault(each.day, []).append(kept.measurement)
    return max(by_day.values(), key=len, default=[])


def anything_waits() -> bool:
    """Whether a photograph or a pair waits that was not tried yet."""
    photographs = Photograph.objects.filter(state=Analysis.WAITING, deleted_at=None)
    pairs = PhotographComparison.objects.filter(
        state=Analysis.WAITING, before__state=Analysis.MEASURED, after__state=Analysis.MEASURED
    )
    return photographs.exists() or pairs.exists()


def analyse_due(*, now: datetime, most: int = 10) -> int:
    """The job: measure what waits. How many photographs were looked at."""
    keys = list(
        Photograph.objects.filter(waiting(now), deleted_at=None).order_by("pk").values_list("pk", flat=True)[:most]
    )
    return sum(_analyse(pk, now) for pk in keys)


def take_up_again(*, now: datetime) -> int:
    """The job: let wait again what was not measured for want of the photograph key, once that opens it. How many."""
    count = 0
    lost = Photograph.objects.filter(state=Analysis.FAILED, problem=NO_KEY, deleted_at=None)
    if not no_key(lost):
        count += lost.update(state=Analysis.WAITING, attempts=0, problem="")
    pairs = PhotographComparison.objects.filter(state=Analysis.FAILED, problem=NO_KEY)
    if not no_key(Photograph.objects.filter(pk__in=pairs.values("before"))):
        count += pairs.update(state=Analysis.WAITING, attempts=0, problem="")
    return count


def _analyse(pk: int, now: datetime) -> bool:
    photograph = claimed(Photograph.objects.filter(deleted_at=None).select_related("patient__clinic"), pk, now)
    if photograph is None:
        return False
    found: Kept | None = None
    try:
        if not consent_stands(photograph, now=now):
            problem = NO_CONSENT
        elif photograph.view in SIDES:
            found = _measure(photograph)
            problem = found.measurement.refused
        elif photograph.view in RAKING:
            found = _measure_relief(photograph)
            problem = "" if found is not None else NO_PARTNER
        else:
            problem = NO_FACE_VIEW
    except IsocourseError as error:
        problem = " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in (error.found, error.mend) if part)
    except vault.NoKey:
        problem = NO_KEY
    except (vault.Tampered, OSError):
        problem = DAMAGED
    except Exception:  # the line in the log says where; the photograph is kept, and can be measured again
        _log.exception("a photograph was not measured")
        problem = BROKE
    _keep(photograph, found, problem, now)
    return True


@transaction.atomic
def claimed(rows: QuerySet[Any], pk: int, now: datetime) -> Any:
    """The row of what waits, marked as being done; None where somebody else has it, or where it failed too often."""
    held = rows.select_for_update(of=("self",)).filter(waiting(now), pk=pk).first()
    if held is None:
        return None
    if held.attempts >= MOST_ATTEMPTS:  # it ended its process each time
        held.state, held.problem = Analysis.FAILED, BROKE
        held.save(update_fields=["state", "problem"])
        return None
    held.state, held.started_at, held.attempts = Analysis.RUNNING, now, held.attempts + 1
    held.save(update_fields=["state", "started_at", "attempts"])
    return held


def waiting(now: datetime) -> Q:
    """What waits, or was lost with its process."""
    return Q(state=Analysis.WAITING) | Q(state=Analysis.RUNNING, started_at__lt=now - LOST_AFTER)


def look_at(photograph: Photograph, *, chart: bool = True) -> Any:
    """Every stage of a photograph (`skin.measure.Look`), its colours by a chart where one is in the picture. Raises
    vault.Tampered, OSError."""
    # The networks are loaded by the process that measures, not by every server of pages.
    from isocourse.skin.calibrate import Calibration
    from isocourse.skin.measure import Settings, look

    data = vault.read(photograph.key, vault.ORIGINAL, data_key_of(photograph))
    return look(data, Calibration(chart=chart), Settings(view=SIDES[photograph.view]), _finder())  # type: ignore[arg-type]


@cache
def _finder() -> Any:
    """One for this process: the loop of jobs has a single thread."""
    from isocourse.skin.face import face_finder
    from isocourse.skin.face_model import load_face_model

    return face_finder(load_face_model())


def _measure(photograph: Photograph) -> Kept:
    seen = look_at(photograph)
    if seen.frame is None:
        return Kept(seen.measurement)
    height, width = seen.frame.linear.shape[:2]
    return Kept(seen.measurement, seen.frame.step, seen.frame.origin, (width, height), _apart(photograph, seen))


def _apart(photograph: Photograph, seen: Any) -> bool:
    """Whether a photograph that was taken again shows other skin than the first of its day."""
    from isocourse.skin.change import taken_again

    first = _first(photograph)
    if first is None or seen.measurement.refused:
        return False
    try:
        return bool(taken_again(look_at(first), seen).refused)
    except (vault.Tampered, OSError):  # of the first one, whose own page says it
        return False


def _first(photograph: Photograph) -> Photograph | None:
    """The first photograph of the same day and view that was measured, where that is another one."""
    same = photographs_of(photograph.patient).filter(view=photograph.view, day=photograph.day)
    return same.filter(state=Analysis.MEASURED, repeat__lt=photograph.repeat).order_by("repeat").first()


def _partner(photograph: Photograph) -> Photograph | None:
    """The last photograph of the same day with light from the other side."""
    return _partners(photograph).order_by("pk").last()


def _partners(photograph: Photograph) -> QuerySet[Photograph]:
    return photographs_of(photograph.patient).filter(day=photograph.day, view=RAKING[photograph.view])


def _measure_relief(photograph: Photograph) -> Kept | None:
    """Hollows, from this photograph and its partner; None while there is none."""
    from isocourse.skin.measure import METHOD, Settings, measure_relief

    partner = _partner(photograph)
    if partner is None:
        return None
    left, right = (photograph, partner) if photograph.view == "raking_left" else (partner, photograph)
    files = [vault.read(each.key, vault.ORIGINAL, data_key_of(each)) for each in (left, right)]
    relief = measure_relief(files[0], files[1], Settings(), _finder())
    return Kept(Measurement(METHOD, photograph.width, photograph.height, (), relief=relief))


@transaction.atomic
def _keep(photograph: Photograph, found: Kept | None, problem: str, now: datetime) -> None:
    """Write down what came of it, unless the photograph was deleted meanwhile, or the consent withdrawn."""
    locked_patient(owner_of(photograph).pk)  # a withdrawal waits, or is seen
    if not consent_stands(photograph, now=now):
        found, problem = None, NO_CONSENT
    held = Photograph.objects.select_for_update().filter(pk=photograph.pk, deleted_at=None).first()
    if held is None:
        return
    if found is not None:
        content = {"at": now, "content": packed_struct(found)}
        method = found.measurement.method
        PhotographMeasurement.objects.update_or_create(photograph=held, method=method, defaults=content)
    apart = photograph_pairs.APART if found is not None and found.apart else ""
    held.state, held.problem = (Analysis.FAILED, problem) if problem else (Analysis.MEASURED, apart)
    held.save(update_fields=["state", "problem"])
    if problem == NO_CONSENT:
        return
    if held.view in SIDES:
        photograph_pairs.ask_for(held, now=now)
    elif held.view in RAKING:
        _partners(held).filter(problem=NO_PARTNER).update(state=Analysis.WAITING, attempts=0, problem="")
