"""A skin care routine as data and as lines, in the clinician's voice or the patient's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import Decision
from isocourse.record.dates import iso
from isocourse.skincare.person import person_of
from isocourse.skincare.routine import routine
from isocourse.skincare.routine_shape import Knowledge
from isocourse.words.headline import capsules_words
from isocourse.words.page import STRENGTH_WORDS, Line, spoken
from isocourse.words.skin_routine import FUNCTION_WORDS, URGENT, Shown, StepShown, StopShown, shown


class StepWords(Struct, frozen=True):
    """A step: in which part of the day, what it is for, the patient's words, and why (the clinician's)."""

    step: str
    slot: str
    part: str
    function: str
    variant: str
    says: str
    often: str
    look_for: tuple[str, ...]
    leave: tuple[str, ...]
    low_cost: str
    reason: str
    why: str
    because: tuple[str, ...]
    not_asked: tuple[str, ...]
    strength: str
    confidence: str
    sources: tuple[str, ...]


class StopWords(Struct, frozen=True):
    """What is stopped: its state (stopped, waits, may_return, decided), the day from which it may come back (null where
    none is known), who has the say, and the protocol's rule (null where it is the clinic's own)."""

    stop: str
    says: str
    instead: str
    reason: str
    why: str
    state: str
    until: str
    returns_on: str | None
    asks: str
    rule: str | None
    strength: str
    confidence: str
    sources: tuple[str, ...]


class AlertWords(Struct, frozen=True):
    """A rule on side effects that stands: what it says, and what is to be done."""

    rule: str
    says: str
    mend: str
    capsules_in_hand: str


class SkinRoutine(Struct, frozen=True):
    """The routine of a day as data. `urgency` is now, today, ask or empty. It decides nothing about capsules."""

    isocourse_skin_routine: str
    subject: str
    as_of: str
    programme: str
    edition: str
    knowledge: str
    stage: str
    urgency: str
    capsules_says: str
    alerts: tuple[AlertWords, ...]
    steps: tuple[StepWords, ...]
    stops: tuple[StopWords, ...]
    not_asked: tuple[str, ...]
    notes: tuple[str, ...]


def found(decision: Decision, knowledge: Knowledge, sources: Mapping[str, m.Source]) -> Shown:
    """The routine of the day of a decision, in words."""
    person = person_of(decision.edition, decision.evaluation, knowledge)
    return shown(routine(person, knowledge, as_of=decision.as_of), person, sources)


def as_data(page: Shown, decision: Decision, *, subject: str, content: str) -> SkinRoutine:
    """Everything as plain values. `content` is the hash of the knowledge."""
    return SkinRoutine(
        isocourse_skin_routine="1",
        subject=subject,
        as_of=iso(decision.as_of),
        programme=decision.edition.programme.id,
        edition=decision.edition.name,
        knowledge=content,
        stage=page.routine.stage,
        urgency=page.urgency,
        capsules_says=capsules_words(decision),
        alerts=tuple(AlertWords(each.rule, each.says, each.mend, each.capsules) for each in page.routine.alerts),
        steps=tuple(_step(each) for _, steps in page.slots for each in steps),
        stops=tuple(_stop(each) for each in page.stops),
        not_asked=page.not_asked,
        notes=page.notes,
    )


def routine_json(found: SkinRoutine) -> bytes:
    """The data as compact JSON."""
    return msgspec.json.encode(found)


def _step(each: StepShown) -> StepWords:
    step, variant = each.step, each.step.variant
    return StepWords(
        step=step.name,
        slot=step.slot,
        part=step.part,
        function=variant.function,
        variant=variant.name,
        says=variant.says,
        often=variant.often,
        look_for=variant.look_for,
        leave=variant.leave,
        low_cost=each.low_cost,
        reason=variant.reason,
        why=variant.why,
        because=tuple(map(str, each.because)),
        not_asked=each.not_asked,
        strength=step.cited.strength,
        confidence=step.cited.confidence,
        sources=each.sources,
    )


def _stop(each: StopShown) -> StopWords:
    stop, known = each.stop, each.stop.known
    return StopWords(
        stop=known.name,
        says=known.says,
        instead=known.instead,
        reason=known.reason,
        why=known.why,
        state=stop.state,
        until=str(each.until),
        returns_on=iso(stop.returns_on) if stop.returns_on is not None else None,
        asks=known.asks,
        rule=stop.rule or None,
        strength=stop.cited.strength,
        confidence=stop.cited.confidence,
        sources=each.sources,
    )


# --- as lines -------------------------------------------------------------------------------------
def lines(page: SkinRoutine, shown: Shown, *, patient: bool = False) -> Iterator[Line]:
    """The page as lines a person reads; with `patient` the short sheet in plain words."""
    yield Line("headline", 0, shown.stage)
    if page.urgency:
        yield Line("stop", 0, URGENT[page.urgency])
    yield Line("stop" if page.urgency == "now" else "plain", 0, page.capsules_says)
    if not patient:
        yield Line("quiet", 0, f"As of {spoken(page.as_of)} · programme {page.programme} · edition {page.edition}")
        for alert in page.alerts:
            yield Line("stop", 1, f"- [{alert.rule}] {alert.says} {alert.mend}")
    for title, steps in shown.slots:
        yield Line("section", 0, title)
        for step in steps:
            yield from _step_lines(step, patient=patient)
    yield Line("section", 0, "Leave these alone")
    for until, stops in shown.groups:
        yield Line("plain", 1, str(until))
        for stop in stops:
            yield from _stop_lines(stop, patient=patient)
    if page.not_asked:
        yield Line("section", 0, "Not asked yet")
        yield Line("quiet", 1, ", ".join(page.not_asked))
    yield Line("section", 0, "Please note")
    for note in shown.patient_notes if patient else page.notes:
        yield Line("quiet", 1, note)


def _step_lines(each: StepShown, *, patient: bool) -> Iterator[Line]:
    variant = each.step.variant
    yield Line("item", 1, f"- {FUNCTION_WORDS[variant.function]}: {variant.says}")
    yield Line("plain", 2, variant.often)
    if variant.look_for:
        yield Line("plain", 2, f"Look for: {'; '.join(variant.look_for)}")
    if variant.leave:
        yield Line("plain", 2, f"Leave: {'; '.join(variant.leave)}")
    if each.low_cost:
        yield Line("plain", 2, each.low_cost)
    yield Line("quiet", 2, variant.reason)
    if patient:
        return
    yield Line("quiet", 2, f"[{variant.name}] {variant.why}")
    if each.because:
        yield Line("quiet", 2, f"chosen by {'; '.join(map(str, each.because))}")
    if each.not_asked:
        yield Line("quiet", 2, f"not asked yet: {', '.join(each.not_asked)}")
    yield Line("quiet", 2, _cited(each.step.cited.strength, each.step.cited.confidence, each.sources))


def _stop_lines(each: StopShown, *, patient: bool) -> Iterator[Line]:
    known, cited = each.stop.known, each.stop.cited
    yield Line("item", 2, f"- {' '.join(part for part in (f'{known.says}.', known.instead, each.pregnancy) if part)}")
    if patient:
        return
    yield Line("quiet", 3, known.why)
    whose = f"[{each.stop.rule}] " if each.stop.rule else ""
    yield Line("quiet", 3, whose + _cited(cited.strength, cited.confidence, each.sources))


def _cited(strength: str, confidence: str, sources: tuple[str, ...]) -> str:
    return f"{STRENGTH_WORDS[strength]}, confidence {confidence}: {'; '.join(sources)}"
