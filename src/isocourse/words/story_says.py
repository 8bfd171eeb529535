"""One plain sentence for every kind of event. A kind without one fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from isocourse.record import events as ev
from isocourse.record.dates import PartialDate
from isocourse.record.mood import total
from isocourse.record.terminology import words_for
from isocourse.words import skin_scores
from isocourse.words.dose import mg_text
from isocourse.words.headline import spoken
from isocourse.words.lab_units import unit_text
from isocourse.words.sentence import Sentence, Word, said, word, words

Known = Mapping[str, Any]  # events by id, those that are named among them
_NAMED = 4  # of several entries that one event names, how many are told by name


def date_text(date: PartialDate) -> str:
    """A date that may be known in part; a whole one is put in the order of the page's language."""
    return Word(spoken(date.first)) if date.exact else date.text


def sentence_of(event: ev.Event, known: Known) -> Sentence:
    """What an event says. `known` holds the events that it may name."""
    return SENTENCES[type(event)](event, known)


def _named(ids: tuple[str, ...], known: Known) -> tuple[object, ...]:
    """The entries that an event names, each in short."""
    told: list[object] = [short(known[each], known) if each in known else "?" for each in ids[:_NAMED]]
    return (*told, *(["…"] if len(ids) > _NAMED else []))


def short(event: ev.Event, known: Known) -> object:
    """An event in a few words: what it is about, for a list."""
    match event:
        case ev.MedicineStarted():
            return event.name
        case ev.Symptom() | ev.Condition() | ev.Procedure():
            return event.text
        case ev.Allergy():
            return event.text or word(event.allergen)
        case ev.LabResult():
            return said("{0} {1} {2}", word(event.analyte), event.value.text(), unit_text(event.unit))
        case ev.Prescription() | ev.PregnancyTest():
            day = date_text(event.happened_on)
            return said("{0} of {1}", Word(KIND_WORDS[type(event)].lower()), day)
    return Word(KIND_WORDS[type(event)].lower())


# --- parts that several sentences share -----------------------------------------------------------
def _amount(value: Decimal, unit: str) -> str:
    return f"{format(value, 'f')} {unit_text(unit)}"


def _more(text: str) -> Sentence | str:
    return said(": {0}", text) if text else ""


def _daily(dose: Decimal | None) -> Sentence | str:
    return said(", {0} mg a day", mg_text(dose)) if dose is not None else ""


def _strengths(strengths: tuple[ev.Strength, ...]) -> object:
    told = [f"{each.capsules or '?'} x {mg_text(each.mg)} mg" for each in strengths]
    return said(" ({0})", ", ".join(told)) if told else ""


def _known_code(code: str, pattern: str = ", {0}") -> Sentence | str:
    return "" if code == "unknown" else said(pattern, word(code))


def _days(number: int) -> Sentence:
    return said("1 day") if number == 1 else said("{0} days", number)


def _prescription(e: ev.Prescription, known: Known) -> Sentence:
    form = e.formulation if e.formulation != "unknown" else ""
    return said(
        "Prescribed {0}{1}{2}{3} for {4}{5}.",
        e.product,
        said(" ({0})", word(form)) if form and words_for(form) not in e.product.lower() else "",
        _daily(e.daily_dose_mg),
        _strengths(e.strengths),
        _days(e.days),
        said(", {0} refills", e.refills) if e.refills else "",
    )


def _dispensing(e: ev.Dispensing, known: Known) -> Sentence:
    return said(
        "Capsules handed over for {0}{1}{2}{3}.",
        _days(e.days),
        said(": {0}", e.product) if e.product else "",
        _daily(e.daily_dose_mg),
        _strengths(e.strengths),
    )


