"""An adversarial set of courses: by the book, then snapped to the edges, torn at and corrected.

`cases(count)` is the same list each time. Each case is one record, one programme (with or without the adoption of its
unconfirmed version) and one day. Every distance is drawn from around the threshold it is compared with; kinds of events
are dropped whole; ties, partial dates, corrections, worries and positive tests are thrown in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

import msgspec

from isocourse.engine.decide import Evaluation, evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.record import events as ev
from isocourse.record.dates import add_months, day_of, exact, iso, partial_date
from isocourse.record.events import Event
from isocourse.record.record import Record, check_record
from tests import shipped
from tests.spine import SPINE

V2 = "ipledge-2026"
V2_DAY = day_of("2026-08-08")
CUTS = {
    "us": (day_of("2021-12-13"), V2_DAY, V2_DAY, V2_DAY + 12),
    "uk": (day_of("2023-10-31"), day_of("2025-10-27"), day_of("2026-01-22"), day_of("2019-06-30")),
    "eu": (day_of("2018-07-01"),),
}
FIRST = {"us": day_of("2021-12-13"), "uk": day_of("2019-06-30"), "eu": day_of("2018-07-01")}
ADOPTIONS: dict[str, tuple[int | None, ...]] = {"us": (None, V2_DAY, V2_DAY + 12), "uk": (None,), "eu": (None,)}
REGISTRY = {"us": "ipledge", "uk": "ppp", "eu": "ppp"}
PROGRAMMES = ("us", "us", "us", "uk", "uk", "eu", "eu")
PAIRS = (
    ("implant", "male_condom"),
    ("implant", "male_condom"),
    ("combined_pill", "male_condom"),
    ("combined_pill", "male_condom"),
    ("hormonal_ius",),
    ("abstinence",),
    ("implant", "combined_pill"),
    ("male_condom",),
    ("progestogen_only_pill", "male_condom"),
    ("tubal_sterilisation",),
)
GROUNDS = (
    "cisgender_male",
    "cisgender_male",
    "hysterectomy",
    "bilateral_oophorectomy",
    "postmenopausal_fsh",
    "postmenopausal_fsh",
    "postmenopausal_panel",
    "postmenopausal_unspecified",
    "tubal_sterilisation",
    "premenarche",
    "abstinence",
    "other",
)
SETTINGS = ("medical",) * 8 + ("supervised_remote", "supervised_remote", "home", "home", "unknown")
NEAR = (0, 0, 0, -1, 1)
OTHERS = (
    ("doxycycline",),
    ("doxycycline",),
    ("vitamin A",),
    ("acitretin",),
    ("doxycyline",),
    ("paracetamol",),
    ("st johns wort",),
    ("rifampicin",),
    ("rifampicin",),
    ("carbamazepine", "phenytoin"),
    ("desogestrel", "ethinylestradiol"),
    ("adapalene", "methotrexate", "prednisolone"),
    ("warfarin", "alcohol", "vitamin E"),
    ("gemfibrozil", "simvastatin"),
)


@dataclass(frozen=True)
class Case:
    """One course as one programme sees it on one day."""

    number: int
    programme: str
    adopted: int | None
    record: Record
    as_of: int

    @property
    def edition(self) -> Edition:
        return edition(self.programme, self.adopted)

    @property
    def whole(self) -> Edition:
        """Every topic that is loaded."""
        return edition(self.programme, self.adopted, whole=True)

    def evaluated(self, *, whole: bool = False) -> Evaluation:
        return evaluate(self.whole if whole else self.edition, prepare(self.record), self.as_of)

    def told(self) -> str:
        """The case in words, for a failing test."""
        adopted = "" if self.adopted is None else f", adopted {iso(self.adopted)}"
        return f"case {self.number}: {self.programme}{adopted}\n" + told(self.record.events, self.as_of)


def told(events: Sequence[Event], as_of: int) -> str:
    lines = [f"as of {iso(as_of)}"]
    for event in sorted(events, key=lambda e: (e.happened_on.last, e.recorded_at)):
        fields = {
            name: getattr(event, name)
            for name in event.__struct_fields__
            if name not in ("happened_on", "note", "recorded_at", "author") and getattr(event, name) not in (None, ())
        }
        what = type(event).__name__
        lines.append(
            f"  {event.happened_on} {what} {fields} by {event.author.role} at {event.recorded_at:%Y-%m-%d %H:%M}"
        )
    return "\n".join(lines)


# What the generated courses hold events for: with these topics some of them proceed.
HELD = (*SPINE, "medicines")


def edition(programme: str, adopted: int | None = None, *, whole: bool = False) -> Edition:
    return shipped.edition(programme, None if whole else HELD, () if adopted is None else ((V2, adopted),))


def valid(events: Sequence[Event]) -> bool:
    try:
        check_record(Record(subject="s", events=tuple(events)))
    except InputError:
        return False
    return True


def moment(day: int, late: int = 0, minutes: int = 0) -> datetime:
    return datetime.combine(date.fromordinal(day + late), time(12), UTC) + timedelta(minutes=minutes)


class Pen:
    """Writes a course down, event by event."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(f"course {seed}")
        self.events: list[Event] = []
        self.vague = self.dice.random() < 0.15  # whether this record has partial dates
        self.late = self.dice.random() < 0.2  # and whether things were written down later
        self.tidy = False

    def chance(self, likely: float) -> bool:
        if self.tidy and self.dice.random() < 0.9:
            return likely >= 0.5
        return self.dice.random() < likely

    def pick(self, values: Sequence[Any]) -> Any:
        """One of the values; in a tidy course mostly the first, which is the one by the book."""
        if self.tidy and self.dice.random() < 0.85:
            return values[0]
        return self.dice.choice(values)

    def write(self, kind: str, day: int, *, by: str = "prescriber", **fields: Any) -> Event:
        happened = exact(day)
        if self.vague and kind not in ("dispensing", "prescription", "authorisation") and self.chance(0.2):
            happened = partial_date(happened.text[: 7 if self.chance(0.8) else 4])
        event = ev.KINDS[kind](
            id=f"e{len(self.events)}",
            happened_on=happened,
            recorded_at=moment(day, self.pick((0, 0, 1, 3, 20)) if self.late else 0, len(self.events)),
            author=ev.Author(id=by[:3], role=by),  # type: ignore[arg-type]
            **fields,
        )
        self.events.append(event)
        return event

    def others(self, number: int, as_of: int) -> None:
        """Other medicines, with dice of their own: what is drawn here moves nothing else."""
        kept, self.dice = self.dice, Random(f"medicines {number}")
        if self.dice.random() < 0.96:
            self.write("medicines_asked", as_of - self.pick((0, 0, 1, 5)), taken="as_listed")
        if self.dice.random() < 0.35:
            for name in self.dice.choice(OTHERS):
                begun = as_of - self.pick((0, 10, 40, 90))
                found = self.write("medicine_started", begun, name=name)
                if self.dice.random() < 0.6:
                    stopped = as_of - self.dice.choice((0, 1, 6, 7, 8, 27, 28, 29, 57, 58, 59))
                    self.write("medicine_stopped", max(begun, stopped), started=found.id)
                if self.dice.random() < 0.4:
                    by, verdict = self.dice.choice(
                        (("prescriber", "acceptable"), ("nurse", "acceptable"), ("pharmacist", "not_acceptable"))
                    )
                    self.write("medicine_checked", max(begun, as_of - 3), by=by, started=found.id, verdict=verdict)
        self.dice = kept

    def health(self, number: int, as_of: int) -> None:
        """Allergies and illnesses, with dice of their own; most records hold none."""
        kept, self.dice = self.dice, Random(f"health {number}")
        if self.dice.random() < 0.2:
            match self.dice.choice(("allergy", "condition", "sex", "child", "sign")):
                case "allergy":
                    allergen = self.dice.choice(("isotretinoin", "soya", "peanut"))
                    self.write("allergy", as_of - 40, allergen=allergen, text="", refuted=self.dice.random() < 0.3)
                case "condition":
                    code, active = self.dice.choice((("L70.0", True), ("K50.9", None), (None, True), ("K50.9", False)))
                    self.write("condition", as_of - 40, text="recorded", code=code, active=active)
                case "child":
                    for place, event in enumerate(self.events):
                        if isinstance(event, ev.Birth):
                            born = exact(add_months(as_of, -12 * 12) + self.dice.choice((0, 1, 30)))
                            written = moment(born.last, 1)
                            self.events[place] = msgspec.structs.replace(
                                event, happened_on=born, recorded_at=max(event.recorded_at, written)
                            )
                case "sex":
                    self.write("sex", as_of - 90, sex=self.dice.choice(("female", "male")))
                case _:
                    self.write("condition", as_of - 5, text="pregnant", code="Z33.1", active=True)
        self.dice = kept

    # --- pieces of a course
    def test(self, day: int, setting: str | None = None, **fields: Any) -> Event:
        sensitivity = self.pick((None, None, None, None, None, None, "25", "10", "26"))
        fields = {"result": "negative", "sensitivity_miu_ml": sensitivity and Decimal(sensitivity)} | fields
        return self.write("pregnancy_test", day, setting=setting or self.pick(SETTINGS), **fields)

    def person(self, programme: str, as_of: int) -> None:
        age = self.pick((30, None, 16, 18, 18, 18, 30, 30, 55, 55))
        if age is not None:
            self.write("birth", add_months(as_of, -12 * age) + self.pick((0, 0, 1, -1, -400)))
        drawn = self.dice.random()
        if drawn < 0.06:
            return
        recorded = as_of - self.pick((60, 0, 1, 60, 60, 300))
        if drawn < 0.70:
            self.write(
                "pregnancy_potential", recorded, potential="can", ground="uterus_and_ovary", confirmed=self.chance(0.8)
            )
        if drawn >= 0.66:
            self.write(
                "pregnancy_potential",
                recorded,
                potential="cannot",
                ground=self.pick(GROUNDS),
                confirmed=self.chance(0.8),
            )

    def paperwork(self, programme: str, as_of: int, since: int) -> None:
        """Enrolment, prescriber, forms, counselling, visits: mostly in order, some of it since the last supply."""
        pick, chance = self.pick, self.chance
        early = since - pick((0, 1, 30, 60))
        now = pick((as_of, as_of, as_of - 1, since, since + 1))
        registry = REGISTRY[programme] if chance(0.95) else "other"
        self.write("programme_enrolment", early, registry=registry, status="enrolled")
        if chance(0.05):
            self.write("programme_enrolment", pick((early, now)), registry=registry, status="withdrawn")
        role = pick(
            (
                "consultant_dermatologist",
                "lead_prescriber",
                "dermatologist",
                "general_practitioner",
                "supervised_prescriber",
            )
        )
        certified = ("ipledge",) if chance(0.9) else ()
        self.write("prescriber", early, prescriber_id="dr1", role=role, certified_with=certified)
        if chance(0.1):
            self.write(
                "prescriber",
                now,
                prescriber_id="dr2",
                role="general_practitioner",
                certified_with=pick(((), ("ipledge",))),
            )
        if programme == "us":
            self.write("form_signed", early, form="ipledge_enrolment", signed_by="patient")
            if chance(0.5):
                self.write("form_signed", early, form="ipledge_enrolment", signed_by="guardian")
        else:
            form = pick(("acknowledgement_of_risk",) * 4 + ("pregnancy_prevention_acknowledgement",))
            version = pick(("2026-01", None, "2025-12", "2025-12-31", "2026-01", "2026-01-01", "2026-03", "2023-10"))
            signer = pick(("patient", "patient", "patient", "guardian", "prescriber"))
            self.write("form_signed", early, form=form, signed_by=signer, version=version and partial_date(version))
            if chance(0.15):
                self.write("form_signed", early, form=form, signed_by="patient", version=partial_date("2025-06"))
        topics = pick(
            (
                ("pregnancy_risk", "contraception"),
                ("mental_health", "sexual_function"),
                ("mental_health",),
                ("general_risks",),
            )
        )
        self.write("counselling", early, topics=("mental_health", "sexual_function") if chance(0.8) else topics)
        self.write("counselling", now, topics=topics)
        self.write("comprehension", now, passed=True)
        if chance(0.08):
            self.write("comprehension", now, passed=False)
        self.write("visit", early, mode="in_person" if chance(0.85) else "remote", purpose="first")
        visited = as_of - pick((0, 1, 28, 29, 29, 30, 30, 31))
        self.write("visit", visited, mode="in_person" if chance(0.85) else "remote")
        if chance(0.15):
            printed = as_of + pick((0, -1, 1, 5))
            self.write(
                "authorisation", pick((visited, visited - 1, now)), number="a1", do_not_dispense_after=exact(printed)
            )
        if chance(0.5):
            self.write(
                "prescriber_approval",
                early + pick((0, 1)),
                prescriber_id="dr3",
                approval=pick(("second", "second", "lead")),
            )
        self.write("breast_feeding", early, status="stopped")
        if chance(0.06):
            self.write("breast_feeding", now, status="started")
        if chance(0.9):
            self.write("menses_pattern", early, pattern=pick(("regular", "regular", "irregular", "suppressed")))

    def cover(self, begins: int, stopped_near: int) -> None:
        pair = self.pick(PAIRS)
        for method in pair:
            self.write("contraception_started", begins - self.pick((0, 0, 0, 0, 1)), method=method)
        if self.chance(0.12):
            method = self.pick(pair)
            ended = stopped_near + self.pick((0, -1, 1, -20, -21, -22, -30))
            self.write("contraception_stopped", ended, method=method)
            if self.chance(0.6):
                self.write("contraception_started", ended + self.pick((0, 0, 1, 5)), method=method)

    def agreement(self, as_of: int) -> None:
        made = as_of - self.pick((0, 1, 40))
        role = "prescriber" if self.chance(0.85) else "nurse"
        reason, agreed = "no partner; spoken about it", self.chance(0.9)
        self.write("no_risk_agreement", made, by=role, ground="no_intercourse", reason=reason, patient_agreed=agreed)
        if self.chance(0.3):
            self.write("no_risk_agreement_ended", made + self.pick((0, 1, -1)))

    def prescription(self, day: int) -> None:
        for _ in range(2 if self.chance(0.05) else 1):
            days, refills = self.pick((30, 30, 30, 30, 31, 31, 28, 29)), self.pick((0, 0, 0, 0, 1))
            self.write("prescription", day, product="isotretinoin", days=days, refills=refills)

    def concern(self, as_of: int) -> None:
        kind = self.pick(("unprotected_intercourse", "contraceptive_failure", "missed_period"))
        day = as_of - self.pick((0, 1, 20, 21, 21, 22, 40))
        worry = self.write(kind, day, by="patient")
        if self.chance(0.4):
            self.test(
                day + self.pick((0, -1, 20, 21, 22)), self.pick(("medical", "medical", "home", "supervised_remote"))
            )
        if self.chance(0.15):
            self.resolve(worry, max(day, as_of - self.pick((0, 1))))

    def positive(self, as_of: int) -> None:
        day = as_of - self.pick((0, 1, 10, 60, 90))
        if self.chance(0.7):
            found = self.test(day, result="positive")
        else:
            found = self.write("pregnancy", day, evidence="reported")
        if self.chance(0.6):
            self.resolve(found, max(day, as_of - self.pick((0, 1, 5, 35, 50))))

    def resolve(self, found: Event, day: int) -> None:
        if found.happened_on.first > day:
            return
        role = "prescriber" if self.chance(0.85) else "nurse"
        self.write("pregnancy_resolved", day, by=role, resolves=(found.id,), how="pregnancy_excluded")

    def printed(self, test_day: int) -> None:
        if self.chance(0.12):
            printed = test_day + self.pick((5, 6, 7, 0))
            self.write(
                "authorisation", test_day + self.pick((0, 1, -1)), number="a2", do_not_dispense_after=exact(printed)
            )

    def blood(self, begun: int, over: int) -> None:
        near = (begun, begun, add_months(over, 1), over + 28, over + 30)
        self.write("blood_donation", self.pick(near) + self.pick(NEAR), by="patient")


