"""The JSON Schemas of what goes in and comes out, by the name of what they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from isocourse.record.record import record_schema
from isocourse.words.aftercare import Aftercare
from isocourse.words.answer import Answer
from isocourse.words.plan_shape import Plan
from isocourse.words.report import ReportDrafts
from isocourse.words.sig_answer import SigAnswer
from isocourse.words.skin_routine_page import SkinRoutine
from isocourse.words.suitability import Suitability

# What `--format json` of the commands of a course gives; assess gives an answer.
GIVEN: Mapping[str, type[msgspec.Struct]] = {
    "answer": Answer,
    "suitability": Suitability,
    "plan": Plan,
    "sig": SigAnswer,
    "aftercare": Aftercare,
    "report": ReportDrafts,
    "skin_routine": SkinRoutine,
}


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema: of a record, and of what each command gives."""
    return {"record": record_schema(), **{name: msgspec.json.schema(shape) for name, shape in GIVEN.items()}}
