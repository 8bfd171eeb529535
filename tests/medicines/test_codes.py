"""What a recorded medicine is read as. The table of codes is written out again here, from interaction_codes.csv."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.record import medicine_codes
from isocourse.record import terminology as t
from isocourse.record.medicine_codes import ATC_PREFIXES, NAMES, RXNORM_INGREDIENTS, read_medicine
from tests.own_words import free_text

SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None)
CLASSES = frozenset(t.codes(t.MedicineClass))

# substance, ATC, RxNorm ingredient, the classes wanted
ROWS = """
doxycycline                 | J01AA02 | 3640    | tetracycline
minocycline                 | J01AA08 | 6980    | tetracycline
tetracycline                | J01AA07 | 10395   | tetracycline
lymecycline                 | J01AA04 | 6513    | tetracycline
sarecycline                 | J01AA14 |         | tetracycline
omadacycline                | J01AA15 |         | tetracycline
oxytetracycline             | J01AA06 | 7821    | tetracycline
demeclocycline              | J01AA01 | 3154    | tetracycline
chlortetracycline           | J01AA03 | 2408    | tetracycline
metacycline (methacycline)  | J01AA05 | 6812    | tetracycline
tigecycline                 | J01AA12 | 384455  | tetracycline
eravacycline                | J01AA13 |         | tetracycline
vitamin A (retinol)         | A11CA01 | 11246   | vitamin_a
acitretin                   | D05BB02 | 16818   | systemic_retinoid
etretinate                  | D05BB01 | 4182    | systemic_retinoid
alitretinoin (oral)         | D11AH04 | 81864   | systemic_retinoid
tretinoin (oral)            | L01XF01 | 10753   | systemic_retinoid
bexarotene (oral)           | L01XF03 | 233272  | systemic_retinoid
adapalene                   | D10AD03 | 60223   | topical_retinoid
tretinoin (topical)         | D10AD01 | 10753   | topical_retinoid
tazarotene                  | D05AX05 |         | topical_retinoid
trifarotene                 | D10AD06 |         | topical_retinoid
benzoyl peroxide            | D10AE01 | 1418    | keratolytic
salicylic acid              | D01AE12 | 9525    | keratolytic
azelaic acid                | D10AX03 |         | keratolytic
methotrexate                | L04AX03 | 6851    | methotrexate
phenytoin                   | N03AB02 | 8183    | phenytoin enzyme_inducer
fosphenytoin                | N03AB05 | 72236   | phenytoin enzyme_inducer
carbamazepine               | N03AF01 | 2002    | carbamazepine enzyme_inducer
prednisone                  | H02AB07 | 8640    | corticosteroid
prednisolone                | H02AB06 | 8638    | corticosteroid
methylprednisolone          | H02AB04 | 6902    | corticosteroid
dexamethasone               | H02AB02 | 3264    | corticosteroid
warfarin                    | B01AA03 | 11289   | warfarin
norethisterone              | G03AC01 | 7514    | progestogen_only_pill
levonorgestrel (minipill)   | G03AC03 | 6373    | progestogen_only_pill
desogestrel                 | G03AC09 | 22656   | progestogen_only_pill
drospirenone                | G03AC10 | 11636   | progestogen_only_pill
St John's wort              | N06AX25 | 1309228 | st_johns_wort enzyme_inducer
rifampicin                  | J04AB02 | 9384    | enzyme_inducer
ethanol                     |         | 448     | alcohol
tocopherol                  | A11HA03 | 11256   | vitamin_e
fenofibrate                 | C10AB05 | 8703    | fibrate
gemfibrozil                 | C10AB04 | 4719    | fibrate gemfibrozil
isotretinoin (oral)         | D10BA01 | 6064    | isotretinoin
isotretinoin (topical)      | D10AD04 | 6064    | topical_retinoid
"""
TABLE = [tuple(part.strip() for part in line.split("|")) for line in ROWS.strip().splitlines()]
# Said by a brand that no table knows, so that the code alone can tell.
BRAND = "Xyzal-Brandname"


def classes(name: str, code: str | None = None, system: str | None = None) -> set[str]:
    return {*read_medicine(name, code, system).classes}


# --- every row, three ways ------------------------------------------------------------------------
@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_every_row_is_read_by_atc_by_rxnorm_and_by_name(row: tuple[str, str, str, str]) -> None:
    name, atc, rxnorm, wanted = row
    if atc:
        assert (classes(BRAND, atc, t.ATC), read_medicine(BRAND, atc, t.ATC).recognised) == ({*wanted.split()}, "atc")
    if rxnorm:
        # An ingredient says no route: the name's words beside it do.
        beside = "topical" if "topical" in name else "oral"
        found = read_medicine(f"{BRAND} {beside}" if "(" in name else BRAND, rxnorm, t.RXNORM)
        assert ({*found.classes}, found.recognised) == ({*wanted.split()}, "rxnorm")
    assert (classes(name), read_medicine(name).recognised) == ({*wanted.split()}, "name")


def test_the_table_is_whole() -> None:
    assert len(TABLE) == 46
    assert {code for _, _, code, _ in TABLE if code} <= {*RXNORM_INGREDIENTS}


# --- routes ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "code", "system", "wanted"),
    [
        ("isotretinoin", "D10AD04", t.ATC, {"topical_retinoid"}),
        ("isotretinoin 0.05 % gel", None, None, {"topical_retinoid"}),
        ("Isotretinoin gel", "6064", t.RXNORM, {"topical_retinoid"}),
        ("isotretinoin", None, None, {"isotretinoin"}),
        ("Isotretinoin", "6064", t.RXNORM, {"isotretinoin"}),
        ("isotretinoin gel capsules", None, None, {"isotretinoin"}),
        ("isotretinoin gel", "D10BA01", t.ATC, {"isotretinoin", "topical_retinoid"}),
        (BRAND + " gel", "404064", t.RXNORM, {"isotretinoin"}),
        ("tretinoin", None, None, {"systemic_retinoid"}),
        ("tretinoin 0.025%", None, None, {"topical_retinoid"}),
        ("tretinoin 10 mg", None, None, {"systemic_retinoid"}),
        # On the skin or in the eye it is another medicine, about which nothing is known.
        ("tetracycline eye ointment", None, None, {"unread"}),
        ("tetracycline eye ointment", "10395", t.RXNORM, {"unread"}),
        ("dexamethasone eye drops", None, None, {"unread"}),
        ("prednisolone cream", None, None, {"unread"}),
        ("retinol cream", None, None, {"unread"}),
    ],
)
def test_on_the_skin_or_swallowed(name: str, code: str | None, system: str | None, wanted: set[str]) -> None:
    assert classes(name, code, system) == wanted


# --- near misses ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "doxycyline",
        "doxycycl1ne",
        "doxy",
        "tetra cycline",
        "minocyclne",
        "vitamin",
        "vit A",
        "vitaminA",
        "accutne",
        "isotret",
        "D\u043exycycline",
        "doxycy\u200bcline",
        "beta-carotene",
        "multivitamin",
        "none",
        "nothing",
        "nil",
        "-",
        "?",
        "",
        "   ",
        "0",
        "100 mg",
        "tablets",
        "the pill",
        "clotrimazole",
        "acid",
        "st john",
        "topiramate",
        "modafinil",
        "phenobarbital",
    ],
)
def test_what_is_no_name_here_is_unread(name: str) -> None:
    assert read_medicine(name) == (("unread",), "nothing")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("vitamin E with vitamin D", "vitamin_e"),
        ("Vitamin A & E", "vitamin_a"),
        ("warfarin, and something for acne", "warfarin"),
        ("allergic to doxycycline", "tetracycline"),
        ("azelaic acid / minocin", "keratolytic"),
        ("alcohol-free tonic", "alcohol"),
    ],
)
def test_a_part_that_is_not_understood_keeps_the_entry_unread(name: str, known: str) -> None:
    assert classes(name) == {known, "unread"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Doxycycline hyclate 100mg caps, 1x daily", {"tetracycline"}),
        ("DOXYCYCLINE", {"tetracycline"}),
        ("St. John\u2019s Wort 300 mg", {"st_johns_wort", "enzyme_inducer"}),
        ("adapalene/benzoyl peroxide gel", {"topical_retinoid", "keratolytic"}),
        ("ethinylestradiol + levonorgestrel", {"combined_contraceptive"}),
        ("Isotr\u00e9tino\u00efne", {"isotretinoin"}),
        ("cod-liver oil capsules", {"vitamin_a"}),
    ],
)
def test_spellings_that_mean_the_same(name: str, wanted: set[str]) -> None:
    assert classes(name) == wanted


# --- understood, and nothing known about it -------------------------------------------------------
EVERYDAY = (
    "paracetamol", "acetaminophen", "ibuprofen", "cetirizine", "loratadine", "salbutamol", "albuterol", "sertraline",
    "fluoxetine", "citalopram", "escitalopram", "omeprazole", "levothyroxine", "insulin", "colecalciferol",
    "cholecalciferol", "iron",
)  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        *EVERYDAY, "vitamin D", "Vitamin D3 1000 IU", "folic acid 5 mg", "Cetirizine 10mg", "ferrous sulphate",
        "Acetaminophen 325 MG Oral Tablet", "salbutamol inhaler", "Levothyroxine 0.1 mg", "insulin glargine 10 units",
    ],
)  # fmt: skip
def test_an_everyday_name_alone_is_understood(name: str) -> None:
    assert read_medicine(name) == (("other",), "name")


@pytest.mark.parametrize(
    ("name", "code", "system"),
    [
        ("paracetamol and something", None, None),
        ("not paracetamol", None, None),
        ("paracetamol/tetra", None, None),
        ("paracetamol paracetamol", None, None),
        ("ibuprofen gel", None, None),
        ("vitamin D and A", None, None),
        ("vitamin A and D", None, None),
        ("vitamin D, A", None, None),
        ("iron with vitamins", None, None),
        ("10 mg", None, None),
        # The code says another medicine than the name.
        ("paracetamol", "N03AX11", t.ATC),
        ("paracetamol", "N03AX11", None),
        ("paracetamol", "rubbish", t.ATC),
    ],
)
def test_more_than_an_everyday_name_is_not(name: str, code: str | None, system: str | None) -> None:
    assert "other" not in classes(name, code, system)
    assert {"unread", "vitamin_a"} & classes(name, code, system)


def test_an_everyday_name_beside_a_code_that_is_known_adds_nothing() -> None:
    assert classes("paracetamol", "3640", t.RXNORM) == {"tetracycline"}
    assert classes("paracetamol", "161", t.RXNORM) == {"other"}


@pytest.mark.parametrize("code", ["N02BE01", "M01AE01", "R06AE07", "N06AB06", "R03AC02", "H03AA01", "J01CA04", "C09AA"])
def test_an_atc_code_in_no_group_that_matters_is_understood(code: str) -> None:
    assert read_medicine(BRAND, code, t.ATC) == (("other",), "atc")
    assert classes(BRAND, code, None) == {"unread"}


@pytest.mark.parametrize(
    "code",
    [
        # inducers and what weakens contraception: phenobarbital, oxcarbazepine, topiramate, rifabutin, efavirenz,
        # ritonavir, combinations, bosentan, modafinil, armodafinil, amobarbital, aprepitant, griseofulvin, tirzepatide
        *("N03AA02", "N03AF02", "N03AX11", "J04AB04", "J05AG03", "J05AE03", "J05AR10", "C02KX01", "N06BA07", "N06BA13"),
        *("N05CA02", "A04AD12", "D01BA01", "A10BX16"),
        # vitamins, retinoids, tetracyclines and other antibiotics of their group, steroids
        *("A11AA01", "A11BA", "A11CA02", "A11CC05", "D10AX30", "D05BA02", "J01AB01", "H02CA01", "S01AA09", "D06AA04"),
        *("L04AX01", "L01BB02", "B01AA07", "M04AA01", "G03AC08", "G03AD01", "J02AC02", "N05AN01", "A14AA08", "V03AB01"),
        # too short to say, or no code
        *("N06AX", "N06BA", "J01A", "N02", "J01AA0", "N02BE1", "X02BE01", "n02be01x", "N02BE01 + J01AA02", ""),
    ],
)
def test_an_atc_code_of_a_group_that_may_matter_is_not(code: str) -> None:
    assert "other" not in classes(BRAND, code, t.ATC)


def test_an_atc_code_beside_other_words_is_doubted() -> None:
    assert classes("vitamin E and a tonic", "N02BE01", t.ATC) == {"vitamin_e", "unread"}


@pytest.mark.parametrize(
    ("product", "brand", "another"),
    [
        ("isotretinoin", False, False),
        ("Isotretinoin 20 mg capsules (generic)", False, False),
        ("isotretinoin 20 mg soft gel capsules", True, False),
        ("Claravis", True, False),
        ("Isotretinoin Mylan", True, False),
        ("doxycycline", False, True),
        ("isotretinoin 0.05% gel", False, True),
        ("isotretinoin and doxycycline", False, True),
        ("paracetamol 500 mg", True, True),
    ],
)
def test_a_product_that_is_prescribed(product: str, brand: bool, another: bool) -> None:
    assert medicine_codes.says_more_than_the_substance(product) == brand
    assert medicine_codes.something_else(product) == another


def test_groups_that_are_not_kept_apart_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: no group is kept apart."""
    monkeypatch.setattr(medicine_codes, "ATC_UNREAD", ())
    read_medicine.cache_clear()
    with pytest.raises(AssertionError):
        test_an_atc_code_of_a_group_that_may_matter_is_not("N03AX11")
    read_medicine.cache_clear()


