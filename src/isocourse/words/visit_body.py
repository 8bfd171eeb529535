"""What a visit asks about the person: body, skin, illnesses, medicines, daily life; words are marked for gettext."""

from __future__ import annotations

from isocourse.record import suitability_codes as s
from isocourse.record import terminology as t
from isocourse.words.visit_entries import VERDICT, WHY, choice, on, pick
from isocourse.words.visit_shape import PRESCRIBER, Entry, Form, Section, _

BODY: tuple[Section, ...] = (
    Section(
        "person",
        _("The person"),
        _("Body"),
        (
            Form("birth", "_on", (on(_("Born"), "when"),)),
            Form("sex", "sex", (choice("sex", _("Sex as recorded"), t.Sex),)),
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
                    choice("severity", _("How severe"), s.AcneSeverity),
                    choice("form", _("Form"), s.AcneForm),
                    choice("scarring", _("Scars"), s.Scarring),
                    choice("burden", _("Suffering"), s.Burden),
                    choice("skin", _("Skin otherwise"), s.SkinState),
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
                    pick("treatment", _("Treatment"), s.StandardTreatment),
                    Entry("name", _("Name"), "text"),
                    Entry("weeks", _("Weeks"), "count"),
                    pick("result", _("What came of it"), s.TreatmentOutcome, needed=True),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "indication",
        _("Why isotretinoin"),
        _("Skin"),
        (Form("indication_stated", "ground", (choice("ground", _("Ground"), s.IndicationGround), WHY), by=PRESCRIBER),),
    ),
    Section(
        "score",
        _("Skin score"),
        _("Skin"),
        (
            Form(
                "skin_score",
                "value",
                (
                    pick("scale", _("Scale"), t.SkinScale, needed=True),
                    Entry("value", _("Total"), "number"),
                ),
                plural=True,
            ),
        ),
    ),
    Section(
        "history",
        _("Illnesses, past and present"),
        _("Medicines and history"),
        (
            Form("history_asked", "found", (choice("found", _("Illnesses"), s.HistoryFound),)),
            Form(
                "condition",
                "text",
                (
                    Entry("text", _("Illness"), "text"),
                    Entry("active", _("Still there"), "yes"),
                    on(_("Since"), "when"),
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
            Form("medicines_asked", "taken", (choice("taken", _("Medicines, herbs, supplements"), t.MedicinesTaken),)),
            Form(
                "medicine_started",
                "name",
                (Entry("name", _("Taken"), "text"), on(_("Since"), "when")),
                plural=True,
            ),
            Form("medicine_stopped", "_done", (Entry("_done", _("Stopped"), "tick"), on(sort="when")), names="started"),
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
                (choice("verdict", _("Beside isotretinoin"), t.MedicineVerdict),),
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
                    pick("allergen", _("To"), t.Allergen),
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
)