# --- whole courses --------------------------------------------------------------------------------
def _before_first(pen: Pen, programme: str, as_of: int) -> int:
    """Waiting for the first supply; gives the day the paperwork is drawn around."""
    pick = pen.pick
    if programme == "us":
        second = as_of - pick((0, 0, 1, 5, 6, 6, 7, 7, 8, 18, 19, 20))
        third = None
        if pen.dice.random() < 0.3:  # a window was missed, and the test repeated around the end of the lock-out
            third = as_of - pick((0, 0, 1, 6, 7))
            second = third - pen.dice.choice((6, 7, 8, 18, 18, 19, 19, 20, 40))
        first = second - pick((19, 18, 19, 19, 20, 30, 45))
        pen.test(first, "medical" if pen.chance(0.85) else None)
        if pen.chance(0.85):
            pen.test(second, "medical" if pen.chance(0.9) else None)
        if pen.chance(0.85):
            pen.write("menses_started", second - pick((0, 2, 3, 4, 4, 5, 5, 6)), by="patient")
        if third is not None:
            pen.test(third, "medical")
            if pen.chance(0.7):
                pen.write("menses_started", third - pick((0, 3, 4, 5)), by="patient")
        pen.printed(second)
        if pen.chance(0.5):
            pen.prescription(second + pick((0, 0, 1, 1, -1)))
        anchor = second
    else:
        prescribed = as_of - pick((0, 0, 1, 5, 6, 7, 7, 8, 8))
        test_day = prescribed - pick((0, 0, 1, 2, 3, 3, 4, 4, -1))
        pen.test(test_day, "medical" if pen.chance(0.7) else None)
        if pen.chance(0.65):
            pen.prescription(prescribed)
        anchor = test_day
        if pen.chance(0.15):
            pen.agreement(as_of)
    lead = pick((anchor, anchor, anchor, as_of)) + pick((0, 0, -1, 1, -60, -60))
    if pen.chance(0.93):
        pen.cover(pick((add_months(lead, -1), lead - 28, lead - 30, add_months(lead, -1))), as_of)
    return anchor - 20


