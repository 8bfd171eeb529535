"""Scales of dark spots, and of the lips under isotretinoin. Words in `_(...)` are marked for gettext.

Facts: shared/clinical/instruments.md 3.1, 3.2, 3.4 and 7.8.
"""

from __future__ import annotations

from fractions import Fraction

from isocourse.skin.scales.model import Cut, Item, Scale, Term, _, each, graded, own

_PAHPI = (
    Item(
        "size_mm",
        _("median size of the spots"),
        above=True,
        high=300,
        whole=False,
        unit="mm",
        cuts=(Cut(0, 2), Cut(3, 4), Cut(7, 6), Cut(10, 8, above=True)),
    ),
    Item(
        "intensity",
        _("median darkness beside the skin around"),
        low=1,
        high=3,
        cuts=(Cut(1, 3), Cut(2, 6), Cut(3, 9)),
        levels=(_("slightly darker"), _("moderately darker"), _("significantly darker")),
    ),
    Item("number", _("number of spots"), cuts=(Cut(1, 1), Cut(16, 2), Cut(31, 3), Cut(46, 4), Cut(61, 5))),
)
PAHPI = Scale(
    name="pahpi",
    measures=_("dark spots left by acne, on the face"),
    items=_PAHPI,
    terms=each(_PAHPI),
    nothing="number",
    formula=_(
        "size (2 under 3 mm, 4 to under 7, 6 to 10, 8 above) + darkness (3, 6, 9) + number (1 for 1 to 15, 2 to 30, "
        "3 to 45, 4 to 60, 5 above); without any spot 0"
    ),
    validated=_(
        "21 patients of skin types III to VI, six raters (United States); 21 of type VI, four raters, between raters "
        "ICC 0.85 to 0.87 (Senegal); weighted kappa of the size 0.27 and 0.28, of the darkness 0.43 and 0.67; 73 "
        "patients in Sri Lanka, expert against trainee: correlation 0.8"
    ),
    source="Savory 2014, J Am Acad Dermatol 70:108-14 (dimensions and reliability read; cells recalled, range 6 to "
    "22; looked for twice in November 2026: abstracts bear out dimensions, raters and kappas, none prints the cells); "
    "Sri Lanka: abstract 61705 of the meeting ASDR 2019",
    confidence="medium",
    may_not=(
        _("It is not known how far it moves when spots fade."),
        _("Spots fade by themselves: in a trial the arm with sunscreen alone fell by 11.3 % in 24 weeks."),
        _("The printed sizes leave 6 to 7 mm open; here the step is at 7 mm."),
        _("Nobody without spots has a score of 1 to 5: none is 0, and one spot is 6 at least."),
    ),
)
PIH_ODS = Scale(
    name="pih_ods",
    measures=_("dark spots as a whole"),
    items=(
        Item(
            "grade",
            _("dark spots as a whole; odd grades lie between"),
            high=8,
            levels=(
                _("normal"),
                _("present, less than mild"),
                _("mild: slightly noticeable"),
                _("between mild and moderate"),
                _("moderate"),
                _("between moderate and marked"),
                _("marked: distinctive"),
                _("between marked and severe"),
                _("severe: very distinctive"),
            ),
        ),
    ),
    terms=own("grade"),
    formula=_("the grade that was chosen"),
    bands=graded(
        _("normal"),
        _("less than mild"),
        _("mild"),
        _("between mild and moderate"),
        _("moderate"),
        _("between moderate and marked"),
        _("marked"),
        _("between marked and severe"),
        _("severe"),
    ),
    validated=_("used in the LEAP trial (NCT05089708); no figure on agreement was read"),
    source="LEAP, registry NCT05089708 and doi 10.1111/ijd.17189",
    confidence="high",
    may_not=(_("Red marks are not in it."),),
)

_AREA = (_("none"), _("under 10 %"), "10-29 %", "30-49 %", "50-69 %", "70-89 %", "90-100 %")
_DARK = (_("absent"), _("slight"), _("mild"), _("marked"), _("maximum"))
_REGIONS = (
    ("forehead", _("forehead: area"), _("forehead: darkness"), 3),
    ("right_malar", _("right cheek: area"), _("right cheek: darkness"), 3),
    ("left_malar", _("left cheek: area"), _("left cheek: darkness"), 3),
    ("chin", _("chin: area"), _("chin: darkness"), 1),
)
MMASI = Scale(
    name="mmasi",
    measures=_("melasma of the face"),
    items=tuple(
        item
        for region, area, darkness, _tenths in _REGIONS
        for item in (
            Item(f"{region}_area", area, high=6, levels=_AREA),
            Item(f"{region}_darkness", darkness, high=4, levels=_DARK),
        )
    ),
    terms=tuple(
        Term((f"{region}_area", f"{region}_darkness"), Fraction(tenths, 10)) for region, _a, _d, tenths in _REGIONS
    ),
    formula=_("area x darkness of each region, weighted 0.3 forehead, 0.3 right and 0.3 left cheek, 0.1 chin"),
    validated=_("melasma; between raters the ICC of the MASI it was made from was 0.82 (Majid 2016)"),
    source="Pandya 2011, J Am Acad Dermatol 64:78-83",
    confidence="high",
    may_not=(_("It is for melasma, not for single dark spots after acne."),),
    recalled=(_("Bands (Rodrigues 2016), recalled only: mild up to 2.7, moderate up to 5.0, severe above."),),
)
_ICGS = tuple(
    Item(name, says, recalled_high=3)
    for name, says in (
        ("erythema", _("redness of the lips")),
        ("scale_crust", _("scale and crust")),
        ("fissures", _("fissures")),
        ("commissures", _("inflamed corners of the mouth")),
    )
)
ICGS = Scale(
    name="icgs",
    measures=_("the lips under isotretinoin"),
    items=_ICGS,
    terms=each(_ICGS),
    formula=_("redness + scale and crust + fissures + corners of the mouth"),
    validated=_("photographs, three dermatologists: Kendall's W 0.88, at least 0.72 for each item"),
    source="Ornelas 2016, J Dermatolog Treat 27:153-5 (items and agreement read; range of an item not)",
    confidence="low",
    may_not=(_("The range of an item was not confirmed: numbers of different clinics are not compared."),),
    recalled=(_("Each item 0 to 3, total 0 to 12: recalled only."),),
)
SCALES = (PAHPI, PIH_ODS, MMASI, ICGS)