def _lab(e: ev.LabResult, known: Known) -> Sentence:
    limits = [f"{sign} {format(limit, 'f')}" for sign, limit in (("≤", e.upper_limit), ("≥", e.lower_limit)) if limit]
    return said(
        "{0} {1} {2}{3}{4}.",
        word(e.analyte),
        e.value.text(),
        unit_text(e.unit),
        said(" (laboratory's limits {0})", ", ".join(limits)) if limits else said(" (no limits stated)"),
        said(", {0} h without food", format(e.fasting_hours, "f")) if e.fasting_hours is not None else "",
    )


def _questionnaire(e: ev.Questionnaire, known: Known) -> Sentence:
    score, missing = total(e.items), e.items.count(None)
    if score is None:
        return said("{0}: {1} of {2} answers missing, so no total.", word(e.name), missing, len(e.items))
    flagged = e.name in ("phq9", "phqa") and e.items[8]
    return said(
        "{0}: {1} of {2}{3}.",
        word(e.name),
        score,
        3 * len(e.items),
        said(", and thoughts of death or self-harm (item 9: {0})", e.items[8]) if flagged else "",
    )


def _symptom(e: ev.Symptom, known: Known) -> Sentence:
    return said(
        "{0}{1}{2}{3}{4}.",
        e.text[:1].upper() + e.text[1:],
        _known_code(e.severity),
        said(", grade {0}", e.grade) if e.grade else "",
        "" if e.limits in ("unknown", "nothing") else said("; keeps from {0}", word(e.limits)),
        said("; over") if e.ended else "",
    )


def _acne(e: ev.AcneAssessed, known: Known) -> Sentence:
    return said(
        "Acne assessed: {0}{1}{2}{3}{4}.",
        word(e.severity),
        _known_code(e.form),
        _known_code(e.scarring, "; scarring: {0}"),
        _known_code(e.burden, "; burden: {0}"),
        _known_code(e.skin, "; skin: {0}"),
    )


def _test(e: ev.PregnancyTest, known: Known) -> Sentence:
    return said(
        "Pregnancy test {0}{1}{2}{3}.",
        word(e.result),
        _known_code(e.method, " ({0})"),
        _known_code(e.setting),
        said(", sensitivity {0} mIU/mL", format(e.sensitivity_miu_ml, "f")) if e.sensitivity_miu_ml else "",
    )


def _withdrawn(e: ev.EnteredInError, known: Known) -> Sentence:
    if e.corrects not in known:
        return said("Withdrew an entry that is not here{0}.", _more(e.reason))
    return said("Withdrew as entered in error: {0}{1}.", short(known[e.corrects], known), _more(e.reason))


def _tried(e: ev.TreatmentTried, known: Known) -> Sentence:
    weeks = said(" for {0} weeks", e.weeks) if e.weeks else ""
    name = said(" ({0})", e.name) if e.name else ""
    return said("Tried before: {0}{1}{2}; {3}.", word(e.treatment), name, weeks, word(e.result))


def _procedure(e: ev.Procedure, known: Known) -> Sentence:
    if e.stage == "done":
        return said("Procedure done: {0}.", e.text)
    return said(
        "Procedure planned: {0}{1}.", e.text, said(" for {0}", date_text(e.planned_for)) if e.planned_for else ""
    )


def _form(e: ev.FormSigned, known: Known) -> Sentence:
    version = said(" (version {0})", e.version.text) if e.version else ""
    return said("Form signed by the {0}: {1}{2}.", word(e.signed_by), word(e.form), version)


def _potential(e: ev.PregnancyPotential, known: Known) -> Sentence:
    confirmed = said("confirmed by a professional") if e.confirmed else said("not confirmed")
    pattern = "Can become pregnant ({0}; {1})." if e.potential == "can" else "Cannot become pregnant ({0}; {1})."
    return said(pattern, word(e.ground), confirmed)


def _reaction(e: ev.AdverseReactionSuspected, known: Known) -> Sentence:
    return said(
        "Adverse reaction suspected from {0}; seriousness: {1}{2}.",
        _named(e.events, known),
        words(e.seriousness),
        _known_code(e.outcome, "; outcome: {0}"),
    )