def _during(pen: Pen, programme: str, as_of: int) -> tuple[int, int]:
    """Some supplies were given; gives the day of the first and the last."""
    pick = pen.pick
    days = pick((30, 30, 30, 28, 31))
    latest = as_of - pick((23, 0, 1, 22, 22, 23, 23, 24, 29, 30, 31, 45, 58, 59, 60, 60, 61))
    supplies = [latest]
    for _ in range(pick((0, 0, 1, 2))):
        supplies.insert(0, supplies[0] - pick((days, days, days + 29, days + 30, days + 31, days - 7)))
    pen.cover(supplies[0] - pick((60, 30, 31)), as_of)
    for number, day in enumerate(supplies):
        pen.test(day - pick((0, 1, 3)), "medical")
        if number == 0:
            pen.test(day - pick((19, 20, 25)), "medical")
        if pen.chance(0.5):
            pen.prescription(day - pick((0, 1)))
        pen.write("dispensing", day, by="pharmacist", days=days)
        if pen.chance(0.03):
            pen.write("dispensing", day, by="pharmacist", days=7)
    if pen.chance(0.5):
        pen.write("course_start", supplies[0] + pick((0, 1)), by="patient")
    if pen.chance(0.8):
        tested = as_of - pick((0, 0, 1, 2, 3, 4, 6, 6, 7, 7, 8))
        pen.test(tested)
        pen.printed(tested)
        if pen.chance(0.6):
            pen.prescription(tested + pick((0, 0, 1, 3, 4, -1)))
    if pen.chance(0.3):
        pen.write("home_test_permission", as_of - pick((0, 1, 40)), permitted=pen.chance(0.75), process="photograph")
    if pen.chance(0.06):
        pen.write("missed_doses", latest + pick((1, 5)), by="patient", days=pick((1, 3, 7)))
    if pen.chance(0.12):
        pause = latest + pick((0, 1, 10))
        pen.write("course_pause", pause)
        if pen.chance(0.5):
            pen.write("course_start", pause + pick((0, 1, 3)), by="patient")
    if pen.chance(0.15):  # cover was interrupted since the last supply
        lapsed = pick((latest + 1, latest, latest + 2, as_of - 20, as_of - 21, as_of - 22))
        pen.write("unprotected_intercourse", lapsed - 1, by="patient")
        pen.test(lapsed + pick((20, 21, 22)), "medical")
    if programme != "us" and pen.chance(0.12):
        pen.agreement(as_of)
    return supplies[0], latest


