"""The story: every entry of the record, newest first, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from isocourse.care.correcting import need_for
from isocourse.care.permissions import may
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import names_of, of_one_record
from isocourse.store.reading import record_of
from isocourse.words.story import GROUP_WORDS, Entry, of_groups, story

A_PAGE = 60


@of_one_record
def told(request: PatientRequest) -> HttpResponse:
    patient = request.patient
    record = record_of(patient)
    group = request.GET.get("group", "")
    entries = of_groups(story(record.events), [group] if group in GROUP_WORDS else [])
    pages = Paginator(entries, A_PAGE)
    page = pages.get_page(_page_of(entries, request.GET.get("at", "")) or request.GET.get("page"))
    shown = list(page.object_list)
    now = timezone.now()
    correctable = {event.id for event in record.events if may(request.user, need_for(event), patient, now=now)}
    context = {
        "patient": patient,
        "tab": "story",
        "group": group,
        "groups": GROUP_WORDS,
        "page": page,
        "pages": pages,
        "days": [(day, list(of_day)) for day, of_day in groupby(shown, lambda entry: entry.happened)],
        "names": names_of(entry.author for entry in shown) | names_of(_correctors(shown)),
        "correctable": correctable,
        "at": request.GET.get("at", ""),
    }
    return render(request, "patient/story.html", context)


def _page_of(entries: Sequence[Entry], event: str) -> int | None:
    """The page on which an entry stands."""
    place = next((place for place, entry in enumerate(entries) if entry.id == event), None)
    return place // A_PAGE + 1 if place is not None else None


def _correctors(entries: Sequence[Entry]) -> list[Any]:
    return [entry.by.author.id for entry in entries if entry.by is not None]
