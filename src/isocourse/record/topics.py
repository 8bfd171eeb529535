"""The topics whose episodes follow from a few kinds of rows and the epoch alone, whatever the day.

A new topic is one more entry in `TOPICS`, with every kind of rows it reads. So its episodes are made only where needed,
and taken over as they are while those rows and the epoch stay the same: deciding for a later day, or with one more
event, makes only what can differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from isocourse.record.allergies import known_allergies
from isocourse.record.bloods import bloods
from isocourse.record.conditions import current_conditions
from isocourse.record.dose import dose_checks
from isocourse.record.effects import EPISODES as EFFECT_EPISODES
from isocourse.record.effects import effects
from isocourse.record.episode_rows import Policy
from isocourse.record.medicines import current_medicines
from isocourse.record.mood import EPISODES as MOOD_EPISODES
from isocourse.record.mood import mood_episodes
from isocourse.record.tables import Rows

Episodes = dict[str, list[Any]]


class Topic(NamedTuple):
    """The episodes of one topic: their names, the kinds of rows they are made of, and what makes them all."""

    names: frozenset[str]
    reads: tuple[str, ...]
    make: Callable[[Rows, int, Policy], Episodes]


TOPICS = (
    Topic(
        frozenset({"current_medicine", "firm_cover"}),
        ("medicine_started", "medicine_stopped", "medicine_checked"),
        lambda rows, epoch_day, policy: {"current_medicine": current_medicines(rows)},
    ),
    Topic(
        frozenset(MOOD_EPISODES),
        ("questionnaire", "mood_assessment", "visit"),
        lambda rows, epoch_day, policy: mood_episodes(rows, epoch_day, policy),
    ),
    Topic(
        frozenset({"graded_lab", "peak_dose", "monitoring_risk"}),
        ("lab_result", "lab_reviewed", "dispensing", "course_start", "prescription", "condition", "weight", "height"),
        lambda rows, epoch_day, policy: bloods(rows, epoch_day, policy),
    ),
    Topic(
        frozenset({"dose_check"}),
        ("prescription", "dispensing", "weight"),
        lambda rows, epoch_day, policy: {"dose_check": dose_checks(rows, epoch_day, policy)},
    ),
    Topic(
        frozenset({"current_condition"}),
        ("condition", "condition_checked"),
        lambda rows, epoch_day, policy: {"current_condition": current_conditions(rows, epoch_day, policy)},
    ),
    Topic(
        frozenset({"known_allergy"}),
        ("allergy", "allergy_checked", "prescription", "dispensing"),
        lambda rows, epoch_day, policy: {"known_allergy": known_allergies(rows, epoch_day, policy)},
    ),
    Topic(
        frozenset(EFFECT_EPISODES),
        ("symptom", "symptom_assessed", "symptom_ended", "mood_assessment"),
        lambda rows, epoch_day, policy: effects(rows, policy),
    ),
)


def unchanged(topic: Topic, rows: Rows, epoch_day: int, before: tuple[Rows, Episodes]) -> bool:
    """Whether a topic's episodes would be made of the very same lists of rows, under the same epoch, as before."""
    earlier, made = before
    return epoch_day == made["epoch"][-1].day and all(rows.get(kind) is earlier.get(kind) for kind in topic.reads)
