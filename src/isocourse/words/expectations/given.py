"""The sheet for programs, and as lines for a desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from isocourse.engine.edition import Edition
from isocourse.plan.treated import Treated
from isocourse.record.dates import iso
from isocourse.words.answer import NOT_SIGNED
from isocourse.words.expectations.sheet import NOTES, PLACES, TELL, Row, Sheet, cited_in
from isocourse.words.page import Line, spoken
from isocourse.words.sentence import told


# --- for programs ---------------------------------------------------------------------------------
class MarkData(Struct, frozen=True):
    """An entry. `exact` false: the day is the last that its date can mean."""

    day: str
    exact: bool
    week: int | None
    source: str
    says: str


class ShareData(Struct, frozen=True):
    """Percent of people, one figure or from low to high."""

    says: str
    low: str
    high: str | None
    people: int | None
    source: str


class UnusualData(Struct, frozen=True):
    says: str
    tell: str
    capsules: str
    rules: tuple[str, ...]


class RowData(Struct, frozen=True):
    """One thing to expect. `stand` is empty where nothing is compared."""

    name: str
    title: str
    range: str
    range_says: str
    place: str
    shares: tuple[ShareData, ...]
    lasts: str
    says: str
    clinician_says: str
    depends_on: str
    unusual: tuple[UnusualData, ...]
    marks: tuple[MarkData, ...]
    stand: str
    stand_says: str
    why: str
    confidence: str
    sources: tuple[str, ...]


class StageData(Struct, frozen=True):
    """Weeks of treatment, both included; `last` null to the end of the course."""

    first: int
    last: int | None
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    goes_on: tuple[str, ...]
    now: bool


class Expectations(Struct, frozen=True):
    """What to expect and what is on record beside it, as of a day."""

    isocourse_expectations: Literal["1"]
    subject: str
    as_of: str
    programme: str
    edition: str
    knowledge: str
    state: str
    says: str
    remarks: tuple[str, ...]
    week: int | None
    last_dose: str | None
    stages: tuple[StageData, ...]
    course: tuple[RowData, ...]
    after: tuple[RowData, ...]
    any_time: tuple[UnusualData, ...]
    notes: tuple[str, ...]
    signed_off: str


def as_data(sheet: Sheet, edition: Edition, subject: str) -> Expectations:
    """The sheet for programs."""
    clock = sheet.clock
    return Expectations(
        isocourse_expectations="1",
        subject=subject,
        as_of=iso(clock.as_of),
        programme=edition.programme.id,
        edition=edition.name,
        knowledge=sheet.content,
        state=clock.state,
        says=told(sheet.says),
        remarks=tuple(map(told, sheet.remarks)),
        week=clock.week_now,
        last_dose=iso(clock.last_dose) if clock.last_dose is not None else None,
        stages=tuple(StageData(s.first, s.last, s.begins, s.ends, s.goes_on, s.now) for s in sheet.stages),
        course=tuple(_row_data(row, clock) for row in sheet.course),
        after=tuple(_row_data(row, clock) for row in sheet.after),
        any_time=tuple(UnusualData(w.says, w.tell, w.capsules, w.rules) for w in sheet.any_time),
        notes=NOTES,
        signed_off=NOT_SIGNED,
    )


def _row_data(row: Row, clock: Treated) -> RowData:
    entry = row.entry
    return RowData(
        name=entry.name,
        title=entry.title,
        range=told(row.range_says),
        range_says=entry.when.says if entry.when is not None else entry.not_known,
        place=row.place,
        shares=tuple(
            ShareData(s.says, str(s.low), str(s.high) if s.high is not None else None, s.people, s.source)
            for s in entry.shares
        ),
        lasts=entry.lasts,
        says=entry.says,
        clinician_says=entry.clinician_says,
        depends_on=entry.depends_on,
        unusual=tuple(UnusualData(w.says, w.tell, w.capsules, w.rules) for w in row.unusual),
        marks=tuple(MarkData(iso(m.day), m.exact, clock.week(m.day), m.source, told(m.says)) for m in row.marks),
        stand=row.standing.stand if row.standing is not None else "",
        stand_says=row.stand_says,
        why=told(row.standing.why) if row.standing is not None else "",
        confidence=entry.confidence,
        sources=cited_in(entry),
    )


def expectations_json(data: Expectations) -> bytes:
    """As JSON, keys in the order of the schema."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2)


# --- for a desk -----------------------------------------------------------------------------------
def lines(data: Expectations) -> Iterator[Line]:
    """The sheet as lines a person reads."""
    yield Line("headline", 0, data.says)
    yield Line("quiet", 0, f"As of {spoken(data.as_of)}, programme {data.programme}. {data.signed_off}")
    for remark in data.remarks:
        yield Line("quiet", 0, remark)
    for title, rows in (("During the course", data.course), ("After the last capsule", data.after)):
        yield Line("section", 0, title)
        for row in rows:
            yield from _row_lines(row)
    yield Line("section", 0, "Never a part of this, whenever it comes")
    for each in data.any_time:
        yield Line("stop", 1, _unusual_line(each))
    for note in data.notes:
        yield Line("quiet", 0, note)
    yield Line("quiet", 0, f"Knowledge {data.knowledge}")


def _row_lines(row: RowData) -> Iterator[Line]:
    yield Line("item", 1, f"{row.title}: {row.range}. {PLACES[row.place]}.")
    yield Line("detail", 2, row.clinician_says)
    if row.stand:
        yield Line("detail", 2, f"{row.stand_says}: {row.why}")
    for mark in row.marks:
        yield Line("detail", 2, f"{spoken(mark.day)}: {mark.says}")
    for each in row.unusual:
        yield Line("quiet", 2, f"Unusual: {_unusual_line(each)}")
    yield Line("quiet", 2, f"Confidence {row.confidence}: {', '.join(row.sources)}")


def _unusual_line(each: UnusualData) -> str:
    rules = f" [{', '.join(each.rules)}]" if each.rules else ""
    return f"{each.says}. {TELL[each.tell]}. {each.capsules}".rstrip() + rules
