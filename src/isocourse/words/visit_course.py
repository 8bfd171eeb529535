"""What a visit asks about mood, bloods, the programme and the course itself; words are marked for gettext."""

from __future__ import annotations

from isocourse.record import terminology as t
from isocourse.words.visit_entries import WHY, choice, happened, on, pick, questions
from isocourse.words.visit_shape import PRESCRIBER, Entry, Form, Section, _

COURSE: tuple[Section, ...] = (
    questions("phq2", _("Mood: PHQ-2")),
    questions("phq9", _("Mood: PHQ-9")),
    questions("phqa", _("Mood: PHQ-A")),
    questions("gad7", _("Anxiety: GAD-7")),
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
                    choice("outcome", _("What came of it"), t.MoodOutcome),
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
                    pick("analyte", _("Test"), t.Analyte, needed=True),
                    Entry("value", _("Value"), "text"),
                    Entry("unit", _("Unit"), "pick", needed=True),
                    Entry("upper_limit", _("Upper limit"), "number"),
                    Entry("lower_limit", _("Lower limit"), "number"),
                    on(_("Taken on"), needed=True),
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
                (choice("decision", _("Treatment"), t.LabDecision),),
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
                (pick("schedule", _("Schedule"), t.MonitoringSchedule), WHY),
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
                    pick("form", _("Form"), t.Form, needed=True),
                    choice("signed_by", _("By"), t.Signer, needed=True),
                    Entry("version", _("Printed on the form"), "when"),
                    on(),
                ),
                plural=True,
            ),
            happened("photograph_consent_withdrawn", _("Consent to photographs is withdrawn")),
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
                    choice("registry", _("Programme"), t.Registry, needed=True),
                    choice("status", _("Status"), t.Enrolment),
                    on(),
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
                    pick("role", _("Role"), t.PrescriberRole),
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
                    choice("approval", _("As"), t.ApprovalRole),
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
                    pick("what", _("Procedure"), t.ProcedureKind),
                    Entry("text", _("In words"), "text"),
                    choice("stage", _("Stage"), t.ProcedureStage, needed=True),
                    on(),
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
                    on(),
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
                (
                    Entry("_done", _("The first dose was taken, or dosing goes on"), "tick"),
                    on(needed=True),
                ),
            ),
            Form("course_pause", "_done", (Entry("_done", _("Dosing is paused"), "tick"), on())),
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
                (choice("reason", _("It ends because"), t.StopReason), on(_("Day of the last dose"), needed=True)),
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
                (choice("definition", _("What will count as a relapse"), t.RelapseDefinition),),
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
                (choice("definition", _("A relapse, by"), t.RelapseDefinition), on(sort="when")),
            ),
            happened("blood_donation", _("Blood was given")),
        ),
    ),
)
