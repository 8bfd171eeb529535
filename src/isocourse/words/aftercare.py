"""What comes after the last dose, as a page: the checklist with its days and sources, and what studies say.

Sentences are about groups of people and promise nothing to one. Relapse means something else in each study, so each
figure says what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import Decision
from isocourse.plan import aftercare as plan
from isocourse.record.dates import iso
from isocourse.record.terminology import words_for
from isocourse.words.answer import NOT_SIGNED
from isocourse.words.page import Line, spoken


class Sentence(NamedTuple):
    """What a study or guideline found, how surely it was read, and where."""

    says: str
    confidence: str
    sources: tuple[str, ...]


_LAI = ("dose-lai-2025",)
RELAPSE = (
    Sentence(
        "After a course of four months or more 22.5 % needed another medicine by mouth for acne and 8.2 % a "
        "second course; half of those who relapsed had done so after 7.5 months (19,907 people).",
        "high", _LAI,
    ),
    Sentence(
        "In that study women relapsed more often than men (hazard ratio 1.43) and had a second course less often "
        "(0.68). A higher total went with fewer relapses up to 220 mg/kg and no fewer above it; from 120 mg/kg on"
        " the daily dose made no difference. Weights were estimated, and what goes together is no proof of a "
        "cause.",
        "high", _LAI,
    ),
    Sentence(
        "Counted by any acne medicine dispensed, 41 % relapsed; 26 % had a second course (17,351 people). It was "
        "commoner in men, under 16 years and in towns.",
        "high", ("after-azoulay-2007",),
    ),
    Sentence(
        "Of 52 people 52 % relapsed. Severe seborrhoea, many inflamed spots at the end, youth, acne in the "
        "family, acne before puberty and on the trunk went with it.",
        "high", ("after-quereux-2006",),
    ),
    Sentence(
        "Of 142 people who had 120 mg/kg or more, 15 relapsed in a hundred person-years, men twice as often as women; "
        "women without an anti-androgen relapsed more often (3.5 times).",
        "high", ("after-morales-2013",),
    ),
    Sentence(
        "Of 116 people followed for a year (180 had begun), 26.9 % relapsed after 220 mg/kg or more and 47.4 % "
        "after less.",
        "high", ("dose-blasiak-2013",),
    ),
)  # fmt: skip
MAINTENANCE = (
    Sentence(
        "Each month of a topical retinoid went with 32 % fewer relapses (142 people, no trial).",
        "high", ("after-morales-2013",),
    ),
    Sentence(
        "In small trials a topical retinoid after isotretinoin left 38.7 % fewer spots than its vehicle (20 men, "
        "24 weeks) and brought fewer relapses (30 people, three months).",
        "high", ("after-vender-2012", "after-truchuelo-2015"),
    ),
    Sentence(
        "Maintenance is not always needed. Where relapses are frequent, adapalene with benzoyl peroxide is "
        "considered.",
        "high", ("after-ng198",),
    ),
)  # fmt: skip
SCARS = (
    Sentence(
        "Dark spots can last six to twelve months in the outer skin and years below it. Time and sun protection "
        "come first.",
        "high", ("after-jcad-2021",),
    ),
    Sentence(
        "Scars usually need treatment of their own. That isotretinoin improves existing ones rests on little (30 "
        "people without a comparison).",
        "high", ("after-turk-2023",),
    ),
    Sentence(
        "Severe scars that last a year after the acne has cleared are referred to a team with experience in "
        "scars.",
        "high", ("after-ng198",),
    ),
)  # fmt: skip
PAGES = (("If acne returns", RELAPSE), ("Maintenance", MAINTENANCE), ("Scars and marks", SCARS))

_STANDING = {
    "never_treated": "No course is on record: nothing below has begun.",
    "on_treatment": "A course is running: everything below counts from the last dose.",
    "over": "The course is over.",
    "unknown": "Whether a course is running is not known.",
}
_NOT_RECORDED = "The last dose is not on record: the days below are not known, and none of them counts as past."
_VAGUE = "The last dose is known only to the month or year; the days count from the last day it can mean."
_STATE = {
    "done": "done",
    "due": "due",
    "not_yet": "not yet",
    "over": "period over, not confirmed",
    "unknown": "not known",
}


class ItemWords(Struct, frozen=True):
    """One line: its state (done, due, not_yet, over, unknown), its days (null where not known), where it comes from."""

    item: str
    says: str
    state: str
    begins: str | None
    ends: str | None
    late: bool
    rule: str | None
    strength: str | None
    sources: tuple[str, ...]


class SentenceWords(Struct, frozen=True):
    about: str
    says: str
    confidence: str
    sources: tuple[str, ...]


class RelapseWords(Struct, frozen=True):
    on: str
    definition: str


class Aftercare(Struct, frozen=True):
    """The page as data. `last_dose` is null where it is not on record; `reason` is the stop's. `relapse_definition` is
    what was chosen to count as a relapse, null before that; `relapses` are those on record, each with its own."""

    isocourse_aftercare: str
    subject: str
    as_of: str
    programme: str
    edition: str
    standing: str
    last_dose: str | None
    reason: str | None
    relapse_definition: str | None
    relapses: tuple[RelapseWords, ...]
    items: tuple[ItemWords, ...]
    sentences: tuple[SentenceWords, ...]
    notes: tuple[str, ...]


def aftercare(decision: Decision, subject: str) -> Aftercare:
    """The checklist of one day with the sentences, sources by their titles."""
    library, facts = decision.edition.library, decision.facts
    standing = plan.standing(facts)
    stop = _stop(decision) if facts["last_dose_recorded"] and standing == "over" else None
    notes = [NOT_SIGNED]
    if standing == "over" and stop is None:
        notes.insert(0, _NOT_RECORDED)
    if stop is not None and not stop.happened_on.exact:
        notes.insert(0, _VAGUE)
    rows = decision.evaluation.rows
    chosen: list[Any] = rows.get("relapse_definition_chosen", [])
    relapses: list[Any] = rows.get("relapse", [])
    return Aftercare(
        isocourse_aftercare="1",
        subject=subject,
        as_of=iso(decision.as_of),
        programme=decision.edition.programme.id,
        edition=decision.edition.name,
        standing=standing,
        last_dose=stop.happened_on.text if stop is not None else None,
        reason=stop.reason if stop is not None else None,
        relapse_definition=chosen[-1].definition if chosen else None,
        relapses=tuple(RelapseWords(event.happened_on.text, event.definition) for event in relapses),
        items=tuple(_item(line, library) for line in plan.checklist(decision)),
        sentences=tuple(
            SentenceWords(about, one.says, one.confidence, _titles(library, one.sources))
            for about, page in PAGES
            for one in page
        ),
        notes=tuple(notes),
    )


def _stop(decision: Decision) -> Any:
    """The stop that the latest exposure ends with."""
    ended_by = decision.evaluation.episodes["exposure"][-1].events
    return next(event for event in decision.evaluation.rows["course_stop"] if event.id in ended_by)


def _titles(library: m.Library, sources: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(library.sources[source].title for source in sources)


def _item(line: plan.Line, library: m.Library) -> ItemWords:
    origin = line.origin
    return ItemWords(
        line.item.name,
        line.item.says,
        line.state,
        iso(line.begins) if line.begins is not None else None,
        iso(line.ends) if line.ends is not None else None,
        line.late,
        origin.id if origin is not None else None,
        origin.strength if origin is not None else None,
        _titles(library, origin.sources) if origin is not None else (),
    )


def aftercare_json(page: Aftercare) -> bytes:
    """The page as compact JSON."""
    return msgspec.json.encode(page)


# --- as lines -------------------------------------------------------------------------------------
def aftercare_lines(page: Aftercare) -> Iterator[Line]:
    """The page as lines a person reads."""
    yield Line("headline", 0, _STANDING[page.standing])
    if page.last_dose is not None:
        yield Line("plain", 0, f"Last dose: {page.last_dose} ({words_for(page.reason or 'other')})")
    yield Line("quiet", 0, f"As of {spoken(page.as_of)} · programme {page.programme} · edition {page.edition}")
    if page.relapse_definition is not None:
        yield Line("plain", 0, f"A relapse is: {words_for(page.relapse_definition)}")
    for relapse in page.relapses:
        yield Line("stop", 0, f"Relapse on {relapse.on} ({words_for(relapse.definition)})")
    yield Line("section", 0, "Checklist")
    for item in page.items:
        yield from _item_lines(item)
    for about in dict.fromkeys(sentence.about for sentence in page.sentences):
        yield Line("section", 0, about)
        for sentence in page.sentences:
            if sentence.about == about:
                yield Line("item", 1, f"- {sentence.says}")
                yield Line("quiet", 2, f"confidence {sentence.confidence}: {'; '.join(sentence.sources)}")
    yield Line("section", 0, "Please note")
    for note in page.notes:
        yield Line("quiet", 1, note)


def _item_lines(item: ItemWords) -> Iterator[Line]:
    state = "late" if item.late and item.state == "due" else _STATE[item.state]
    yield Line("stop" if state == "late" else "item", 1, f"- {state}: {item.says}{_when(item)}")
    if item.rule is None:
        yield Line("quiet", 2, "this programme holds nothing on it here")
    else:
        strength = (item.strength or "").replace("_", " ")
        yield Line("quiet", 2, f"[{item.rule}] {strength}: {'; '.join(item.sources)}")


def _when(item: ItemWords) -> str:
    if item.begins is None and item.ends is None:
        return "" if item.state in ("done", "due") else " (day not known)"
    if item.begins is None or item.begins == item.ends:
        return f", until {spoken(item.ends)}"
    return f", {spoken(item.begins)}" if item.ends is None else f", {spoken(item.begins)} to {spoken(item.ends)}"
