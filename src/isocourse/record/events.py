"""The events a course is written down in: typed, immutable, never edited in place.

Each event says what happened (`kind` and its fields), when (`happened_on`, possibly only to the month
or year), when it was written down (`recorded_at`, with its offset) and by whom (`author`). A mistake is
corrected by a later event: `entered_in_error` withdraws one, and any event may carry `amends` to replace
one of its own kind. Units and codes are settled here; rules never see a unit they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from sys import intern
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from isocourse.record import skin_product_codes as p
from isocourse.record import skin_profile_codes as k
from isocourse.record import suitability_codes as s
from isocourse.record import terminology as t
from isocourse.record.dates import PartialDate
from isocourse.record.quantities import Reported, finite, shared
from isocourse.record.skin_scores import KEPT, MOST, outside

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$(?!\n)")]
Text = Annotated[str, Meta(max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
Days = Annotated[int, Meta(ge=1, le=366)]


class Author(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who wrote it down: an identifier that means something to the clinic, and the role."""

    id: Code
    role: t.Role


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag_field="kind"):
    """What every event carries."""

    id: Id
    happened_on: PartialDate
    recorded_at: datetime
    author: Author
    amends: Id | None = None
    note: Text = ""

    def __post_init__(self) -> None:
        if self.recorded_at.utcoffset() is None:
            raise ValueError("recorded_at has no time zone; write an offset, for example 2026-03-09T10:20:00+00:00")


def _settled(unit: str, allowed: Mapping[str, object], what: str) -> None:
    if unit not in allowed:
        mend = t.UNIT_SPELLINGS.get(unit)
        hint = f"; write {mend!r}" if mend in allowed else ""
        raise ValueError(f"unit {unit[:30]!r} is not known for {what}; allowed are {', '.join(allowed)}{hint}")


def _within(value: Decimal | None, what: str, most: int, *, least_allowed: bool = False) -> None:
    """Refuse NaN and numbers outside (0, most], or [0, most] when `least_allowed`; None passes."""
    if value is None:
        return
    if not finite(value) <= most or value < 0 or (value == 0 and not least_allowed):
        raise ValueError(f"{what} is {value}; allowed is {'0' if least_allowed else 'above 0'} up to {most}")


def _exactly(event: Event, what: str) -> None:
    if not event.happened_on.exact:
        raise ValueError(f"{what} needs the whole date (YYYY-MM-DD); {event.happened_on.text!r} is only part of one")


# --- corrections ----------------------------------------------------------------------------------
class EnteredInError(Event, frozen=True, tag="entered_in_error"):
    """Withdraws the event whose id is `corrects`. Withdrawing an amendment lets the original stand again."""

    corrects: Id
    reason: Text = ""


# --- the person -----------------------------------------------------------------------------------
class Birth(Event, frozen=True, tag="birth"):
    """The person was born on `happened_on`; month or year alone may be known."""


class SexRecorded(Event, frozen=True, tag="sex"):
    """Sex as recorded. It never decides whether the person can become pregnant."""

    sex: t.Sex


class PregnancyPotential(Event, frozen=True, tag="pregnancy_potential"):
    """Whether the person can become pregnant, on which ground, and whether a professional confirmed it."""

    potential: t.Potential
    ground: t.PotentialGround
    confirmed: bool


class Height(Event, frozen=True, tag="height"):
    """Standing height."""

    value: Decimal
    unit: str = "cm"

    def __post_init__(self) -> None:
        super().__post_init__()
        _settled(self.unit, t.HEIGHT_UNITS, "height")
        _within(self.value, "height", 300)


class Weight(Event, frozen=True, tag="weight"):
    """Body weight."""

    value: Decimal
    unit: str = "kg"

    def __post_init__(self) -> None:
        super().__post_init__()
        _settled(self.unit, t.WEIGHT_UNITS, "weight")
        _within(self.value, "weight", 1000 if self.unit != "g" else 1_000_000)


class Condition(Event, frozen=True, tag="condition"):
    """A diagnosis or a piece of history, with its code and system when there is one."""

    text: Name
    code: Code | None = None
    system: Code | None = None
    active: bool | None = None


class Allergy(Event, frozen=True, tag="allergy"):
    """An allergy or intolerance; `refuted` when it was looked into and excluded."""

    allergen: t.Allergen
    text: Annotated[str, Meta(max_length=200)] = ""
    refuted: bool = False


