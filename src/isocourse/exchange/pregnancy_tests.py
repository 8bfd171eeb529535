"""Pregnancy tests: never dropped and never read as negative when there is any doubt.

Any sign of a positive result makes it positive; whatever cannot be read makes it unclear, and is listed.
A negative result needs a final status, a readable value and the day the specimen was taken.
"""

from __future__ import annotations

from isocourse.exchange import mapping as m
from isocourse.exchange import observations
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.shapes import Coded, Json, Reading, Refused, coded, concepts, day, get, is_whole_day
from isocourse.record import terminology as t


def pregnancy_test(reading: Reading, part: Json, suffix: str, *, loinc: str) -> None:
    """Import one test by its LOINC code, with every doubt listed."""
    reading.unused.clear()
    result, doubts = _result(part, quantitative=loinc in m.QUANTITATIVE_HCG)
    result = _doubted(reading, part, result, doubts)
    _add(reading, result, doubts, suffix, t.LOINC_PREGNANCY_TEST[loinc])
    for doubt in doubts:
        reading.say(f"pregnancy test taken as {result}: {doubt}" if reading.events else doubt, "question")
    if loinc in m.QUANTITATIVE_HCG and part.get("valueQuantity") is not None:
        _number(reading, part, suffix)


def looks_like_a_test(reading: Reading, part: Json, suffix: str, code: Coded) -> None:
    """A code we do not know, whose words say pregnancy or hCG: a positive is imported, the rest is asked."""
    result, _ = _result(part, quantitative=False)
    if result == "positive":
        _add(reading, result, [], suffix, "unknown")
        reading.say(f"{code.label()} is not known but reads as a positive pregnancy test: imported as one", "question")
        return
    reading.say(f"{code.label()} may be a pregnancy test or a pregnancy; it was not imported: record what it says", "question")


def lab_day(resource: Json) -> str | None:
    """The day the specimen was taken or the measurement made, as written; None when there is no single one."""
    found = day(resource, "effectiveDateTime") or day(resource, "effectiveInstant")
    if found is not None:
        return found
    period = get(resource, "effectivePeriod", dict)
    if period is None:
        return None
    start, end = day(period, "start"), day(period, "end")
    return start if start is not None and start == end and is_whole_day(start) else None


def _add(reading: Reading, result: t.TestResult, doubts: list[str], suffix: str, method: str) -> None:
    happened_on, note = _specimen_day(reading, result, doubts)
    if happened_on is None:
        return
    try:
        reading.add("pregnancy_test", happened_on, part=suffix, note=note, result=result, method=method)
    except Refused as refused:
        if result == "negative":
            raise
        doubts.append(f"{refused}; the day of the import was taken")
        today = reading.around.imported_at.date().isoformat()
        reading.add("pregnancy_test", today, part=suffix, note="no usable date", result=result, method=method)


def _specimen_day(reading: Reading, result: t.TestResult, doubts: list[str]) -> tuple[str | None, str]:
    resource = reading.entry.resource
    for find in (lambda: lab_day(resource), lambda: day(resource, "issued") if result != "negative" else None):
        try:
            found = find()
        except Refused as refused:
            doubts.append(str(refused))
            continue
        if found is not None:
            break
        if result == "negative":
            doubts.append("a negative pregnancy test without the day of its specimen permits nothing: not imported")
            return None, ""
    else:
        found = None
    if result == "negative":
        # A date that cannot be read is no date.
        return (found, "") if found is not None and not doubts else (None, "")
    return found or reading.recorded_at.date().isoformat(), ""
