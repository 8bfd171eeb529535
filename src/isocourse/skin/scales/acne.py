"""Scales of active acne: global grades, counts, and two sums. Words in `_(...)` are marked for gettext.

Facts from shared/clinical/instruments.md 1; wording our own. No photographs and no paragraphs of the papers.
"""

from __future__ import annotations

from isocourse.skin.scales.model import Band, Item, Scale, _, each, graded, own

_SIX = (_("clear"), _("almost clear"), _("mild"), _("moderate"), _("severe"), _("very severe"))
IGA = Scale(
    name="iga",
    measures=_("acne of the face as a whole, as it is today"),
    items=(
        Item(
            "grade",
            _("the face as a whole"),
            high=4,
            levels=(
                _("clear: no lesion at all"),
                _("almost clear: rare non-inflammatory lesions, at most one small inflammatory one"),
                _("mild: some non-inflammatory lesions, at most a few papules or pustules, no nodule"),
                _("moderate: up to many non-inflammatory lesions, some inflammatory ones, at most one small nodule"),
                _("severe: up to many of both, at most a few nodules"),
            ),
        ),
    ),
    terms=own("grade"),
    formula=_("the grade that was chosen"),
    bands=graded(*_SIX[:5]),
    validated=_(
        "the FDA's five-point form, used beside lesion counts in trials; between untrained raters a global grade "
        "agreed with an ICC of 0.56 to 0.83 (Tan 2006)"
    ),
    source="FDA, Acne Vulgaris: Establishing Effectiveness of Drugs, 2018 (grades in our words)",
    confidence="medium",
    may_not=(
        _("It is never worked out from counts: it is a judgement of the whole face."),
        _("Marks and redness that acne left behind do not raise it."),
        _("Six-point forms with a grade 5 are another scale."),
    ),
    recalled=(
        _(
            "Success in trials: grade 0 or 1 and at least two grades better than the start "
            "(that there is such a definition was read, its wording was not)."
        ),
    ),
)

_WORST = (_("none"), _("comedone"), _("papule"), _("pustule"), _("nodule"))
_GAGS = tuple(
    Item(name, says, high=4, levels=_WORST)
    for name, says in (
        ("forehead", _("forehead: the worst lesion")),
        ("right_cheek", _("right cheek: the worst lesion")),
        ("left_cheek", _("left cheek: the worst lesion")),
        ("nose", _("nose: the worst lesion")),
        ("chin", _("chin: the worst lesion")),
        ("chest_upper_back", _("chest and upper back, as one region: the worst lesion")),
    )
)
GAGS = Scale(
    name="gags",
    measures=_("acne of face, chest and upper back by the worst lesion of each region"),
    items=_GAGS,
    terms=each(_GAGS, 2, 2, 2, 1, 1, 3),
    formula=_("2 x forehead + 2 x right cheek + 2 x left cheek + nose + chin + 3 x chest and upper back"),
    bands=(
        Band(0, 0, _("none")),
        Band(1, 18, _("mild")),
        Band(19, 30, _("moderate")),
        Band(31, 38, _("severe")),
        Band(39, 44, _("very severe")),
    ),
    flags={39: _("39 is in no printed band; counted as very severe.")},
    validated=_("agreement on photographs from telephones, several countries: Kendall's W 0.69 (Foolad 2017)"),
    source="Doshi 1997, Int J Dermatol 36:416-8",
    confidence="high",
    may_not=(
        _("One papule and fifty score the same: it hardly moves until a whole class of lesions is gone."),
        _("It does not count lesions."),
    ),
)

_COMEDONES = (Item("open_comedones", _("open comedones")), Item("closed_comedones", _("closed comedones")))
_INFLAMED = (Item("papules", _("papules, up to 5 mm")), Item("pustules", _("pustules")))
_NODULES = (Item("nodules", _("nodules and cysts, above 5 mm")),)
_COUNT_AGREES = _(
    "trained raters: correlation between raters 0.80, untrained 0.61, within a rater 0.81 to 0.97 (Lucky 1996)"
)
_COUNT_SOURCE = "Lucky 1996; Tan 2006; Gold 2022 (reliability read; definitions medium)"
_SIZE = _("The size at which a papule becomes a nodule varies between texts (5 or 10 mm); here it is 5 mm.")