class AllergyChecked(Event, frozen=True, tag="allergy_checked"):
    """A prescriber looked at the allergies named in `allergies` and judged them beside the capsules; `product` is the
    one whose list of contents was read for it. It never lifts an allergy to what the capsules are known to hold."""

    allergies: Annotated[tuple[Id, ...], Meta(min_length=1)]
    verdict: s.Verdict
    product: Annotated[str, Meta(max_length=200)] = ""


class Guardian(Event, frozen=True, tag="guardian"):
    """A parent or guardian who may consent for a minor was identified."""

    guardian_id: Code


# --- suitability ----------------------------------------------------------------------------------
class AcneAssessed(Event, frozen=True, tag="acne_assessed"):
    """A clinician looked at the acne: how severe, of which form, whether it scars, how much the person suffers from
    it, and how the skin is otherwise. `prepubertal` when it is acne of before puberty."""

    severity: s.AcneSeverity
    form: s.AcneForm = "unknown"
    scarring: s.Scarring = "unknown"
    burden: s.Burden = "unknown"
    skin: s.SkinState = "unknown"
    prepubertal: bool = False


class TreatmentTried(Event, frozen=True, tag="treatment_tried"):
    """A treatment for acne that was tried before, for how many weeks when that is known, and what came of it."""

    treatment: s.StandardTreatment
    result: s.TreatmentOutcome
    weeks: Annotated[int, Meta(ge=1, le=520)] | None = None
    name: Annotated[str, Meta(max_length=200)] = ""


class IndicationStated(Event, frozen=True, tag="indication_stated"):
    """A prescriber wrote down why isotretinoin is the treatment for this person."""

    ground: s.IndicationGround
    reason: Annotated[str, Meta(min_length=3, max_length=2000)]


class HistoryAsked(Event, frozen=True, tag="history_asked"):
    """The person was asked about all illnesses past and present: there are none, or everything named is recorded as
    `condition`."""

    found: s.HistoryFound


class ConditionChecked(Event, frozen=True, tag="condition_checked"):
    """A prescriber looked at the illnesses named in `conditions` and judged them beside isotretinoin. It settles a
    precaution and what could not be read; it never lifts a contraindication."""

    conditions: Annotated[tuple[Id, ...], Meta(min_length=1)]
    verdict: s.Verdict


class CircumstancesAsked(Event, frozen=True, tag="circumstances_asked"):
    """The person was asked about what in daily life matters during treatment; `present` is all that was found."""

    present: tuple[s.Circumstance, ...] = ()


# --- medicines ------------------------------------------------------------------------------------
class MedicineStarted(Event, frozen=True, tag="medicine_started"):
    """Another medicine or a supplement was begun (or found to be taken)."""

    name: Name
    code: Code | None = None
    system: Code | None = None


class MedicineStopped(Event, frozen=True, tag="medicine_stopped"):
    """A medicine named by an earlier `medicine_started` was stopped."""

    started: Id


class MedicinesAsked(Event, frozen=True, tag="medicines_asked"):
    """The person was asked about all other medicines, herbal remedies and supplements: nothing else is taken, or
    everything named is recorded as `medicine_started`."""

    taken: t.MedicinesTaken


class MedicineChecked(Event, frozen=True, tag="medicine_checked"):
    """A prescriber or pharmacist looked at the entry `started` and judged it beside isotretinoin. It settles what
    isocourse could not read; it never lifts what a rule says about a medicine that was read."""

    started: Id
    verdict: t.MedicineVerdict


# --- pregnancy prevention -------------------------------------------------------------------------
class PregnancyTest(Event, frozen=True, tag="pregnancy_test"):
    """A pregnancy test. `happened_on` is the day the specimen was taken, not the day of the result."""

    result: t.TestResult
    method: t.TestMethod = "unknown"
    setting: t.TestSetting = "unknown"
    sensitivity_miu_ml: Decimal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _within(self.sensitivity_miu_ml, "sensitivity_miu_ml", 10000)


class ContraceptionStarted(Event, frozen=True, tag="contraception_started"):
    """A method of contraception was begun. Abstinence is a method: continuous, with no partner who could
    cause pregnancy."""

    method: t.ContraceptiveMethod


