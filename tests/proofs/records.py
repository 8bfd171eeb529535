"""Records for holding the translation and its axioms against the engine: people nearly by the book, with noise.

Seeded and plain: the same seed gives the same record. Every kind of event that a fact reads occurs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from isocourse.record import events as ev
from isocourse.record import terminology as t
from isocourse.record.dates import PartialDate, exact, partial_date
from isocourse.record.events import Event
from tests.record.made import WHOLE_DATES

_ROLES = ("prescriber", "prescriber", "prescriber", "nurse", "patient")
_ANCHORS = {
    "us": (date(2022, 3, 1), date(2026, 8, 8), date(2026, 10, 1)),
    "uk": (date(2019, 12, 1), date(2023, 10, 31), date(2025, 10, 27), date(2026, 1, 22), date(2026, 9, 1)),
    "eu": (date(2019, 1, 15), date(2024, 2, 29), date(2026, 9, 1)),
}
_STEPS = (-60, -31, -30, -19, -7, -6, -3, -1, 0, 0, 0, 0, 1, 3, 4, 6, 7, 8, 19, 20, 28, 30, 31, 37, 61)


_OTHERS = (
    "doxycycline",
    "vitamin A",
    "acitretin",
    "noise",
    "rifampicin",
    "phenytoin",
    "carbamazepine",
    "desogestrel",
    "adapalene",
    "ethinylestradiol",
    "methotrexate",
    "prednisolone",
    "warfarin",
    "alcohol",
    "vitamin E",
    "gemfibrozil with simvastatin",
)


class _Writer:
    def __init__(self, seed: int, programme: str) -> None:
        self.dice = random.Random(seed)
        self.programme = programme
        self.events: list[Event] = []
        self.start = self.dice.choice(_ANCHORS[programme]).toordinal() + self.dice.choice((-40, -3, -1, 0, 1, 30))

    def often(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent

    def write(self, kind: str, day: int, **fields: Any) -> None:
        happened = exact(day)
        if self.often(4) and kind not in WHOLE_DATES:
            happened = partial_date(happened.text[: self.dice.choice((4, 7, 7))])
        role = self.dice.choice(_ROLES)
        noon = datetime.combine(date.fromordinal(day), datetime.min.time(), UTC) + timedelta(hours=12)
        number = len(self.events)
        author = ev.Author(id=role[:3], role=role)  # type: ignore[arg-type]
        made = ev.KINDS[kind](id=f"e{number}", happened_on=happened, recorded_at=noon, author=author, **fields)
        self.events.append(made)

    def maybe(self, percent: int, kind: str, day: int, **fields: Any) -> None:
        if self.often(percent):
            self.write(kind, day, **fields)

    def person(self) -> None:
        day = self.start - self.dice.choice((70, 45, 33))
        age = self.dice.choice((16, 17, 18, 18, 25, 54, 55, 56))
        self.maybe(92, "birth", self.start - round(age * 365.25) + self.dice.choice((-1, 0, 1, 40)))
        potential = self.dice.choice(("can", "can", "can", "cannot"))
        grounds = ("hysterectomy", "cisgender_male", "postmenopausal_fsh", "tubal_sterilisation", "other")
        ground = "uterus_and_ovary" if potential == "can" else self.dice.choice(grounds)
        self.maybe(94, "pregnancy_potential", day, potential=potential, ground=ground, confirmed=self.often(85))
        registry = "ipledge" if self.programme == "us" else "ppp"
        self.maybe(93, "programme_enrolment", day, registry=registry, status="enrolled")
        self.maybe(94, "prescriber", day, prescriber_id="p", role="lead_prescriber", certified_with=("ipledge",))
        form = "ipledge_enrolment" if self.programme == "us" else "acknowledgement_of_risk"
        for signer in ("patient", "guardian", "prescriber"):
            version = self.dice.choice((None, partial_date("2023-10"), partial_date("2026-01")))
            self.maybe(88, "form_signed", day, form=form, signed_by=signer, version=version)
        self.maybe(92, "breast_feeding", day, status=self.dice.choice(("stopped", "stopped", "stopped", "started")))
        self.maybe(90, "contraception_started", day, method=self.dice.choice(("implant", "combined_pill")))
        self.maybe(90, "contraception_started", day + self.dice.choice((0, 2)), method="male_condom")
        self.maybe(96, "medicines_asked", day, taken="nothing_else")
        pattern = self.dice.choice(("regular", "irregular", "suppressed"))
        self.maybe(90, "menses_pattern", day + self.dice.choice((0, 0, 40)), pattern=pattern)
        self.maybe(
            25, "no_risk_agreement", day, ground="no_intercourse", reason="said so", patient_agreed=self.often(85)
        )
        self.maybe(25, "home_test_permission", day, permitted=self.often(80))
        self.maybe(80, "visit", day, mode=self.dice.choice(("in_person", "in_person", "remote")))
        topics = self.dice.choice((("mental_health", "sexual_function"), ("pregnancy_risk",)))
        self.maybe(85, "counselling", day, topics=topics)
        self.maybe(40, "prescriber_approval", day, prescriber_id="q", approval=self.dice.choice(("second", "lead")))
        self.maybe(
            75, "pregnancy_test", self.start - self.dice.choice((18, 19, 20, 31)), result="negative", setting="medical"
        )

    def month(self, day: int) -> int:
        setting = self.dice.choice(("medical", "medical", "medical", "supervised_remote", "home", "unknown"))
        sensitivity = self.dice.choice((None, None, Decimal(20), Decimal(25), Decimal(26)))
        self.maybe(25, "menses_started", day - self.dice.choice((0, 3, 4, 5)))
        self.maybe(90, "pregnancy_test", day, result="negative", setting=setting, sensitivity_miu_ml=sensitivity)
        self.maybe(85, "counselling", day, topics=("pregnancy_risk",))
        self.maybe(85, "comprehension", day, passed=self.often(92))
        self.maybe(60, "visit", day, mode=self.dice.choice(("in_person", "remote")))
        days = self.dice.choice((30, 30, 30, 28, 31))
        refills = self.dice.choice((0, 0, 0, 0, 1))
        written = day + self.dice.choice((-1, 0, 0, 1, 3, 4))
        self.maybe(70, "prescription", written, product="isotretinoin", days=days, refills=refills)
        last = exact(day + self.dice.choice((5, 6, 7)))
        self.maybe(30, "authorisation", day, number="a", do_not_dispense_after=last)
        if self.often(65):
            self.write("dispensing", day + self.dice.choice((0, 2, 6)), days=days)
            self.maybe(60, "course_start", day + 2)
            self.maybe(15, "contraceptive_failure", day + self.dice.choice((3, 10, 25)))
        return day + days - self.dice.choice((7, 1, 0, -3, -31, -60))

    def noise(self, day: int) -> None:
        kind = self.dice.choice([name for name in ev.KINDS if name not in ("entered_in_error", "birth")])
        self._noise(kind, day + self.dice.choice(_STEPS))

    def _noise(self, kind: str, day: int) -> None:
        match kind:
            case "pregnancy_test":
                result = self.dice.choice(("negative", "negative", "positive", "unclear"))
                self.write(kind, day, result=result, setting=self.dice.choice(t.codes(t.TestSetting)))
            case "pregnancy_resolved":
                worries = [e.id for e in self.events if _worrying(e) and e.happened_on.first <= day]
                if worries:
                    self.write(kind, day, resolves=(self.dice.choice(worries),), how="pregnancy_excluded")
            case "authorisation":
                self.write(kind, day, number="a", do_not_dispense_after=exact(day + self.dice.choice((0, 5, 9))))
            case "prescription":
                self.write(kind, day, product="isotretinoin", days=self.dice.choice((1, 30, 90)))
            case "dispensing":
                self.write(kind, day, days=self.dice.choice((1, 30, 31)))
            case "medicine_started":
                self.write(kind, day, name=self.dice.choice(_OTHERS))
            case "missed_doses":
                self.write(kind, day, days=self.dice.choice((1, 7, 30)))
            case _:
                fields = _coded_fields(ev.KINDS[kind], self.dice)
                if fields is not None:
                    self.write(kind, day, **fields)


def _coded_fields(cls: type[Event], dice: random.Random) -> dict[str, Any] | None:
    """Values for the fields that an event needs, where they are codes or truths; None when any is not."""
    fields: dict[str, Any] = {}
    hints = get_type_hints(cls)
    for name in cls.__annotations__:
        codes = [code for code in get_args(hints[name]) if isinstance(code, str)]
        if codes:
            fields[name] = dice.choice(codes)
        elif hints[name] is bool:
            fields[name] = dice.choice((True, False))
        elif name in ("prescriber_id", "reason", "text", "name", "guardian_id"):
            if hints[name] is str:
                fields[name] = "noise"
        elif name == "topics":
            fields[name] = (dice.choice(t.codes(t.CounsellingTopic)),)
        elif name == "certified_with":
            fields[name] = dice.choice(((), ("ipledge",)))
        elif name == "version":
            fields[name] = dice.choice((None, partial_date("2025-12-31"), partial_date("2026-01")))
        elif hints[name] is not PartialDate and name not in _NEEDLESS:
            return None
    return fields


_NEEDLESS = frozenset({"process", "code", "system", "active", "method"})


def _worrying(event: Event) -> bool:
    if isinstance(event, ev.PregnancyTest):
        return event.result == "positive"
    return isinstance(event, ev.Pregnancy | ev.MissedPeriod | ev.UnprotectedIntercourse | ev.ContraceptiveFailure)


def history(seed: int, programme: str) -> tuple[list[Event], list[int]]:
    """A record's events, and some days worth looking at it from."""
    writer = _Writer(seed, programme)
    writer.person()
    day = writer.start
    days = [day + step for step in (0, 1, 3, 4, 6, 7)]
    for _ in range(writer.dice.choice((0, 1, 1, 1, 2, 3))):
        if writer.often(25):
            writer.noise(day)
        day = writer.month(day)
        days += [day + step for step in (-1, 0, 3, 6, 7, 40)]
    for _ in range(writer.dice.choice((0, 0, 0, 1, 2, 5, 9))):
        writer.noise(writer.dice.choice(days))
    return writer.events, [writer.dice.choice(days) for _ in range(3)]


