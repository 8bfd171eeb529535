"""American spelling: no British word of the product is left over, and nothing but words changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from isocourse.words.spelling import AMERICAN, american

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "isocourse"
BRITISH = re.compile(
    r"(isation|ise[ds]?|ising|isers?|yse[ds]?|ogue|elled|elling|ours?|oured|grey|mmes?|[^aeiou]tres?|gement)$"
    r"|aem|haem|oea|oed|oest|paed"
)
# The same in both.
SAME = set(
    """
    abstinence advise advised advises angioedema exercise exercised four hour hours noise otherwise our ours
    promise promises raise raised raises retelling revised rise rises rising spelled supervised your yours expelled
    swelling expertise likewise precise tours
    anise chamaemorus flour haematococcus kaempferol
    """.split()
)


def words_of_the_product() -> set[str]:
    texts = [path.read_text() for path in PACKAGE.rglob("*.yaml") if "sources" not in path.parts]
    texts += [re.sub(r"\{[{%].*?[%}]\}", " ", path.read_text()) for path in PACKAGE.rglob("*.html")]
    return set(re.findall(r"[a-z]{4,}", " ".join(texts).lower()))


def test_no_british_word_is_missing() -> None:
    left = {word for word in words_of_the_product() if BRITISH.search(word)} - set(AMERICAN) - SAME
    assert left == set()


@pytest.mark.parametrize(
    ("british", "expected"),
    [
        ("The programme's colour", "The program's color"),
        ("Withhold until 6 Dec 2026, then 16 Jan 2027.", "Withhold until Dec 6, 2026, then Jan 16, 2027."),
        ("In 6 December 2026 and 2026-12-06", "In 6 December 2026 and 2026-12-06"),
        ("DIARRHOEA, or Oedema", "DIARRHEA, or Edema"),
        ("Programmes of counselling", "Programs of counseling"),
        ("programmed cell death", "programmed cell death"),
        ("40 mg, 1.5 L, <5", "40 mg, 1.5 L, <5"),
    ],
)
def test_words_change_and_nothing_else(british: str, expected: str) -> None:
    assert american(british) == expected
    assert american(expected) == expected