class ContraceptionStopped(Event, frozen=True, tag="contraception_stopped"):
    """A method was stopped; every open start of that method ends on this day."""

    method: t.ContraceptiveMethod


class NoRiskAgreement(Event, frozen=True, tag="no_risk_agreement"):
    """Prescriber and patient agreed that no pregnancy is to be expected, and wrote down why."""

    ground: t.NoRiskGround
    reason: Annotated[str, Meta(min_length=3, max_length=2000)]
    patient_agreed: bool


class NoRiskAgreementEnded(Event, frozen=True, tag="no_risk_agreement_ended"):
    """The agreement no longer holds."""


class ContraceptiveFailure(Event, frozen=True, tag="contraceptive_failure"):
    """A method failed (a torn condom, missed pills, an expelled coil)."""

    method: t.ContraceptiveMethod | None = None


class UnprotectedIntercourse(Event, frozen=True, tag="unprotected_intercourse"):
    """Intercourse that could cause pregnancy, without the agreed contraception."""


class MissedPeriod(Event, frozen=True, tag="missed_period"):
    """A period did not come when it was expected."""


class Pregnancy(Event, frozen=True, tag="pregnancy"):
    """A pregnancy was found or reported."""

    evidence: t.PregnancyEvidence = "unknown"


class PregnancyResolved(Event, frozen=True, tag="pregnancy_resolved"):
    """A clinician's resolution of the events named in `resolves`: how the pregnancy ended, or that it was
    excluded. Each positive test, pregnancy or worry has to be named; nothing is resolved by default."""

    resolves: Annotated[tuple[Id, ...], Meta(min_length=1)]
    how: t.Resolution


class BreastFeedingChanged(Event, frozen=True, tag="breast_feeding"):
    """Breast-feeding started or stopped."""

    status: t.BreastFeeding


class MensesStarted(Event, frozen=True, tag="menses_started"):
    """The first day of a menstrual period."""


class MensesPatternRecorded(Event, frozen=True, tag="menses_pattern"):
    """Whether periods come regularly, irregularly, not at all, or are suppressed by contraception."""

    pattern: t.MensesPattern


class HomeTestPermission(Event, frozen=True, tag="home_test_permission"):
    """The prescriber allows (or no longer allows) tests outside a medical setting, with a written process
    against misreading and falsification."""

    permitted: bool
    process: Text = ""


# --- body and mind --------------------------------------------------------------------------------
class LabResult(Event, frozen=True, tag="lab_result"):
    """A laboratory result as reported: value, unit, and the laboratory's own limits in that unit."""

    analyte: t.Analyte
    value: Reported
    unit: str
    upper_limit: Decimal | None = None
    lower_limit: Decimal | None = None
    fasting_hours: Decimal | None = None
    hours_since_alcohol: Decimal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit not in t.ANALYTE_UNITS[self.analyte]:
            _settled(self.unit, t.ANALYTE_UNITS[self.analyte], t.words_for(self.analyte))
        if self.value.value < 0:
            raise ValueError(f"{t.words_for(self.analyte)} cannot be negative")
        # What is the same in thousands of results is one object: read from nearby memory, and equal at a glance.
        force_setattr(self, "unit", intern(self.unit))
        if self.upper_limit is not None:
            force_setattr(self, "upper_limit", shared(self.upper_limit))
        if self.lower_limit is not None:
            force_setattr(self, "lower_limit", shared(self.lower_limit))
        _within(self.fasting_hours, "fasting_hours", 2000, least_allowed=True)
        _within(self.hours_since_alcohol, "hours_since_alcohol", 10000, least_allowed=True)


class LabReviewed(Event, frozen=True, tag="lab_reviewed"):
    """A clinician looked at the results named in `results` and decided how treatment goes on."""

    results: Annotated[tuple[Id, ...], Meta(min_length=1)]
    decision: t.LabDecision

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a review of results")


class MonitoringScheduleChosen(Event, frozen=True, tag="monitoring_schedule_chosen"):
    """The prescriber chose a named schedule of blood tests for this patient, and wrote down why."""

    schedule: t.MonitoringSchedule
    reason: Annotated[str, Meta(min_length=3, max_length=2000)]

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "the choice of a schedule")