def _aftercare(pen: Pen, last_dose: int, as_of: int) -> None:
    """What is asked for after the last dose: some of it done, some too early."""
    on = last_dose + pen.pick((0, 1, 30, 92, -1))
    pen.write("capsules_returned", on, by="pharmacist")
    steps = ("eyes_asked", "scars_looked_at", "maintenance_discussed", "relapse_explained")
    pen.write("aftercare_done", on, by=pen.pick(("prescriber", "nurse", "patient")), steps=steps)
    if pen.chance(0.6):
        pen.write("relapse_definition_chosen", on, definition="any_prescription")
    if pen.chance(0.4):
        pen.write("relapse", pen.pick((as_of, last_dose, last_dose - 1)), definition="any_prescription")


def _course(pen: Pen, programme: str, as_of: int) -> None:
    pick = pen.pick
    stage = pen.dice.choice(("first", "first", "first", "during", "during", "during", "ended", "again", "bare"))
    pen.tidy = pen.dice.random() < 0.4
    pen.person(programme, as_of)
    since = as_of - 30
    if stage == "first":
        since = _before_first(pen, programme, as_of)
    elif stage == "during":
        begun, since = _during(pen, programme, as_of)
        if pen.chance(0.1):
            pen.blood(begun, since + 29)
    elif stage in ("ended", "again"):
        last_dose = as_of - pick((0, 1, 7, 8, 27, 28, 29, 30, 31, 32, 38, 45, 90))
        begun, given = _during(pen, programme, last_dose)
        if pen.chance(0.7):
            pen.write("course_stop", last_dose, reason="completed")
        for _ in range(pick((0, 1, 1, 2))):
            pen.test(last_dose + pick((0, -1, 1, 27, 28, 30, 31, 32)))
        if pen.chance(0.3):
            pen.blood(begun, last_dose)
        if pen.chance(0.5):
            _aftercare(pen, last_dose, as_of)
        since = _before_first(pen, programme, as_of) if stage == "again" else given
    if stage != "bare" or pen.chance(0.5):
        pen.paperwork(programme, as_of, since)
    if pen.chance(0.2):
        pen.concern(as_of)
    if pen.chance(0.12):
        pen.positive(as_of)
    if pen.chance(0.05):
        pen.test(as_of - pick((0, 1, 20)), result="unclear")


