"""Which class of interacting medicine an entry is, by ATC prefix, RxNorm ingredient or plain name.

Split off from `terminology`, for its length; like there, a code that could not be verified is absent. Sources:
`shared/clinical/data/interaction_codes.csv` and `shared/clinical/monitoring-and-effects.md` E (WHO ATC index of
2026-04-25; RxNorm ingredients). Of ATC group A11C only vitamin A itself (A11CA01) and its combinations (A11CB) are
read: A11CA02 is beta-carotene and A11CC vitamin D.

ATC is a whole classification, so a well-formed code in none of the prefixes is `other`: understood, and listed for the
prescriber. Not so in the groups of `ATC_UNREAD`, where something may interact that no note here names: those stay
`unread`. The exceptions are wide and from memory, which is on the safe side.

Names are no classification: they only ever *find* something. What is not found is `unread`, and never taken to be
harmless: so a short list of plain names, without brands, is on the safe side, and so is a name of which a part was not
understood. A few everyday medicines are `other` by name, and only where they are the whole entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from isocourse.record import terminology as t
from isocourse.record.plain_names import names_in, plain_words

Classes = tuple[t.MedicineClass, ...]


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- substances and their classes -----------------------------------------------------------------
_TETRACYCLINE: Classes = ("tetracycline",)
_RETINOID: Classes = ("systemic_retinoid",)
_TOPICAL_RETINOID: Classes = ("topical_retinoid",)
_KERATOLYTIC: Classes = ("keratolytic",)
_STEROID: Classes = ("corticosteroid",)
_MINIPILL: Classes = ("progestogen_only_pill",)
_ISOTRETINOIN: Classes = ("isotretinoin",)
_PHENYTOIN: Classes = ("phenytoin", "enzyme_inducer")
_CARBAMAZEPINE: Classes = ("carbamazepine", "enzyme_inducer")
_WORT: Classes = ("st_johns_wort", "enzyme_inducer")
_INDUCER: Classes = ("enzyme_inducer",)
_GEMFIBROZIL: Classes = ("fibrate", "gemfibrozil")
_OTHER: Classes = ("other",)
_UNREAD: Classes = ("unread",)

# An entry is in a class when its ATC code begins with the prefix. ATC tells oral from topical.
ATC_PREFIXES: dict[str, Classes] = {
    "J01AA": _TETRACYCLINE,
    "A01AB22": _TETRACYCLINE,
    "A02BD02": _TETRACYCLINE,
    "A02BD08": _TETRACYCLINE,
    "A11CA01": ("vitamin_a",),
    "A11CB": ("vitamin_a",),
    "D05BB": _RETINOID,
    "D11AH04": _RETINOID,
    "L01XF": _RETINOID,
    t.ATC_ISOTRETINOIN_ORAL: _ISOTRETINOIN,
    "D10AD": _TOPICAL_RETINOID,
    "D05AX05": _TOPICAL_RETINOID,
    "D10AE01": _KERATOLYTIC,
    "D01AE12": _KERATOLYTIC,
    "D10AX03": _KERATOLYTIC,
    "L04AX03": ("methotrexate",),
    "L01BA01": ("methotrexate",),
    "N03AB02": _PHENYTOIN,
    "N03AB05": _PHENYTOIN,
    "N03AF01": _CARBAMAZEPINE,
    "H02AB": _STEROID,
    "B01AA03": ("warfarin",),
    "G03AC01": _MINIPILL,
    "G03AC03": _MINIPILL,
    "G03AC09": _MINIPILL,
    "G03AC10": _MINIPILL,
    "G03AA": ("combined_contraceptive",),
    "G03AB": ("combined_contraceptive",),
    "N06AX25": _WORT,
    "J04AB02": _INDUCER,
    "A11HA03": ("vitamin_e",),
    "C10AB04": _GEMFIBROZIL,
    "C10AB": ("fibrate",),
    "C10AA": ("statin",),
}

# Groups in which a code that is in no prefix above stays unread. A longer prefix above still speaks.
ATC_UNREAD = (
    # the mouth's antibiotics, eradication packs, antiemetics (aprepitant), steroids for the bowel, medicines for weight
    # loss, glucagon-like and other newer antidiabetics, vitamins, tonics, anabolics, other metabolic ones
    *("A01AB", "A02BD", "A04AD", "A07EA", "A08", "A10BJ", "A10BX", "A11", "A13", "A14", "A16"),
    *("B01AA", "B03AE", "B05X"),  # vitamin K antagonists, iron with vitamins, additives to infusions
    *("C02KX", "C10"),  # bosentan and its like, everything for lipids
    # keratolytics, antifungals by mouth, cod-liver oil, psoriasis, tetracyclines, steroids with something else, acne
    *("D01AE", "D01B", "D02AE", "D02AF", "D03A", "D05", "D06AA", "D07B", "D07C", "D07X", "D10", "D11"),
    *("G01AA", "G02B", "G03"),  # tetracyclines, contraceptives, sex hormones
    "H02",
    # tetracyclines, combinations, azoles, rifamycins, antivirals other than those for herpes
    *("J01A", "J01R", "J02", "J04", "J05AC", "J05AD", "J05AE", "J05AF", "J05AG", "J05AH", "J05AJ", "J05AP", "J05AR"),
    "J05AX",
    *("L", "M04"),  # cancer and immunity; gout
    # metamizole, epilepsy, lithium, meprobamate, barbiturates, St John's wort, modafinil, alcohol dependence
    *("N02BB", "N03", "N05AN", "N05BC", "N05CA", "N05CB", "N05CX", "N06AX25", "N06BA07", "N06BA13", "N07BB", "N07X"),
    *("P01B", "R07AX"),  # malaria; cystic fibrosis (lumacaftor)
    *("S01AA", "S01C", "S01EC", "S01XA", "S02AA", "S03AA"),  # tetracyclines, acetazolamide, retinol in the eye or ear
    "V",
)

# An ingredient says nothing about the route; see `_SKIN_TOO`.
RXNORM_INGREDIENTS: dict[str, Classes] = {
    **dict.fromkeys(
        ("3640", "6980", "10395", "6513", "7821", "3154", "2408", "6812", "384455"),
        _TETRACYCLINE,
    ),
    **dict.fromkeys(("11246", "1367187"), ("vitamin_a",)),
    **dict.fromkeys(("16818", "4182", "81864", "10753", "233272"), _RETINOID),
    t.RXNORM_ISOTRETINOIN_INGREDIENT: _ISOTRETINOIN,
    "60223": _TOPICAL_RETINOID,
    **dict.fromkeys(("1418", "9525"), _KERATOLYTIC),
    "6851": ("methotrexate",),
    **dict.fromkeys(("8183", "72236"), _PHENYTOIN),
    "2002": _CARBAMAZEPINE,
    **dict.fromkeys(("8640", "8638", "6902", "3264"), _STEROID),
    "11289": ("warfarin",),
    **dict.fromkeys(("7514", "6373", "22656", "11636"), _MINIPILL),
    "1309228": _WORT,
    "9384": _INDUCER,
    "448": ("alcohol",),
    "11256": ("vitamin_e",),
    "8703": ("fibrate",),
    "4719": _GEMFIBROZIL,
}

# Plain names in lower case without accents and apostrophes; one that a salt, form or strength may follow.
NAMES: dict[str, Classes] = {
    **dict.fromkeys(
        _each(
            "doxycycline minocycline tetracycline tetracyclines lymecycline sarecycline omadacycline oxytetracycline "
            "demeclocycline demethylchlortetracycline chlortetracycline metacycline methacycline tigecycline "
            "eravacycline rolitetracycline doxycyclin minocyclin tetracyclin doxycyclinum minociclina doxiciclina"
        ),
        _TETRACYCLINE,
    ),
    **dict.fromkeys(
        ("vitamin a", "retinol", "retinyl palmitate", "retinyl acetate", "retinol palmitate", "cod liver oil"),
        ("vitamin_a",),
    ),
    **dict.fromkeys(("acitretin", "etretinate", "alitretinoin", "tretinoin", "bexarotene"), _RETINOID),
    **dict.fromkeys(("all trans retinoic acid", "retinoic acid"), _RETINOID),
    **dict.fromkeys(("isotretinoin", "isotretinoine", "13 cis retinoic acid"), _ISOTRETINOIN),
    **dict.fromkeys(("adapalene", "tazarotene", "trifarotene"), _TOPICAL_RETINOID),
    **dict.fromkeys(("benzoyl peroxide", "salicylic acid", "azelaic acid"), _KERATOLYTIC),
    "methotrexate": ("methotrexate",),
    **dict.fromkeys(("phenytoin", "fosphenytoin"), _PHENYTOIN),
    "carbamazepine": _CARBAMAZEPINE,
    **dict.fromkeys(("prednisone", "prednisolone", "methylprednisolone", "dexamethasone"), _STEROID),
    "warfarin": ("warfarin",),
    **dict.fromkeys(
        ("norethisterone", "norethindrone", "levonorgestrel", "desogestrel", "drospirenone", "minipill", "mini pill"),
        _MINIPILL,
    ),
    **dict.fromkeys(("progestogen only pill", "progestin only pill"), _MINIPILL),
    **dict.fromkeys(
        ("ethinylestradiol", "ethinyl estradiol", "ethinyloestradiol", "combined pill", "combined oral contraceptive"),
        ("combined_contraceptive",),
    ),
    **dict.fromkeys(("st johns wort", "saint johns wort", "st john wort", "hypericum perforatum", "hypericum"), _WORT),
    **dict.fromkeys(("rifampicin", "rifampin", "efavirenz"), _INDUCER),
    **dict.fromkeys(("alcohol", "ethanol"), ("alcohol",)),
    **dict.fromkeys(("vitamin e", "tocopherol", "alpha tocopherol"), ("vitamin_e",)),
    "fenofibrate": ("fibrate",),
    "gemfibrozil": _GEMFIBROZIL,
    **dict.fromkeys(("simvastatin", "atorvastatin", "rosuvastatin", "pravastatin"), ("statin",)),
}

# Everyday medicines in which no interaction is known: `other`, where one of them is the whole entry (a strength or a
# form for swallowing may follow). Which names are everyday is the clinic's policy.
EVERYDAY = frozenset(
    {
        "paracetamol", "acetaminophen", "ibuprofen", "cetirizine", "loratadine", "salbutamol", "salbutamol inhaler",
        "albuterol", "albuterol inhaler", "sertraline", "fluoxetine", "citalopram", "escitalopram", "omeprazole",
        "levothyroxine", "insulin", "insulin glargine", "insulin aspart", "insulin lispro", "vitamin d", "vitamin d3",
        "colecalciferol", "cholecalciferol", "folic acid", "iron", "ferrous sulfate", "ferrous sulphate",
        "ferrous fumarate",
    }
)  # fmt: skip

# Swallowed or put on the skin: which one, the words beside it say, or the ATC code. Without either: swallowed.
_SKIN_TOO = frozenset(
    {
        t.RXNORM_ISOTRETINOIN_INGREDIENT, "10753", "isotretinoin", "isotretinoine", "13 cis retinoic acid", "tretinoin",
        "retinoic acid", "all trans retinoic acid",
    }
)  # fmt: skip
_SKIN_ONLY = frozenset({_TOPICAL_RETINOID, _KERATOLYTIC})

# --- words ----------------------------------------------------------------------------------------
_ORAL_WORDS = _each("oral orally mouth po tablet tablets tab tabs capsule capsules caps cap softgel softgels")
_SKIN_WORDS = _each("topical topically gel cream ointment lotion cutaneous emulsion foam wash")
# Not swallowed, and not the skin's: nothing is known about these forms.
_ELSEWHERE_WORDS = _each("eye eyes ear drops ophthalmic otic nasal inhaler inhaled mouthwash paste shampoo")
# Beside a name these say nothing about what else is in it. Any other word makes the entry unread in part.
_FILLER = (
    _ORAL_WORDS
    | _SKIN_WORDS
    | _each(
        "mg mcg ug g ml iu percent a of the and with per day daily once twice bd bid od qd tid nightly night morning "
        "hydrochloride hcl hyclate monohydrate sodium hydrate calcium extract supplement supplements"
    )
)
# What may stand behind an everyday name. Less than filler: "vitamin D, A" holds two vitamins.
_AFTER_EVERYDAY = _each("mg mcg ug g ml iu units oral tablet tablets tab tabs capsule capsules caps cap")
_ATC = re.compile(r"[ABCDGHJLMNPRSV][0-9]{2}[A-Z]{2}(?:[0-9]{2})?\Z", re.ASCII)
_ATC_START = re.compile(r"[A-Z][0-9]{2}[A-Z]", re.ASCII)
_GENERIC = _each("generic generics")
_STRENGTH = re.compile(r"[0-9]+(?:mg|mcg|ug|g|ml|iu|x)?\Z", re.ASCII)
# A strength below one per cent is found on tubes only.
_TUBE_STRENGTH = re.compile(r"(?<![0-9])0?[.,][0-9]+\s*%", re.ASCII)
_LONGEST_NAME = max(len(name.split()) for name in NAMES)
_SYSTEMS: dict[str, t.MedicineRecognised] = {
    t.ATC: "atc",
    "https://www.whocc.no/atc": "atc",
    "atc": "atc",
    t.RXNORM: "rxnorm",
    "https://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "rxnorm": "rxnorm",
}


class MedicineRead(NamedTuple):
    """What an entry was read as: its classes, and by what. `unread` is among the classes when the entry, or a part of
    it, was not understood."""

    classes: Classes
    recognised: t.MedicineRecognised


@lru_cache(maxsize=8192)
def read_medicine(name: str, code: str | None = None, system: str | None = None) -> MedicineRead:
    """The classes of an entry: by its code when the tables have it, and by its name, which adds and never takes away.

    Never raises: whatever cannot be read is `unread`.
    """
    words = plain_words(name)
    how = _SYSTEMS.get((system or "").strip().rstrip("/").lower(), "nothing")
    key = (code or "").strip().upper()
    on_skin = _not_swallowed(name, words)
    coded: Classes = ()
    if how == "atc":  # names the route as well
        coded = _by_atc(key)
        on_skin = on_skin or coded in _SKIN_ONLY
    elif how == "rxnorm" and key in t.RXNORM_ISOTRETINOIN:  # capsules
        coded = _ISOTRETINOIN
    elif how == "rxnorm" and key in RXNORM_INGREDIENTS:
        coded = _routed(key, RXNORM_INGREDIENTS[key], on_skin)
    names, left_over = names_in(words, NAMES, longest=_LONGEST_NAME, says_nothing=_says_nothing)
    named = [kind for found in names for kind in _routed(found, NAMES[found], on_skin)]
    if not coded and not names and _everyday(words) and not (key and (how == "atc" or _ATC_START.match(key))):
        named.append("other")
    elif (not coded and (left_over or not names)) or (coded == _OTHER and names and left_over):
        named.append("unread")  # also where the code says one thing and a name among strange words another
    by = how if coded else "name"
    classes = _together([*coded, *named])
    return MedicineRead(classes, "nothing" if classes == _UNREAD else by)


def says_more_than_the_substance(product: str) -> bool:
    """Whether a product's name holds a word beside known substances, forms and strengths, as a brand's does."""
    words = [word for word in plain_words(product) if word not in _GENERIC]
    return names_in(words, NAMES, longest=_LONGEST_NAME, says_nothing=_says_nothing)[1]


def something_else(product: str) -> bool:
    """Whether the name of a product prescribed or supplied as isotretinoin is read as anything but that by mouth. A
    brand that no table knows is not."""
    return not {"isotretinoin", "unread"}.issuperset(read_medicine(product).classes)


def _by_atc(code: str) -> Classes:
    """The longest prefix that the code begins with; `other` for a well-formed code elsewhere, if nothing in its group
    is kept apart."""
    for length in range(len(code), 4, -1):
        if code[:length] in ATC_PREFIXES:
            return ATC_PREFIXES[code[:length]]
    apart = code.startswith(ATC_UNREAD) or any(key.startswith(code) for key in (*ATC_UNREAD, *ATC_PREFIXES))
    return _OTHER if _ATC.match(code) and not apart else ()


def _everyday(words: list[str]) -> bool:
    """Whether an everyday name is the whole entry."""
    end = len(words)
    while end and (words[end - 1] in _AFTER_EVERYDAY or _STRENGTH.match(words[end - 1])):
        end -= 1
    return " ".join(words[:end]) in EVERYDAY


def _routed(key: str, classes: Classes, on_skin: bool) -> Classes:
    if not on_skin or classes in _SKIN_ONLY:
        return classes
    return _TOPICAL_RETINOID if key in _SKIN_TOO else ("unread",)


def _not_swallowed(name: str, words: list[str]) -> bool:
    if not _ORAL_WORDS.isdisjoint(words):
        return False
    return bool(_TUBE_STRENGTH.search(name)) or not (_SKIN_WORDS | _ELSEWHERE_WORDS).isdisjoint(words)


def _says_nothing(word: str) -> bool:
    return word in _FILLER or bool(_STRENGTH.match(word))


def _together(classes: Iterable[t.MedicineClass]) -> Classes:
    """Each once. A progestogen beside an oestrogen is no progestogen-only pill; `other` stands alone."""
    found = dict.fromkeys(classes)
    if len(found) > 1:
        found.pop("other", None)
    if "combined_contraceptive" in found:
        found.pop("progestogen_only_pill", None)
    return tuple(found)
