"""Is isotretinoin right for this person? What speaks for it, what against, what to know, and what is still unknown.

Never a score: reasons stand beside each other with their strength and source, and the prescriber weighs them. What
speaks against, what is unknown and what to know are findings of the protocol; what speaks for it are facts of the
topic suitability, put into words here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import Decision, Finding, decide, explainer
from isocourse.engine.edition import Edition
from isocourse.record.dates import iso
from isocourse.record.record import Record
from isocourse.words.answer import Because, FindingWords, SourceWords, because_of, finding_words, notes, source_words
from isocourse.words.page import Line, because_text, cited, finding_lines, spoken

TOPIC = "suitability"


class ForWords(Struct, frozen=True):
    """Something on record that speaks for treatment."""

    fact: str
    says: str
    because: Because
    strength: str
    confidence: str
    sources: tuple[SourceWords, ...]


class ElsewhereWords(Struct, frozen=True):
    """Another topic whose rules withhold the next supply; `isocourse assess` says why."""

    topic: str
    title: str
    rules: tuple[str, ...]


class Suitability(Struct, frozen=True):
    """The whole answer. `against` has the strongest first. `to_find_out` are findings that an entry by the clinic
    could settle, and those that cannot be decided; `to_know` are precautions, which withhold nothing."""

    isocourse_suitability: str
    subject: str
    headline: str
    as_of: str
    known_at: str | None
    programme: str
    edition: str
    signed_off: bool
    speaks_for: tuple[ForWords, ...]
    against: tuple[FindingWords, ...]
    to_find_out: tuple[FindingWords, ...]
    to_know: tuple[FindingWords, ...]
    elsewhere: tuple[ElsewhereWords, ...]
    not_read: tuple[Any, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Ground:
    """A fact that speaks for treatment, and where that is said; a programme not named rests on clinic policy."""

    fact: str
    says: str
    cited: dict[str, m.Cited]


_LABEL = {
    "us": m.Cited("label", "high", ("suit-us-pi",)),
    "uk": m.Cited("label", "high", ("suit-smpc-uk",)),
    "eu": m.Cited("label", "high", ("suit-smpc-eu",)),
}
_AAD = m.Cited("guideline", "high", ("suit-aad-2024",))
_POLICY = m.Cited("clinic_policy", "medium", ("policy", "suit-aad-2024"))
GROUNDS = (
    _Ground("severe_acne", "The acne is severe.", _LABEL),
    _Ground("scarring_acne", "The acne scars, or scars threaten.", {**_LABEL, "us": _AAD}),
    _Ground("burdening_acne", "The person suffers markedly from the acne.", {"us": _AAD}),
    _Ground("antibiotic_resisted", "An antibiotic by mouth was not enough.", _LABEL),
    _Ground("topical_resisted", "Treatment on the skin was not enough.", _LABEL),
    _Ground("treatment_failed", "A standard treatment was tried and did not do.", {"us": _AAD}),
    _Ground("indication_stated", "A prescriber wrote down why isotretinoin is the treatment.", {}),
)
# Said only where neither of these says it more closely.
_UNLESS = {"treatment_failed": ("antibiotic_resisted", "topical_resisted")}


def suitability(
    edition: Edition, record: Record, as_of: int, known_at: datetime | None = None, not_read: Sequence[Any] = ()
) -> Suitability:
    """Decide, and weigh what bears on whether this treatment is right. Raises NotInForce as `decide` does."""
    decision = decide(edition, record, as_of, known_at)
    against, unknown, known = weighed(decision)
    speaks_for = reasons_for(decision)
    return Suitability(
        isocourse_suitability="1",
        subject=record.subject,
        headline=_headline(speaks_for, against, unknown),
        as_of=iso(as_of),
        known_at=known_at.isoformat() if known_at is not None else None,
        programme=edition.programme.id,
        edition=edition.name,
        signed_off=all(rule.reviewed_by for rule in edition.rules),
        speaks_for=speaks_for,
        against=tuple(finding_words(finding, edition) for finding in against),
        to_find_out=tuple(finding_words(finding, edition) for finding in unknown),
        to_know=tuple(finding_words(finding, edition) for finding in known),
        elsewhere=_elsewhere(decision),
        not_read=tuple(not_read),
        notes=notes(decision),
    )


def suitability_json(found: Suitability) -> bytes:
    """The answer as compact JSON."""
    return msgspec.json.encode(found)


# --- weighing -------------------------------------------------------------------------------------
def weighed(decision: Decision) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """The topic's findings: what speaks against (strongest first), what is to be found out, what to know."""
    against: list[Finding] = []
    unknown: list[Finding] = []
    known: list[Finding] = []
    for finding in decision.findings:
        if finding.rule.topic != TOPIC:
            continue
        if _can_be_filled(finding):
            unknown.append(finding)
        else:
            (against if finding.withholds else known).append(finding)
    against.sort(
        key=lambda found: (-m.CAPSULES.index(_capsules(found)), m.STRENGTHS.index(found.rule.strength), found.rule.id)
    )
    return against, unknown, known


