"""From one row of a laboratory report, as plain text, to a result or to a line that says why it is none.

Codes and whole names only, one plain number, a unit that can mean one thing, the day of the specimen, a final status; a
pregnancy test to the safe side. Nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from isocourse.errors import InputError
from isocourse.exchange import vocabulary as v
from isocourse.exchange.analyte_names import (
    ANALYTE_OF_NAME,
    BLOOD_SPECIMENS,
    OTHER_SPECIMEN,
    TEST_OF_NAME,
    plain_name,
    unit_named,
)
from isocourse.exchange.lab_reports import Found, Gathered, Row, Status
from isocourse.exchange.shapes import Refused, clean
from isocourse.record import terminology as t
from isocourse.record.record import event_from


def decimal_commas(rows: Iterable[Row]) -> bool:
    """Whether the report writes decimal commas: then a point before three digits may mean thousands."""
    return any(_SURE_COMMA.match(bare) for row in rows if (bare := _COMPARED.sub("", row.value.strip())))


def translated(row: Row, gathered: Gathered, *, came_on: date, commas: bool = False) -> None:
    """Turn one row into a result, or into a line that says why it is none. `came_on` is the day the report came."""
    try:
        topic = _topic(row)
        if topic is None:
            _unknown(row, gathered)
        elif topic[0] == "test":
            _pregnancy_test(row, gathered, method=topic[1], came_on=came_on)
        elif topic[1] == "hcg" and not any(c.isdigit() for c in row.value) and row.value.strip():
            _pregnancy_test(row, gathered, method=_method_of(row), came_on=came_on)
        else:
            _measured(row, gathered, topic[1], came_on=came_on, commas=commas)
    except Refused as refused:
        gathered.say(row, str(refused), "question" if row.status == "taken_back" else "not_read")


# --- what was measured ----------------------------------------------------------------------------
def _topic(row: Row) -> tuple[Literal["test", "analyte"], Any] | None:
    """A pregnancy test with its method, an analyte, or None. Raises Refused when code and name disagree."""
    coded = {_topic_of_loinc(code) for code in row.loinc}
    named = _topic_of_names(row)
    if coded:
        if None in coded or len(coded) > 1:
            # A code that isocourse does not know is never read by its name: it may be of another specimen.
            return None
        by_code = next(iter(coded))
        assert by_code is not None
        if named is not None and named[1] != by_code[1] and not _both_hcg(by_code, named):
            raise Refused(f"its code means {_said(by_code)} and its name {_said(named)}")
        return by_code
    if named is not None and named[0] == "analyte" and _not_blood(row):
        raise Refused("its specimen is not blood, or is not one that isocourse knows")
    return named


_Topic = tuple[Literal["test", "analyte"], Any]


def _topic_of_loinc(code: str) -> _Topic | None:
    if code in t.LOINC_QUANTITATIVE_HCG:
        return "analyte", "hcg"
    if code in t.LOINC_PREGNANCY_TEST:
        return "test", t.LOINC_PREGNANCY_TEST[code]
    analyte = t.LOINC_ANALYTE.get(code)
    return ("analyte", analyte) if analyte is not None else None


def _topic_of_names(row: Row) -> _Topic | None:
    found: set[_Topic] = set()
    for name in row.names:
        plain = plain_name(name)
        if plain in TEST_OF_NAME:
            found.add(("test", TEST_OF_NAME[plain]))
        elif plain in ANALYTE_OF_NAME:
            found.add(("analyte", ANALYTE_OF_NAME[plain]))
    if len(found) > 1:
        raise Refused("its names mean different things")
    return next(iter(found), None)


def _both_hcg(one: _Topic, other: _Topic) -> bool:
    return all(topic[0] == "test" or topic[1] == "hcg" for topic in (one, other))


def _said(topic: _Topic) -> str:
    return t.words_for(topic[1]) if topic[0] == "analyte" else "a pregnancy test"


def _not_blood(row: Row) -> bool:
    """Whether anything says that the specimen may not be blood."""
    if any(OTHER_SPECIMEN.search(text) for text in (row.about, row.specimen, *row.names)):
        return True
    return bool(row.specimen.strip()) and plain_name(row.specimen) not in BLOOD_SPECIMENS


def _unknown(row: Row, gathered: Gathered) -> None:
    if any(v.ABOUT_PREGNANCY.search(name) for name in row.names):
        gathered.say(row, "it may be a pregnancy test; nothing was read: record what it says", "question")
    elif row.loinc:
        codes = ", ".join(clean(code, 20) for code in row.loinc)
        gathered.say(row, f"LOINC {codes} is not a code that isocourse reads", "not_used")
    elif not any(name.strip() for name in row.names):
        gathered.say(row, "it does not say what was measured")
    else:
        gathered.say(row, "isocourse has no use for it, or does not know it by this name", "not_used")


# --- whether it counts ----------------------------------------------------------------------------
_NOT_FINAL: dict[Status, str] = {
    "preliminary": "its status is preliminary: the final result comes later",
    "cancelled": "it was cancelled: there is no result",
    "taken_back": "the laboratory takes this result back: if it was filed, withdraw it",
    "none": "it has no status",
}


def _why_not_final(row: Row) -> str:
    """Why the result cannot be relied on; empty when it can."""
    if row.status in ("final", "corrected"):
        return ""
    return _NOT_FINAL.get(row.status) or f"its status {clean(row.status_text, 20)!r} is not one of final or corrected"


# --- numbers --------------------------------------------------------------------------------------
_COMPARED = re.compile(r"^(<=|>=|<|>|≤|≥)\s*")
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,30})?", re.ASCII)
_SURE_COMMA = re.compile(r"(?:[0-9]+,(?:[0-9]{1,2}|[0-9]{4,30})|0,[0-9]{3})(?![0-9,.])", re.ASCII)
_MAY_BE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}\Z", re.ASCII)


def number_in(text: str, *, commas: bool) -> tuple[str, str, str]:
    """Comparator, plain number and what follows it. Raises Refused for what has more than one meaning."""
    bare = text.strip()
    compared = _COMPARED.match(bare)
    comparator = {"≤": "<=", "≥": ">="}.get(compared[1], compared[1]) if compared else ""
    rest = bare[compared.end() :] if compared else bare
    match = _NUMBER.match(rest)
    if match is None:
        raise Refused(f"its value {clean(bare, 40)!r} is not a number" if bare else "it has no value")
    found, after = match[0], rest[match.end() :]
    if after[:1] in (".", ",") or (after[:1] == " " and after[1:2].isdigit()):
        raise Refused(f"its value {clean(bare, 40)!r} can be read in more than one way")
    if _MAY_BE_THOUSANDS.match(found) and ("," in found or commas):
        raise Refused(f"in its value {clean(bare, 40)!r} the mark may stand before decimals or after thousands")
    return comparator, found.replace(",", "."), after.strip()


def _measured(row: Row, gathered: Gathered, analyte: str, *, came_on: date, commas: bool) -> None:
    doubt = _why_not_final(row)
    if doubt:
        raise Refused(doubt)
    day = _day(row, came_on)
    if row.value_type not in ("", "NM", "SN", "ST"):
        raise Refused(f"its value is of the type {clean(row.value_type, 4)!r}, which is not read as a number")
    if row.no_value:
        raise Refused(row.no_value)
    comparator, value, after = number_in(row.value, commas=commas)
    unit = _unit(row, analyte, after)
    lower, upper = _limits(row, gathered, analyte, unit, commas=commas)
    fields: dict[str, Any] = {
        "kind": "lab_result",
        "happened_on": day,
        "analyte": analyte,
        "value": comparator + value,
        "unit": unit,
    }
    fields.update({name: limit for name, limit in (("lower_limit", lower), ("upper_limit", upper)) if limit})
    _add(row, gathered, fields)
    if analyte == "hcg":
        gathered.say(row, "a number is not read as negative or positive: record the pregnancy test", "question")


def _unit(row: Row, analyte: str, after: str) -> str:
    """The unit of the result, by every text that names one. Raises Refused."""
    given = [text.strip() for text in row.units if text.strip()]
    if after and given:
        raise Refused(f"after the number of its value stands {clean(after, 20)!r}")
    given = given or ([after] if after else [])
    if not given:
        raise Refused("it has no unit")
    meant = {unit_named(analyte, text) for text in given}
    known = meant - {None}
    if len({t.ANALYTE_UNITS[analyte][unit] for unit in known if unit}) > 1:
        raise Refused("its units mean different things")
    if not known:
        allowed = ", ".join(t.ANALYTE_UNITS[analyte])
        raise Refused(f"its unit {clean(given[0], 20)!r} is not known for {t.words_for(analyte)}; known are {allowed}")
    return next(unit for text in given if (unit := unit_named(analyte, text)))


_RANGE = re.compile(
    r"[(\[]?\s*([0-9][0-9.,]*)\s*(?:-|–|—|to|\.\.)\s*([0-9][0-9.,]*)\s*[)\]]?\s*(.*)\Z", re.IGNORECASE | re.ASCII
)
_UP_TO = re.compile(
    r"[(\[]?\s*(?:<\s*or\s*=|<=?|≤|up to|less than|below)\s*([0-9][0-9.,]*)\s*[)\]]?\s*(.*)\Z", re.IGNORECASE
)
_FROM = re.compile(
    r"[(\[]?\s*(?:>\s*or\s*=|>=?|≥|greater than|above|over)\s*([0-9][0-9.,]*)\s*[)\]]?\s*(.*)\Z", re.IGNORECASE
)


def _limits(row: Row, gathered: Gathered, analyte: str, unit: str, *, commas: bool) -> tuple[str, str]:
    """The laboratory's own limits, lower and upper; empty where there is none, and a line where they cannot be read."""
    try:
        low, high, after = _range(row)
        if after and unit_named(analyte, after) != unit:
            raise Refused("other words stand beside them")
        found = [number_in(text, commas=commas) if text.strip() else ("", "", "") for text in (low, high)]
        if any(comparator or rest for comparator, _, rest in found):
            raise Refused("they are not plain numbers")
        (_, lower, _), (_, upper, _) = found
        if lower and upper and Decimal(lower) >= Decimal(upper):
            raise Refused("the lower is not below the upper")
        return lower, upper
    except Refused as refused:
        said = clean(row.limits or f"{row.low} {row.high}", 40)
        gathered.say(row, f"its limits {said!r} were not read: {refused}", "in_part")
        return "", ""


