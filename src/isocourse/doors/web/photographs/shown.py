"""The gallery as the page shows it: visits, newest first, with their views and what is known of each photograph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from isocourse.care import photographs as care
from isocourse.care.deciding import today_in
from isocourse.care.permissions import may
from isocourse.care.photograph_jobs import FACES, Kept, measured, shots_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.photographs.signs import Drawn, drawn, legend
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.skin.findings import Spot
from isocourse.store.models import Patient, Photograph
from isocourse.store.models.photographs import Analysis
from isocourse.store.reading import record_of
from isocourse.words.photograph import KINDS, MARKS, REGIONS, between, checks, figures, how
from isocourse.words.photograph_scores import Scored, scores_on

PENDING = (Analysis.WAITING, Analysis.RUNNING)


class Shot(NamedTuple):
    """A photograph in the gallery, and the first of its view where that is of an earlier day."""

    photograph: Photograph
    against: Photograph | None


class Visit(NamedTuple):
    """The photographs of one day."""

    day: date
    photographs: list[Shot]


def visits_of(photographs: Sequence[Photograph]) -> list[Visit]:
    """Days, newest first; in each the views in the order in which they are taken."""
    order = list(Photograph.View.values)
    firsts: dict[str, Photograph] = {}
    for each in sorted(photographs, key=lambda each: (each.day, each.repeat)):
        firsts.setdefault(each.view, each)
    found = sorted(photographs, key=lambda each: (-each.day.toordinal(), order.index(each.view), each.repeat))
    by_day = groupby(found, key=lambda each: each.day)
    return [Visit(day, [_shot(each, firsts[each.view]) for each in group]) for day, group in by_day]


def _shot(photograph: Photograph, first: Photograph) -> Shot:
    return Shot(photograph, first if first.day < photograph.day else None)


def context_of(request: PatientRequest, *, only_today: bool = False, **more: Any) -> dict[str, Any]:
    """What the gallery shows, of today alone where one is taking photographs."""
    patient, now = request.patient, timezone.now()
    today = today_in(patient.clinic, now)
    every = list(care.photographs_of(patient))
    found = [each for each in every if each.day == today] if only_today else every
    patient.refresh_from_db(fields=["last_seq"])
    return {
        "patient": patient,
        "tab": "photographs",
        "visits": visits_of(found),
        "only_today": only_today,
        "deleted": list(care.deleted_of(patient)),
        "no_key": care.no_key(care.photographs_of(patient)),
        "pending": sum(each.state in PENDING for each in found),
        "consent": care.consent_of(patient, now=now),
        "today": today,
        "views": Photograph.View.choices,
        "largest": care.LARGEST_BYTES // 1024**2,
        "may_take": may(request.user, "take_photographs", patient, now=now),
        "may_delete": may(request.user, "delete_photographs", patient, now=now),
        **more,
    }


def page(request: PatientRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The gallery, with what was typed and what is in its way."""
    return render(request, "photographs/gallery.html", context_of(request, **more), status=status)


def marks_of(kept: Kept) -> list[Drawn]:
    """The marks of a photograph, in pixels of the upright photograph."""
    return [
        drawn(
            spot.kind,
            _spot_title(spot),
            [_placed(kept, point) for point in spot.outline],
            width=kept.measurement.width,
        )
        for spot in kept.measurement.spots
    ]


def _placed(kept: Kept, point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * kept.step + kept.origin[0], point[1] * kept.step + kept.origin[1]


def _spot_title(spot: Spot) -> str:
    area = _("{0} mm²").format(f"{spot.area:.1f}")
    return f"{said(REGIONS.get(spot.region, spot.region))}. {said(MARKS[spot.kind])}: {area}, ΔE {spot.d_e:.1f}"


def about(request: PatientRequest, photograph: Photograph) -> dict[str, Any]:
    """What the page of one photograph shows: its marks, figures and checks, and the others of its view."""
    kept = measured(photograph) if photograph.deleted_at is None else None
    shots = shots_of(photograph) if kept is not None else []
    others = [
        each for each in care.photographs_of(request.patient) if each.view == photograph.view and each != photograph
    ]
    return {
        "patient": request.patient,
        "tab": "photographs",
        "photograph": photograph,
        "found": kept.measurement if kept is not None else None,
        "spots": marks_of(kept) if kept is not None else [],
        "kinds": _counted(kept),
        "figures": figures(kept.measurement, shots) if kept is not None else [],
        "between": between(kept.measurement, shots) if kept is not None else 0,
        "how": list(how(kept.measurement)) if kept is not None else [],
        "checks": checks(kept.measurement) if kept is not None else [],
        "others": others,
        "pending": photograph.state in PENDING,
        "is_face": photograph.view in FACES,
        "consent": care.consent_of(request.patient, now=timezone.now()),
        "scores": scores(request.patient, photograph),
        "no_key": care.no_key(care.photographs_of(request.patient)),
    }


def scores(patient: Patient, *photographs: Photograph) -> list[Scored]:
    """The clinician's scores of the days of one or two photographs."""
    return scores_on(record_of(patient).events, [each.day.toordinal() for each in photographs])


def _counted(kept: Kept | None) -> list[tuple[str, str, int, str]]:
    """Each kind of mark that is there: code, words, how many, its sign."""
    if kept is None:
        return []
    return [
        (kind, title, len(found), legend(kind)) for kind, title in KINDS.items() if (found := kept.measurement.of(kind))
    ]
