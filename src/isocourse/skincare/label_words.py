"""Words on labels that name no ingredient: descriptions, purposes, footnotes; and words too common to ask about."""

from __future__ import annotations

from isocourse.skincare.spelling import key


def _keys(words: str) -> frozenset[str]:
    return frozenset(key(word) for word in words.replace("\n", " ").split(";")) - {""}


# What a label says about an ingredient beside its name, or about its use.
DESCRIPTORS = _keys("""
    nano; organic; vegan; vegetable; vegetable derived; plant derived; plant; natural; naturally derived; usp; nf; bp;
    ph eur; from; derived from coconut; coconut derived; from coconut; from palm; palm free; rspo; certified organic;
    food grade; cosmetic grade; purified; deionized; deionised; distilled; demineralized; preservative; emulsifier;
    emollient; humectant; thickener; solvent; antioxidant; surfactant; fragrance component; ph adjuster; ph adjusting;
    stabilizer; chelator; conditioner; moisturizer; colorant; sunscreen; sunscreens; acne treatment; acne medication;
    acne; skin protectant; exfoliant; lip protectant; external analgesic; purpose; purposes; uv filter; uv filters;
    antifungal; antiseptic; anti dandruff; antidandruff; antiperspirant; active; inactive; synthetic; micronized;
    coated; uncoated; non nano; nonnano; lab grown; soothing; hydrating; ingredients; ingredient; and; et; und; with;
    of; blend of; a blend of; contains; skin bleaching; anti acne; dandruff; topical analgesic; broad spectrum;
    sunscreen agent; uva; uvb; w w; in each gram; keratolytic; astringent
""")
FOOTNOTE_TELLS = _keys("""
    from; of; derived; certified; organic; organically; natural; naturally; farming; agriculture; denotes; indicates;
    origin; biologique; kba; issued; ingredient; ingredients; component; components; constituent; constituents; fair;
    trade
""")
# With these words beside them it is a footnote still.
FOOTNOTE_WORDS = FOOTNOTE_TELLS | _keys("""
    essential; oil; oils; by; and; in; the; is; are; a; an; occurring; found; present; ecocert; cosmos; usda; total;
    plant; product; products; method; production; growing; controlled; grown; 100; de; l; d; issu; issus; huiles;
    huile; essentielles; essentiel; origine; naturelle; cultivation; source; sources; contained; which; within
""")
# Words that mean something else within an unknown name: no reason to ask.
TOO_COMMON = _keys("""
    alcohol; aroma; alum; urea; alumina; silica; water; glucose; betaine; talc; mica; citric acid; lactic acid
""")