def _range(row: Row) -> tuple[str, str, str]:
    text = row.limits.strip()
    if not text:
        return row.low, row.high, ""
    if row.low.strip() or row.high.strip():
        raise Refused("they are given twice")
    if match := _RANGE.match(text):
        return match[1], match[2], match[3]
    if match := _UP_TO.match(text):
        return "", match[1], match[2]
    if match := _FROM.match(text):
        return match[1], "", match[2]
    raise Refused("they are in a form that isocourse does not read")


def _day(row: Row, came_on: date) -> str:
    """The day of the specimen. Raises Refused."""
    if not row.day:
        raise Refused(row.no_day)
    if date.fromisoformat(row.day).toordinal() > came_on.toordinal() + 1:
        raise Refused(f"its day {row.day} lies after the day the report came")
    return row.day


def _add(row: Row, gathered: Gathered, fields: dict[str, Any]) -> None:
    """Keep a result that the record could hold. Raises Refused."""
    check_fields(fields)
    flag = clean(row.flag, 20)
    gathered.found.append(Found(fields, row.called, row.place, flag, row.status == "corrected"))


def check_fields(fields: dict[str, Any]) -> None:
    """Raises Refused when no event can be made of these fields."""
    author = {"id": "laboratory", "role": "laboratory"}
    try:
        event_from({**fields, "id": "e", "recorded_at": "2199-12-31T00:00:00+00:00", "author": author})
    except InputError as error:
        raise Refused(re.sub(r" - at `[^`]*`\Z", "", error.found)) from None


