"""Blood tests: the laboratory model of A.4, drawn before treatment and as clinics draw, reviewed when they are high."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from math import exp, log

from isocourse.record.quantities import Reported
from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.dose import nearest
from isocourse.simulate.draft import Draft, Month

_MONTHLY = 0.75  # of clinics draw lipids every month (A.1); the others do so as in _DRAWN
_DRAWN = frozenset({1, 2, 4, 5})
_TG_PER_MMOL, _CHOLESTEROL_PER_MMOL = 88.57, 38.67
_ALT_LIMIT, _TG_LIMIT, _CHOLESTEROL_LIMIT = 40, 150, 200
_REVIEW_TG, _REVIEW_ALT, _REDUCE_TG = 500.0, 3 * _ALT_LIMIT, 300.0


class Body:
    """One person's laboratory: what each analyte would be at a draw, and scatter between draws."""

    def __init__(self, dice: Dice, *, sex: str, bmi: float) -> None:
        self.dice = dice
        self.sex = sex
        self.shift = rates.BMI_ON_TRIGLYCERIDES * max(bmi - 23, 0.0)
        self.models = {
            name: (model, self.dice.normal(*model.baseline), self._response(model))
            for name, model in (
                ("triglycerides", rates.TRIGLYCERIDES),
                ("total_cholesterol", rates.CHOLESTEROL),
                ("alt", rates.ALT),
            )
        }
        self.ast_own = self.dice.normal(0.0, rates.AST_OWN[1])
        self.measures_ck = self.dice.happens(rates.CK_MEASURED)

    def _response(self, model: rates.Analyte) -> float:
        strong = self.dice.happens(model.strong)
        return self.dice.normal(*(model.strong_response if strong else model.response))

    @cached_property
    def ck_baseline(self) -> float:
        mean, deviation, _, _ = rates.CK[self.sex]
        return self.dice.normal(mean, deviation)

    def at(self, name: str, place: int | None, mg_per_kg: float) -> float:
        """mg/dL or U/L of one analyte; `place` counts the months of treatment, None before it."""
        model, baseline, response = self.models[name]
        level = baseline + (self.shift if name == "triglycerides" else 0.0)
        if place is not None:
            least, most = rates.DOSE_FACTOR
            factor = min(max(mg_per_kg, least), most)
            level += response * model.ramp[min(place, len(model.ramp) - 1)] * factor
        return exp(level + self.dice.normal(0.0, model.within))

    def ck(self) -> float:
        """U/L, with a spike after exercise now and then."""
        _, _, _, spikes = rates.CK[self.sex]
        spike = abs(self.dice.normal(*rates.CK_SPIKE)) if self.dice.happens(spikes) else 0.0
        return exp(self.ck_baseline + self.dice.normal(0.0, 0.2) + spike)

    def ast(self, alt: float, ck: float) -> float:
        """U/L: goes with ALT, and with CK where that is raised."""
        model, deviation = rates.ALT.baseline, rates.AST_OWN[1]
        own = (1 - rates.AST_FOLLOWS_ALT**2) ** 0.5 * (self.ast_own + self.dice.normal(0.0, 0.1))
        level = rates.AST_OWN[0] + rates.AST_FOLLOWS_ALT * (log(alt) - model[0]) * deviation / model[1] + own
        limit = rates.CK[self.sex][2]
        return exp(level + (0.15 * log(ck / limit) if ck > limit else 0.0))


