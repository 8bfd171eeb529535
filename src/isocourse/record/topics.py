"""The topics whose episodes follow from a few kinds of rows and the epoch alone, whatever the day.

A new topic is one more entry in `TOPICS`, with every kind of rows it reads. So its episodes are made only where needed,
and taken over as they are while those rows and the epoch stay the same: deciding for a later day, or with one more
event, makes only what can differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from isocourse.record.allergies import KnownAllergy, known_allergies
from isocourse.record.bloods import GradedLab, MonitoringRisk, PeakDose, bloods
from isocourse.record.conditions import CurrentCondition, current_conditions
from isocourse.record.dose import DoseCheck, dose_checks
from isocourse.record.effects import EPISODES as EFFECT_EPISODES
from isocourse.record.effects import effects
from isocourse.record.episode_rows import SPINE_EPISODES, Cover
from isocourse.record.medicines import CurrentMedicine, current_medicines
from isocourse.record.mood import EPISODES as MOOD_EPISODES
from isocourse.record.mood import mood_episodes
from isocourse.record.policy import Policy
from isocourse.record.procedures import ProcedureSeen
from isocourse.record.reports import ReportWanted
from isocourse.record.tables import Rows

Episodes = dict[str, list[Any]]


class Topic(NamedTuple):
    """The episodes of one topic: the rows they give, the kinds of rows they are made of, and what makes them all."""

    rows: Mapping[str, type]
    reads: tuple[str, ...]
    make: Callable[[Rows, int, Policy], Episodes]


TOPICS = (
    Topic(
        # What is left of the cover where an enzyme inducer is on record is made in `episodes.py`, from these.
        {"current_medicine": CurrentMedicine, "firm_cover": Cover},
        ("medicine_started", "medicine_stopped", "medicine_checked"),
        lambda rows, epoch_day, policy: {"current_medicine": current_medicines(rows)},
    ),
    Topic(
        MOOD_EPISODES,
        ("questionnaire", "mood_assessment", "visit"),
        mood_episodes,
    ),
    Topic(
        {"graded_lab": GradedLab, "peak_dose": PeakDose, "monitoring_risk": MonitoringRisk},
        ("lab_result", "lab_reviewed", "dispensing", "course_start", "prescription", "condition", "weight", "height"),
        bloods,
    ),
    Topic(
        {"dose_check": DoseCheck},
        ("prescription", "dispensing", "weight"),
        lambda rows, epoch_day, policy: {"dose_check": dose_checks(rows, epoch_day, policy)},
    ),
    Topic(
        {"current_condition": CurrentCondition},
        ("condition", "condition_checked"),
        lambda rows, epoch_day, policy: {"current_condition": current_conditions(rows, epoch_day, policy)},
    ),
    Topic(
        {"known_allergy": KnownAllergy},
        ("allergy", "allergy_checked", "prescription", "dispensing"),
        lambda rows, epoch_day, policy: {"known_allergy": known_allergies(rows, epoch_day, policy)},
    ),
    Topic(
        EFFECT_EPISODES,
        ("symptom", "symptom_assessed", "symptom_ended", "mood_assessment"),
        lambda rows, epoch_day, policy: effects(rows, policy),
    ),
)

# Every episode by name, with the rows it gives. The last two read epochs and supplies besides rows of their own.
EPISODES: dict[str, type] = {
    **SPINE_EPISODES,
    **{name: row for topic in TOPICS for name, row in topic.rows.items()},
    "procedure_seen": ProcedureSeen,
    "report_wanted": ReportWanted,
}


@lru_cache(maxsize=256)
def topics_of(needed: frozenset[str]) -> tuple[Topic, ...]:
    """The topics of which an episode is needed."""
    return tuple(topic for topic in TOPICS if not topic.rows.keys().isdisjoint(needed))


def unchanged(topic: Topic, rows: Rows, epoch_day: int, before: tuple[Rows, Episodes]) -> bool:
    """Whether a topic's episodes would be made of the very same lists of rows, under the same epoch, as before."""
    earlier, made = before
    return epoch_day == made["epoch"][-1].day and all(rows.get(kind) is earlier.get(kind) for kind in topic.reads)
