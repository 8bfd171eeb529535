"""Procedure: those that an isotretinoin course bears on, by an exact name. Others are none of ours."""

from __future__ import annotations

import re

from isocourse.exchange import vocabulary as v
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.shapes import MODIFIED, Coded, Question, Reading, Refused, concept, day, get
from isocourse.record.procedure_codes import read_procedure

_TAG = re.compile(r"\s*\((?:procedure|regime/therapy)\)\s*\Z", re.IGNORECASE)


def procedure(reading: Reading) -> None:
    """A procedure that was done, or was begun and stopped. Raises Refused."""
    resource = reading.entry.resource
    status = resource.get("status")
    fate = v.STATUS["Procedure"].get(status, "listed") if isinstance(status, str) else "listed"
    if fate == "withdrawn":
        reading.withdraw()
        return
    code = concept(resource, "code")
    text = _known(code)
    if text is None:
        if code.mentions(v.ABOUT_SKIN_PROCEDURES):
            raise Question(f"{code.label()} may be a procedure that matters: record which it was")
        reading.unused.append(f"{code.label()} is not used by isocourse")
        return
    if resource.get("modifierExtension"):
        raise Refused(MODIFIED)
    if fate == "listed":
        raise Question(f"its status is {shown_code(status) or 'absent'}: record whether it is planned or was done")
    performed = _performed(reading)
    if performed is None:
        raise Question("it has no date on which it was performed: record when it was done")
    reading.add("procedure", performed, text=text, stage="done")


def _known(code: Coded) -> str | None:
    """The first of its words that is the whole name of a procedure isocourse knows."""
    plain = (_TAG.sub("", word).strip() for word in code.words)
    return next((word for word in plain if len(word) <= 200 and read_procedure(word, None) != "unread"), None)


def _performed(reading: Reading) -> str | None:
    resource = reading.entry.resource
    found = day(resource, "performedDateTime")
    if found is not None:
        return found
    period = get(resource, "performedPeriod", dict)
    return None if period is None else day(period, "end") or day(period, "start")