# --- pregnancy tests ------------------------------------------------------------------------------
def _method_of(row: Row) -> t.TestMethod:
    """Serum or urine, where the words say so."""
    text = plain_name(" ".join((*row.names, row.specimen, row.about)))
    urine, serum = "urine" in text.split(), bool({"serum", "blood", "plasma"} & set(text.split()))
    return "unknown" if urine == serum else "urine" if urine else "serum"


_SETTING = "where a pregnancy test was taken is not in the report: record it if it matters"


def _pregnancy_test(row: Row, gathered: Gathered, *, method: t.TestMethod, came_on: date) -> None:
    """Never dropped, and never negative when there is any doubt (as for FHIR, `pregnancy_tests.py`)."""
    if row.status in ("cancelled", "taken_back"):
        gathered.say(row, f"a pregnancy test: {_why_not_final(row)}", "question")
        return
    doubts = [doubt] if (doubt := _why_not_final(row)) else []
    result = _result(row, doubts)
    try:
        day = _day(row, came_on)
    except Refused as refused:
        if result == "negative":
            gathered.say(row, f"a negative pregnancy test without its day permits nothing: {refused}", "question")
            return
        day = came_on.isoformat()
        doubts.append(f"{refused}; dated by the day the report came")
    plain = {"kind": "pregnancy_test", "happened_on": day, "result": result, "method": method}
    _add(row, gathered, plain)
    for doubt in doubts:
        gathered.say(row, f"pregnancy test taken as {result}: {doubt}", "question")
    if all(line.why != _SETTING for line in gathered.unread):
        gathered.say(row, _SETTING, "in_part")


def _result(row: Row, doubts: list[str]) -> t.TestResult:
    words = plain_name(row.value)
    said = t.RESULT_WORDS.get(words)
    flagged = {"pos": "positive", "neg": "negative"}.get(plain_name(row.flag))
    if "positive" in (said, flagged) or re.search(r"\bpos(?:itive)?\b", words):
        if said != "positive" or flagged == "negative":
            doubts.append("any sign of a positive result counts")
        return "positive"
    if row.no_value:
        doubts.append(row.no_value)
    elif said is None:
        doubts.append(f"its result {clean(row.value, 40)!r} cannot be read" if words else "it has no result")
        return "unclear"
    return "unclear" if doubts or said is None else said