def _count(name: str, items: tuple[Item, ...], formula: str, *may_not: str) -> Scale:
    return Scale(
        name=name,
        measures=_("lesions of the face, counted"),
        items=items,
        terms=each(items),
        formula=formula,
        counted=True,
        validated=_COUNT_AGREES,
        source=_COUNT_SOURCE,
        confidence="medium",
        may_not=(*may_not, _("Counts of different raters, or of another area, are not compared.")),
    )


INFLAMMATORY = _count("inflammatory_count", _INFLAMED, _("papules + pustules"), _SIZE)
NONINFLAMMATORY = _count("noninflammatory_count", _COMEDONES, _("open + closed comedones"))
NODULES = _count("nodule_count", _NODULES, _("nodules and cysts"), _SIZE)
LESIONS = _count(
    "lesion_count",
    (*_COMEDONES, *_INFLAMED, *_NODULES),
    _("open + closed comedones + papules + pustules + nodules and cysts"),
    _SIZE,
    _("Some trials leave nodules out of the total; here they are in it."),
)
_HALVES = (
    Item("left_half", _("papules and pustules on the left half of the face")),
    Item("right_half", _("papules and pustules on the right half of the face")),
)
HAYASHI = Scale(
    name="hayashi",
    measures=_("papules and pustules on one half of the face"),
    items=_HALVES,
    terms=each(_HALVES),
    combine="highest",
    formula=_("the count of the worse half (taking the worse half is our choice; the scale is of one half)"),
    bands=(
        Band(0, 5, _("mild")),
        Band(6, 20, _("moderate")),
        Band(21, 50, _("severe")),
        Band(51, None, _("very severe")),
    ),
    counted=True,
    validated=_(
        "training with the standard photographs raised conformity from 67.0 to 88.9 % (Japan) and from 68.0 to 79.8 % "
        "(Korea)"
    ),
    source="Hayashi 2008, J Dermatol 35:255-60",
    confidence="high",
    may_not=(_("Comedones are not in it."),),
)

_SITES = (("face", _("face")), ("chest", _("chest")), ("back", _("back")))
_CASS_SOURCE = "Tan 2007, J Cutan Med Surg 11:211-6 (purpose and correlations read)"
_CASS_VALID = _("correlation with the revised Leeds grades: face 0.823, chest 0.854, back 0.872")
_CASS_RECALLED = (_("What each grade looks like was recalled only, so no description is shown."),)
CASS_SITES = tuple(
    Scale(
        name=f"cass_{site}",
        measures=_("acne of one site as a whole"),
        items=(Item("grade", says, high=5, levels=_SIX),),
        terms=own("grade"),
        formula=_("the grade that was chosen"),
        bands=graded(*_SIX),
        validated=_CASS_VALID,
        source=_CASS_SOURCE,
        confidence="medium",
        recalled=_CASS_RECALLED,
    )
    for site, says in _SITES
)
_CASS = tuple(Item(site, says, high=5, levels=_SIX) for site, says in _SITES)
CASS = Scale(
    name="cass",
    measures=_("acne of face, chest and back"),
    items=_CASS,
    terms=each(_CASS),
    formula=_("face + chest + back (the sum is for convenience; the scale is the three grades)"),
    validated=_CASS_VALID,
    source=_CASS_SOURCE,
    confidence="medium",
    may_not=(_("The sum has no bands: read the three grades."),),
    recalled=_CASS_RECALLED,
)
SCALES = (IGA, GAGS, LESIONS, INFLAMMATORY, NONINFLAMMATORY, NODULES, HAYASHI, CASS, *CASS_SITES)
