"""What can be written down at a visit, as data, in the order in which a visit goes.

Which sections are asked is worked out in `visit_asked`; what was typed becomes events in `visit_read`. Nothing here
decides. Words in `_(...)` are marked for translators (gettext).
"""

from __future__ import annotations

from typing import Any

from isocourse.record import suitability_codes as s
from isocourse.record import symptom_codes as y
from isocourse.record import terminology as t
from isocourse.words.visit_shape import PRESCRIBER, Entry, Form, Section, Sort, _


def _choice(name: str, label: str, literal: object, **more: Any) -> Entry:
    """One code. "Unknown" is what it is while nothing is chosen."""
    return Entry(name, label, "choice", tuple(code for code in t.codes(literal) if code != "unknown"), **more)


def _pick(name: str, label: str, literal: object, **more: Any) -> Entry:
    return Entry(name, label, "pick", t.codes(literal), **more)


def _on(label: str = _("On"), sort: Sort = "day") -> Entry:
    return Entry("_on", label, sort, hint=_("2026-11 if only the month is known") if sort == "when" else "")


_DONE = Entry("_done", _("Yes"), "tick")
_WHY = Entry("reason", _("Why"), "area", needed=True)
VERDICT = _choice("verdict", _("Beside isotretinoin"), s.Verdict)


def _happened(kind: str, label: str, *more: Entry) -> Form:
    """Something that simply happened, on a day."""
    return Form(kind, "_done", (Entry("_done", label, "tick"), _on(sort="when"), *more))


def _questions(name: str, title: str) -> Section:
    items = Entry("items", title, "items", needed=True)
    return Section(
        name, title, _("Mood"), (Form("questionnaire", "items", (items,), name, "", {"name": name}, layout="items"),)
    )