class Questionnaire(Event, frozen=True, tag="questionnaire"):
    """A questionnaire with its item answers, each 0 to 3, null where the person gave none."""

    name: t.QuestionnaireName
    items: tuple[Annotated[int, Meta(ge=0, le=3)] | None, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        wanted = t.ITEMS_IN[self.name]
        if len(self.items) != wanted:
            raise ValueError(
                f"{t.words_for(self.name)} has {wanted} items, not {len(self.items)}; write null for one not answered"
            )


class MoodAssessment(Event, frozen=True, tag="mood_assessment"):
    """A clinician's documented assessment: what it covered, and what came of it.

    `no_concern` and `managed` (a concern with a plan) let treatment go on; with `refer` supply waits for what comes
    of the referral, with `stop_treatment` the capsules are stopped. Who may settle what is a value of the protocol.
    """

    covers: Annotated[tuple[t.MoodTopic, ...], Meta(min_length=1)]
    outcome: t.MoodOutcome

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "an assessment of mood")


class Symptom(Event, frozen=True, tag="symptom"):
    """A symptom: what (`term` from the closed list; without one the text is read), how bad, and what it keeps the
    person from. `grade` is a clinician's CTCAE grade. `ended` true when it is over."""

    text: Name
    code: Code | None = None
    term: t.SymptomTerm | None = None
    severity: t.Severity = "unknown"
    grade: Annotated[int, Meta(ge=1, le=5)] | None = None
    limits: t.SymptomLimits = "unknown"
    ended: bool = False


class SymptomEnded(Event, frozen=True, tag="symptom_ended"):
    """The symptom of the entry `symptom` is over. What a clinician said about it stays."""

    symptom: Id


class SymptomsAsked(Event, frozen=True, tag="symptoms_asked"):
    """The person was asked about side effects, the red flags among them: there are none, or everything named is
    recorded as `symptom`."""

    found: t.SymptomsFound

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "asking about side effects")


class SymptomAssessed(Event, frozen=True, tag="symptom_assessed"):
    """Somebody looked at the entries named in `symptoms` and decided how treatment goes on. Who may settle what is a
    value of the protocol; `hold`, `refer` and `stop` stand whoever wrote them down."""

    symptoms: Annotated[tuple[Id, ...], Meta(min_length=1)]
    outcome: t.SymptomOutcome

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "an assessment of symptoms")


class SkinScore(Event, frozen=True, tag="skin_score"):
    """A total on a named scale, as a clinician worked it out or read it from a questionnaire; never
    a number that software measured."""

    scale: t.SkinScale
    value: Decimal

    def __post_init__(self) -> None:
        super().__post_init__()
        _within(self.value, "the score", MOST, least_allowed=True)
        if self.scale not in KEPT and (wrong := outside(self.scale, self.value)):
            raise ValueError(wrong)


class SkinProduct(Event, frozen=True, tag="skin_product"):
    """A product for the skin that the person uses or has put away on `happened_on`, with its list of ingredients as it
    was pasted; of one name the latest stands. No rule reads it."""

    product: Name
    product_kind: p.ProductKind
    use: p.ProductUse = "in_use"
    ingredients: Annotated[str, Meta(max_length=20_000)] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a product for the skin")


class SkinProfile(Event, frozen=True, tag="skin_profile"):
    """What a skin care routine depends on, as the person was asked on `happened_on`; the latest stands as a whole. No
    rule reads it. What was not asked is `unknown`, never the answer that would ask least of the person."""

    air: k.Air = "unknown"
    warmth: k.Warmth = "unknown"
    outdoor_work: k.Known = "unknown"
    contact_lenses: k.Known = "unknown"
    dark_spots: k.Known = "unknown"
    make_up: k.Known = "unknown"
    shaving: k.Shaving = "unknown"
    budget: k.Budget = "unknown"
    lanolin_allergy: k.Known = "unknown"
    fragrance_allergy: k.Known = "unknown"

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a skin profile")


class Procedure(Event, frozen=True, tag="procedure"):
    """A procedure (laser, peel, waxing, surgery), done on `happened_on`, or planned then, for `planned_for` when a day
    is agreed. Without `what` the text is read, exactly or not at all (`procedure_codes`)."""

    text: Name
    what: t.ProcedureKind | None = None
    stage: t.ProcedureStage = "done"
    planned_for: PartialDate | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.planned_for is not None and self.stage != "planned":
            raise ValueError("planned_for belongs to a procedure of stage 'planned'; one that was done has happened_on")