def _skin_score(e: ev.SkinScore, known: Known) -> Sentence:
    meant = skin_scores.meaning(e.scale, e.value)
    number = format(e.value, "f")
    return said("Skin score {0}: {1}{2}.", skin_scores.title(e.scale), number, said(" ({0})", meant) if meant else "")


_PROFILE_SAYS = {
    "air": said("air {0}"),
    "warmth": said("weather {0}"),
    "outdoor_work": said("work outdoors {0}"),
    "contact_lenses": said("contact lenses {0}"),
    "dark_spots": said("marks stay dark {0}"),
    "make_up": said("make-up {0}"),
    "shaving": said("shaves {0}"),
    "budget": said("budget {0}"),
    "lanolin_allergy": said("allergic to lanolin {0}"),
    "fragrance_allergy": said("allergic to fragrance {0}"),
}


def _skin_profile(e: ev.SkinProfile, known: Known) -> Sentence:
    told = tuple(
        Sentence(says.pattern, (word(answer),))
        for name, says in _PROFILE_SAYS.items()
        if (answer := getattr(e, name)) != "unknown"
    )
    return said("Asked about skin care: {0}.", told or Word("nothing answered"))


def _stopped_medicine(e: ev.MedicineStopped, known: Known) -> Sentence:
    return said("Stopped taking {0}.", short(known[e.started], known) if e.started in known else "?")


def _medicine_checked(e: ev.MedicineChecked, known: Known) -> Sentence:
    name = short(known[e.started], known) if e.started in known else "?"
    return said("Checked beside isotretinoin: {0}, {1}.", name, word(e.verdict))


