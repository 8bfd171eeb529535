"""Measuring and comparing photographs, without anybody waiting for it.

Each is claimed first, so that no two processes do the same and one that is killed leaves it to be tried again. What
cannot be measured says why, in a sentence for whoever holds the camera.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from isocourse.care.photographs import data_key_of
from isocourse.errors import IsocourseError
from isocourse.skin.findings import Measurement
from isocourse.store import vault
from isocourse.store.models import Photograph, PhotographMeasurement
from isocourse.store.models.photographs import Analysis, packed_struct

MOST_ATTEMPTS = 3
LOST_AFTER = timedelta(minutes=10)  # one that runs longer was killed with its process
BROKE = gettext_noop("Something went wrong while it was measured. The photograph itself is kept.")
DAMAGED = gettext_noop("The stored file of this photograph is damaged or was changed. Tell whoever runs isocourse.")
_log = logging.getLogger(__name__)


def analyse_due(*, now: datetime, most: int = 10) -> int:
    """The job: measure what waits. How many photographs were looked at."""
    waits = Q(state=Analysis.WAITING) | Q(state=Analysis.RUNNING, started_at__lt=now - LOST_AFTER)
    keys = list(Photograph.objects.filter(waits, deleted_at=None).order_by("pk").values_list("pk", flat=True)[:most])
    return sum(_analyse(pk, now) for pk in keys)


def _analyse(pk: int, now: datetime) -> bool:
    photograph = _claimed(pk, now)
    if photograph is None:
        return False
    found: Measurement | None = None
    try:
        found = measured(photograph)
        problem = found.refused
    except IsocourseError as error:
        problem = " ".join(f"{part.rstrip('.')}." for part in (error.found, error.mend) if part)
    except (vault.Tampered, OSError):
        problem = DAMAGED
    except Exception:  # the line in the log says where; the photograph is kept, and can be measured again
        _log.exception("a photograph was not measured")
        problem = BROKE
    _keep(photograph, found, problem, now)
    return True


@transaction.atomic
def _claimed(pk: int, now: datetime) -> Photograph | None:
    rows = Photograph.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    held = rows.filter(pk=pk, deleted_at=None).first()
    lost = held is not None and held.started_at is not None and held.started_at < now - LOST_AFTER
    if held is None or (held.state != Analysis.WAITING and not (held.state == Analysis.RUNNING and lost)):
        return None
    if held.attempts >= MOST_ATTEMPTS:  # it ended its process each time
        held.state, held.problem = Analysis.FAILED, BROKE
        held.save(update_fields=["state", "problem"])
        return None
    held.state, held.started_at, held.attempts = Analysis.RUNNING, now, held.attempts + 1
    held.save(update_fields=["state", "started_at", "attempts"])
    return held


def measured(photograph: Photograph) -> Measurement:
    """What the pipeline finds in a photograph. Raises InputError, vault.Tampered, OSError."""
    # Networks and colour tables are loaded by the process that measures, not by every server of pages.
    from isocourse.skin.measure import measure

    return measure(vault.read(photograph.key, vault.ORIGINAL, data_key_of(photograph)))


@transaction.atomic
def _keep(photograph: Photograph, found: Measurement | None, problem: str, now: datetime) -> None:
    """Write down what came of it, unless the photograph was deleted meanwhile."""
    held = Photograph.objects.select_for_update().filter(pk=photograph.pk, deleted_at=None).first()
    if held is None:
        return
    if found is not None:
        content = {"at": now, "content": packed_struct(found)}
        PhotographMeasurement.objects.update_or_create(photograph=held, method=found.method, defaults=content)
    held.state, held.problem = (Analysis.FAILED, problem) if problem else (Analysis.MEASURED, "")
    held.save(update_fields=["state", "problem"])
