"""The one line on top, chosen last: nothing here decides, and no finding is hidden by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from isocourse.engine.decide import Decision
from isocourse.plan.earliest import Earliest

PREGNANCY_TOPICS = frozenset({"pregnancy", "contraception", "supply", "consent", "aftercare"})
CAPSULES_WORDS = {
    "continue": "Capsules in hand: continue as prescribed",
    "ask_prescriber": "Capsules in hand: ask the prescriber before the next dose",
    "stop_now": "Capsules in hand: STOP NOW",
}


def spoken(day: int) -> str:
    """A day as people say it: 9 Mar 2026."""
    on = date.fromordinal(day)
    return f"{on.day} {on.strftime('%b %Y')}"


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def capsules_words(decision: Decision) -> str:
    """What to do with the capsules that may be in hand."""
    if decision.fact("treatment_over"):
        return "Capsules in hand: take none that are left over, and return them"
    if decision.fact("first_supply") and not decision.fact("in_treatment"):
        return "Capsules in hand: none are expected before the first supply; take none"
    return CAPSULES_WORDS[decision.capsules_in_hand]


def headline(decision: Decision, earliest: Earliest) -> str:
    """Whether supply may go ahead, and if not, from when and on what condition."""
    if decision.supply == "proceed":
        departs = decision.edition.departures_on(decision.as_of)
        if decision.complete and departs:
            return "Proceed, with departures that the clinic signed: every other rule of the programme is met"
        if decision.complete:
            return "Proceed: every rule of the programme is met"
        topics = decision.edition.library.topics
        checked = (
            "Pregnancy rules met" if PREGNANCY_TOPICS.issuperset(decision.assessed) else "All rules checked are met"
        )
        checked += ", with departures that the clinic signed" if departs else ""
        return f"{checked}; not checked: {listed([topics[w].title.lower() for w in decision.not_assessed])}"
    if decision.capsules_in_hand == "stop_now":
        return "Withhold, and stop the capsules now"
    if earliest.day is None:
        return "Withhold: no day of supply can be named yet"
    if earliest.day <= decision.as_of:
        if earliest.requires or decision.capsules_in_hand != "continue":
            return "Withhold: not before today, and only after what is named below is settled"
        return "Withhold for now: supply is possible today once the steps below are done"
    if earliest.requires:
        return f"Withhold: not before {spoken(earliest.day)}, and requires what is named below"
    return f"Withhold until {spoken(earliest.day)}, with the steps below done by then"
