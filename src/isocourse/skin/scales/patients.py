"""Questionnaires that patients fill in under the licence of their owners: totals only, never an item's text.

Words in `_(...)` are marked for gettext. Facts: shared/clinical/instruments.md 7.3 to 7.6.
"""

from __future__ import annotations

from fractions import Fraction

from isocourse.skin.scales.model import Band, Item, Least, Scale, Term, _, own

_TOTAL = _("total of the filled-in questionnaire")
_MERCK = _("Owned by Merck, licensed by MAPI: a licence is needed. Here totals only.")
_SKINDEX = _("Licensed by MAPI (usually free for academic use): ask. Here totals only.")

DLQI = Scale(
    name="dlqi",
    measures=_("how far the skin limits life, last week, from 16 years on"),
    items=(Item("total", _TOTAL, high=30),),
    terms=own("total"),
    formula=_("ten answers of 0 to 3, summed"),
    bands=(
        Band(0, 1, _("no effect on life")),
        Band(2, 5, _("small effect")),
        Band(6, 10, _("moderate effect")),
        Band(11, 20, _("very large effect")),
        Band(21, 30, _("extremely large effect")),
    ),
    matters=Least(Fraction(4), "Basra 2015 (measured 3.3, recommend 4)", "high"),
    validated=_("bands: 1,993 people (Hongbo 2005)"),
    source="Finlay and Khan; bands Hongbo 2005; least difference Basra 2015",
    confidence="high",
    licence=_(
        "Copyright Finlay and Khan. In routine care free if the copyright line is on every copy; research and software "
        "need permission. Here totals only."
    ),
)
CADI = Scale(
    name="cadi",
    measures=_("how far acne disables, last month"),
    items=(Item("total", _TOTAL, high=15),),
    terms=own("total"),
    formula=_("five answers of 0 to 3, summed"),
    validated=_("no least difference was established as of a review of 2021"),
    source="CADI; wording of question 2 changed in October 2021 (Abdelrazik 2021)",
    confidence="high",
    licence=_("No charge, a licence may be needed: ask. Here totals only."),
    may_not=(
        _("Bands in papers were never validated, so none is shown."),
        _("Forms before and after October 2021 differ in question 2."),
    ),
)
_DOMAINS = (
    ("self_perception", 30),
    ("role_emotional", 30),
    ("role_social", 24),
    ("symptoms", 30),
)
ACNE_QOL = tuple(
    Scale(
        name=f"acne_qol_{name}",
        measures=_("quality of life with acne of the face, last week; higher is better"),
        items=(Item("total", _("total of this domain"), high=high),),
        terms=own("total"),
        formula=_("the answers of one domain, 0 to 6 each, summed"),
        better="higher",
        validated=_("four domains of 5, 5, 4 and 5 items"),
        source="Acne-QoL (structure read)",
        confidence="high",
        licence=_MERCK,
        may_not=(_("Domains are not summed: the developers validated no total of the Acne-QoL."),),
    )
    for name, high in _DOMAINS
)
ACNE_Q4 = Scale(
    name="acne_q4",
    measures=_("quality of life with acne of the face in four questions, last week; higher is better"),
    items=(Item("total", _TOTAL, high=24),),
    terms=own("total"),
    formula=_("four answers of 0 to 6, summed"),
    better="higher",
    validated=_("explains 98.5 % of the variance of the Acne-QoL"),
    source="Acne-Q4 (structure read)",
    confidence="high",
    licence=_MERCK,
)
_PARTS = (
    ("symptoms", 4),
    ("emotions", 7),
    ("functioning", 5),
)
SKINDEX = tuple(
    Scale(
        name=f"skindex16_{name}",
        measures=_("how much the skin bothered, last week"),
        items=(Item("sum", _("sum of the answers of this domain, 0 to 6 each"), high=6 * answers),),
        terms=(Term(("sum",), Fraction(100, 6 * answers)),),
        formula=_("100 x mean of the answers / 6"),
        validated=_("ICC 0.84 to 0.95"),
        source="Skindex-16 (structure, scoring and reliability read)",
        confidence="high",
        licence=_SKINDEX,
    )
    for name, answers in _PARTS
)
SCALES = (DLQI, CADI, *ACNE_QOL, ACNE_Q4, *SKINDEX)
