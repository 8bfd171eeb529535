"""The terms of side effects: which grades each has, to which class it belongs, and the plain words it is read from.

Sources: `shared/clinical/data/ctcae_v5_subset.json` (the clinical terms of CTCAE v5.0 and their grades) and
`shared/clinical/monitoring-and-effects.md` B.2 and C.4. Terms that CTCAE's subset lacks take its general scale of four
grades. The flags and classes are ours: each is what one rule speaks of.

Like the table of medicines, the words only ever *find* something: what is not found is unread, never harmless.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import get_args

from isocourse.record import terminology as t
from isocourse.record.plain_names import plain_words

# The grades that a term has, by grades. Death (5) is only ever stated, never worked out.
_GRADES = {
    (1,): "nail_changes",
    (1, 2): "alopecia libido_decreased nail_loss skin_hyperpigmentation",
    (1, 2, 3): (
        "tinnitus dry_eye photophobia abdominal_pain cheilitis dry_mouth lip_pain nausea fatigue paronychia "
        "arthralgia arthritis back_pain generalized_muscle_weakness muscle_cramp myalgia concentration_impairment "
        "dizziness headache insomnia irritability erectile_dysfunction vaginal_dryness dry_skin eczema pruritus "
        "rash_maculo_papular"
    ),
    (1, 2, 3, 4): (
        "hearing_impaired blurred_vision keratitis night_blindness papilledema conjunctivitis myositis agitation "
        "anxiety personality_change suicidal_ideation"
    ),
    (1, 2, 3, 4, 5): (
        "colitis diarrhea lower_gastrointestinal_hemorrhage mucositis_oral rectal_hemorrhage vomiting "
        "allergic_reaction rhabdomyolysis depression mania psychosis epistaxis erythema_multiforme photosensitivity "
        "rash_acneiform"
    ),
    (2, 3, 4): "vision_decreased",
    (2, 3, 4, 5): "pancreatitis",
    (3, 4, 5): "anaphylaxis suicide_attempt stevens_johnson_syndrome",
    (4, 5): "toxic_epidermal_necrolysis",
}
CTCAE_GRADES: dict[str, tuple[int, ...]] = {term: has for has, terms in _GRADES.items() for term in terms.split()}
_GENERAL_SCALE = (1, 2, 3, 4)
GRADES_OF: dict[str, tuple[int, ...]] = {
    term: CTCAE_GRADES.get(term, _GENERAL_SCALE) for term in get_args(t.SymptomTerm)
}

# CTCAE's general scale. "Nothing" says nothing: bleeding, say, is graded by what has to be done about it.
BY_SEVERITY: dict[t.Severity, int] = {"mild": 1, "moderate": 2, "severe": 3, "life_threatening": 4}
BY_LIMITS: dict[t.SymptomLimits, int] = {"daily_activities": 2, "self_care": 3}

# Terms that are a red flag however mild, and terms that are one when they are severe (C.4).
FLAGS: dict[t.EffectFlag, frozenset[str]] = {
    "pressure": frozenset({"papilledema"}),
    "vision": frozenset({"blurred_vision", "vision_decreased", "night_blindness", "diplopia"}),
    "cornea": frozenset({"keratitis", "corneal_opacity", "photophobia"}),
    "hearing": frozenset({"hearing_impaired", "tinnitus", "pulsatile_tinnitus"}),
    "severe_diarrhoea": frozenset({"bloody_diarrhea"}),
    "bowel_bleeding": frozenset({"rectal_hemorrhage", "lower_gastrointestinal_hemorrhage", "colitis"}),
    "pancreatitis": frozenset({"pancreatitis", "epigastric_pain_to_back"}),
    "skin_reaction": frozenset(
        {
            "stevens_johnson_syndrome", "toxic_epidermal_necrolysis", "erythema_multiforme", "rash_with_blisters",
            "mucosal_erosions", "target_lesions", "skin_pain",
        }
    ),
    "hypersensitivity": frozenset({"allergic_reaction", "anaphylaxis", "angioedema", "vasculitis"}),
    "vessel": frozenset({"chest_pain", "leg_swelling", "stroke_signs"}),
    "muscle": frozenset({"generalized_muscle_weakness", "myositis", "rhabdomyolysis", "dark_urine"}),
    "liver": frozenset({"jaundice", "dark_urine", "right_upper_abdominal_pain"}),
    "mood": frozenset(
        {
            "depression", "suicidal_ideation", "suicide_attempt", "psychosis", "mania", "aggression", "agitation",
            "personality_change",
        }
    ),
    "fulminans": frozenset({"acne_fulminans", "ulcerating_acne"}),
}  # fmt: skip
FLAGS_IF_SEVERE: dict[t.EffectFlag, frozenset[str]] = {
    "severe_diarrhoea": frozenset({"diarrhea"}),
    "bowel_bleeding": frozenset({"abdominal_pain"}),
    "muscle": frozenset({"myalgia"}),
    "cornea": frozenset({"dry_eye"}),
}
# By term: the flags it can be, each with whether only when it is severe.
FLAGS_OF: dict[str, tuple[tuple[t.EffectFlag, bool], ...]] = {
    term: tuple(
        (flag, term not in terms)
        for flag, terms in FLAGS.items()
        if term in terms or term in FLAGS_IF_SEVERE.get(flag, ())
    )
    for term in get_args(t.SymptomTerm)
}
# Of the mood terms, those that need an assessment of the risk of self-harm beside the one that names them.
SELF_HARM = frozenset({"suicidal_ideation", "suicide_attempt"})
# Two symptoms that together mean more than each alone: one of the first list with one of the second.
PICTURES: tuple[tuple[t.EffectFlag, frozenset[str], frozenset[str]], ...] = (
    ("pressure", frozenset({"headache"}), FLAGS["vision"] | {"nausea", "vomiting", "pulsatile_tinnitus"}),
    ("pancreatitis", frozenset({"abdominal_pain"}), frozenset({"vomiting"})),
    ("skin_reaction", frozenset({"rash_maculo_papular"}), frozenset({"fever", "mucositis_oral"})),
    ("fulminans", frozenset({"acne_flare", "rash_acneiform"}), frozenset({"fever"})),
)

_CLASSES: dict[t.EffectClass, str] = {
    "lips": "cheilitis lip_pain",
    "skin": "dry_skin pruritus eczema",
    "eyes": "dry_eye conjunctivitis contact_lens_intolerance",
    "nose": "epistaxis dry_nose",
    "mouth": "dry_mouth",
    "ache": "arthralgia myalgia muscle_cramp tendon_pain",
    "back": "back_pain",
    "headache": "headache",
    "acne": "acne_flare rash_acneiform",
    "sun": "photosensitivity sunburn",
    "mood_minor": "anxiety irritability insomnia concentration_impairment",
    "sexual": "libido_decreased erectile_dysfunction vaginal_dryness",
    "glucose": "polyuria thirst",
    "other": (
        "abdominal_pain diarrhea mucositis_oral nausea vomiting fatigue dizziness paronychia arthritis alopecia "
        "nail_changes nail_loss rash_maculo_papular skin_hyperpigmentation fever"
    ),
}
CLASS_OF: dict[str, t.EffectClass] = {
    **{term: "red_flag" for terms in FLAGS.values() for term in terms},
    **{term: kind for kind, terms in _CLASSES.items() for term in terms.split()},
}

# Plain words beside the terms' own, in lower case, without accents and apostrophes. Words that a common term and a red
# flag could share (a sore eye, a cramp in the leg) are left out: they stay unread, and somebody asks.
_SPELLINGS: dict[str, str] = {
    "hearing_impaired": "hearing loss; loss of hearing; hearing problems; deafness",
    "tinnitus": "ringing in the ears; ringing in my ears; ringing ears; ear ringing",
    "pulsatile_tinnitus": "whooshing in the ears; pulsing in the ears",
    "blurred_vision": "blurry vision; blurred eyesight; blurry eyesight; visual disturbance; visual disturbances",
    "vision_decreased": "loss of vision; vision loss; loss of sight; reduced vision; visual loss",
    "night_blindness": "poor night vision; night vision loss; loss of night vision; decreased night vision",
    "diplopia": "double vision; seeing double",
    "papilledema": "papilloedema; swollen optic disc; swollen optic discs",
    "dry_eye": "dry eyes; gritty eyes; itchy eyes",
    "conjunctivitis": "red eyes; red eye; pink eye",
    "photophobia": "sensitivity to light; light sensitivity; eyes sensitive to light",
    "contact_lens_intolerance": "trouble with contact lenses; contact lens problems",
    "abdominal_pain": "stomach ache; stomachache; tummy ache; stomach pain; tummy pain; belly pain",
    "epigastric_pain_to_back": "upper abdominal pain going to the back; stomach pain going through to the back",
    "right_upper_abdominal_pain": "pain under the right ribs; right upper quadrant pain",
    "diarrhea": "diarrhoea; loose stools; loose stool",
    "bloody_diarrhea": "bloody diarrhoea; blood in diarrhoea; haemorrhagic diarrhoea; hemorrhagic diarrhea",
    "rectal_hemorrhage": "rectal bleeding; bleeding from the bottom; blood in stool; blood in the stool; bloody stools",
    "lower_gastrointestinal_hemorrhage": "lower gastrointestinal haemorrhage",
    "mucositis_oral": "oral mucositis",
    "cheilitis": "dry lips; chapped lips; cracked lips; lips dry",
    "lip_pain": "sore lips; painful lips",
    "nausea": "feeling sick; nauseous; nauseated",
    "vomiting": "being sick; throwing up; vomited",
    "fatigue": "tiredness; tired; feeling tired",
    "allergic_reaction": "hives; urticaria",
    "anaphylaxis": "anaphylactic shock; anaphylactic reaction",
    "angioedema": "angiooedema; swollen tongue; swelling of the face; face swelling",
    "vasculitis": "purpura",
    "paronychia": "nail fold infection; infected nail fold; inflamed nail fold",
    "arthralgia": "joint pain; joint pains; aching joints; painful joints; sore joints",
    "myalgia": "muscle pain; muscle pains; muscle ache; muscle aches; aching muscles; sore muscles",
    "muscle_cramp": "muscle cramps",
    "generalized_muscle_weakness": "generalised muscle weakness; muscle weakness; weak muscles",
    "tendon_pain": "tendinitis; tendonitis",
    "back_pain": "backache; back ache; low back pain; lower back pain; sore back",
    "concentration_impairment": "poor concentration; trouble concentrating",
    "dizziness": "dizzy; lightheadedness; light headed",
    "headache": "headaches; head ache; migraine",
    "agitation": "agitated; mood change; mood changes; change of mood; mood swings",
    "aggression": "aggressive; aggressive behaviour; aggressive behavior",
    "anxiety": "anxious; panic attacks",
    "depression": "low mood; depressed; feeling low; depressed mood; feeling depressed",
    "suicidal_ideation": "suicidal thoughts; suicidal; thoughts of suicide",
    "suicide_attempt": "attempted suicide",
    "personality_change": "change in personality; change of behaviour; change in behaviour; change in behavior",
    "psychosis": "hallucinations; hearing voices; delusions",
    "insomnia": "poor sleep; trouble sleeping; sleeplessness",
    "irritability": "irritable",
    "libido_decreased": "decreased libido; loss of libido; low libido; reduced libido",
    "erectile_dysfunction": "erection problems",
    "vaginal_dryness": "dry vagina",
    "epistaxis": "nosebleed; nosebleeds; nose bleed; nose bleeds; bleeding nose",
    "dry_nose": "nasal dryness; nose dry",
    "alopecia": "hair loss; hair thinning; thinning hair",
    "dry_skin": "xerosis; skin dry; skin dryness",
    "pruritus": "itching; itchy skin; itch",
    "eczema": "dermatitis",
    "rash_maculo_papular": "rash; maculopapular rash; skin rash",
    "rash_with_blisters": "blisters; blistering; blistering rash; skin blisters",
    "mucosal_erosions": "sores in the mouth; erosions in the mouth; genital sores",
    "skin_pain": "painful skin",
    "stevens_johnson_syndrome": "sjs",
    "acne_flare": "acne worse; worse acne; acne flare up; flare of acne",
    "ulcerating_acne": "acne ulcers; ulcers of acne",
    "photosensitivity": "sun sensitivity; sensitivity to sun; sensitive to the sun; photosensitive",
    "sunburn": "sun burn; sunburnt",
    "nail_changes": "brittle nails",
    "jaundice": "yellow skin; yellow eyes",
    "dark_urine": "dark wee; brown urine",
    "chest_pain": "pain in the chest",
    "leg_swelling": "swollen leg; swollen calf; swelling of the leg",
    "stroke_signs": "facial droop; slurred speech; weakness of one side; trouble speaking",
    "fever": "high temperature",
    "polyuria": "passing a lot of urine; urinating a lot",
    "thirst": "very thirsty; polydipsia; excessive thirst",
}
_TERM_OF: dict[str, t.SymptomTerm] = {
    **{" ".join(plain_words(term.replace("_", " "))): term for term in get_args(t.SymptomTerm)},
    **{
        spelling: term
        for term in get_args(t.SymptomTerm)
        for spelling in _SPELLINGS.get(term, "").split("; ")
        if spelling
    },
}
# Whole entries that say that there is no symptom. Anything beside them, and they are unread like other words.
SAYS_NONE = frozenset({"none", "nothing", "fine", "no side effects", "no side effect"})
_BETWEEN = re.compile(r"[,;/+&.\n]|\b(?:and|with|plus)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_symptom(text: str, term: t.SymptomTerm | None = None) -> tuple[t.SymptomTerm | None, ...]:
    """The terms of an entry, each once; None among them when the text, or a part of it, was not understood.

    A stated term is taken as it is, and words beside it that are read as another term add that one: what is written
    never disappears behind what was ticked. Never raises.
    """
    whole = " ".join(plain_words(text))
    parts = [whole] if whole in _TERM_OF else [" ".join(plain_words(part)) for part in _BETWEEN.split(text)]
    read = [_TERM_OF.get(part) for part in parts if part]
    if term is not None:
        return tuple(dict.fromkeys([term, *(found for found in read if found is not None)]))
    return tuple(dict.fromkeys(read)) or (None,)


@lru_cache(maxsize=4096)
def says_none(text: str) -> bool:
    """Whether the whole entry says that there is no symptom."""
    return " ".join(plain_words(text)) in SAYS_NONE


def within(term: t.SymptomTerm | None, stated: int) -> int:
    """A grade brought within those the term has: the least that is not milder, else its highest. An unread symptom
    keeps what was stated."""
    if term is None:
        return stated
    has = GRADES_OF[term]
    for grade in has:
        if grade >= stated:
            return grade
    return has[-1]