def _tear(pen: Pen) -> None:
    """Drop whole kinds, move single events by a day, write one twice."""
    if pen.tidy and pen.dice.random() < 0.7:
        return
    pen.tidy = False
    kinds = {type(event) for event in pen.events}
    dropped = {kind for kind in sorted(kinds, key=lambda kind: kind.__name__) if pen.chance(0.04)}
    named = {target for event in pen.events if isinstance(event, ev.PregnancyResolved) for target in event.resolves}
    pen.events = [event for event in pen.events if type(event) not in dropped or event.id in named]
    for place, event in enumerate(pen.events):
        tied_to_another = event.id in named or isinstance(event, ev.PregnancyResolved)
        if event.happened_on.exact and pen.chance(0.03) and not tied_to_another:
            moved = event.happened_on.first + pen.pick((-1, 1))
            again = max(event.recorded_at, moment(moved))
            pen.events[place] = msgspec.structs.replace(event, happened_on=exact(moved), recorded_at=again)
    if pen.events and pen.chance(0.15):
        twice = pen.pick(pen.events)
        tied: dict[str, Any] = {"id": "twice"}
        if isinstance(twice, ev.PregnancyTest):
            tied["result"] = pen.pick(("positive", "unclear", "negative"))
        if isinstance(twice, ev.PregnancyPotential):
            tied["potential"] = "can" if twice.potential == "cannot" else "cannot"
        pen.events.append(msgspec.structs.replace(twice, **tied))