class ProcedureDecided(Event, frozen=True, tag="procedure_decided"):
    """A dermatologist's decision about the procedures it names, with the reason. Who may decide is a value of the
    protocol."""

    procedures: Annotated[tuple[Id, ...], Meta(min_length=1)]
    decision: t.ProcedureDecision
    reason: Annotated[str, Meta(min_length=3, max_length=2000)]

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a decision about a procedure")


class AdverseReactionSuspected(Event, frozen=True, tag="adverse_reaction_suspected"):
    """A clinician suspects that isotretinoin did what the `events` (symptoms, results and others) say."""

    events: Annotated[tuple[Id, ...], Meta(min_length=1)]
    seriousness: Annotated[tuple[t.Seriousness, ...], Meta(min_length=1)]
    outcome: t.ReactionOutcome = "unknown"

    def __post_init__(self) -> None:
        super().__post_init__()
        if "none" in self.seriousness and len(self.seriousness) > 1:
            raise ValueError("seriousness is 'none' and something else; leave out one of the two")


class ReportSent(Event, frozen=True, tag="report_sent"):
    """A clinician sent a report `to` somewhere, `about` a suspected reaction or the signs of a pregnancy."""

    to: t.ReportTo
    about: Annotated[tuple[Id, ...], Meta(min_length=1)]
    reference: Annotated[str, Meta(max_length=200)] = ""


class BloodDonation(Event, frozen=True, tag="blood_donation"):
    """The person gave blood."""


# --- the clinic -----------------------------------------------------------------------------------
class Visit(Event, frozen=True, tag="visit"):
    """A visit, in person or remote."""

    mode: t.VisitMode
    purpose: t.VisitPurpose = "other"


class Counselling(Event, frozen=True, tag="counselling"):
    """Counselling was given on the topics named."""

    topics: Annotated[tuple[t.CounsellingTopic, ...], Meta(min_length=1)]


class Comprehension(Event, frozen=True, tag="comprehension"):
    """The patient answered the programme's questions and named the methods in use."""

    passed: bool


class FormSigned(Event, frozen=True, tag="form_signed"):
    """A form was signed. `version` is the date printed on the form, as YYYY-MM or YYYY-MM-DD."""

    form: t.Form
    signed_by: t.Signer
    version: PartialDate | None = None


class PhotographConsentWithdrawn(Event, frozen=True, tag="photograph_consent_withdrawn"):
    """The patient, or a guardian, no longer consents to photographs: none is taken from this day on. It says nothing
    about treatment. What was taken before is deleted where they ask for it."""


class Enrolled(Event, frozen=True, tag="programme_enrolment"):
    """Enrolment in, or withdrawal from, a registry or prevention programme."""

    registry: t.Registry
    status: t.Enrolment


class PrescriberRecorded(Event, frozen=True, tag="prescriber"):
    """The prescriber responsible for the course, in which role, and certified with which registries."""

    prescriber_id: Code
    role: t.PrescriberRole
    certified_with: tuple[t.Registry, ...] = ()


class PrescriberApproval(Event, frozen=True, tag="prescriber_approval"):
    """A prescriber agreed that treatment should start (lead, or independent second)."""

    prescriber_id: Code
    approval: t.ApprovalRole


class Authorisation(Event, frozen=True, tag="authorisation"):
    """A registry's authorisation to dispense; the date printed on it governs."""

    number: Code
    do_not_dispense_after: PartialDate

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "an authorisation")
        if not self.do_not_dispense_after.exact:
            raise ValueError("do_not_dispense_after needs the whole date as printed (YYYY-MM-DD)")