VISIT = Section(
    "visit",
    _("This visit"),
    "",
    (
        Form(
            "visit",
            "mode",
            (
                Entry("_on", _("Day"), "day"),
                _choice("mode", _("How"), t.VisitMode, given="in_person"),
                _choice("purpose", _("What for"), t.VisitPurpose, given="follow_up"),
            ),
        ),
    ),
)
# The symptoms that are asked about by name, in the words in which they are asked: what is common, and what may not
# wait.
COMMON: dict[str, str] = {
    "cheilitis": _("Dry or cracked lips"),
    "dry_skin": _("Dry skin"),
    "dry_eye": _("Dry eyes"),
    "epistaxis": _("Nosebleeds"),
    "myalgia": _("Muscle aches"),
    "back_pain": _("Back pain"),
    "headache": _("Headache"),
    "fatigue": _("Tiredness"),
}
RED_FLAGS: dict[str, str] = {
    "blurred_vision": _("Blurred sight"),
    "night_blindness": _("Trouble seeing in the dark"),
    "tinnitus": _("Ringing in the ears"),
    "hearing_impaired": _("Hearing worse"),
    "vomiting": _("Vomiting"),
    "abdominal_pain": _("Belly pain"),
    "bloody_diarrhea": _("Blood in the stool, with diarrhoea"),
    "jaundice": _("Yellow skin or eyes"),
    "dark_urine": _("Dark urine"),
    "generalized_muscle_weakness": _("Weak muscles"),
    "rash_with_blisters": _("Rash with blisters"),
    "angioedema": _("Swelling of face, lips or throat"),
    "chest_pain": _("Chest pain"),
    "acne_fulminans": _("Acne with ulcers, fever or joint pain"),
    "depression": _("Depressed"),
    "aggression": _("Aggressive"),
    "suicidal_ideation": _("Thoughts of suicide"),
}
SYMPTOMS = Section(
    "symptoms",
    _("Side effects"),
    "",
    (
        Form(
            "symptoms_asked",
            "found",
            (Entry("found", _("Since the last visit"), "choice", ("none", "as_before", "as_listed")),),
        ),
        Form("symptom_ended", "_done", (Entry("_done", _("Over"), "tick"), _on(sort="when")), names="symptom"),
        Form(
            "symptom",
            "severity",
            (
                _pick("term", _("Another"), y.SymptomTerm),
                Entry("text", _("In words"), "text"),
                _choice("severity", _("How bad"), t.Severity),
                _choice("limits", _("Keeps from"), y.SymptomLimits),
            ),
            plural=True,
            layout="symptoms",
        ),
    ),
    hint=_(
        "Ask for each: headache with a change of sight, hearing, belly pain, blood in the stool, blisters, weak "
        "muscles or dark urine, low mood."
    ),
)
SECTIONS: tuple[Section, ...] = (
    VISIT,
    SYMPTOMS,
    Section(
        "symptoms_assessed",
        _("Side effects to decide about"),
        "",
        (
            Form(
                "symptom_assessed", "outcome", (_choice("outcome", _("Treatment"), y.SymptomOutcome),), names="symptoms"
            ),
        ),
    ),
    Section(
        "person",
        _("The person"),
        _("Body"),
        (
            Form("birth", "_on", (_on(_("Born"), "when"),)),
            Form("sex", "sex", (_choice("sex", _("Sex as recorded"), t.Sex),)),
        ),
    ),
    Section(
        "weight",
        _("Weight and height"),
        _("Body"),
        (
            Form(
                "weight",
                "value",
                (
                    Entry("value", _("Weight"), "number"),
                    Entry("unit", _("Unit"), "pick", tuple(t.WEIGHT_UNITS), given="kg"),
                ),
            ),
            Form(
                "height",
                "value",
                (
                    Entry("value", _("Height"), "number"),
                    Entry("unit", _("Unit"), "pick", tuple(t.HEIGHT_UNITS), given="cm"),
                ),
            ),
        ),
    ),
    Section(
        "acne",
        _("The acne"),
        _("Skin"),
        (
            Form(
                "acne_assessed",
                "severity",
                (
                    _choice("severity", _("How severe"), s.AcneSeverity),
                    _choice("form", _("Form"), s.AcneForm),
                    _choice("scarring", _("Scars"), s.Scarring),
                    _choice("burden", _("Suffering"), s.Burden),
                    _choice("skin", _("Skin otherwise"), s.SkinState),
                    Entry("prepubertal", _("Acne of before puberty"), "tick"),
                ),
            ),
        ),
    ),
    Section(
        "tried",
        _("Treatment tried before"),
        _("Skin"),
        (
            Form(
                "treatment_tried",
                "treatment",
                (
                    _pick("treatment", _("Treatment"), s.StandardTreatment),
                    Entry("name", _("Name"), "text"),
                    Entry("weeks", _("Weeks"), "count"),
                    _pick("result", _("What came of it"), s.TreatmentOutcome, needed=True),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "indication",
        _("Why isotretinoin"),
        _("Skin"),
        (
            Form(
                "indication_stated", "ground", (_choice("ground", _("Ground"), s.IndicationGround), _WHY), by=PRESCRIBER
            ),
        ),
    ),
    Section(
        "score",
        _("Skin score"),
        _("Skin"),
        (
            Form(
                "skin_score",
                "value",
                (_pick("scale", _("Scale"), t.SkinScale, needed=True), Entry("value", _("Score"), "number")),
            ),
        ),
    ),
    Section(
        "history",
        _("Illnesses, past and present"),
        _("Medicines and history"),
        (
            Form("history_asked", "found", (_choice("found", _("Illnesses"), s.HistoryFound),)),
            Form(
                "condition",
                "text",
                (
                    Entry("text", _("Illness"), "text"),
                    Entry("active", _("Still there"), "yes"),
                    _on(_("Since"), "when"),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "conditions_checked",
        _("Illnesses to decide about"),
        _("Medicines and history"),
        (Form("condition_checked", "verdict", (VERDICT,), names="conditions", by=PRESCRIBER),),
    ),
    Section(
        "medicines",
        _("Other medicines"),
        _("Medicines and history"),
        (
            Form("medicines_asked", "taken", (_choice("taken", _("Medicines, herbs, supplements"), t.MedicinesTaken),)),
            Form(
                "medicine_started",
                "name",
                (Entry("name", _("Taken"), "text"), _on(_("Since"), "when")),
                plural=True,
            ),
            Form(
                "medicine_stopped", "_done", (Entry("_done", _("Stopped"), "tick"), _on(sort="when")), names="started"
            ),
        ),
    ),
    Section(
        "medicines_checked",
        _("Medicines to decide about"),
        _("Medicines and history"),
        (
            Form(
                "medicine_checked",
                "verdict",
                (_choice("verdict", _("Beside isotretinoin"), t.MedicineVerdict),),
                names="started",
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "allergies",
        _("Allergies"),
        _("Medicines and history"),
        (
            Form(
                "allergy",
                "allergen",
                (
                    _pick("allergen", _("To"), t.Allergen),
                    Entry("text", _("In words"), "text"),
                    Entry("refuted", _("Looked into and excluded"), "tick"),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "allergies_checked",
        _("Allergies to decide about"),
        _("Medicines and history"),
        (
            Form(
                "allergy_checked",
                "verdict",
                (VERDICT, Entry("product", _("Product whose contents were read"), "text")),
                names="allergies",
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "circumstances",
        _("Daily life"),
        _("Medicines and history"),
        (
            Form(
                "circumstances_asked",
                "_done",
                (Entry("_done", _("Asked"), "tick"), Entry("present", _("Found"), "many", t.codes(s.Circumstance))),
            ),
        ),
    ),
    Section(
        "potential",
        _("Can this person become pregnant?"),
        _("Pregnancy prevention"),
        (
            Form(
                "pregnancy_potential",
                "potential",
                (
                    _choice("potential", _("Pregnancy"), t.Potential),
                    _pick("ground", _("Ground"), t.PotentialGround, needed=True),
                    Entry("confirmed", _("Confirmed by a professional"), "yes", needed=True),
                ),
            ),
        ),
    ),
    Section(
        "contraception",
        _("Contraception"),
        _("Pregnancy prevention"),
        (
            Form(
                "contraception_started",
                "method",
                (_pick("method", _("Method begun"), t.ContraceptiveMethod), _on(_("Since"), "when")),
                plural=True,
            ),
            Form(
                "contraception_stopped",
                "method",
                (_pick("method", _("Method stopped"), t.ContraceptiveMethod), _on(_("On"), "when")),
            ),
        ),
    ),
    Section(
        "no_risk",
        _("Agreement that no pregnancy is to be expected"),
        _("Pregnancy prevention"),
        (
            Form(
                "no_risk_agreement",
                "ground",
                (
                    _choice("ground", _("Ground"), t.NoRiskGround),
                    _WHY,
                    Entry("patient_agreed", _("The patient agreed"), "yes", needed=True),
                ),
                by=PRESCRIBER,
            ),
            Form("no_risk_agreement_ended", "_done", (Entry("_done", _("It no longer holds"), "tick"), _on())),
        ),
    ),
    Section(
        "test",
        _("Pregnancy test"),
        _("Pregnancy prevention"),
        (
            Form(
                "pregnancy_test",
                "result",
                (
                    _choice("result", _("Result"), t.TestResult),
                    _choice("method", _("In"), t.TestMethod),
                    _choice("setting", _("Where"), t.TestSetting),
                    _on(_("Specimen taken on")),
                    Entry("sensitivity_miu_ml", _("Sensitivity (mIU/mL)"), "number"),
                ),
            ),
        ),
    ),
    Section(
        "worries",
        _("Worries about pregnancy"),
        _("Pregnancy prevention"),
        (
            _happened("unprotected_intercourse", _("Intercourse without the agreed contraception")),
            _happened(
                "contraceptive_failure", _("A method failed"), _pick("method", _("Which"), t.ContraceptiveMethod)
            ),
            _happened("missed_period", _("A period did not come")),
            _happened("pregnancy", _("A pregnancy was found"), _pick("evidence", _("How"), t.PregnancyEvidence)),
        ),
    ),
    Section(
        "pregnancy_resolved",
        _("Pregnancy, or a sign of it: how it ended"),
        _("Pregnancy prevention"),
        (
            Form(
                "pregnancy_resolved",
                "how",
                (_choice("how", _("What came of it"), t.Resolution),),
                names="resolves",
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "periods",
        _("Periods"),
        _("Pregnancy prevention"),
        (
            Form("menses_started", "_on", (_on(_("First day of the last period")),)),
            Form("menses_pattern", "pattern", (_choice("pattern", _("How they come"), t.MensesPattern),)),
        ),
    ),
    Section(
        "breast_feeding",
        _("Breast-feeding"),
        _("Pregnancy prevention"),
        (
            Form(
                "breast_feeding",
                "status",
                (_choice("status", _("Breast-feeding"), t.BreastFeeding), _on(_("On"), "when")),
            ),
        ),
    ),
    Section(
        "home_tests",
        _("Tests outside a medical setting"),
        _("Pregnancy prevention"),
        (
            Form(
                "home_test_permission",
                "permitted",
                (Entry("permitted", _("Allowed"), "yes"), Entry("process", _("Against misreading"), "area")),
                by=PRESCRIBER,
            ),
        ),
    ),
    _questions("phq2", _("Mood: PHQ-2")),
    _questions("phq9", _("Mood: PHQ-9")),
    _questions("phqa", _("Mood: PHQ-A")),
    _questions("gad7", _("Anxiety: GAD-7")),
    Section(
        "mood",
        _("Mood, assessed"),
        _("Mood"),
        (
            Form(
                "mood_assessment",
                "outcome",
                (
                    Entry("covers", _("Asked about"), "many", t.codes(t.MoodTopic), needed=True),
                    _choice("outcome", _("What came of it"), t.MoodOutcome),
                ),
            ),
        ),
    ),
    Section(
        "counselling",
        _("Counselling"),
        _("Programme"),
        (Form("counselling", "topics", (Entry("topics", _("Spoken about"), "many", t.codes(t.CounsellingTopic)),)),),
    ),
    Section(
        "comprehension",
        _("Questions of the programme"),
        _("Programme"),
        (Form("comprehension", "passed", (Entry("passed", _("The patient answered them rightly"), "yes"),)),),
    ),
    Section(
        "bloods",
        _("Blood results"),
        _("Bloods"),
        (
            Form(
                "lab_result",
                "value",
                (
                    _pick("analyte", _("Test"), t.Analyte, needed=True),
                    Entry("value", _("Value"), "text"),
                    Entry("unit", _("Unit"), "pick", needed=True),
                    Entry("upper_limit", _("Upper limit"), "number"),
                    Entry("lower_limit", _("Lower limit"), "number"),
                    _on(_("Taken on")),
                    Entry("fasting_hours", _("Fasted, hours"), "number"),
                    Entry("hours_since_alcohol", _("No alcohol, hours"), "number"),
                ),
                plural=True,
                layout="results",
            ),
        ),
        hint=_("Type the unit and the limits as the laboratory prints them."),
    ),
    Section(
        "bloods_reviewed",
        _("Blood results to decide about"),
        _("Bloods"),
        (
            Form(
                "lab_reviewed",
                "decision",
                (_choice("decision", _("Treatment"), t.LabDecision),),
                names="results",
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "schedule",
        _("Schedule of blood tests"),
        _("Bloods"),
        (
            Form(
                "monitoring_schedule_chosen",
                "schedule",
                (_pick("schedule", _("Schedule"), t.MonitoringSchedule), _WHY),
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "forms",
        _("Forms signed"),
        _("Programme"),
        (
            Form(
                "form_signed",
                "_done",
                (
                    Entry("_done", _("Signed"), "tick"),
                    _pick("form", _("Form"), t.Form, needed=True),
                    _choice("signed_by", _("By"), t.Signer, needed=True),
                    Entry("version", _("Printed on the form"), "when"),
                    _on(),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "enrolment",
        _("Enrolment"),
        _("Programme"),
        (
            Form(
                "programme_enrolment",
                "status",
                (
                    _choice("registry", _("Programme"), t.Registry, needed=True),
                    _choice("status", _("Status"), t.Enrolment),
                    _on(),
                ),
            ),
        ),
    ),
    Section(
        "authorisation",
        _("Authorisation of the registry"),
        _("Programme"),
        (
            Form(
                "authorisation",
                "number",
                (
                    Entry("number", _("Number"), "text"),
                    Entry("do_not_dispense_after", _("Do not dispense after"), "day", needed=True),
                ),
            ),
        ),
    ),
    Section(
        "prescriber",
        _("The prescriber responsible"),
        _("Programme"),
        (
            Form(
                "prescriber",
                "role",
                (
                    Entry("prescriber_id", _("Prescriber"), "pick", needed=True),
                    _pick("role", _("Role"), t.PrescriberRole),
                    Entry("certified_with", _("Certified with"), "many", t.codes(t.Registry)),
                ),
            ),
        ),
    ),
    Section(
        "approval",
        _("Agreement to begin"),
        _("Programme"),
        (
            Form(
                "prescriber_approval",
                "approval",
                (
                    Entry("prescriber_id", _("Prescriber"), "pick", needed=True),
                    _choice("approval", _("As"), t.ApprovalRole),
                ),
                by=PRESCRIBER,
            ),
        ),
    ),
    Section(
        "procedures",
        _("Procedures on the skin"),
        _("Skin"),
        (
            Form(
                "procedure",
                "what",
                (
                    _pick("what", _("Procedure"), t.ProcedureKind),
                    Entry("text", _("In words"), "text"),
                    _choice("stage", _("Stage"), t.ProcedureStage, given="planned"),
                    _on(),
                    Entry("planned_for", _("Planned for"), "when"),
                ),
            ),
        ),
    ),
    Section(
        "supply",
        _("Capsules taken and handed over"),
        _("Course"),
        (
            Form("missed_doses", "days", (Entry("days", _("Days on which none was taken"), "count"),)),
            Form(
                "dispensing",
                "days",
                (
                    Entry("days", _("Handed over, for days"), "count"),
                    _on(),
                    Entry("daily_dose_mg", _("mg a day"), "number"),
                ),
            ),
        ),
    ),
    Section(
        "course",
        _("Begin or pause"),
        _("Course"),
        (
            Form(
                "course_start",
                "_done",
                (Entry("_done", _("The first dose was taken, or dosing goes on"), "tick"), _on()),
            ),
            Form("course_pause", "_done", (Entry("_done", _("Dosing is paused"), "tick"), _on())),
        ),
    ),
    Section(
        "end",
        _("The end of the course"),
        _("Course"),
        (
            Form(
                "course_stop",
                "reason",
                (_choice("reason", _("It ends because"), t.StopReason), _on(_("Day of the last dose"))),
            ),
        ),
    ),
    Section(
        "capsules",
        _("Capsules left over"),
        _("Course"),
        (
            Form(
                "capsules_returned",
                "capsules",
                (Entry("capsules", _("Returned (0: none was left)"), "count"),),
            ),
        ),
    ),
    Section(
        "aftercare",
        _("After the last dose"),
        _("Course"),
        (
            Form("aftercare_done", "steps", (Entry("steps", _("Done today"), "many", t.codes(t.AftercareStep)),)),
            Form(
                "relapse_definition_chosen",
                "definition",
                (_choice("definition", _("What will count as a relapse"), t.RelapseDefinition),),
            ),
        ),
    ),
    Section(
        "relapse",
        _("Relapse, or blood given"),
        _("Course"),
        (
            Form(
                "relapse",
                "definition",
                (_choice("definition", _("A relapse, by"), t.RelapseDefinition), _on(sort="when")),
            ),
            _happened("blood_donation", _("Blood was given")),
        ),
    ),
)
FORMS: dict[str, Form] = {form.key: form for section in SECTIONS for form in section.forms}
SECTION_OF: dict[str, str] = {form.key: section.name for section in SECTIONS for form in section.forms}
BY_NAME: dict[str, Section] = {section.name: section for section in SECTIONS}
# Written on a page of its own, to which the visit leads.
ELSEWHERE = frozenset({"prescription"})
# Findings and tasks that no planned event names, and what to ask for them.
RULE_ASKS: dict[str, str] = {
    "dose_weight_old": "weight",
    "circumstances_not_asked": "circumstances",
    "age_not_recorded": "person",
    "acne_fulminans": "acne",
}
TASK_ASKS: dict[str, tuple[str, ...]] = {
    "mood_before_start": ("phq9", "gad7"),
    "mood_each_visit": ("phq2",),
    "mood_after_course": ("phq9",),
    "sexual_function_after_course": ("mood",),
    "self_harm_same_day": ("mood",),
    "ask_about_effects": ("symptoms",),
    "end_test": ("test",),
    "after_test": ("test",),
    "record_last_dose": ("end",),
    "return_capsules": ("capsules",),
    "ask_about_eyes": ("aftercare",),
    "talk_about_maintenance": ("aftercare",),
    "explain_relapse": ("aftercare",),
    "choose_relapse_definition": ("aftercare",),
    "look_at_scars": ("aftercare",),
    "judge_relapse": ("acne",),
    "review_course_length": ("acne",),
    "review_early_stop": ("acne",),
}