Says = Callable[[Any, Known], Sentence]
SENTENCES: dict[type[ev.Event], Says] = {
    ev.EnteredInError: _withdrawn,
    ev.Birth: lambda e, k: said("Born {0}.", date_text(e.happened_on)),
    ev.SexRecorded: lambda e, k: said("Sex as recorded: {0}.", word(e.sex)),
    ev.PregnancyPotential: _potential,
    ev.Height: lambda e, k: said("Height {0}.", _amount(e.value, e.unit)),
    ev.Weight: lambda e, k: said("Weight {0}.", _amount(e.value, e.unit)),
    ev.Condition: lambda e, k: said("{0}: {1}.", Word("No longer" if e.active is False else "Illness"), e.text),
    ev.Allergy: lambda e, k: said(
        "{0}: {1}{2}.",
        Word("Allergy excluded" if e.refuted else "Allergy"),
        word(e.allergen),
        said(" ({0})", e.text) if e.text else "",
    ),
    ev.AllergyChecked: lambda e, k: said(
        "Allergies checked beside the capsules: {0}, {1}.", _named(e.allergies, k), word(e.verdict)
    ),
    ev.Guardian: lambda e, k: said("A parent or guardian who may consent was identified."),
    ev.AcneAssessed: _acne,
    ev.TreatmentTried: _tried,
    ev.IndicationStated: lambda e, k: said("Reason for isotretinoin: {0} ({1}).", word(e.ground), e.reason),
    ev.HistoryAsked: lambda e, k: said(
        "Asked about illnesses: {0}.", Word("none") if e.found == "nothing" else word(e.found)
    ),
    ev.ConditionChecked: lambda e, k: said(
        "Illnesses checked beside isotretinoin: {0}, {1}.", _named(e.conditions, k), word(e.verdict)
    ),
    ev.CircumstancesAsked: lambda e, k: said(
        "Asked about daily life: {0}.", words(e.present) or Word("nothing that matters")
    ),
    ev.MedicineStarted: lambda e, k: said("Takes {0}.", e.name),
    ev.MedicineStopped: _stopped_medicine,
    ev.MedicinesAsked: lambda e, k: said(
        "Asked about other medicines: {0}.", Word("takes nothing else") if e.taken == "nothing_else" else word(e.taken)
    ),
    ev.MedicineChecked: _medicine_checked,
    ev.PregnancyTest: _test,
    ev.ContraceptionStarted: lambda e, k: said("Contraception begun: {0}.", word(e.method)),
    ev.ContraceptionStopped: lambda e, k: said("Contraception stopped: {0}.", word(e.method)),
    ev.NoRiskAgreement: lambda e, k: said(
        "Agreed that no pregnancy is to be expected: {0} ({1}){2}.",
        word(e.ground),
        e.reason,
        "" if e.patient_agreed else said("; the patient did not agree"),
    ),
    ev.NoRiskAgreementEnded: lambda e, k: said("The agreement that no pregnancy is to be expected ended."),
    ev.ContraceptiveFailure: lambda e, k: said("Contraception failed{0}.", _more(words_for(e.method or ""))),
    ev.UnprotectedIntercourse: lambda e, k: said("Intercourse without the agreed contraception."),
    ev.MissedPeriod: lambda e, k: said("A period did not come when expected."),
    ev.Pregnancy: lambda e, k: said("Pregnancy{0}.", _known_code(e.evidence, " ({0})")),
    ev.PregnancyResolved: lambda e, k: said("Resolved: {0}. {1}.", _named(e.resolves, k), word(e.how)),
    ev.BreastFeedingChanged: lambda e, k: said("Breast-feeding {0}.", word(e.status)),
    ev.MensesStarted: lambda e, k: said("First day of a period."),
    ev.MensesPatternRecorded: lambda e, k: said("Periods: {0}.", word(e.pattern)),
    ev.HomeTestPermission: lambda e, k: said(
        "Home pregnancy tests {0}{1}.", Word("allowed" if e.permitted else "no longer allowed"), _more(e.process)
    ),
    ev.LabResult: _lab,
    ev.LabReviewed: lambda e, k: said("Results reviewed ({0}): {1}.", _named(e.results, k), word(e.decision)),
    ev.MonitoringScheduleChosen: lambda e, k: said("Blood test schedule: {0} ({1}).", word(e.schedule), e.reason),
    ev.Questionnaire: _questionnaire,
    ev.MoodAssessment: lambda e, k: said("Mood assessed ({0}): {1}.", words(e.covers), word(e.outcome)),
    ev.Symptom: _symptom,
    ev.SymptomEnded: lambda e, k: said("Over: {0}.", short(k[e.symptom], k) if e.symptom in k else "?"),
    ev.SymptomsAsked: lambda e, k: said("Asked about side effects: {0}.", word(e.found)),
    ev.SymptomAssessed: lambda e, k: said("Side effects assessed ({0}): {1}.", _named(e.symptoms, k), word(e.outcome)),
    ev.SkinScore: _skin_score,
    ev.SkinProduct: lambda e, k: (
        said("Put away from the skin care shelf: {0}.", e.product)
        if e.use == "stopped"
        else said("On the skin care shelf: {0}.", e.product)
    ),
    ev.SkinProfile: _skin_profile,
    ev.Procedure: _procedure,
    ev.ProcedureDecided: lambda e, k: said(
        "Decided about {0}: {1} ({2}).", _named(e.procedures, k), word(e.decision), e.reason
    ),
    ev.AdverseReactionSuspected: _reaction,
    ev.ReportSent: lambda e, k: said(
        "Report sent to {0} about {1}{2}.",
        word(e.to),
        _named(e.about, k),
        said(", reference {0}", e.reference) if e.reference else "",
    ),
    ev.BloodDonation: lambda e, k: said("Gave blood."),
    ev.Visit: lambda e, k: said("Visit, {0}: {1}.", word(e.mode), word(e.purpose)),
    ev.Counselling: lambda e, k: said("Talked about {0}.", words(e.topics)),
    ev.Comprehension: lambda e, k: said(
        "Answered the programme's questions: {0}.", Word("passed" if e.passed else "not passed")
    ),
    ev.FormSigned: _form,
    ev.PhotographConsentWithdrawn: lambda e, k: said("Consent to photographs withdrawn."),
    ev.Enrolled: lambda e, k: said("{0}: {1}.", word(e.registry), word(e.status)),
    ev.PrescriberRecorded: lambda e, k: said(
        "Responsible prescriber: {0}{1}.",
        word(e.role),
        said(", certified with {0}", words(e.certified_with)) if e.certified_with else "",
    ),
    ev.PrescriberApproval: lambda e, k: said(
        "A prescriber agreed to the start of treatment ({0}).",
        Word("lead prescriber") if e.approval == "lead" else Word("second prescriber"),
    ),
    ev.Authorisation: lambda e, k: said("Authorised to dispense, not after {0}.", date_text(e.do_not_dispense_after)),
    ev.Prescription: _prescription,
    ev.Dispensing: _dispensing,
    ev.MissedDoses: lambda e, k: said("No capsules on {0} before this note.", _days(e.days)),
    ev.CourseStarted: lambda e, k: said("First dose taken, or dosing went on."),
    ev.CoursePaused: lambda e, k: said("Dosing paused."),
    ev.CourseStopped: lambda e, k: said("Course stopped: {0}. This was the day of the last dose.", word(e.reason)),
    ev.CapsulesReturned: lambda e, k: said(
        "Left-over capsules returned: {0}.", Word("nobody counted") if e.capsules is None else e.capsules
    ),
    ev.AftercareDone: lambda e, k: said("Aftercare: {0}.", words(e.steps)),
    ev.RelapseDefinitionChosen: lambda e, k: said("What will count as a relapse: {0}.", word(e.definition)),
    ev.Relapse: lambda e, k: said("Acne came back ({0}).", word(e.definition)),
}
# The kinds in two or three words, for headings and for entries that are named by others.
KIND_WORDS: dict[type[ev.Event], str] = {
    **{kind: ev.kind_of(kind).replace("_", " ").capitalize() for kind in SENTENCES},
    ev.EnteredInError: "Withdrawal",
    ev.SexRecorded: "Sex as recorded",
    ev.PregnancyPotential: "Whether pregnancy is possible",
    ev.AcneAssessed: "Acne assessment",
    ev.TreatmentTried: "Earlier treatment",
    ev.IndicationStated: "Reason for treatment",
    ev.HistoryAsked: "Questions about illnesses",
    ev.CircumstancesAsked: "Questions about daily life",
    ev.SkinProduct: "Product for the skin",
    ev.SkinProfile: "Questions about skin care",
    ev.MedicineStarted: "Other medicine",
    ev.MedicinesAsked: "Questions about medicines",
    ev.NoRiskAgreement: "Agreement that no pregnancy is expected",
    ev.BreastFeedingChanged: "Breast-feeding",
    ev.MensesStarted: "Period",
    ev.MensesPatternRecorded: "Pattern of periods",
    ev.HomeTestPermission: "Permission for home tests",
    ev.LabResult: "Laboratory result",
    ev.LabReviewed: "Review of results",
    ev.MonitoringScheduleChosen: "Choice of blood test schedule",
    ev.SymptomsAsked: "Questions about side effects",
    ev.SymptomAssessed: "Assessment of side effects",
    ev.ProcedureDecided: "Decision about a procedure",
    ev.AdverseReactionSuspected: "Suspected adverse reaction",
    ev.Comprehension: "Programme's questions",
    ev.FormSigned: "Signed form",
    ev.Enrolled: "Enrolment",
    ev.PrescriberRecorded: "Responsible prescriber",
    ev.PrescriberApproval: "Prescriber's agreement",
    ev.Authorisation: "Authorisation to dispense",
    ev.Dispensing: "Supply",
    ev.CourseStarted: "First dose",
    ev.CoursePaused: "Pause",
    ev.CourseStopped: "End of the course",
    ev.AftercareDone: "Aftercare",
}
