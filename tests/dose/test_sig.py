"""Prescription text: written and read back over generated structures, and real phrasings read as they are meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.plan.capsules import capsules_for
from isocourse.words import sig_tokens
from isocourse.words.read_sig import read_sig
from isocourse.words.sig import (
    ALTERNATE,
    FOODS,
    MOMENTS,
    NAMES,
    ONCE,
    THRICE,
    TWICE,
    Dose,
    Line,
    Question,
    Sig,
    sig_of,
    write_sig,
)
from tests.own_words import free_text
from tests.shipped import LIBRARY

SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None)
F = "with_food"
M, N, E, B = MOMENTS


def c(count: int, mg: float | str | None = None) -> Dose:
    return Dose(capsules=count, strength_mg=Decimal(str(mg)) if mg is not None else None)


def mg(amount: int | str) -> Dose:
    return Dose(mg=Decimal(amount))


def s(*lines: tuple[object, ...], **said: object) -> Sig:
    """Lines as (dose, ..., time, ...)."""
    made = tuple(
        Line(tuple(p for p in line if isinstance(p, Dose)), tuple(p for p in line if isinstance(p, str)))
        for line in lines
    )
    return Sig(made, **said)  # type: ignore[arg-type]


REAL = {
    "1 cap po bid w/ food x30d": s((c(1), TWICE), food=F, days=30),
    "40 mg mane + 20 mg nocte": s((mg(40), M), (mg(20), E)),
    "take one 20mg capsule twice daily with food for 30 days, no refills": s(
        (c(1, 20), TWICE), food=F, days=30, refills=0
    ),
    "Take 1 capsule by mouth 2 times a day with food": s((c(1), TWICE), food=F),
    "Take one capsule (20 mg) by mouth daily": s((c(1, 20), ONCE)),
    "20 mg od": s((mg(20), ONCE)),
    "20mg OD with food": s((mg(20), ONCE), food=F),
    "20 mg BD": s((mg(20), TWICE)),
    "20mg b.d. with meals": s((mg(20), TWICE), food=F),
    "40 mg p.o. q.d.": s((mg(40), ONCE)),
    "40mg PO QD WITH FOOD #30 RF 0": s((mg(40), ONCE), food=F, quantity=30, refills=0),
    "30 mg q12h": s((mg(30), TWICE)),
    "take two 20 mg capsules once daily with dinner": s((c(2, 20), E), food=F),
    "2 x 20 mg caps daily with food": s((c(2, 20), ONCE), food=F),
    "2 x 20mg mane": s((c(2, 20), M)),
    "1 x 40mg + 1 x 20mg capsule daily with food for 28 days": s((c(1, 40), c(1, 20), ONCE), food=F, days=28),
    "40 mg (2 x 20 mg) daily": s((c(2, 20), ONCE)),
    "one 40 mg capsule in the morning and one 20 mg capsule in the evening": s((c(1, 40), M), (c(1, 20), E)),
    "1 capsule in am and 2 capsules in pm": s((c(1), M), (c(2), E)),
    "1 cap am, 1 cap pm": s((c(1), M), (c(1), E)),
    "20 mg am & pm": s((mg(20), M, E)),
    "20 mg morning and evening with food": s((mg(20), M, E), food=F),
    "take 1 capsule with breakfast and with dinner": s((c(1), M, E), food=F),
    "1 cap twice daily with breakfast and with dinner": s((c(1), M, E), food=F),
    "10 mg at bedtime": s((mg(10), B)),
    "10mg qhs": s((mg(10), B)),
    "10 mg nocte": s((mg(10), E)),
    "30mg om": s((mg(30), M)),
    "40 mg daily in two divided doses": s((mg(20), TWICE)),
    "80 mg/day in 2 divided doses with food": s((mg(40), TWICE), food=F),
    "60 mg/day divided bid": s((mg(30), TWICE)),
    "60 mg per day div bid": s((mg(30), TWICE)),
    "35 mg daily in two divided doses": s((mg("17.5"), TWICE)),
    "isotretinoin 20 mg capsule: 1 po bid": s((c(1, 20), TWICE), product="isotretinoin"),
    "Isotretinoin 40mg caps. Take 1 daily with food. Disp 30. No refills.": s(
        (c(1, 40), ONCE), product="isotretinoin", food=F, quantity=30, refills=0
    ),
    "Claravis 40 mg capsules, 1 capsule by mouth every day, qty 30, 0 refills": s(
        (c(1, 40), ONCE), product="claravis", quantity=30, refills=0
    ),
    "Absorica 30 mg 1 cap bid with or without food": s(
        (c(1, 30), TWICE), product="absorica", food="with_or_without_food"
    ),
    "Absorica LD 32 mg caps take 1 cap po bid regardless of meals": s(
        (c(1, 32), TWICE), product="absorica ld", food="with_or_without_food"
    ),
    "Amnesteem 20 mg capsules: 40 mg daily": s((c(2, 20), ONCE), product="amnesteem"),
    "Roaccutane 20mg capsules, two capsules daily with food, mitte 56": s(
        (c(2, 20), ONCE), product="roaccutane", food=F, quantity=56
    ),
    "Roaccutane 20 mg 1-0-1": s((c(1, 20), M, E), product="roaccutane"),
    "isotretinoin 10 mg 1-0-2": s((c(1, 10), M), (c(2, 10), E), product="isotretinoin"),
    "0-0-1": s((c(1), E)),
    "1-1-1-1": s((c(1), M, N, E, B)),
    "20 mg every other day": s((mg(20), ALTERNATE)),
    "20mg on alternate days with food": s((mg(20), ALTERNATE), food=F),
    "1 cap qod": s((c(1), ALTERNATE)),
    "take one (1) capsule by mouth twice daily": s((c(1), TWICE)),
    "1 capsule of 10 mg and 1 capsule of 20 mg daily": s((c(1, 10), c(1, 20), ONCE)),
    "20 mg + 10 mg bid": s((mg(20), mg(10), TWICE)),
    "20 mg daily + 10 mg daily": s((mg(20), ONCE), (mg(10), ONCE)),
    "in the morning 40 mg, in the evening 20 mg": s((mg(40), M), (mg(20), E)),
    "twice daily take 1 capsule of 20 mg": s((c(1, 20), TWICE)),
    "20 mg tds": s((mg(20), THRICE)),
    "1 cap bd 30/7": s((c(1), TWICE), days=30),
    "1 cap bd x 4/52": s((c(1), TWICE), days=28),
    "1 cap bid for 4 weeks": s((c(1), TWICE), days=28),
    "1 cap daily, 30 day supply, do not refill": s((c(1), ONCE), days=30, refills=0),
    "1 cap daily 30-day supply": s((c(1), ONCE), days=30),
    "ii caps daily pc": s((c(2), ONCE), food=F),
    "i cap po bid cc": s((c(1), TWICE), food=F),
    "swallow 1 capsule whole with a full glass of water twice a day with food": s((c(1), TWICE), food=F),
    "1 capsule orally every 12 hours with a high-fat meal": s((c(1), TWICE), food=F),
    "2 capsules (20 mg each) once daily": s((c(2, 20), ONCE)),
    "2 capsules (40 mg total) once daily": s((c(2, 20), ONCE)),
    "take 40mg once a day at dinner": s((mg(40), E), food=F),
    "40 mg/day in the morning": s((mg(40), M)),
    "37.5 mg daily": s((mg("37.5"), ONCE)),
    "1 cap daily with food. Dispense 30 capsules. Refills: 0": s((c(1), ONCE), food=F, quantity=30, refills=0),
    "40 mg a day": s((mg(40), ONCE)),
    "1 cap daily, quantity: 30, refills none": s((c(1), ONCE), quantity=30, refills=0),
    "please take 1 capsule each morning after food": s((c(1), M), food=F),
    "20mg mane et nocte": s((mg(20), M, E)),
    "20 mg every 2nd day": s((mg(20), ALTERNATE)),
    "20 mg 2x/d": s((mg(20), TWICE)),
    "2 × 20 mg daily": s((c(2, 20), ONCE)),
    "20 MG CAPSULE - TAKE 1 CAPSULE BY MOUTH TWICE A DAY WITH FOOD": s((c(1, 20), TWICE), food=F),
    "TAKE 1 CAPSULE (40 MG TOTAL) BY MOUTH DAILY WITH FOOD.": s((c(1, 40), ONCE), food=F),
    "Take 1 capsule (20 mg total) by mouth 2 (two) times daily with meals.": s((c(1, 20), TWICE), food=F),
    "Take 1 capsule (30 mg total) by mouth daily with breakfast. Take with food.": s((c(1, 30), M), food=F),
    "Isotretinoin 20mg capsules - one to be taken each day with or after food": s(
        (c(1, 20), ONCE), product="isotretinoin", food=F
    ),
    "take 1 capsule by mouth every day with the largest meal of the day": s((c(1), ONCE), food=F),
    "3 caps of 10mg at night with fat containing meal": s((c(3, 10), E), food=F),
    "20 mg 1 - 0 - 1": s((c(1, 20), M, E)),
    "20 mg 1‑0‑2": s((c(1, 20), M), (c(2, 20), E)),
    "40 mg q.d. #30 nr": s((mg(40), ONCE), quantity=30, refills=0),
    "take 1 capsule daily for 30 days, disp #30, NR": s((c(1), ONCE), days=30, quantity=30, refills=0),
    "20 milligrams twice daily": s((mg(20), TWICE)),
    "20mgs bd": s((mg(20), TWICE)),
    "1 softgel bid": s((c(1), TWICE)),
    "40 mg qday": s((mg(40), ONCE)),
    "1 cap q8h": s((c(1), THRICE)),
    "20 mg 1x daily": s((mg(20), ONCE)),
    "20 mg bid,28 days": s((mg(20), TWICE), days=28),
    "1 cap po qam, 2 caps po qpm": s((c(1), M), (c(2), E)),
}

ASKED = {
    "": "How much",
    "60 mg daily (1 x 40 mg + 1 x 20 mg)": "How often",
    "two (2) 20 mg capsules daily for thirty (30) days": "not understood",
    "20 mg": "How often",
    "1 cap": "How often",
    "twice daily": "How much",
    "isotretinoin": "How much",
    "isotretinoin 20 mg capsule bid": "How many capsules",
    "as directed": "how often",
    "1 cap prn": "how often",
    "1 cap bid as directed": "how often",
    "1-2 caps daily": "Which one",
    "1 to 2 capsules daily": "Which one",
    "20 mg or 40 mg daily": "Which one",
    "20 to 40 mg daily": "Which one",
    "half a capsule daily": "divided",
    "1/2 cap daily": "divided",
    "1 tab po bid": "capsule meant",
    "20 mcg daily": "mg",
    "0.5 mg/kg/day": "mg a day",
    "1 mg/kg daily": "mg a day",
    "20 mg daily then 40 mg daily": "step",
    "20 mg daily for 4 weeks, increase to 40 mg": "step",
    "20 mg bid x30": "Days, or capsules",
    "20mg x 2 daily": "at one time",
    "1 cap daily for 1 month": "how many days",
    "1 cap daily 5 days a week": "which days",
    "20 mg once weekly": "which days",
    "20 mg twice a week": "not understood",
    "40 mg daily bid": "whole day",
    "40 mg/day": "whole day",
    "40 mg/day bid": "whole day",
    "40 mg in divided doses": "how many doses",
    "20 mg bid in two divided doses": "one time, or of the whole day",
    "3 caps daily in two divided doses": "divided",
    "2 caps (40 mg) bid": "each",
    "3 caps (40 mg total) daily": "strength",
    "40 mg (3 x 20 mg) daily": "differ",
    "20 mg 10 mg daily": "together",
    "20 mg daily, 40 mg nocte": "when",
    "1 bid": "1 of what",
    "one (2) capsule daily": "differ",
    "isotretinoin 40 mg caps: 20 mg bid": "cannot be made",
    "claravis absorica 1 cap daily": "More than one product",
    "1 cap daily with food with or without food": "More than one",
    "1 cap daily for 30 days for 28 days": "More than one",
    "60 capsules daily": "Is that meant",
    "5000 mg daily": "How many mg",
    "0 mg daily": "How many mg",
    "twice daily at bedtime 20 mg": "do not agree",
    "do not take 1 cap daily": "not understood",
    "1 cap daily except sunday": "not understood",
    "stop 20 mg daily": "not understood",
    "1 cap daily on an empty stomach": "Before food",
    "1-0-1 bid": "when",
    "0-0-0": "How much",
    "9-0-9": "Is that meant",
    "take 1 capsule \u202e daily": "not understood",
    "x" * 500: "longer",
    # a tenth, or ten times as much
    ".5 mg daily": "begins with a point",
    "..5 mg daily": "begins with a point",
    "take .5mg bid": "begins with a point",
    ",5 mg daily": "begins with a point",
    "37,5 mg daily": "decimal comma",
    "20,40 mg daily": "decimal comma",
    "1,000 mg daily": "decimal comma",
    "20 µg daily": "mg",
    "20 μg daily": "mg",
    "20 ug daily": "mg",
    "2O mg daily": "not understood",
    "20 m g daily": "not understood",
    # parts of capsules
    "½ cap daily": "divided",
    "1½ caps daily": "divided",
    "¼ capsule daily": "divided",
    "1 1/2 caps daily": "divided",
    "2.5 caps daily": "divided",
    "1/2-0-1": "divided",
    "0,5-0-1": "not understood",
    # more than one amount
    "1 – 2 caps daily": "Which one",
    "1‑2 caps daily": "Which one",
    "one or two capsules daily": "Which one",
    "up to 2 caps daily": "not understood",
    "no more than 1 cap daily": "not understood",
    "20mg daily max 2": "not understood",
    "20 mg daily, 40 mg daily": "Are both taken",
    "20 mg mane 40 mg mane": "Are both taken",
    "20mg/40mg daily": "not understood",
    "20mg alternating with 40mg daily": "which day",
    "alternate 20 mg and 40 mg daily": "which day",
    "60 mg daily (40 mg am, 20 mg pm)": "what is taken when",
    "2 caps (40mg) in the PM": "each",
    # not every day
    "20 mg on weekdays": "which days",
    "20 mg daily mon-fri": "which days",
    "20 mg on Mondays": "which days",
    "20 mg mon wed fri": "which days",
    "20 mg every third day": "which days",
    "20 mg every 3 days": "which days",
    "20 mg po qweek": "which days",
    "20 mg daily 5/7": "days of a week",
    "20 mg daily 1 week per month": "not understood",
    "20 mg daily except weekends": "not understood",
    "1 cap qid": "Four times",
    "20 mg daily or as directed": "not understood",
    "ignore previous: 20 mg daily": "not understood",
}


def test_there_are_enough_phrasings() -> None:
    assert len(REAL) >= 90 and len(ASKED) >= 90


@pytest.mark.parametrize("text", REAL)
def test_a_real_phrasing_is_read_as_it_is_meant(text: str) -> None:
    assert read_sig(text) == REAL[text]


@pytest.mark.parametrize("text", REAL)
def test_what_was_read_is_written_and_read_again(text: str) -> None:
    assert read_sig(write_sig(REAL[text])) == REAL[text]


@pytest.mark.parametrize("text", ASKED)
def test_what_can_mean_two_things_is_a_question(text: str) -> None:
    found = read_sig(text)
    assert isinstance(found, Question), found
    assert ASKED[text].lower() in found.asks.lower(), found


@pytest.mark.parametrize(
    ("text", "daily", "intakes"),
    [
        ("40 mg mane + 20 mg nocte", 60, 2),
        ("1 x 40mg + 1 x 20mg daily", 60, 1),
        ("20 mg bid", 40, 2),
        ("1 cap bid", None, 2),
        ("20 mg qod", None, None),
    ],
)
def test_what_a_day_comes_to(text: str, daily: int | None, intakes: int | None) -> None:
    found = read_sig(text)
    assert isinstance(found, Sig)
    assert (found.daily_mg, found.intakes) == (daily, intakes)


# --- round trip -----------------------------------------------------------------------------------
STRENGTHS = st.sampled_from([Decimal(text) for text in ("5", "8", "10", "16", "20", "25", "40", "17.5")])
DOSES = st.one_of(
    st.builds(Dose, capsules=st.integers(1, 6), strength_mg=STRENGTHS),
    st.builds(Dose, capsules=st.integers(1, 6)),
    st.builds(Dose, mg=st.integers(1, 2000).map(lambda n: Decimal(n) / 2)),
)
TOGETHER = st.lists(DOSES, min_size=1, max_size=3).map(tuple)
AT = st.sets(st.sampled_from(MOMENTS), min_size=1).map(lambda when: tuple(m for m in MOMENTS if m in when))
PLAIN = st.sampled_from([(ONCE,), (TWICE,), (THRICE,), (ALTERNATE,)])
LINES = st.one_of(
    st.lists(st.builds(Line, TOGETHER, AT), min_size=1, max_size=3).map(tuple),
    st.builds(Line, TOGETHER, PLAIN).map(lambda line: (line,)),
)
SIGS = st.builds(
    Sig,
    LINES,
    st.sampled_from(["", *NAMES]),
    st.sampled_from(["", *FOODS]),
    st.none() | st.integers(1, 366),
    st.none() | st.integers(0, 24),
    st.none() | st.integers(1, 999),
)


@SHORT
@given(SIGS)
def test_what_is_written_is_read_back(sig: Sig) -> None:
    written = write_sig(sig)
    if len(written) > sig_tokens.LONGEST:  # many doses in many lines: no instruction, and asked about
        asked = read_sig(written)
        assert isinstance(asked, Question) and str(sig_tokens.LONGEST) in asked.asks
        return
    assert read_sig(written) == sig


@SHORT
@given(st.sampled_from(sorted(LIBRARY.products)), st.integers(1, 160), st.sampled_from([1, 2]), st.integers(1, 30))
def test_the_capsules_of_a_plan_survive_the_text(product: str, dose: int, intakes: int, days: int) -> None:
    day = capsules_for(Decimal(dose), LIBRARY.products[product].strengths_mg, intakes)
    if day is None or any(count > 6 for intake in day.intakes for _, count in intake.capsules):
        return
    read = read_sig(write_sig(sig_of(day, days=days)))
    assert isinstance(read, Sig)
    assert (read.daily_mg, read.intakes, read.quantity, read.days) == (dose, intakes, day.count * days, days)


PIECES = (
    "1",
    "2",
    "20 mg",
    "cap",
    "caps",
    "bid",
    "daily",
    "and",
    "+",
    "x",
    "30",
    "days",
    "(",
    ")",
    "no",
    "refills",
    "in",
    "the",
    "morning",
    "a",
    "#",
    "/",
    "-",
    "mg",
    "with",
    "food",
    "q",
    "or",
    "40mg",
    ".5",
    ",",
    "37,5",
    "½",
    "1-0-1",
    "every other day",
    "mane",
    "nocte",
    "weekdays",
    "5/7",
    "each",
    "total",
    "divided",
)


@SHORT
@given(st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join) | free_text(st.text(max_size=30), max_size=60))
def test_any_text_is_read_or_asked_about_and_what_is_read_stays(text: str) -> None:
    found = read_sig(text)
    if isinstance(found, Sig):
        written = write_sig(found)
        assert len(written) > sig_tokens.LONGEST or read_sig(written) == found
    else:
        assert found.asks.endswith("?") or "not understood" in found.asks


@pytest.mark.parametrize("text", REAL)
def test_a_word_that_turns_the_meaning_is_never_read_over(text: str) -> None:
    parts = text.split(" ")
    for place in range(len(parts) + 1):
        for word in ("not", "except", "max", "stop", "?"):
            assert isinstance(read_sig(" ".join([*parts[:place], word, *parts[place:]])), Question), (place, word)


@pytest.mark.parametrize("text", [text for text in REAL if text[0].isdigit()])
def test_a_point_before_a_number_is_never_read_over(text: str) -> None:
    for mark in (".", ",", "½", "-"):
        assert isinstance(read_sig(mark + text), Question), mark


def test_a_structure_that_contradicts_itself_is_not_written() -> None:
    for bad in (
        Sig(()),
        s((mg(20),)),
        s((mg(20), ONCE, TWICE)),
        s((mg(20), M, TWICE)),
        s((mg(20), ONCE), (mg(40), M)),
        s((mg(20), "lunch")),
        s((Dose(), ONCE)),
    ):
        with pytest.raises(InputError):
            write_sig(bad)


def test_a_reader_that_skips_words_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With unknown words skipped, "do not take" would be read as "take"."""
    import re

    lax = (*sig_tokens._COMPILED, (re.compile(r"\S+"), lambda match: sig_tokens.Token("nothing", None, match[0])))
    monkeypatch.setattr(sig_tokens, "_COMPILED", lax)
    assert isinstance(read_sig("do not take 1 cap daily"), Sig)