class Strength(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Capsules of one strength."""

    mg: Decimal
    capsules: Annotated[int, Meta(ge=1, le=1000)] | None = None

    def __post_init__(self) -> None:
        _within(self.mg, "a capsule's strength in mg", 1000)


class Prescription(Event, frozen=True, tag="prescription"):
    """A prescription, dated on the day it was written or signed. `intakes`: how often a day it is
    taken, the daily dose divided."""

    product: Name
    days: Days
    daily_dose_mg: Decimal | None = None
    strengths: tuple[Strength, ...] = ()
    formulation: t.Formulation = "unknown"
    refills: Annotated[int, Meta(ge=0, le=24)] = 0
    intakes: Annotated[int, Meta(ge=1, le=6)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a prescription")
        _within(self.daily_dose_mg, "daily_dose_mg", 1000)


class Dispensing(Event, frozen=True, tag="dispensing"):
    """Capsules were handed over: for how many days, and of which prescription when that is known."""

    days: Days
    prescription: Id | None = None
    product: Name | None = None
    daily_dose_mg: Decimal | None = None
    strengths: tuple[Strength, ...] = ()
    formulation: t.Formulation = "unknown"

    def __post_init__(self) -> None:
        super().__post_init__()
        _exactly(self, "a dispensing")
        _within(self.daily_dose_mg, "daily_dose_mg", 1000)


class MissedDoses(Event, frozen=True, tag="missed_doses"):
    """Whole days on which no capsule was taken, since the last such note."""

    days: Annotated[int, Meta(ge=1, le=366)]


class CourseStarted(Event, frozen=True, tag="course_start"):
    """The first dose was taken, or dosing went on after a pause."""


class CoursePaused(Event, frozen=True, tag="course_pause"):
    """Dosing was interrupted, with the intention to go on."""


class CourseStopped(Event, frozen=True, tag="course_stop"):
    """The course ended; `happened_on` is the day of the last dose."""

    reason: t.StopReason = "other"


class CapsulesReturned(Event, frozen=True, tag="capsules_returned"):
    """Capsules left over were returned, or none was left (`capsules` 0); None when nobody counted."""

    capsules: Annotated[int, Meta(ge=0, le=10000)] | None = None


class AftercareDone(Event, frozen=True, tag="aftercare_done"):
    """What was asked about, looked at or talked about after the last dose."""

    steps: Annotated[tuple[t.AftercareStep, ...], Meta(min_length=1)]


class RelapseDefinitionChosen(Event, frozen=True, tag="relapse_definition_chosen"):
    """What will count as a relapse for this patient."""

    definition: t.RelapseDefinition


class Relapse(Event, frozen=True, tag="relapse"):
    """Acne came back, by the definition named."""

    definition: t.RelapseDefinition


AnyEvent = (
    EnteredInError
    | Birth
    | SexRecorded
    | PregnancyPotential
    | Height
    | Weight
    | Condition
    | Allergy
    | AllergyChecked
    | Guardian
    | AcneAssessed
    | TreatmentTried
    | IndicationStated
    | HistoryAsked
    | ConditionChecked
    | CircumstancesAsked
    | MedicineStarted
    | MedicineStopped
    | MedicinesAsked
    | MedicineChecked
    | PregnancyTest
    | ContraceptionStarted
    | ContraceptionStopped
    | NoRiskAgreement
    | NoRiskAgreementEnded
    | ContraceptiveFailure
    | UnprotectedIntercourse
    | MissedPeriod
    | Pregnancy
    | PregnancyResolved
    | BreastFeedingChanged
    | MensesStarted
    | MensesPatternRecorded
    | HomeTestPermission
    | LabResult
    | LabReviewed
    | MonitoringScheduleChosen
    | Questionnaire
    | MoodAssessment
    | Symptom
    | SymptomEnded
    | SymptomsAsked
    | SymptomAssessed
    | SkinScore
    | SkinProduct
    | SkinProfile
    | Procedure
    | ProcedureDecided
    | AdverseReactionSuspected
    | ReportSent
    | BloodDonation
    | Visit
    | Counselling
    | Comprehension
    | FormSigned
    | PhotographConsentWithdrawn
    | Enrolled
    | PrescriberRecorded
    | PrescriberApproval
    | Authorisation
    | Prescription
    | Dispensing
    | MissedDoses
    | CourseStarted
    | CoursePaused
    | CourseStopped
    | CapsulesReturned
    | AftercareDone
    | RelapseDefinitionChosen
    | Relapse
)


def kind_of(event: Event | type[Event]) -> str:
    """The `kind` word an event is written with."""
    tag = event.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


KINDS: dict[str, type[Event]] = {kind_of(cls): cls for cls in AnyEvent.__args__}
