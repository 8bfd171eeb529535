"""Known answers of the ingredient checker: names that look alike, lists as people paste them, and what is not known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from isocourse.errors import InputError
from isocourse.skincare.judge import Checked, check
from isocourse.skincare.table import shipped


def verdicts(text: str, **how: str) -> dict[str, str]:
    return {one.name: one.verdict for one in check(text, **how).judged}  # type: ignore[arg-type]


def only(text: str, **how: str) -> tuple[str, str | None]:
    """The verdict on one ingredient, and its class."""
    (one,) = check(text, **how).judged  # type: ignore[arg-type]
    return one.verdict, one.group.id if one.group else None


@pytest.mark.parametrize(
    ("written", "verdict", "group"),
    [
        ("Cetyl Alcohol", "use", "fatty_alcohol"),
        ("Cetearyl Alcohol", "use", "fatty_alcohol"),
        ("Lanolin Alcohol", "use", "fatty_alcohol"),
        ("Alcohol", "avoid", "drying_alcohol"),
        ("Alcohol Denat.", "avoid", "drying_alcohol"),
        ("SD Alcohol 40-B (Alcohol Denat.)", "avoid", "drying_alcohol"),
        ("SD Alcohol 36", "avoid", "drying_alcohol"),
        ("Menthyl Lactate", "avoid", "astringent"),
        ("Menthol", "take_care", "cooling"),
        ("Citrus Limon (Lemon) Peel Oil", "take_care", "essential_oil"),
        ("Salix Alba (Willow) Bark Extract", "take_care", "willow"),
        ("Azelaic Acid 150 mg/g", "take_care", "azelaic"),
        ("Glycerin9", "use", "humectant"),
        ("2-Bromo-2-Nitropropane-1, 3-Diol", "take_care", "preservative_allergy"),
        ("Benzyl Alcohol", "take_care", "fragrance_allergen"),
        ("Phenethyl Alcohol", "use", "preservative"),
        ("Retinol", "avoid", "retinoid"),
        ("Retinal", "avoid", "retinoid"),
        ("Retinyl Palmitate", "avoid", "retinoid"),
        ("Vitamin A Palmitate", "avoid", "retinoid"),
        ("Tretinoin 0.025%", "avoid", "prescribed_retinoid"),
        ("Bakuchiol", "take_care", "bakuchiol"),
        ("Capryloyl Salicylic Acid", "avoid", "bha"),
        ("Butyloctyl Salicylate", "use", "emollient"),
        ("Ethylhexyl Salicylate", "use", "filter"),
        ("Methyl Salicylate", "take_care", "fragrance_allergen"),
        ("Sodium Lauryl Sulfate", "avoid", "soap"),
        ("Sodium Laureth Sulfate", "use", "surfactant_stronger"),
        ("Sodium Lauryl Sulfoacetate", "use", "surfactant"),
        ("Disodium Lauryl Sulfosuccinate", "use", "surfactant"),
        ("Sulfur", "avoid", "keratolytic"),
        ("Sulphur", "avoid", "keratolytic"),
        ("Sodium Sulfate", "use", "ph"),
        ("Polyethylene", "avoid", "scrub"),
        ("Polyethylene Glycol", "use", "humectant"),
        ("Polyethylene Terephthalate", "use", "pigment"),
        ("Prunus Armeniaca (Apricot) Kernel Oil", "use", "plant_oil"),
        ("Prunus Armeniaca (Apricot) Seed Powder", "avoid", "scrub"),
        ("Lactic Acid", "avoid", "aha"),
        ("Sodium Lactate", "use", "sodium_lactate"),
        ("Lactic Acid/Glycolic Acid Copolymer", "use", "thickener"),
        ("Gluconolactone", "take_care", "pha"),
        ("Ascorbic Acid", "take_care", "brightener"),
        ("Ascorbyl Glucoside", "use", "antioxidant"),
        ("3-O-Ethyl Ascorbic Acid", "use", "antioxidant"),
        ("Zinc Oxide", "use", "filter"),
        ("Hamamelis Virginiana (Witch Hazel) Water", "take_care", "witch_hazel"),
        ("Parfum (Fragrance)", "take_care", "fragrance"),
        ("Aqua/Water/Eau", "use", "water"),
        ("β-Carotene", "use", "carotene"),
        ("1,2-Hexanediol", "use", "humectant"),
        ("Ceteareth-33", "use", "emulsifier"),
    ],
)
def test_names_that_look_alike(written: str, verdict: str, group: str) -> None:
    assert only(written) == (verdict, group)


LONG = "Water, Glycerin, Dimethicone, Squalane, Niacinamide, Panthenol"


def test_where_an_ingredient_stands_decides_where_amount_matters() -> None:
    assert verdicts(f"Citric Acid, {LONG}")["Citric Acid"] == "avoid"
    assert verdicts(f"{LONG}, Citric Acid")["Citric Acid"] == "use"
    assert verdicts(f"{LONG}, Citric Acid 1%")["Citric Acid"] == "avoid"
    assert verdicts(f"{LONG}, Citric Acid 0.9%")["Citric Acid"] == "use"
    four, five = "Water, Glycerin, Dimethicone, Squalane", "Water, Glycerin, Dimethicone, Squalane, Niacinamide"
    assert verdicts(f"{four}, Alcohol Denat.")["Alcohol Denat."] == "avoid"
    assert verdicts(f"{five}, Alcohol Denat.")["Alcohol Denat."] == "take_care"


def test_a_list_by_alphabet_says_nothing_by_its_order() -> None:
    text = "Inactive ingredients: adenosine, carbomer, dimethicone, glycerin, panthenol, SD alcohol 40, water"
    (alcohol,) = [one for one in check(text).judged if one.name == "SD Alcohol 40"]
    assert alcohol.verdict == "avoid" and alcohol.said == ("order_says_nothing",)


def test_percentages() -> None:
    assert only("Urea 10%")[0] == "take_care" and only("Urea 5 %")[0] == "use"
    (urea,) = check("Urea").judged
    assert urea.verdict == "use" and "needs_percent" in urea.said
    assert [one.item.percent for one in check("Water, Zinc Oxide 12,5 %, Urea 100 mg/g, Mica 3 mg").judged] == [
        None,
        Decimal("12.5"),
        Decimal(10),
        None,
    ]


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("Silica", "", "use"),
        ("Silica", "scrub", "avoid"),
        ("Alumina", "sunscreen", "use"),
        ("Alumina", "", "avoid"),
        ("Polyethylene", "lip", "use"),
        ("Polyethylene", "cleanser", "avoid"),
        ("Menthol", "lip", "avoid"),
        ("Menthol", "shampoo", "take_care"),
        ("Sodium Lauryl Sulfate", "cleanser", "avoid"),
        ("Sodium Lauryl Sulfate", "shampoo", "take_care"),
        ("Sodium Lauryl Sulfate", "", "avoid"),
        ("Jojoba Esters", "exfoliant", "use"),
        ("Jojoba Esters, Cocamidopropyl Betaine", "exfoliant", "avoid"),
        ("Sucrose, Glycerin", "body", "avoid"),
        ("Glycerin, Mica, Sucrose", "body", "use"),
    ],
)
def test_what_kind_of_product_it_is_decides_where_it_matters(text: str, kind: str, verdict: str) -> None:
    assert check(text, kind=kind).verdict == verdict


def test_fatty_acids_with_lye_high_up_are_soap() -> None:
    foam = "Water, Stearic Acid, Myristic Acid, Potassium Hydroxide, Glycerin"
    assert verdicts(foam, kind="cleanser")["Potassium Hydroxide"] == "avoid"
    assert verdicts(foam, kind="moisturiser")["Potassium Hydroxide"] == "use"
    assert verdicts(f"{LONG}, Mica, Stearic Acid, Potassium Hydroxide", kind="cleanser")["Potassium Hydroxide"] == "use"
    assert verdicts("Water, Glycerin, Potassium Hydroxide", kind="cleanser")["Potassium Hydroxide"] == "use"


def product(text: str) -> Checked:
    return check(text)


def test_a_product_with_an_unknown_is_never_simply_fine() -> None:
    assert product(LONG).verdict == "use"
    unsure = product(f"{LONG}, Xyloquat Zed")
    assert unsure.verdict == "unknown" and [one.name for one in unsure.unknown] == ["Xyloquat Zed"]
    assert product(f"{LONG}, Xyloquat Zed, Retinol").verdict == "avoid"
    assert product("").verdict == "unknown" and product("\n ,,, ;").verdict == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Water Glycerin Retinol Phenoxyethanol",
        "WATER\nGLYCERIN\nRETINOL\n",
        "Ingredients: Water. Glycerin. Retinol. Phenoxyethanol.",
        "water • glycerin • retinol • phenoxyethanol",
        "<p>Water<br/>Glycerin<br>Retinol</p>",
        "1. Water\n2. Glycerin\n3. Retinol",
        "Water (and) Glycerin (and) Retinol",
        "Aqua, Magic Complex (Glycerin, Retinol [0.1%])",
        "Aqua, Glycerin, Retinol*, Parfum. *Organic",
        "Aqua; GLYCERIN;  ReTiNoL™ ;",
        "Аqua, Glycеrin, Rеtinol",  # with Cyrillic letters that look like Latin ones
        "Water/Retinol",
        "水、甘油、Retinol",
        "Aqua, Glycerin, Retin-\nol",
        "Aqua, Glycerin\nRetinol, Panthenol",
        "May contain (+/-): Retinol",
        "[+/- CI 77491, Retinol]",
        "0.3% Retinol, 5% Niacinamide",
    ],
)
def test_retinol_is_found_however_the_list_is_written(text: str) -> None:
    found = check(text)
    assert found.verdict == "avoid" and "Retinol" in [one.name for one in found.of("avoid")]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Retino1", "Retinol"),
        ("Retinoi", "Retinol"),
        ("Sodlum Lauryl Sulfate", "Sodium Lauryl Sulfate"),
        ("Sa1icy1ic Acid", "Salicylic Acid"),
        ("Salicyllic Acid", "Salicylic Acid"),
        ("Glycollic Acid", "Glycolic Acid"),
        ("Benzoyi Peroxide", "Benzoyl Peroxide"),
        ("Encapsulated Retinol Spheres", "Retinol"),
    ],
)
def test_a_slip_is_a_question_and_counts_as_the_worse_until_answered(slip: str, meant: str) -> None:
    (one,) = check(slip).judged
    assert one.verdict == "avoid" and meant in one.readings and one.group is None
    assert check(slip, answers={slip: meant}).judged[0].group is not None
    none_of_them = check(slip, answers={slip: ""})
    assert none_of_them.verdict == "unknown" and not none_of_them.asked


def test_a_slip_of_something_harmless_is_a_question_and_not_known_until_answered() -> None:
    (one,) = check("Glycerim").judged
    assert (one.verdict, one.readings) == ("unknown", ("Glycerin",))
    assert check("Glycerim", answers={"Glycerim": "Glycerin"}).verdict == "use"


def test_numbers_are_no_slips() -> None:
    (one,) = check("Polyquaternium Foo-25").judged
    assert one.group is None
    assert check("CI 77493").judged[0].readings == ()


def test_bha_means_two_things() -> None:
    (one,) = check("BHA").judged
    assert one.verdict == "avoid" and set(one.readings) == {"Butylated Hydroxyanisole", "Salicylic Acid"}


def test_what_is_not_in_it_and_what_is_told_beside_it_is_set_aside_and_shown() -> None:
    glued = check(f"{LONG}. Fragrance free. No parabens")
    assert glued.verdict == "use" and glued.aside == ("Fragrance free", "No parabens")
    found = check(f"Fragrance free, No parabens, {LONG}. Directions: apply at night, Retinol, rinse.")
    assert found.verdict == "unknown" and "Fragrance free" in found.aside and "No parabens" in found.aside
    (beside,) = found.asked
    assert beside.readings == ("Retinol",) and beside.said == ("outside_the_list",)


def test_drug_facts() -> None:
    found = check(
        "Drug Facts\nActive ingredients Purpose\nAvobenzone 3% ........ Sunscreen\nHomosalate 16%  Sunscreen\n"
        "Inactive ingredients: water, glycerin, iron oxides",
        market="us",
    )
    assert [one.item.section for one in found.judged] == ["active", "active", "inactive", "inactive", "inactive"]
    assert found.protection is not None
    limits = {held.filter.name: held.limits[0][2] for held in found.protection.filters}
    assert limits == {"Butyl Methoxydibenzoylmethane": "within", "Homosalate": "above"}
    assert found.protection.iron_oxides and found.protection.not_covered == ()


def test_filters_of_other_markets() -> None:
    text = "Water, Ethylhexyl Triazone, Ethylhexyl Salicylate 5%"
    in_us, in_eu, in_uk = (check(text, market=name).protection for name in ("us", "eu", "uk"))
    assert in_us is not None and in_eu is not None and in_uk is not None
    assert [held.limits[0][2] for held in in_us.filters] == ["not_permitted", "within"]
    assert [held.limits[0][2] for held in in_eu.filters] == ["no_percentage", "within"]
    assert {held.limits[0][2] for held in in_uk.filters} == {"not_known"}
    assert in_us.not_covered == ("UVA short", "UVA long") and check("Water").protection is None


def test_what_cannot_be_read_is_told() -> None:
    with pytest.raises(InputError, match="characters"):
        check("a" * 20_001)
    with pytest.raises(InputError, match="parts"):
        check("a,b" * 700)
    with pytest.raises(InputError, match="kind of product"):
        check("Water", kind="soup")
    with pytest.raises(InputError, match="market"):
        check("Water", market="mars")


def test_the_tables_hold_what_was_given() -> None:
    table = shipped()
    assert len(table.ingredients) > 900 and len(table.allergens) > 81 and len(set(table.allergens.values())) == 81
    assert len(table.filters) >= 34 and len(table.comedogenic) > 120
    assert {"avoid", "take_care", "use"} == {group.verdict for group in table.texts.values()}