def near_first_supply(dice: random.Random, start: int) -> tuple[list[Event], int]:
    """A person in the United States nearly ready for the first supply, with several tests around the lock-out."""
    events: list[Event] = []

    def write(kind: str, day: int, **fields: Any) -> None:
        noon = datetime.combine(date.fromordinal(day), datetime.min.time(), UTC) + timedelta(hours=12)
        author = ev.Author(id="p", role="prescriber")
        number = f"e{len(events)}"
        events.append(ev.KINDS[kind](id=number, happened_on=exact(day), recorded_at=noon, author=author, **fields))

    before = start - 60
    write("birth", before - 9000)
    write("pregnancy_potential", before, potential="can", ground="uterus_and_ovary", confirmed=True)
    write("programme_enrolment", before, registry="ipledge", status="enrolled")
    write("form_signed", before, form="ipledge_enrolment", signed_by="patient")
    write("prescriber", before, prescriber_id="p", role="dermatologist", certified_with=("ipledge",))
    write("breast_feeding", before, status="stopped")
    write("medicines_asked", before, taken="nothing_else")
    write("menses_pattern", before, pattern=dice.choice(("irregular", "irregular", "regular")))
    write("contraception_started", before, method="implant")
    write("contraception_started", before, method="male_condom")
    write("counselling", start - 1, topics=("pregnancy_risk",))
    write("comprehension", start - 1, passed=True)
    write("pregnancy_test", start - 30, result="negative", setting="medical")
    days = [start + dice.choice((0, 0, 3, 6, 7, 18, 19, 20, 25)) for _ in range(dice.choice((1, 2, 2, 3)))]
    for day in days:
        write("pregnancy_test", day, result="negative", setting="medical")
        if dice.randrange(2):
            write("menses_started", day - 2)
    if dice.randrange(2):
        write("prescription", dice.choice(days), product="isotretinoin", days=30)
    return events, dice.choice(days) + dice.choice((0, 1, 3, 6, 7))


def histories(programme: str, count: int, seed: int = 0) -> Iterator[tuple[list[Event], list[int]]]:
    for number in range(count):
        own = seed * 1_000_003 + number
        if programme == "us" and number % 4 == 0:
            dice = random.Random(own)
            events, day = near_first_supply(dice, dice.choice(_ANCHORS["us"]).toordinal())
            yield events, [day]
        else:
            yield history(own, programme)
