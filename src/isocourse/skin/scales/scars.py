"""Scales of acne scars. Words in `_(...)` are marked for gettext. Facts: shared/clinical/instruments.md 2."""

from __future__ import annotations

from fractions import Fraction

from isocourse.skin.scales.model import Cut, Item, Least, Scale, _, each, graded, own

_EXTENT = (Cut(0, 0), Cut(1, 1), Cut(5, 2), Cut(21, 3))
_ECCA = tuple(
    Item(name, says, cuts=_EXTENT)
    for name, says in (
        ("v_shaped", _("V-shaped atrophic scars, punctiform, under 2 mm")),
        ("u_shaped", _("U-shaped atrophic scars, sheer edges, 2 to 4 mm")),
        ("m_shaped", _("M-shaped atrophic scars, irregular surface, above 4 mm")),
        ("superficial_elastolysis", _("places of superficial elastolysis")),
        ("hypertrophic_recent", _("inflamed hypertrophic scars of less than two years")),
        ("keloid_old", _("keloids and hypertrophic scars of more than two years")),
    )
)
ECCA = Scale(
    name="ecca",
    measures=_("acne scars of the face by kind and extent"),
    items=_ECCA,
    terms=each(_ECCA, 15, 20, 25, 30, 40, 50),
    formula=_(
        "weight x extent, summed; weights 15, 20, 25, 30, 40, 50 in the order of the items; extent 0 for none, "
        "1 for 1 to 4, 2 for 5 to 20, 3 for more than 20"
    ),
    validated=_("ten patients, seven dermatologists"),
    source="Dreno 2007, Dermatology 214:46-51 (items and reliability read; weights recalled, their maximum is 540; "
    "looked for twice in November 2026: abstracts bear out items, raters and patients; no page found prints weights, "
    "and of the thesis behind it, Orain, Nantes 2004, the beginning alone was found)",
    confidence="medium",
    may_not=(
        _("It has no bands: the authors gave none."),
        _("Counted from a photograph without raking light it understates rolling scars."),
    ),
)
GB_QUALITATIVE = Scale(
    name="goodman_baron_qualitative",
    measures=_("acne scars as a whole"),
    items=(
        Item(
            "grade",
            _("the scars as a whole, looked at from 50 cm and stretched by hand"),
            low=1,
            high=4,
            levels=(
                _("macular: flat marks, a matter of colour and not of contour"),
                _("mild: not obvious from 50 cm, or covered by make-up or beard"),
                _("moderate: obvious from 50 cm, not easily covered, flattens when stretched"),
                _("severe: obvious from 50 cm, does not flatten when stretched"),
            ),
        ),
    ),
    terms=own("grade"),
    formula=_("the grade that was chosen"),
    bands=graded(_("macular"), _("mild"), _("moderate"), _("severe"), low=1),
    validated=_("a descriptive grading; no figure on agreement was read"),
    source="Goodman and Baron 2006, Dermatol Surg 32:1458-66; two second sources agree, found in November 2026: a page "
    "that reprints the grades (up to 3 seen) and a clinic's program (all four, stretching included)",
    confidence="high",
    may_not=(
        _("Grades 3 and 4 differ by the stretch test, which no photograph shows."),
        _("There is no grade 0: somebody without scars is not graded."),
    ),
)

_NUMBER = (Cut(0, 0), Cut(1, 1), Cut(11, 2), Cut(21, 3))
_GB_KINDS = (
    ("macular", _("flat red or pigmented marks"), 1),
    ("mild_atrophic", _("mildly atrophic, dish-like"), 1),
    ("moderate_atrophic", _("moderately atrophic, dish-like"), 2),
    ("punched_out_shallow", _("punched out with a shallow base, under 5 mm"), 2),
    ("broad_shallow", _("broad, shallow atrophic areas"), 2),
    ("punched_out_deep_normal", _("punched out, deep, normal base, under 5 mm"), 3),
    ("punched_out_deep_abnormal", _("punched out, deep, abnormal base, under 5 mm"), 3),
    ("linear_troughed", _("linear or troughed"), 3),
    ("broad_deep", _("broad, deep atrophic areas"), 3),
    ("papular", _("papular, hyperplastic"), 2),
)
_GB = (
    *(Item(name, says, cuts=_NUMBER) for name, says, _base in _GB_KINDS),
    Item(
        "keloid_area",
        _("keloidal and hypertrophic scars, area"),
        whole=False,
        unit="cm2",
        cuts=(Cut(0, 0), Cut(0, 6, above=True), Cut(5, 12), Cut(20, 18, above=True)),
    ),
)
GB_QUANTITATIVE = Scale(
    name="goodman_baron_quantitative",
    measures=_("acne scars by kind and number"),
    items=_GB,
    terms=each(_GB, *(base for _name, _says, base in _GB_KINDS), 1),
    formula=_(
        "for each kind its points (1 mild, 2 moderate and papular, 3 severe) x 1 for 1 to 10 lesions, x 2 for 11 to "
        "20, x 3 for more; keloidal scars 6 under 5 cm2, 12 from 5 to 20 cm2, 18 above; summed"
    ),
    noise=Least(Fraction(5), "raters agreed within 4 points in 19 of 21 sets of photographs", "high"),
    validated=_("21 sets of photographs, four raters, physicians and nurses"),
    source="Goodman and Baron 2006, J Cosmet Dermatol 5:48-52 (agreement read; table recalled, its maximum "
    "is 84; looked for twice in November 2026: abstract and first page bear out the agreement, no page found prints "
    "the table)",
    confidence="medium",
    may_not=(_("It has no bands."), _("The five points of noise come from agreement, not from repeated measurement.")),
)

_SIX = (_("clear"), _("almost clear"), _("mild"), _("moderate"), _("severe"), _("very severe"))
_SCAR_S = (
    Item("face", _("face"), high=5, levels=_SIX),
    Item("chest", _("chest"), high=5, levels=_SIX),
    Item("back", _("back"), high=5, levels=_SIX),
)
SCAR_S = Scale(
    name="scar_s",
    measures=_("acne scars of face, chest and back as a whole"),
    items=_SCAR_S,
    terms=each(_SCAR_S),
    formula=_("face + chest + back"),
    validated=_(
        "973 patients; correlation with acne severity 0.51 (face) to 0.61 (back), with patients' own rating 0.31"
    ),
    source="Tan 2010, J Cutan Med Surg, doi 10.2310/7750.2010.09037",
    confidence="high",
    may_not=(
        _("The sum has no bands: at one site, mild and above counted as clinically relevant."),
        _("What patients say of their scars is something else."),
    ),
    recalled=(_("What each grade looks like was recalled only, so no description is shown."),),
)
SCALES = (ECCA, GB_QUALITATIVE, GB_QUANTITATIVE, SCAR_S)
