"""Reading prescription text back to its structure: every word has to be understood, or a question comes back.

Everything that can mean two things is a question too ("20 mg" without how often, "1-2 caps", "x30", "2 caps (40 mg)",
"40 mg daily bid"). Nothing is guessed: a wrong dose read smoothly is worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from isocourse.words.sig import ALTERNATE, MOMENTS, ONCE, TIMES_A_DAY, TWICE, Dose, Line, Question, Sig
from isocourse.words.sig_tokens import MOST_AT_ONCE, Ask, Token, normal, tokens

HOW_MUCH = "How much is taken at one time?"
HOW_OFTEN = "How often a day?"


def read_sig(text: str) -> Sig | Question:
    """The structure of a prescription text, or the question that has to be answered first. Never raises for text."""
    try:
        found = tokens(normal(text))
        return Sig(
            lines=_lines(found),
            product=_one(found, "name", "product") or "",
            food=_food(found),
            days=_one(found, "days", "number of days"),
            refills=_one(found, "refills", "number of refills"),
            quantity=_one(found, "quantity", "number of capsules to dispense"),
        )
    except Ask as ask:
        return ask.question


def _one(found: list[Token], kind: str, what: str) -> Any:
    values = list(dict.fromkeys(token.value for token in found if token.kind == kind))
    if len(values) > 1:
        raise Ask(f"More than one {what}. Which one?", ", ".join(map(str, values)))
    return values[0] if values else None


def _food(found: list[Token]) -> str:
    said = _one(found, "food", "instruction about food")
    if said is None and any(token.kind == "meal" for token in found):
        return "with_food"
    return said or ""


# --- lines ----------------------------------------------------------------------------------------
@dataclass
class _Group:
    """What belongs to one line while it is read. `joined` says of each dose whether a + stood before it."""

    doses: list[Dose] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    daily: bool = False
    divided: list[int | None] = field(default_factory=list)


def _lines(found: list[Token]) -> tuple[Line, ...]:
    header = _one(found, "header", "strength of capsule")
    scheme = _one(found, "scheme", "scheme")
    if scheme is not None:
        return _from_scheme(found, scheme, header)
    groups = _groups(found, header)
    lines = tuple(_line(group, header) for group in groups)
    if not lines:
        raise Ask("How many capsules are taken at one time?" if header is not None else HOW_MUCH)
    _refuse_unjoined(groups, lines)
    plain = {time for line in lines for time in line.times if time not in MOMENTS}
    if len(lines) > 1 and plain and (len(plain) > 1 or any(line.times[0] in MOMENTS for line in lines)):
        raise Ask("Two amounts, and it is not clear when each is taken. What is taken when?")
    return lines


def _refuse_unjoined(groups: Sequence[_Group], lines: Sequence[Line]) -> None:
    """Two amounts at one and the same time, without a + between them: both, or the one instead of the other?"""
    told: set[str] = set()
    for group, line in zip(groups, lines, strict=True):
        if told & set(line.times) and not group.joined[0]:
            raise Ask("Two amounts for the same time without + between them. Are both taken?")
        told |= set(line.times)


def _groups(found: list[Token], header: Decimal | None) -> list[_Group]:
    """Tokens by line. Where the time stands first, a new time begins a line; else a new dose after a time does."""
    order = [token.kind for token in found if token.kind in ("dose", "bare", "daily", "time", "meal")]
    time_first = bool(order) and order[0] in ("time", "meal")
    groups = [_Group()]
    joined = False
    for token in found:
        at = groups[-1]
        if token.kind in ("dose", "bare", "daily"):
            if not time_first and at.doses and at.times:
                at = _Group()
                groups.append(at)
            at.doses.append(_counted(token, header, at))
            at.joined.append(joined)
            at.daily = at.daily or token.kind == "daily"
        elif token.kind in ("time", "meal"):
            if time_first and at.doses:
                at = _Group()
                groups.append(at)
            at.times.append(str(token.value))
        elif token.kind == "divided":
            at.divided.append(token.value if isinstance(token.value, int) else None)
        joined = token.kind == "join" or (joined and token.kind in ("nothing", "name"))
    return [group for group in groups if group.doses or group.times]


def _counted(token: Token, header: Decimal | None, at: _Group) -> Dose:
    """A dose; a bare number counts capsules where a strength was named before it."""
    if isinstance(token.value, Dose):
        return token.value
    assert isinstance(token.value, int)
    if header is None and not any(dose.capsules is None for dose in at.doses):
        raise Ask(f"{token.value} of what?", token.words)
    if not 1 <= token.value <= MOST_AT_ONCE:
        raise Ask(f"{token.value} capsules at one time. Is that meant?", token.words)
    return Dose(capsules=token.value)


def _line(group: _Group, header: Decimal | None) -> Line:
    if not group.doses:
        raise Ask("How many capsules are taken at one time?" if header is not None else HOW_MUCH)
    times = _times(group)
    doses = _together(group)
    if group.divided:
        doses = [_divided(dose, len(times) if times[0] in MOMENTS else TIMES_A_DAY[times[0]]) for dose in doses]
    return Line(tuple(_of_header(dose, header) for dose in doses), times)


def _times(group: _Group) -> tuple[str, ...]:
    """The times of a line. Moments of the day say more than "twice daily", and must not contradict it."""
    moments = tuple(time for time in MOMENTS if time in group.times)
    plain = list(dict.fromkeys(time for time in group.times if time not in MOMENTS))
    if group.divided:
        return _divided_times(group, moments, plain)
    if group.daily and plain != [ONCE] and (plain or len(moments) != 1):
        raise Ask("That is the amount of a whole day. Is it taken at once, or divided into how many doses?")
    if ALTERNATE in plain:
        if moments or set(plain) - {ALTERNATE, ONCE}:
            raise Ask("Every second day, and something else about when. Which days, and when?")
        return (ALTERNATE,)
    if len(plain) > 1:
        raise Ask("Two different answers to how often. Is the amount for one time or for the whole day?")
    if moments and plain and TIMES_A_DAY[plain[0]] != len(moments):
        raise Ask("How often and at what time of the day do not agree. When is it taken?")
    if not moments and not plain:
        raise Ask(HOW_OFTEN)
    return moments or tuple(plain)


def _divided_times(group: _Group, moments: Sequence[str], plain: list[str]) -> tuple[str, ...]:
    """Divided doses: the amount has to be that of the whole day beyond doubt, and the number of doses known."""
    parts = {number for number in group.divided if number is not None}
    often = {TIMES_A_DAY.get(time, 0) for time in plain if time != ONCE} | ({len(moments)} if moments else set())
    if 0 in often or len(parts | often) != 1:
        raise Ask("Into how many doses a day is it divided?")
    for_the_day = group.daily or ONCE in plain or (bool(parts) and TWICE not in plain)
    if not for_the_day:
        raise Ask("Is that the amount of one time, or of the whole day?")
    return tuple(moments) or (TWICE,)


def _divided(dose: Dose, parts: int) -> Dose:
    if dose.capsules is None:
        assert dose.mg is not None
        if dose.mg / parts * parts != dose.mg:
            raise Ask(f"{dose.mg} mg cannot be divided into {parts} equal doses. What is taken when?")
        return Dose(mg=dose.mg / parts)
    if dose.capsules % parts:
        raise Ask(f"{dose.capsules} capsules cannot be divided into {parts} equal doses. What is taken when?")
    return Dose(capsules=dose.capsules // parts, strength_mg=dose.strength_mg)


def _together(group: _Group) -> list[Dose]:
    """Doses with a + between them are taken together; without one they have to be the same dose said twice."""
    found: list[Dose] = []
    for dose, joined in zip(group.doses, group.joined, strict=True):
        if not found or joined:
            found.append(dose)
        else:
            found[-1] = _same(found[-1], dose)
    return found


def _same(one: Dose, other: Dose) -> Dose:
    """20 mg 1 cap: capsules of that strength. 40 mg (2 x 20 mg): both say the same."""
    caps, mg = (one, other) if one.capsules is not None else (other, one)
    if caps.capsules is None or mg.mg is None:
        raise Ask("Two amounts without + between them. Are both taken together?")
    if caps.strength_mg is None and caps is other:
        return Dose(capsules=caps.capsules, strength_mg=mg.mg)
    if caps.total_mg != mg.mg:
        raise Ask("The amount in mg and the one in capsules differ. Which one?")
    return caps


def _of_header(dose: Dose, header: Decimal | None) -> Dose:
    """With the strength of the capsules named, mg become capsules and capsules get their strength."""
    if header is None:
        return dose
    if dose.capsules is not None:
        if dose.strength_mg not in (None, header):
            raise Ask("Two strengths of capsule. Which one?")
        return Dose(capsules=dose.capsules, strength_mg=header)
    assert dose.mg is not None
    if dose.mg % header or not 1 <= dose.mg // header <= MOST_AT_ONCE:
        raise Ask(f"{dose.mg} mg cannot be made of capsules of {header} mg. Which capsules?")
    return Dose(capsules=int(dose.mg // header), strength_mg=header)


def _from_scheme(found: list[Token], scheme: Iterable[tuple[str, int]], header: Decimal | None) -> tuple[Line, ...]:
    """1-0-1: capsules in the morning, at midday, in the evening (and at bedtime)."""
    amounts = [token for token in found if token.kind in ("dose", "bare", "daily")]
    if any(token.kind in ("time", "meal", "divided") for token in found) or len(amounts) > 1:
        raise Ask("A scheme of numbers and something else about when. What is taken when?")
    strength = header
    if amounts:
        said = amounts[0].value
        if not isinstance(said, Dose) or said.capsules is not None or header is not None:
            raise Ask("A scheme of numbers and another amount. How many capsules of which strength?")
        strength = said.mg
    by_count: dict[int, list[str]] = {}
    for moment, count in scheme:
        if count > MOST_AT_ONCE:
            raise Ask(f"{count} capsules at one time. Is that meant?")
        if count:
            by_count.setdefault(count, []).append(moment)
    if not by_count:
        raise Ask(HOW_MUCH)
    return tuple(Line((Dose(capsules=count, strength_mg=strength),), tuple(when)) for count, when in by_count.items())
