"""Who is treated, when: the person and the calendar of the course."""

from __future__ import annotations

from decimal import Decimal
from math import exp

from isocourse.record.dates import add_months
from isocourse.simulate import rates
from isocourse.simulate.clinic import Clinic
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Calendar, Month, Person

_METHODS = {
    ("combined_pill", "male_condom"): 46,
    ("implant", "male_condom"): 18,
    ("hormonal_ius", "male_condom"): 10,
    ("copper_iud", "male_condom"): 6,
    ("injection", "male_condom"): 8,
    ("abstinence",): 12,
}
_STOPS_PERIODS = frozenset({"implant", "hormonal_ius", "injection"})
DAYS = 30
EARLIEST_BEFORE = 7  # days before the last capsule that a clinic asks a patient back
_FEMALE_GROUNDS = {"hysterectomy": 2, "bilateral_oophorectomy": 1}


def person_on(day: int, clinic: Clinic, dice: Dice) -> Person:
    """Somebody with severe acne who comes on a day."""
    born = add_months(day, -12 * dice.weighted(rates.AGES)) - dice.between(0, 364)
    female = dice.happens(rates.FEMALE)
    can = female and not dice.happens(rates.CANNOT_THOUGH_FEMALE)
    ground = "uterus_and_ovary" if can else dice.weighted(_FEMALE_GROUNDS) if female else "cisgender_male"
    height = round(dice.normal(*rates.HEIGHT_CM["female" if female else "male"]))
    bmi = min(max(exp(dice.normal(*rates.BMI_LOG)), 16.5), 42.0)
    weight = Decimal(round(bmi * (height / 100) ** 2 * 2)) / 2
    return Person(
        born=born,
        sex="female" if female else "male",
        can_become_pregnant=can,
        ground=ground,
        height_cm=height,
        weight_kg=weight,
        minor=day < add_months(born, clinic.adult_months),
        periods=dice.weighted({"regular": 8.0, "irregular": 2.0}),
        cycle=dice.between(26, 31),
    )


def calendar_from(day: int, clinic: Clinic, person: Person, dice: Dice) -> Calendar:
    """The days of a course that begins with a first visit on a day."""
    methods = dice.weighted(_METHODS) if person.can_become_pregnant else ()
    since = day - dice.between(40, 900) if dice.happens(rates.COVERED_BEFORE) else day
    visit = _first_supply_visit(day, since, clinic, person, dice)
    months: list[Month] = []
    planned = dice.weighted(rates.MONTHS)
    vanished = stopped_early = False
    last_capsule = 0  # the day for which the capsules in hand suffice
    for place in range(planned):
        months.append(_month(place, visit, last_capsule - EARLIEST_BEFORE, can=person.can_become_pregnant, dice=dice))
        supply = months[-1].supply
        last_capsule = max(supply, last_capsule + 1) + DAYS - 1
        visit = max(last_capsule + dice.weighted(rates.NEXT_VISIT), supply + 1)
        vanished, stopped_early = dice.happens(rates.VANISHED), dice.happens(rates.STOPPED_EARLY)
        if vanished or stopped_early:
            break
    end = months[-1].supply + (dice.between(3, 25) if stopped_early else 29)
    reason = dice.weighted(rates.STOPPED_BECAUSE)
    return Calendar(
        day,
        methods,
        since,
        tuple(months),
        None if vanished else end,
        "patient_choice" if stopped_early and reason == "completed" else reason,
        months[-1].supply + dice.between(0, 20) if vanished else end + 200,
    )


def _month(place: int, visit: int, not_before: int, *, can: bool, dice: Dice) -> Month:
    supply, retest = max(visit + dice.weighted(rates.COLLECTED_AFTER), not_before), None
    if dice.happens(rates.WINDOW_MISSED):
        supply = max(visit + dice.between(*rates.LATE_DAYS["can" if can else "cannot"]), not_before)
        retest = supply - dice.between(0, 2) if can else None
    return Month(place, visit, supply, retest)


def periods_stop(person: Person, methods: tuple[str, ...]) -> bool:
    """Whether contraception keeps periods away in this person; the cycle stands in for another throw."""
    return bool(_STOPS_PERIODS & set(methods)) and person.cycle % 3 > 0


def period_before(day: int, first_visit: int, person: Person) -> int:
    """The first day of the last period that began on or before a day."""
    anchor = first_visit - person.born % person.cycle
    return anchor + (day - anchor) // person.cycle * person.cycle


def _first_supply_visit(day: int, since: int, clinic: Clinic, person: Person, dice: Dice) -> int:
    """The visit of the first supply: after the waits of the programme, and in a period where that is asked for."""
    visit = day + dice.between(7, 21)
    if not person.can_become_pregnant:
        return visit
    if since == day:
        visit = max(visit, day + clinic.lead_days + dice.between(0, 6))
    if clinic.test_gap is not None:
        visit = max(visit, day + clinic.test_gap + dice.between(0, 4))
    if clinic.period_days is not None and person.periods == "regular":
        begun = period_before(visit, day, person)
        if visit > begun + clinic.period_days - 2:
            begun += person.cycle
        visit = max(visit, begun + dice.between(0, clinic.period_days - 2))
    return visit