# --- codes ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("J01AA", {"tetracycline"}),
        ("J01AA99", {"tetracycline"}),
        (" j01aa02 ", {"tetracycline"}),
        ("A02BD08", {"tetracycline"}),
        ("A02BD04", {"unread"}),
        ("J01A", {"unread"}),
        ("A11CB", {"vitamin_a"}),
        ("A11CA02", {"unread"}),
        ("A11CC05", {"unread"}),
        ("D10AD53", {"topical_retinoid"}),
        ("D10BA01", {"isotretinoin"}),
        ("G03AC08", {"unread"}),
        ("C10AA01", {"statin"}),
    ],
)
def test_atc_prefixes(code: str, wanted: set[str]) -> None:
    assert classes(BRAND, code, t.ATC) == wanted


@pytest.mark.parametrize("system", [None, "", t.SNOMED, "my own", t.RXNORM])
def test_a_code_is_read_in_its_own_system_only(system: str | None) -> None:
    assert classes(BRAND, "J01AA02", system) == {"unread"}
    assert classes(BRAND, "3640", t.ATC) == {"unread"}


def test_the_name_adds_to_the_code_and_takes_nothing_away() -> None:
    assert classes("vitamin A and E", "A11HA03", t.ATC) == {"vitamin_e", "vitamin_a"}
    assert classes("vitamin E", "J01AA02", t.ATC) == {"tetracycline", "vitamin_e"}
    assert classes("doxycycline", "R06AE07", t.ATC) == {"tetracycline"}