def _correct(pen: Pen) -> None:
    """Withdraw an event, or amend it; sometimes take that back."""
    target = pen.pick(pen.events)
    number = f"c{len(pen.events)}"
    later = target.recorded_at + timedelta(minutes=pen.pick((1, 60, 1440, 40_000)))
    if isinstance(target, ev.EnteredInError) or pen.chance(0.5):
        correction: Event = ev.EnteredInError(
            id=number, happened_on=target.happened_on, recorded_at=later, author=target.author, corrects=target.id
        )
    else:
        changes: dict[str, Any] = {}
        if target.happened_on.exact:
            changes["happened_on"] = exact(target.happened_on.first + pen.pick((0, -1, -7)))
        if isinstance(target, ev.PregnancyTest):
            changes["setting"] = pen.pick(SETTINGS)
        correction = msgspec.structs.replace(target, id=number, recorded_at=later, amends=target.id, **changes)
    pen.events.append(correction)
    if not valid(pen.events):
        pen.events.pop()


def case(number: int) -> Case:
    """The course of a number: the same each time."""
    pen = Pen(number)
    programme = PROGRAMMES[number % len(PROGRAMMES)]
    adopted = pen.pick(ADOPTIONS[programme])
    if pen.chance(0.45):
        as_of = pen.pick(CUTS[programme]) + pen.pick((0, 0, -1, 1, 3, 7, 10, 19))
    else:
        as_of = day_of(
            pen.pick(("2022-03-30", "2024-02-28", "2025-05-31", "2026-11-23", "2027-01-30"))
        ) + pen.dice.randint(0, 40)
    as_of = max(as_of, FIRST[programme])
    _course(pen, programme, as_of)
    pen.others(number, as_of)
    pen.health(number, as_of)
    _tear(pen)
    if pen.events and pen.chance(0.2):
        for _ in range(pen.pick((1, 1, 2, 4))):
            _correct(pen)
    events = list(pen.events)
    pen.dice.shuffle(events)
    found = Case(number, programme, adopted, Record(subject=f"s{number}", events=tuple(events)), as_of)
    check_record(found.record)
    return found


@lru_cache(maxsize=8)
def cases(count: int, start: int = 0) -> tuple[Case, ...]:
    return tuple(case(number) for number in range(start, start + count))


SUITE = 3_000
LONG = 12_000
