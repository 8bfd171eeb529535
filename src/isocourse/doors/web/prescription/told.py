"""What went otherwise than wished, for the page: what changed, who wrote in between, which field is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from isocourse.care.judging import Judged, Withheld
from isocourse.care.recording import MovedOn
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.words.overriding import Obstacle
from isocourse.words.page import STRENGTH_WORDS, Line, finding_lines


def findings_of(obstacles: Sequence[Obstacle]) -> list[dict[str, Any]]:
    """Each finding in the way with its reasons as lines."""
    return [
        {
            "obstacle": each,
            "says": each.finding.says,
            "strength": STRENGTH_WORDS.get(each.finding.strength, each.finding.strength),
            "lines": reasons(each),
            "mend": each.finding.would_change_it,
        }
        for each in obstacles
    ]


def reasons(obstacle: Obstacle) -> list[Line]:
    """Why a finding stands, and where that is written, without its first line, which the page shows large."""
    return list(finding_lines(obstacle.finding))[1:]


def judged_words(judged: Judged | None) -> dict[str, Any]:
    """A judged proposal for the templates."""
    if judged is None:
        return {"judged": None, "findings": []}
    return {
        "judged": judged,
        "answer": judged.assessed.answer,
        "findings": findings_of(judged.in_the_way),
        "hard": [each for each in findings_of(judged.in_the_way) if not each["obstacle"].may_override],
        "soft": [each for each in findings_of(judged.in_the_way) if each["obstacle"].may_override],
        "items": judged.proposal.day.needed(judged.proposal.days),
        "advice": [each.says for each in judged.assessed.plan.advice if each.about == "food"],
        "through_day": date.fromisoformat(judged.valid.through) if judged.valid.through is not None else None,
        "not_assessed": judged.assessed.answer.not_assessed,
    }


def wrong_of(error: InputError) -> dict[str, str]:
    """The sentence of an error under the name of its field."""
    return {error.where or "form": known(error)}


def tell(request: HttpRequest, error: Exception) -> None:
    """An error as messages of the next page. Never about whom."""
    if isinstance(error, InputError):
        messages.error(request, known(error))
    elif isinstance(error, Withheld):
        messages.error(request, _("Nothing was written: what is in the way is not what was signed for."))
        for each in error.changed:
            messages.warning(request, each)
    elif isinstance(error, MovedOn):
        messages.warning(request, _("Somebody wrote to this record in between. Look at it, and send again."))