# --- whatever is written --------------------------------------------------------------------------
_NOISE = st.one_of(
    free_text(st.text(max_size=60), max_size=120),
    st.lists(st.sampled_from([*NAMES, "and", "gel", "100 mg", "x", "0.05%", "\u0338", "'"]), max_size=6).map(" ".join),
)
_CODES = st.none() | st.text(max_size=10) | st.sampled_from([*ATC_PREFIXES, *RXNORM_INGREDIENTS])
_SYSTEMS = st.none() | st.sampled_from([t.ATC, t.RXNORM, t.SNOMED, "ATC", "x"]) | st.text(max_size=8)


@SHORT
@given(_NOISE, _CODES, _SYSTEMS)
def test_noise_never_crashes_and_is_never_read_as_nothing(name: str, code: str | None, system: str | None) -> None:
    found = read_medicine(name, code, system)
    assert found.classes
    assert {*found.classes} <= CLASSES
    assert (found.recognised == "nothing") == (found.classes == ("unread",))


@SHORT
@given(st.sampled_from(sorted(NAMES)), st.text(alphabet="bcdfgjkqvwxz", min_size=4, max_size=9))
def test_a_stranger_beside_a_name_is_seen(name: str, stranger: str) -> None:
    assert "unread" in classes(f"{name} {stranger}")
    assert {*NAMES[name]} <= classes(f"{stranger} {name}")


@SHORT
@given(st.sampled_from(sorted(name for name in NAMES if " " not in name)), st.data())
def test_a_letter_left_out_is_never_another_medicine(name: str, data: st.DataObject) -> None:
    """A slip of the pen is unread, or still read as something of the same class; never as something milder."""
    at = data.draw(st.integers(0, len(name) - 1))
    assert classes(name[:at] + name[at + 1 :]) in ({"unread"}, {*NAMES[name]})


def test_a_list_that_forgets_what_is_left_over_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: every word counts as filler."""

    class Everything:
        def __contains__(self, word: object) -> bool:
            return True

    monkeypatch.setattr(medicine_codes, "_FILLER", Everything())
    read_medicine.cache_clear()
    with pytest.raises(AssertionError):
        test_a_part_that_is_not_understood_keeps_the_entry_unread("vitamin E with vitamin D", "vitamin_e")
    read_medicine.cache_clear()
