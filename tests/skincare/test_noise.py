"""Generated noise: no text crashes the checker, and none turns an avoid into a use or hides what is not known."""

from __future__ import annotations

import string

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from isocourse.skincare.judge import check
from isocourse.skincare.spelling import key
from isocourse.skincare.table import KINDS, shipped

TABLE = shipped()
AVOID = sorted(
    name
    for name, known in TABLE.ingredients.items()
    if known.group.verdict == "avoid" and not known.cases and len(key(name)) > 4
)
HARMLESS = sorted(
    name
    for name, known in TABLE.ingredients.items()
    if known.group.verdict == "use" and not known.cases and "{n}" not in name
)
assert len(AVOID) > 80 and len(HARMLESS) > 800

SEPARATORS = st.sampled_from(
    [", ", ",", " , ", "; ", " • ", " | ", "\n", ",\n", " · ", "，", "\n\n", "\t", " (and) ", ".\n"]
)
MARKS = st.sampled_from(["", "*", "**", " *", "†", "™", "®", "¹", " "])
HEADERS = st.sampled_from(
    ["", "Ingredients: ", "INGREDIENTS (INCI):\n", "Other ingredients: ", "Ingrédients : ", "<b>Ingredients</b>: "]
)
JUNK = st.sampled_from(["xqzv", "blorptane 7", "Zyxwv Extract", "---", "%%%", "42", "Vurghan Qiq", "?!", "qqq/zzz"])


@st.composite
def spelled(draw: st.DrawFn, name: str) -> str:
    """A name as somebody may write it: other case, spaces and marks, letters that nobody sees."""
    text = draw(st.sampled_from([name, name.upper(), name.lower(), name.swapcase(), name.title()]))
    text = text.replace(" ", draw(st.sampled_from([" ", "  ", "\u00a0", " \u200b", "\t".replace("\t", " ")])))
    if draw(st.booleans()):
        at = draw(st.integers(1, len(text) - 1))
        text = text[:at] + draw(st.sampled_from(["\u00ad", "\u200b", "\ufeff"])) + text[at:]
    return draw(MARKS).strip() + text + draw(MARKS)


@st.composite
def products(draw: st.DrawFn) -> tuple[str, str]:
    """A list with one ingredient to avoid among harmless ones and junk, and that ingredient."""
    bad = draw(st.sampled_from(AVOID))
    others = draw(st.lists(st.sampled_from(HARMLESS), max_size=8))
    parts = [draw(spelled(name)) for name in [bad, *others]] + draw(st.lists(JUNK, max_size=3))
    parts = draw(st.permutations(parts + draw(st.lists(st.sampled_from(parts), max_size=2))))
    text = draw(HEADERS)
    for part in parts:
        text += part + draw(SEPARATORS)
    return text, bad


@settings(max_examples=300, deadline=None)
@given(products(), st.sampled_from(["", *KINDS]))
def test_what_is_to_be_avoided_is_found_in_any_noise(product: tuple[str, str], kind: str) -> None:
    text, bad = product
    found = check(text, kind=kind)
    assert found.verdict == "avoid", text
    assert bad in {one.name for one in found.of("avoid")}, text


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=6),
    st.sampled_from(["xqzv", "Blorptane", "Vurghan Qiq"]),
    st.data(),
)
def test_what_nobody_knows_is_told(names: list[str], junk: str, data: st.DataObject) -> None:
    parts = data.draw(st.permutations([*names, junk]))
    found = check(data.draw(st.sampled_from([", ", "\n", " • ", "; "])).join(parts))
    assert found.verdict != "use"
    assert any(junk in one.item.raw for one in found.unknown)


SLIPS = {"o": "0", "l": "1", "i": "l", "s": "5", "m": "rn", "b": "8", "d": "cl", "w": "vv"}


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(AVOID), st.data())
def test_one_slip_never_makes_it_harmless(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = name[at].lower()
    assume(letter.isalpha())
    written = data.draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + SLIPS.get(letter, "x") + name[at + 1 :],
                name[:at] + data.draw(st.sampled_from(string.ascii_lowercase)) + name[at:],
                name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :] if at else name,
            ]
        )
    )
    assume(TABLE.names.exact(written) in (None, name))
    found = check(f"Aqua, {written}, Glycerin")
    assert found.verdict == "avoid", written


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=400), st.text(alphabet="()[]{}/+-.*%,;: \n&<>aAlcohol019±retin", max_size=300)))
@example("((((((((((" * 50)
@example("(" * 500 + "a,b" + ")" * 500)
@example("/".join("ab" for _ in range(300)))
@example("a " * 4000)
@example("1%" * 500)
@example("Ingredients:" * 200)
@example("<" * 1000)
@example("\u0345\u0300retinol")
def test_no_text_crashes_and_nothing_is_lost(text: str) -> None:
    found = check(text)
    shown = key(" ".join([*(one.item.raw for one in found.judged), *found.aside]))
    assert found.verdict in ("avoid", "take_care", "use", "unknown")
    assert found.verdict != "use" or shown


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(AVOID), st.text(max_size=60), st.text(max_size=60))
def test_an_avoid_between_anything_is_never_a_use(name: str, before: str, after: str) -> None:
    assert check(f"{before}, {name}, {after}").verdict != "use"
