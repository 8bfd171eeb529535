"""Where the person's own entries stand against a range: earlier, within, later, or not known.

A range says when studies counted something. It is no place among people, it does not say that something is harmless,
and nothing here says why something came or went. What is severe or a red flag is never compared: its rule speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from isocourse.plan.treated import Treated, whole_months
from isocourse.record.dates import add_months
from isocourse.words.expectations.own import Mark
from isocourse.words.expectations.shape import Expectation, When
from isocourse.words.sentence import Sentence, said

Stand = Literal["earlier", "within", "later", "not_known", "not_compared"]
STANDS: dict[str, str] = {
    "earlier": "Earlier than the range",
    "within": "Within the range",
    "later": "Later than the range",
    "not_known": "Not known",
    "not_compared": "Not compared with a range",
}


class Standing(NamedTuple):
    """Where the entries stand, and what that rests on."""

    stand: Stand
    why: Sentence


def standing_of(entry: Expectation, marks: Sequence[Mark], clock: Treated) -> Standing | None:
    """How the marks stand against the range of an entry; None where an entry is only shown."""
    if entry.kind == "shown" or (entry.when is None and entry.kind != "told"):
        return None
    if any(mark.urgent for mark in marks):
        return Standing(
            "not_compared", said("Something severe or a red flag is on record. No range is for that: go by the rule.")
        )
    if entry.kind == "told":
        return Standing("not_compared", said("Every change counts, whenever it comes. Go by the rule."))
    assert entry.when is not None
    if entry.kind == "fades":
        return _fades(entry.when, marks, clock)
    if clock.first_dose is None:
        return _unknown(said("No dose is on record."))
    if entry.kind == "appears":
        return _appears(entry.when, marks, clock)
    return _gains(entry.when, marks, clock, clears=entry.kind == "clears")


def _unknown(why: Sentence) -> Standing:
    return Standing("not_known", why)


def _against(when: When, week: int, clock: Treated, why: Sentence) -> Standing:
    """A week of treatment against a range. With capsules that are not on record the true week is later or the same."""
    if when.last is not None and week > when.last:
        return Standing("later", why)
    if clock.at_least:
        return _unknown(said("{0} Some of what was taken is not on record, so the week may be later.", why))
    return Standing("earlier" if week < when.first else "within", why)


def _in_treatment(marks: Sequence[Mark], clock: Treated) -> list[tuple[int, Mark]]:
    """(week, mark) of those on a known day from the first dose to the last."""
    found = []
    for mark in marks:
        week = clock.week(mark.day)
        if mark.exact and week is not None and not (clock.last_dose is not None and mark.day > clock.last_dose):
            found.append((week, mark))
    return found


# --- what appears ---------------------------------------------------------------------------------
def _appears(when: When, marks: Sequence[Mark], clock: Treated) -> Standing:
    there = [mark for mark in marks if mark.there and mark.source in ("symptom", "result")]
    if not there:
        return _unknown(said("Nothing of this is on record in this course."))
    assert clock.first_dose is not None
    if any(mark.day < clock.first_dose for mark in there):
        return _unknown(said("It was on record before the first capsule."))
    if not all(mark.exact for mark in there):
        return _unknown(said("The day of an entry is not known."))
    placed = _in_treatment(there, clock)
    if not placed:
        return _unknown(said("It is on record only after the last capsule."))
    week, _mark = placed[0]
    return _against(when, week, clock, said("First on record in week {0} of treatment.", week))


# --- what gets better -----------------------------------------------------------------------------
def _gains(when: When, marks: Sequence[Mark], clock: Treated, *, clears: bool) -> Standing:
    scores = [mark for mark in marks if mark.source == "score"]
    if clears and any(mark.clear for mark in scores if mark.day <= (clock.first_dose or 0)):
        return _unknown(said("It was clear or almost clear before the first capsule."))
    said_of = [(week, mark.clear if clears else mark.better) for week, mark in _in_treatment(scores, clock)]
    known = [(week, reached) for week, reached in said_of if reached is not None]
    if not known:
        if clears:
            return _unknown(said("No global grade in treatment is on record."))
        return _unknown(said("There are no two counts to compare: one before the first capsule, one in treatment."))
    reached = next((week for week, yes in known if yes), None)
    if reached is not None:
        if clears:
            return _against(
                when, reached, clock, said("Clear or almost clear first in week {0} of treatment.", reached)
            )
        return _against(
            when, reached, clock, said("A count was lower by more than its noise first in week {0}.", reached)
        )
    latest = known[-1][0]
    not_yet = (
        said("Not clear or almost clear by week {0}.", latest)
        if clears
        else said("No count was lower by more than its noise by week {0}.", latest)
    )
    if latest < when.first:
        return _unknown(said("{0} The range begins in week {1}.", not_yet, when.first))
    return _against(when, latest, clock, not_yet)


# --- what fades after the last dose ---------------------------------------------------------------
def _fades(when: When, marks: Sequence[Mark], clock: Treated) -> Standing:
    start = clock.last_dose
    if start is None:
        return _unknown(said("The last capsule is still to come."))
    if not clock.exact:
        return _unknown(said("The day of the last capsule is not known."))
    said_of = [
        (mark.day, mark.there) for mark in marks if mark.exact and mark.there is not None and mark.day <= clock.as_of
    ]
    seen = [day for day, there in said_of if there]
    if not said_of or not seen:
        return _unknown(said("Nothing of this is on record in this course."))
    day = said_of[-1][0]
    there = any(yes for on, yes in said_of if on == day)  # of two entries of one day the one that is no relief
    if day < start:
        return _unknown(said("It was not looked at since the last capsule."))
    begins, ends = range_bounds(when, start)
    if there:
        why = said("Still on record {0} after the last capsule.", _since(when, start, day))
        return Standing("later" if day > ends else "within", why)
    last_seen = max(seen)
    why = said("No longer there {0} after the last capsule.", _since(when, start, day))
    if last_seen > ends:
        return Standing("later", why)
    if day < begins:
        return Standing("earlier", why)
    if last_seen >= begins and day <= ends:
        return Standing("within", why)
    return _unknown(said("{0} Nobody looked in between.", why))


def range_bounds(when: When, start: int) -> tuple[int, int]:
    """The first and the last day of a range of time after a day."""
    assert when.last is not None
    if when.clock == "after_weeks":
        return start + 7 * when.first, start + 7 * when.last
    return add_months(start, when.first), add_months(start, when.last)


def _since(when: When, start: int, day: int) -> Sentence:
    if when.clock == "after_weeks":
        weeks = (day - start) // 7
        return said("1 week") if weeks == 1 else said("{0} weeks", weeks)
    months = whole_months(start, day)
    return said("1 month") if months == 1 else said("{0} months", months)
