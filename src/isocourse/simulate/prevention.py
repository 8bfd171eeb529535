"""Preventing pregnancy: contraception, periods, tests before and during treatment, and worries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft, Month, month_only
from isocourse.simulate.person import period_before, periods_stop

_INSTEAD = "diaphragm_with_spermicide"
_WORRIES = (
    ("missed_period", rates.MISSED_PERIOD, 0),
    ("contraceptive_failure", rates.FAILURE, 21),
    ("unprotected_intercourse", rates.UNPROTECTED, 21),
)


def write(draft: Draft) -> None:
    """Nothing for somebody who cannot become pregnant."""
    if not draft.person.can_become_pregnant:
        return
    dice = draft.dice("prevention")
    permitted = draft.clinic.home_tests and dice.happens(rates.HOME_TESTS_PERMITTED)
    _before(draft, dice, permitted)
    for month in draft.calendar.months:
        _test_of(draft, dice, month, permitted)
        _worries(draft, dice, month)
    _after(draft, dice)


def _before(draft: Draft, dice: Dice, permitted: bool) -> None:
    calendar, person, day = draft.calendar, draft.person, draft.calendar.first_visit
    _methods(draft, dice)
    draft.write("breast_feeding", day, "nurse", status="stopped")
    if not draft.fault("pattern_not_asked", dice.happens(rates.PATTERN_NOT_ASKED)):
        suppressed = periods_stop(person, calendar.methods)
        draft.write("menses_pattern", day, "nurse", pattern="suppressed" if suppressed else person.periods)
    if not periods_stop(person, calendar.methods):
        for month in calendar.months:
            draft.write("menses_started", period_before(month.visit, day, person), "patient")
    if permitted:
        draft.write("home_test_permission", day, permitted=True, process="Photograph of the test with name and date")
    if draft.clinic.test_gap is not None:
        _test(draft, dice, day)


def _methods(draft: Draft, dice: Dice) -> None:
    calendar, day = draft.calendar, draft.calendar.first_visit
    if calendar.methods == ("abstinence",) and not draft.clinic.abstinence:
        draft.write(
            "no_risk_agreement",
            day,
            ground="no_intercourse",
            reason="Spoken about together; no partner, and none expected during the course.",
            patient_agreed=True,
        )
        return
    for method in calendar.methods:
        vague = draft.fault("month_only", dice.happens(rates.MONTH_ONLY))
        happened = month_only(calendar.methods_since) if vague else None
        draft.write("contraception_started", calendar.methods_since, "patient", happened=happened, method=method)


def _test(draft: Draft, dice: Dice, day: int, **fields: Any) -> None:
    method = "serum" if draft.clinic.blood_tests or dice.happens(0.4) else "urine"
    told: dict[str, Any] = {
        "result": "negative",
        "method": method,
        "setting": "medical",
        "sensitivity_miu_ml": Decimal(25),
    }
    draft.write("pregnancy_test", day, "nurse", **(told | fields))


def _test_of(draft: Draft, dice: Dice, month: Month, permitted: bool) -> None:
    """The test of one month: on the day of the visit, as a rule."""
    at_home = permitted and month.place > 0 and dice.happens(rates.HOME_TEST)
    forgotten = draft.fault("test_forgotten", dice.happens(rates.TEST_FORGOTTEN))
    late = draft.fault("test_late", dice.happens(rates.TEST_LATE))
    nowhere = draft.fault("test_setting_unknown", dice.happens(rates.TEST_SETTING_UNKNOWN))
    unasked = draft.fault("test_at_home_unasked", dice.happens(rates.TEST_AT_HOME_UNASKED))
    positive, unclear = dice.happens(rates.POSITIVE_TEST), dice.happens(rates.UNCLEAR_TEST)
    if forgotten:
        return
    setting = "unknown" if nowhere else "home" if at_home or unasked else "medical"
    result = "positive" if positive else "unclear" if unclear else "negative"
    fields: dict[str, Any] = {"method": "urine"} if setting == "home" else {}
    _test(draft, dice, month.visit + late, setting=setting, result=result, **fields)
    if month.retest is not None:
        _test(draft, dice, month.retest)


def _worries(draft: Draft, dice: Dice, month: Month) -> None:
    """What gives rise to worry between two supplies; usually a test follows when it can tell."""
    for kind, share, wait in _WORRIES:
        if draft.fault("worry", dice.happens(share)):
            day = month.supply + dice.between(3, 24)
            draft.write(kind, day, "patient")
            if dice.happens(rates.TESTED_AFTERWARDS):
                _test(draft, dice, day + wait + dice.between(0, 4))
    if draft.calendar.methods and draft.fault("method_changed", dice.happens(rates.METHOD_CHANGED)):
        method, day = draft.calendar.methods[-1], month.supply + dice.between(3, 24)
        if method != "abstinence":
            draft.write("contraception_stopped", day, "patient", method=method)
            draft.write("contraception_started", day + dice.between(0, 9), "patient", method=_INSTEAD)


def _after(draft: Draft, dice: Dice) -> None:
    stopped = draft.calendar.stopped
    if stopped is not None:
        for day in (stopped + 2, stopped + 33):
            if dice.happens(0.8):
                _test(draft, dice, day)