class Draw:
    """Values of one draw with the ids they were written under."""

    def __init__(self, draft: Draft, dice: Dice, body: Body, *, day: int, place: int | None, repeat: bool = False):
        self.draft, self.dice, self.day = draft, dice, day
        dose = float(draft.doses[place if place is not None else 0] / draft.person.weight_kg)
        self.tg = body.at("triglycerides", place, dose)
        self.alt = body.at("alt", place, dose)
        cholesterol, ck = body.at("total_cholesterol", place, dose), body.ck()
        self.fasting = repeat or not draft.fault("not_fasting", dice.happens(rates.NOT_FASTING))
        self.alcohol = not repeat and draft.fault("after_alcohol", dice.happens(rates.AFTER_ALCOHOL))
        self.ids = [
            self._enzyme("alt", self.alt, _ALT_LIMIT),
            self._enzyme("ast", body.ast(self.alt, ck), _ALT_LIMIT),
            self._lipid("triglycerides", self.tg, _TG_PER_MMOL, (_TG_LIMIT, "1.7")),
            self._lipid("total_cholesterol", cholesterol, _CHOLESTEROL_PER_MMOL, (_CHOLESTEROL_LIMIT, "5.2")),
        ]
        if body.measures_ck:
            self.ids.append(self._enzyme("ck", ck, rates.CK[body.sex][2]))

    def _enzyme(self, analyte: str, value: float, limit: int) -> str:
        forgotten = self.draft.fault("limit_missing", self.dice.happens(rates.LIMIT_MISSING))
        return self.draft.write(
            "lab_result",
            self.day,
            "laboratory",
            analyte=analyte,
            value=Reported(Decimal(round(value))),
            unit="U/L",
            upper_limit=None if forgotten else Decimal(limit),
        )

    def _lipid(self, analyte: str, mg_dl: float, per_mmol: float, limits: tuple[int, str]) -> str:
        metric = not self.draft.clinic.mg_dl
        value = Decimal(round(mg_dl / per_mmol * 100)) / 100 if metric else Decimal(round(mg_dl))
        return self.draft.write(
            "lab_result",
            self.day,
            "laboratory",
            analyte=analyte,
            value=Reported(value),
            unit="mmol/L" if metric else "mg/dL",
            upper_limit=Decimal(limits[1]) if metric else Decimal(limits[0]),
            fasting_hours=Decimal(12) if self.fasting else Decimal(3),
            hours_since_alcohol=Decimal(14) if self.alcohol else Decimal(60),
        )

    @property
    def wants_review(self) -> bool:
        return self.tg >= 0.98 * _REVIEW_TG or self.alt > 0.98 * _REVIEW_ALT

    @property
    def abnormal(self) -> bool:
        return self.tg >= 0.98 * _TG_LIMIT or self.alt > 0.98 * _ALT_LIMIT


def write(draft: Draft) -> None:
    """Draws of the whole course. High results lower the doses of the months that follow."""
    dice, body = draft.dice("bloods"), Body(draft.dice("body"), sex=draft.person.sex, bmi=draft.person.bmi)
    months = draft.calendar.months
    first = max(draft.calendar.first_visit, months[0].visit - dice.between(2, 14))
    if draft.fault("bloods_forgotten", dice.happens(rates.BLOODS_FORGOTTEN)):
        return
    risk = _act(draft, dice, body, Draw(draft, dice, body, day=first, place=None), months[0])
    risk = risk or draft.person.bmi >= 29
    monthly = dice.happens(_MONTHLY)
    for month in months[1:]:
        forgotten = dice.happens(rates.BLOODS_FORGOTTEN)
        wanted = monthly or risk or month.place in _DRAWN
        if wanted and not draft.fault("bloods_forgotten", forgotten):
            day = max(month.visit - dice.weighted({0: 6, 1: 2, 2: 1, 3: 1}), months[month.place - 1].supply + 1)
            risk |= _act(draft, dice, body, Draw(draft, dice, body, day=day, place=month.place - 1), month)


def _act(draft: Draft, dice: Dice, body: Body, draw: Draw, month: Month) -> bool:
    """What the clinic does about a draw; whether it tests more closely from now on."""
    doubtful = not draw.fasting and (month.place == 0 or draw.tg >= _TG_LIMIT)
    if doubtful and dice.happens(rates.REPEATED_FASTING):
        place = month.place - 1 if month.place else None
        return _act(draft, dice, body, Draw(draft, dice, body, day=month.visit, place=place, repeat=True), month)
    if draw.tg >= _REDUCE_TG or draw.wants_review:
        draft.faults.add("raised_result")
        for place in range(month.place, len(draft.doses)):
            half = draft.doses[place] / 2
            draft.doses[place] = nearest(half, draft.person.weight_kg, draft.capsules)
    if draw.wants_review and not draft.fault("review_forgotten", dice.happens(rates.REVIEW_FORGOTTEN)):
        draft.write("lab_reviewed", month.visit, results=tuple(draw.ids), decision="reduce")
    return draw.abnormal
