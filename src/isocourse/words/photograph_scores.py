"""The clinician's scores of the days of photographs, to stand beside what software measured. Neither is worked out from
the other, and no figure of a photograph becomes a score."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from isocourse.record.corrections import visible
from isocourse.record.events import Event, SkinScore
from isocourse.words import skin_scores
from isocourse.words.sentence import Sentence, Word


class Scored(NamedTuple):
    """One scale: its total on each of the days, None where there is none; `says` what the last one means and, of two,
    how it moved."""

    title: Word
    ends: str
    totals: tuple[str, ...]
    says: Sentence | None


def scores_on(events: Sequence[Event], days: Sequence[int]) -> list[Scored]:
    """Every scale that was scored on one of one or two days (ordinals); of several totals of a day the last."""
    found: dict[str, dict[int, Decimal]] = {}
    for event in sorted(visible(events), key=lambda event: event.recorded_at):
        if isinstance(event, SkinScore) and event.happened_on.exact and event.happened_on.last in days:
            found.setdefault(event.scale, {})[event.happened_on.last] = event.value
    return [_scored(scale, [own.get(day) for day in days]) for scale, own in sorted(found.items())]


def _scored(scale: str, totals: Sequence[Decimal | None]) -> Scored:
    last, before = totals[-1], totals[0] if len(totals) > 1 else None
    says = skin_scores.told(scale, last, before=before) if last is not None else None
    shown = tuple("" if total is None else f"{total:f}" for total in totals)
    return Scored(skin_scores.title(scale), skin_scores.range_text(scale), shown, says)
