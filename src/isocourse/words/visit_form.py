"""What can be written down at a visit, as data, in the order in which a visit goes.

Which sections are asked is worked out in `visit_asked`; what was typed becomes events in `visit_read`. Nothing here
decides. Words in `_(...)` are marked for translators (gettext).
"""

from __future__ import annotations

from isocourse.record import symptom_codes as y
from isocourse.record import terminology as t
from isocourse.words.visit_body import BODY
from isocourse.words.visit_course import COURSE
from isocourse.words.visit_entries import choice, on, pick
from isocourse.words.visit_prevention import PREVENTION
from isocourse.words.visit_shape import Entry, Form, Section, _

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
                choice("mode", _("How"), t.VisitMode),
                choice("purpose", _("What for"), t.VisitPurpose, given="follow_up"),
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
        Form("symptom_ended", "_done", (Entry("_done", _("Over"), "tick"), on(sort="when")), names="symptom"),
        Form(
            "symptom",
            "severity",
            (
                pick("term", _("Another"), y.SymptomTerm),
                Entry("text", _("In words"), "text"),
                choice("severity", _("How bad"), t.Severity),
                choice("limits", _("Keeps from"), y.SymptomLimits),
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
ASSESSED = Section(
    "symptoms_assessed",
    _("Side effects to decide about"),
    "",
    (Form("symptom_assessed", "outcome", (choice("outcome", _("Treatment"), y.SymptomOutcome),), names="symptoms"),),
)
SECTIONS: tuple[Section, ...] = (VISIT, SYMPTOMS, ASSESSED, *BODY, *PREVENTION, *COURSE)
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
