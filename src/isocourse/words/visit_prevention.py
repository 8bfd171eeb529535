"""What a visit asks about pregnancy and its prevention; words are marked for gettext."""

from __future__ import annotations

from isocourse.record import terminology as t
from isocourse.words.visit_entries import WHY, choice, happened, on, pick
from isocourse.words.visit_shape import PRESCRIBER, Entry, Form, Section, _

PREVENTION: tuple[Section, ...] = (
    Section(
        "potential",
        _("Can this person become pregnant?"),
        _("Pregnancy prevention"),
        (
            Form(
                "pregnancy_potential",
                "potential",
                (
                    choice("potential", _("Pregnancy"), t.Potential),
                    pick("ground", _("Ground"), t.PotentialGround, needed=True),
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
                (pick("method", _("Method begun"), t.ContraceptiveMethod), on(_("Since"), "when")),
                plural=True,
            ),
            Form(
                "contraception_stopped",
                "method",
                (pick("method", _("Method stopped"), t.ContraceptiveMethod), on(_("On"), "when", needed=True)),
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
                    choice("ground", _("Ground"), t.NoRiskGround),
                    WHY,
                    Entry("patient_agreed", _("The patient agreed"), "yes", needed=True),
                ),
                by=PRESCRIBER,
            ),
            Form("no_risk_agreement_ended", "_done", (Entry("_done", _("It no longer holds"), "tick"), on())),
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
                    choice("result", _("Result"), t.TestResult),
                    choice("method", _("In"), t.TestMethod),
                    choice("setting", _("Where"), t.TestSetting),
                    on(_("Specimen taken on")),
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
            happened("unprotected_intercourse", _("Intercourse without the agreed contraception")),
            happened("contraceptive_failure", _("A method failed"), pick("method", _("Which"), t.ContraceptiveMethod)),
            happened("missed_period", _("A period did not come")),
            happened("pregnancy", _("A pregnancy was found"), pick("evidence", _("How"), t.PregnancyEvidence)),
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
                (choice("how", _("What came of it"), t.Resolution),),
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
            Form("menses_started", "_on", (on(_("First day of the last period")),)),
            Form("menses_pattern", "pattern", (choice("pattern", _("How they come"), t.MensesPattern),)),
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
                (choice("status", _("Breast-feeding"), t.BreastFeeding), on(_("On"), "when")),
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
)
