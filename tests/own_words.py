"""Free text made of the words that isocourse itself knows: illnesses, medicines, symptoms, procedures, pregnancy.

Text of random letters says almost nothing that a reader of words could stumble over. Hypothesis mixes in the constants
of whatever modules happen to be loaded, so a claim about free text held in one process and fell in the next. Here the
words are always in, alone, glued to signs and to each other, in any case.
"""

from __future__ import annotations

from hypothesis import strategies as st

from isocourse.record import condition_codes, effect_terms, medicine_codes, procedure_codes
from isocourse.words.sig import NAMES as CAPSULES

ILLNESSES = (*sorted(condition_codes.NAMES), *sorted(condition_codes.EVERYDAY))
MEDICINES = (*sorted(medicine_codes.NAMES), *CAPSULES)
SYMPTOMS = (*sorted(effect_terms._TERM_OF), *sorted(effect_terms.SAYS_NONE))
PROCEDURES = tuple(sorted(procedure_codes.NAMES))
PREGNANCY = (
    "pregnant", "pregnancy", "not pregnant", "gravid", "hcg", "beta-hCG", "chorionic gonadotropin", "miscarriage",
    "delivery", "breast feeding", "positive pregnancy test",
)  # fmt: skip
ALLERGENS = ("peanut", "soya", "soy", "paraben", "tartrazine", "vitamin a", "isotretinoin", "nkda", "no known allergy")
BETWEEN = (
    "no",
    "not",
    "and",
    "with",
    "history of",
    "?",
    "+",
    ",",
    ";",
    "/",
    "0:",
    "-",
    "(disorder)",
    "(finding)",
    "'s",
)

_GROUPS = (ILLNESSES, MEDICINES, SYMPTOMS, PROCEDURES, PREGNANCY, ALLERGENS, BETWEEN)
# A group first, so that the short ones are met as often as the long ones.
_WORD = st.sampled_from(_GROUPS).flatmap(st.sampled_from)
_IN_ANY_CASE = st.tuples(_WORD, st.sampled_from([str, str.upper, str.title])).map(lambda drawn: drawn[1](drawn[0]))


def own_words(max_size: int) -> st.SearchStrategy[str]:
    """One to five known words, joined by a space, a sign or nothing, of at most `max_size` letters and not empty."""
    joined = st.tuples(st.sampled_from([" ", " ", "", ",", "-"]), st.lists(_IN_ANY_CASE, min_size=1, max_size=5))
    return joined.map(lambda drawn: drawn[0].join(drawn[1])[:max_size].strip() or "x")


def free_text(letters: st.SearchStrategy[str], max_size: int) -> st.SearchStrategy[str]:
    """Random letters, known words, and both together."""
    known = own_words(max_size)
    both = st.tuples(letters, known, letters).map(lambda parts: "".join(parts)[:max_size])
    return letters | known | both
