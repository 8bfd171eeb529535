"""How often things happen in a synthetic clinic, as shares (0 to 1).

Two kinds of figures. The laboratory model and the frequencies of symptoms are those of
shared/clinical/monitoring-and-effects.md A.3 and A.4, which call themselves a calibrated engineering assumption.
Everything else is our own assumption about an ordinary clinic, made so that every branch is taken by somebody and most
people can go on; it is evidence of nothing.
"""

from __future__ import annotations

from typing import NamedTuple

# --- the person
FEMALE = 0.55
CANNOT_THOUGH_FEMALE = 0.03
AGES = {14: 4, 15: 7, 16: 10, 17: 11, 18: 11, 19: 9, 20: 8, 22: 10, 24: 8, 26: 6, 29: 6, 33: 5, 38: 3, 44: 2}
HEIGHT_CM = {"female": (165.0, 6.5), "male": (178.0, 7.0)}
BMI_LOG = (3.13, 0.15)  # median 22.9 kg/m2; about one in twenty-five at 30 or above

# --- the course
MONTHS = {4: 1, 5: 3, 6: 4, 7: 2, 8: 1}
COLLECTED_AFTER = {0: 46, 1: 20, 2: 12, 3: 8, 4: 5, 5: 3, 6: 2, 7: 1, 8: 1}  # days from visit to capsules, weights
NEXT_VISIT = {
    -5: 5,
    -4: 10,
    -3: 15,
    -2: 30,
    -1: 20,
    0: 10,
    1: 5,
    3: 3,
    6: 2,
    10: 1,
}  # days from the last one, weights
WINDOW_MISSED = 0.015  # a month: collected weeks after the visit, after a new test where one is needed
LATE_DAYS = {"can": (8, 30), "cannot": (30, 36)}  # days from that visit to the capsules
STOPPED_BECAUSE = {"completed": 84, "adverse_effect": 6, "patient_choice": 10}
STOPPED_EARLY = 0.02  # a month
VANISHED = 0.02  # a month: nothing more is written down, not even a stop
PAUSED = 0.01  # a month; half of them are not recorded as going on

# --- ordinary faults of a clinic; a month means each month of each course
FORM_LATE = 0.02  # a form is signed only at the first follow-up
FORM_FORGOTTEN = 0.006
AUTHORISATION_WRITTEN = 0.5  # a month: the registry's printed date reaches the record
COUNSELLING_FORGOTTEN = 0.008  # a month
COMPREHENSION_FORGOTTEN = 0.01  # a month
TEST_FORGOTTEN = 0.01  # a month
TEST_LATE = 0.01  # a month: taken after the prescription was written
TEST_SETTING_UNKNOWN = 0.006  # a month
TEST_AT_HOME_UNASKED = 0.004  # a month
PATTERN_NOT_ASKED = 0.01  # how periods come
MOOD_FORGOTTEN = 0.01  # a month
BLOODS_FORGOTTEN = 0.02  # a draw
NOT_FASTING = 0.04  # a draw
REPEATED_FASTING = 0.8  # of draws not fasting that matter
AFTER_ALCOHOL = 0.06  # a draw
LIMIT_MISSING = 0.003  # a result
REVIEW_FORGOTTEN = 0.1  # of results that a prescriber should look at
MEDICINES_NOT_ASKED = 0.01
MEDICINES_ASKED_AGAIN = 0.7  # of later visits
MONTH_ONLY = 0.03  # of dates of birth, of starts of contraception: only the month is known
CORRECTED = 0.05  # a weight entered wrongly and withdrawn; a result amended
WRITTEN_LATE = 0.006  # an assessment written down two days later

# --- before the start
ACNE_NOT_ASSESSED = 0.005
HISTORY_NOT_ASKED = 0.006
ILLNESS = 0.2
ALLERGY = 0.06
CIRCUMSTANCES = {"contact_lenses": 0.2, "night_driving": 0.2, "hard_sport": 0.15, "alcohol_often": 0.03}

# --- pregnancy prevention
COVERED_BEFORE = 0.4  # contraception was in place long before the course
HOME_TESTS_PERMITTED = 0.15  # where the programme lets the prescriber permit them
HOME_TEST = 0.5  # of later tests, where permitted
MISSED_PERIOD = 0.006  # a month
FAILURE = 0.004  # a month
UNPROTECTED = 0.004  # a month
METHOD_CHANGED = 0.008  # a month: one method stops, another follows after a gap
POSITIVE_TEST = 0.0005  # a month
UNCLEAR_TEST = 0.002  # a month
TESTED_AFTERWARDS = 0.8

# --- after the last dose
CAPSULES_BROUGHT_BACK = 0.9  # none left counts as well
SEEN_AFTERWARDS = 0.85
MARKS_LOOKED_AT = 0.7  # of those seen

# --- other medicines
TETRACYCLINE_BEFORE = 0.35  # until the first visit
TETRACYCLINE_DURING = 0.004  # a month, from another doctor
HARMLESS = 0.12  # something else that is taken, a medicine that cannot be read
HARMLESS_CHECKED = 0.9
TOPICAL = 0.1

# --- mood: A.3 has a psychiatric symptom in 1.65 % of treatment months
LOW_MOOD = 0.0165
SELF_HARM_ANSWER = 0.08  # of those months
ANSWER_SKIPPED = 0.004  # of questionnaires

# --- symptoms in a month of treatment, A.4
SYMPTOMS = {
    "dry lips": 0.94,
    "dry skin": 0.72,
    "dry eyes": 0.28,
    "joint pain": 0.10,
    "headache": 0.05,
}
SYMPTOM_WRITTEN = 0.3  # of those a patient has, the share that reaches the record
MODERATE = 0.06
SEVERE = 0.002
RED_FLAG = 0.002  # a month
EFFECTS_NOT_ASKED = 0.01  # a month
SYMPTOM_ASSESSED = 0.9  # of those that wait for a prescriber
MISSED_DOSES = 0.1  # a month
MISSED_DAYS = (1, 3)


class Analyte(NamedTuple):
    """Natural logarithms of A.4: baseline, response, strong responders and their share, scatter within a person."""

    baseline: tuple[float, float]
    response: tuple[float, float]
    strong: float
    strong_response: tuple[float, float]
    within: float
    ramp: tuple[float, ...]


_LIPID_RAMP = (0.8, 1.0, 1.0, 1.0, 0.95, 0.95)
_LIVER_RAMP = (1.0, 1.0, 0.95, 0.9, 0.9, 0.9)
TRIGLYCERIDES = Analyte((4.33, 0.46), (0.18, 0.15), 0.05, (0.75, 0.38), 0.20, _LIPID_RAMP)
CHOLESTEROL = Analyte((5.0626, 0.155), (0.10, 0.05), 0.0, (0.0, 0.01), 0.06, _LIPID_RAMP)
ALT = Analyte((2.80, 0.39), (0.08, 0.10), 0.02, (1.25, 0.55), 0.17, _LIVER_RAMP)
AST_FOLLOWS_ALT = 0.7
AST_OWN = (2.97, 0.28)
BMI_ON_TRIGLYCERIDES = 0.01  # for each kg/m2 above 23
CK = {"male": (4.8675, 0.35, 200, 0.10), "female": (4.4427, 0.35, 170, 0.03)}  # log mean, SD, upper limit, spikes
CK_SPIKE = (0.9, 0.6)
CK_MEASURED = 0.2  # of courses
DOSE_FACTOR = (0.3, 1.5)  # the dose in mg/kg acts between these
