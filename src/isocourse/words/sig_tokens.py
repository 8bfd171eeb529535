"""Cutting prescription text into understood pieces, by patterns tried in order at each place.

A place at which no pattern fits is a question, and some patterns exist only to ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from isocourse.words.sig import ALTERNATE, MOMENTS, NAMES, ONCE, THRICE, TWICE, Dose, Question

LONGEST = 400
MOST_AT_ONCE = 6
MOST_DAYS = 366
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a": 1, "i": 1, "ii": 2, "iii": 3}
_N = r"(?:\d{1,3}|one|two|three|four|five|six|iii|ii|i|a)"
_SPAN = r"(?:\d{1,3}|one|two|three|four|five|six)"
_MG = r"\d{1,4}(?:\.\d{1,3})?"
_CAPS = r"(?:capsules?|caps?|soft ?gels?)\b"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b"


@dataclass(frozen=True)
class Token:
    """One understood piece: its kind, what it says, and the words it was read from."""

    kind: str
    value: object
    words: str


class Ask(Exception):
    """Reading stops with a question."""

    def __init__(self, asks: str, about: str = "") -> None:
        self.question = Question(asks, about)
        super().__init__(asks)


# Written in other characters, and meant alike: hyphens, dashes and minus signs; times; the Greek letter for micro.
_SAME = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "×": "x", "’": "'", "\u03bc": "µ"})


def normal(text: str) -> str:
    """Small letters, single spaces, abbreviations without dots; raises Ask where there is nothing to read."""
    if len(text) > LONGEST:
        raise Ask(f"The text is longer than {LONGEST} characters. Which part is the instruction?")
    low = re.sub(r"[\s\u00a0]+", " ", text.lower().translate(_SAME)).strip()
    low = re.sub(r"(?<=\d)( ?)(?:milligrams?|mgs)\b", r"\1mg", low)
    # b.i.d. and p.o. without their dots; "no." keeps its own.
    low = re.sub(r"\b([a-z])\.([a-z])\.(?:([a-z])\.)?", lambda m: "".join(part for part in m.groups() if part), low)
    if not low:
        raise Ask("The text is empty. How much is taken, and how often?")
    return re.sub(
        rf"\b(?P<a>{_N}) ?\((?P<b>{_N})\)(?= ?(?:capsules?|caps?|x\b|days?|times\b|{_MG} ?-?mg))", _said_twice, low
    )


# --- cutting into tokens --------------------------------------------------------------------------
def _number(text: str) -> int:
    return _WORDS[text] if text in _WORDS else int(text)


def _question(asks: str) -> Callable[[re.Match[str]], Token]:
    def ask(match: re.Match[str]) -> Token:
        raise Ask(asks, match.group(0).strip())

    return ask


def _just(kind: str, value: object = None) -> Callable[[re.Match[str]], Token]:
    return lambda match: Token(kind, value, match.group(0))


def _dose(capsules: str | None, strength: str | None) -> Dose:
    count = _number(capsules) if capsules is not None else None
    if count is not None and not 1 <= count <= MOST_AT_ONCE:
        raise Ask(f"{count} capsules at one time. Is that meant?", str(count))
    return Dose(capsules=count, strength_mg=_mg(strength) if strength is not None else None)


def _mg(text: str) -> Decimal:
    number = Decimal(text)
    if not 0 < number <= 1000:
        raise Ask(f"{text} mg cannot be meant. How many mg?", text)
    return number


def _capsules(match: re.Match[str]) -> Token:
    """2 caps of 20 mg, 1 cap 20mg, 2 capsules (20 mg each), 2 capsules (40 mg total), 2 caps (40 mg)?"""
    count, strength = match.group("n"), match.group("mg")
    told = match.group("told") or ""
    number = _number(count)
    if strength is not None and number > 1:
        if told == "total":
            each = Decimal(strength) / number
            if each * number != Decimal(strength):
                raise Ask(f"{strength} mg in {number} capsules. What is the strength of each?", match.group(0))
            return Token("dose", Dose(capsules=_dose(count, None).capsules, strength_mg=each), match.group(0))
        if not told and match.group("of") is None:
            raise Ask(f"{number} capsules ({strength} mg): is each {strength} mg, or all together?", match.group(0))
    return Token("dose", _dose(count, strength), match.group(0))


def _scheme(match: re.Match[str]) -> Token:
    counts = [int(part) for part in match.group(0).split("-")]
    return Token("scheme", tuple(zip(MOMENTS, counts, strict=False)), match.group(0))


def _days(match: re.Match[str]) -> Token:
    number = _number(match.group("n")) * (7 if match.group("unit").startswith(("w", "/52")) else 1)
    if not 1 <= number <= MOST_DAYS:
        raise Ask(f"{number} days cannot be meant. For how many days?", match.group(0))
    return Token("days", number, match.group(0))


def _refills(match: re.Match[str]) -> Token:
    given = next((group for group in match.groups() if group), "0")
    return Token("refills", 0 if given in ("none", "zero", "nil", "no") else int(given), match.group(0))


def _said_twice(match: re.Match[str]) -> str:
    """one (1) capsule: the figure, when both say the same."""
    if _number(match.group("a")) != _number(match.group("b")):
        raise Ask("The number in words and the one in figures differ. Which one?", match.group(0))
    return str(_number(match.group("a")))


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], Token]], ...] = (
    (r"[.](?=\d)|(?<![a-z)]),(?=\d)", _question("A number that begins with a point or a comma. How much?")),
    (rf"\d+,\d+ ?(?:mg|{_CAPS})", _question("A decimal comma (write 37.5), or two amounts (write +)?")),
    (r"[,;:.]", _just("pause")),
    (r"(?:(?<=capsules )|(?<=capsule )|(?<=caps )|(?<=cap ))-(?= )", _just("pause")),
    (r"[()]", _just("bracket")),
    # --- what has to be asked
    (
        r"(?:as|when) (?:directed|advised|needed|required|instructed)|prn\b|utd\b|ud\b|mdu\b",
        _question("How much is taken, and how often a day?"),
    ),
    (
        rf"{_MG} ?mg ?/ ?kg(?: ?/ ?(?:day|d)\b)?",
        _question("A dose per kilogram is no instruction. How many mg a day?"),
    ),
    (rf"{_N} ?(?:-|to|or) ?{_N} ?(?:x ?{_MG} ?mg|{_CAPS}|mg\b)", _question("More than one amount. Which one?")),
    (rf"{_MG} ?mg (?:or|to) {_MG} ?mg", _question("More than one amount. Which one?")),
    (
        r"(?:\d+ ?)?(?:half|1/2|[½¼¾⅓⅔])|\d*\.\d+ ?(?:a )?cap\w*",
        _question("A capsule cannot be divided. How many whole capsules?"),
    ),
    (r"\d+ ?(?:mcg|micrograms?|ug|µg|ml|g)\b", _question("Isotretinoin capsules are in mg. How many mg?")),
    (rf"(?:{_N} )?tab(?:let)?s?\b", _question("Isotretinoin comes as capsules. Is a capsule meant?")),
    (
        r"then\b|increas\w*|titrat\w*|tapering|after \d+ \w+|weeks? \d+(?:-\d+)?:?|month \d+",
        _question("More than one step. Write each step as a prescription of its own: what is taken now?"),
    ),
    (
        r"(?:on an )?empty stomach|before (?:food|meals)|\bac\b",
        _question("Before food? Classic capsules are taken with a meal. Which is meant?"),
    ),
    (
        r"(?:\d+|three|two|four) (?:times|days) (?:a|per) week|weekly|q ?week|mwf\b|(?:on )?(?:weekdays|weekends?)|"
        r"every (?:third|3rd|3|three|fourth|4th) days?|\d ?x ?/ ?(?:week|wk)|x ?\d ?/ ?(?:week|wk)",
        _question("Not every day. On which days, and how much?"),
    ),
    (rf"(?:on )?{_WEEKDAY}", _question("Not every day. On which days, and how much?")),
    (r"[1-6]/7\b", _question("For so many days, or on so many days of a week?")),
    (r"qid\b|qds\b|four times (?:a |per )?(?:day|daily)", _question("Four times a day. Is that meant?")),
    (
        r"alternat(?:e|ing) (?:with )?(?=\d)|alternate (?!days)",
        _question("Two amounts in turn. How much is taken on which day?"),
    ),
    (rf"(?:for |x ?)?{_SPAN} ?(?:months?|mo\b|/12)", _question("A month has 28 to 31 days. For how many days?")),
    # --- amounts
    (r"\d ?- ?\d ?- ?\d(?: ?- ?\d)?(?! ?[\d-])", _scheme),
    (rf"(?P<n>{_N}) ?x ?(?P<mg>{_MG}) ?mg\b(?: ?{_CAPS})?", lambda m: Token("dose", _dose(m["n"], m["mg"]), m[0])),
    (
        rf"(?P<n>{_N}) ?{_CAPS} ?(?P<of>of |x ?)?\(?(?:(?P<mg>{_MG}) ?mg\b(?: (?P<told>each|total)\b)?\)?)",
        _capsules,
    ),
    (
        rf"(?P<n>{_N}) (?P<mg>{_MG}) ?-?mg (?:isotretinoin )?{_CAPS}",
        lambda m: Token("dose", _dose(m["n"], m["mg"]), m[0]),
    ),
    (
        rf"{_MG} ?mg(?: {_CAPS})? ?x ?[1-9]\b(?! ?(?:days?|d\b|weeks?|wks?|w\b|/7|/52))",
        _question("So many capsules at one time, or so many times a day?"),
    ),
    (rf"(?P<mg>{_MG}) ?-?mg (?:soft |hard |oral )?{_CAPS}", lambda m: Token("header", _mg(m["mg"]), m[0])),
    (rf"(?P<mg>{_MG}) ?mg ?(?:/ ?(?:day|d)\b|per day\b)", lambda m: Token("daily", Dose(mg=_mg(m["mg"])), m[0])),
    (rf"(?P<mg>{_MG}) ?mg\b", lambda m: Token("dose", Dose(mg=_mg(m["mg"])), m[0])),
    # --- how long, how many (before bare capsules: "dispense 60 capsules")
    (
        rf"(?:(?:disp(?:ense|\.)?:? ?)?# ?|no\. ?|qty:? ?|quantity:? ?|disp(?:ense|\.)?:? ?|mitte:? ?|supply:? ?|"
        rf"send )(?P<n>\d{{1,3}}) ?(?:{_CAPS})?(?! ?(?:days?|d\b|/7|weeks?|wks?|"
        rf"w\b))",
        lambda m: Token("quantity", int(m["n"]), m[0]),
    ),
    (
        r"(?:no|0|zero|nil) (?:refills?|repeats?)|(?:refills?|repeats?|rf|rpt)[: x]*(\d{1,2}|none|zero|"
        r"nil|no)\b|(\d{1,2}) (?:refills?|repeats?)|do not (?:refill|repeat)|non-?refillable|nr\b",
        _refills,
    ),
    (
        rf"(?:for |x ?|disp(?:ense)? |mitte |supply )?(?P<n>{_SPAN})[ -]?(?P<unit>days?\b|d\b|/7\b|"
        rf"weeks?\b|wks?\b|w\b|/52\b)(?:'? supply)?",
        _days,
    ),
    (rf"(?P<n>{_N}) ?{_CAPS}", lambda m: Token("dose", _dose(m["n"], None), m[0])),
    (r"x ?\d+", _question("Write x30 days, or #30: days, or capsules?")),
    # --- how often
    (
        r"(?:in|into|as)? ?(?:two|2) (?:equal(?:ly)? )?(?:divided )?doses(?: (?:daily|a day|per day|"
        r"each day))?|div(?:ided)? (?:bid|bd|(?:in)?to two|twice daily|twice a day|q12h)",
        _just("divided", 2),
    ),
    (r"(?:in )?divided doses", _just("divided", None)),
    (
        r"every (?:other|second|2nd) day|(?:on )?alternat(?:e|ing) days|qod\b|eod\b|q48h|"
        r"every 2 days|every 48 hours",
        _just("time", ALTERNATE),
    ),
    (
        r"bid\b|bds?\b|twice (?:(?:a|per|each|every) )?(?:day|daily)|(?:2|two) (?:times|x) (?:(?:a|"
        r"per) )?(?:day|daily)|2 ?x ?(?:/ ?(?:day|d\b)|daily|a day|per day)|q ?12 ?h(?:ours|rs)?\b|every (?:12|"
        r"twelve) (?:hours|hrs|h)\b|twice\b",
        _just("time", TWICE),
    ),
    (
        r"tid\b|tds\b|q ?8 ?h(?:ours|rs)?\b|every (?:8|eight) (?:hours|hrs|h)\b|"
        r"(?:three|3) times (?:(?:a|per) )?(?:day|daily)",
        _just("time", THRICE),
    ),
    (r"with (?:breakfast|morning meal)|at breakfast(?: time)?", _just("meal", "morning")),
    (r"with lunch|at lunch(?:time)?", _just("meal", "midday")),
    (
        r"with (?:dinner|supper|the evening meal|evening meal|tea)|at (?:dinner|supper)(?: time)?|"
        r"at dinnertime",
        _just("meal", "evening"),
    ),
    (
        r"(?:(?:in|every|each) (?:the )?)?mornings?\b|mane\b|om\b|q ?am\b|(?:in (?:the )?)?am\b",
        _just("time", "morning"),
    ),
    (r"(?:at )?(?:midday|noon|lunchtime)\b", _just("time", "midday")),
    (
        r"(?:(?:in|every|each) (?:the )?)?evenings?\b|q ?pm\b|(?:in (?:the )?)?pm\b|nocte\b|nightly|(?:at|"
        r"every|each) night",
        _just("time", "evening"),
    ),
    (r"(?:at |before )?bedtime|q?hs\b", _just("time", "bedtime")),
    (
        r"once (?:(?:a|per|each|every) )?(?:day|daily)|1 ?x ?(?:/ ?(?:day|d\b)|daily|a day|per day)|daily\b|every ?day|"
        r"each day|qd\b|q ?day\b|od\b|q ?24 ?h\b|"
        r"(?:a|per) day|once\b",
        _just("time", ONCE),
    ),
    # --- food, route, words without weight
    (
        r"(?:with or without|regardless of|without regard to|irrespective of) (?:food|"
        r"meals?)",
        _just("food", "with_or_without_food"),
    ),
    (
        r"(?:with or after|with|w/|c|after) ?(?:a |the |each |main |largest |fatty |high-fat |fat[- ]containing )*"
        r"(?:food|meals?)\b(?: of the day)?|pc\b|"
        r"cc\b",
        _just("food", "with_food"),
    ),
    (r"(?:with|w/) ?(?:a )?(?:full )?(?:glass of )?(?:plenty of )?(?:water|liquid|fluid|milk)", _just("nothing")),
    (r"po\b|by mouth|orally|oral\b|per os", _just("nothing")),
    ("|".join(NAMES), lambda m: Token("name", m[0], m[0])),
    (
        r"(?:please )?(?:take|swallow|give|use|tk)\b|to be taken|sig\b|rx\b|whole\b|please\b|"
        r"(?:the )?patient\b|soft(?:gel)? capsules?|treatment|course",
        _just("nothing"),
    ),
    (r"\+|&|and\b|plus\b|et\b", _just("join")),
    (
        rf"{_N}(?= (?:po|by mouth|bid|bds?|daily|od|qd|twice|once|every|each|a day|per day|in the|at|with|to be taken|"
        rf"w/|mane|nocte|am|pm|q))",
        lambda m: Token("bare", _number(m[0]), m[0]),
    ),
)
_COMPILED = tuple((re.compile(f"(?:{pattern})"), make) for pattern, make in _PATTERNS)


def tokens(text: str) -> list[Token]:
    """The pieces of a normal text, all of it; raises Ask at the first word that is not understood."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        for pattern, make in _COMPILED:
            match = pattern.match(text, at)
            if match is not None and match.end() > at:
                found.append(make(match))
                at = match.end()
                break
        else:
            word = re.match(r"\S+", text[at:])
            raise Ask("These words were not understood. What do they say?", word[0][:40] if word else text[at:][:40])
    return found