def _can_be_filled(finding: Finding) -> bool:
    """Whether something is missing that an entry could settle: undecided, asked for, or mended by a planned one."""
    if not finding.decided or finding.missing:
        return True
    return finding.withholds and finding.rule.mend is not None and bool(finding.rule.mend.events)


def _capsules(finding: Finding) -> str:
    return "continue" if finding.effect.capsules == "unaffected" else finding.effect.capsules


def reasons_for(decision: Decision) -> tuple[ForWords, ...]:
    """What on record speaks for treatment, each with its source in this programme."""
    edition, facts = decision.edition, decision.facts
    lineage = edition.library.lineage(edition.programme.id)
    why = explainer(edition, decision.evaluation)
    found = []
    for ground in GROUNDS:
        if not facts.get(ground.fact) or any(facts.get(closer) for closer in _UNLESS.get(ground.fact, ())):
            continue
        at = next((ground.cited[name] for name in lineage if name in ground.cited), _POLICY)
        found.append(
            ForWords(
                ground.fact,
                ground.says,
                because_of(why.reason(ground.fact)),
                at.strength,
                at.confidence,
                source_words(edition, at.sources),
            )
        )
    return tuple(found)


def _elsewhere(decision: Decision) -> tuple[ElsewhereWords, ...]:
    rules: dict[str, list[str]] = {}
    for finding in decision.findings:
        if finding.withholds and finding.rule.topic != TOPIC:
            rules.setdefault(finding.rule.topic, []).append(finding.rule.id)
    topics = decision.edition.library.topics
    return tuple(ElsewhereWords(topic, topics[topic].title, tuple(names)) for topic, names in rules.items())


def _headline(speaks_for: Sequence[ForWords], against: Sequence[Finding], unknown: Sequence[Finding]) -> str:
    if against:
        return "Something on record speaks against isotretinoin for this person"
    if unknown:
        return "Whether isotretinoin is right for this person cannot be said yet"
    if not speaks_for:
        return "Nothing on record speaks against isotretinoin for this person, and nothing for it"
    return "Nothing on record speaks against isotretinoin for this person; the prescriber weighs the reasons"


# --- as lines -------------------------------------------------------------------------------------
def suitability_page(found: Suitability) -> Iterator[Line]:
    """The whole answer as lines a person reads."""
    yield Line("stop" if found.against or found.to_find_out else "good", 0, found.headline)
    known = f" · as known at {found.known_at}" if found.known_at is not None else ""
    yield Line(
        "quiet", 0, f"As of {spoken(found.as_of)} · programme {found.programme}{known} · edition {found.edition}"
    )
    yield from _for(found.speaks_for)
    yield from _section("What speaks against it", found.against)
    yield from _section("To find out", found.to_find_out)
    yield from _section("To know, and what to do about it", found.to_know)
    if found.elsewhere:
        yield Line("section", 0, "Other topics that hold back the next supply (isocourse assess says why)")
        for other in found.elsewhere:
            yield Line("item", 1, f"- {other.title}: {', '.join(other.rules)}")
    if found.not_read:
        yield Line("section", 0, "Not read")
        yield Line("item", 1, "- Parts of the Bundle could not be read; isocourse import lists them.")
    yield Line("section", 0, "Please note")
    for note in found.notes:
        yield Line("quiet", 1, note)


def _for(speaks_for: Sequence[ForWords]) -> Iterator[Line]:
    yield Line("section", 0, "What speaks for it")
    if not speaks_for:
        yield Line("item", 1, "- Nothing on record.")
    for reason in speaks_for:
        yield Line("item", 1, f"- {reason.says}")
        yield Line("detail", 2, because_text(reason.because))
        yield Line("quiet", 2, cited(reason.strength, reason.confidence, reason.sources))


def _section(title: str, findings: Sequence[FindingWords]) -> Iterator[Line]:
    if findings:
        yield Line("section", 0, title)
    for finding in findings:
        yield from finding_lines(finding)
        if finding.would_change_it:
            yield Line("detail", 2, f"to do: {finding.would_change_it}")
