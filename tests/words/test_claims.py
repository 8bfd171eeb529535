"""No sentence of the product claims what it may not: the rules on both sides, every source, and planted claims."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from isocourse.words.claims import QUOTED, RULES, plain, sentences, violations
from isocourse.words.claims_allowed import ALLOWED
from isocourse.words.spelling import american

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "src" / "isocourse"

CLAIMS = {
    "removes": """
        This cream removes scars.
        Isotretinoin erases dark spots.
        It heals scars.
        Our cream promises to remove dark spots.
        The routine will heal your acne scars.
        It fixes those old dark marks.
        Niacinamide gets rid of brown spots.
        Scars are removed within a year.
        A scar-removal serum.
        You will have flawless skin.
        It not only removes scars, it feels good.
        No other cream removes scars so well.
        It is not oily, and it removes scars.
        It shrinks the pores.
        Dark spots will be gone.
    """,
    "cures": """
        Isotretinoin cures acne.
        Your acne is cured.
        We claim that it cures acne.
        Experts say that it cures acne.
        A miracle for your skin.
        Spots are gone for good.
    """,
    "guarantees": """
        Clear skin is guaranteed.
        We guarantee a result.
        We promise that it helps.
        It is certain to help.
        It cannot fail.
    """,
    "absolutes": """
        It is 100 % effective.
        100 percent safe for skin.
        It always works.
        A permanent solution.
        Your skin stays clear forever.
        Acne never comes back.
        It works for everyone.
        Get rid of acne once and for all.
    """,
    "resurfaces": """
        Isotretinoin resurfaces the skin.
        It will resurface your skin.
        A resurfacing serum.
    """,
    "anti-ageing": """
        It has an anti-ageing effect.
        Anti-aging care.
        Antiageing for your face.
        It rejuvenates the face.
        You will look younger.
        Your skin age is 31.
    """,
    "safe": """
        Isotretinoin is safe.
        Azelaic acid is safe in pregnancy.
        This is completely safe to use.
        It has no side effects.
        The cream is harmless.
        It is risk-free.
        There is nothing to worry about.
        There is no risk to the child.
        The cream was considered safe.
    """,
    "cause": """
        Your skin improved because of isotretinoin.
        Redness is 20 % less thanks to the capsules.
        The marks faded due to treatment.
        Scars are better, owing to your routine.
        Isotretinoin has improved your skin.
        The treatment has clearly reduced the redness.
        Thanks to the cream there are fewer spots.
        Scar improved by 12 % due to isotretinoin.
        The improvement from treatment is large.
        Your treatment is working.
    """,
    "ranks": """
        You are in the 90th percentile.
        Your skin is better than 80 % of people.
        Clearer than most people.
        Your skin is smoother than others.
        You are in the top 10 %.
        Good for someone your age.
    """,
    "procures": """
        Buy isotretinoin here.
        You can order online.
        It can be bought without a prescription.
        No prescription needed.
        An online pharmacy sells it.
        Do not buy isotretinoin online.
        Get accutane without a doctor.
        Where to get generic isotretinoin.
        It promises isotretinoin without a prescription.
    """,
    "jokes": """
        Oops, a positive test.
        Haha, dry lips again.
        Do not get pregnant!
        Fingers crossed.
        Your liver will complain \U0001f602
    """,
    "blames": """
        It is your own fault.
        You failed to take the capsules.
        You should have used two forms.
        The patient is non-compliant.
        You have dirty skin.
        She suffers from acne.
        He committed suicide.
    """,
}
# What is allowed, in the words of the wording limits and as the product says it.
FINE = """
    Treating acne early and effectively lowers the chance of new scars; isotretinoin is often chosen for this.
    Marks usually fade over months once acne is controlled; sun protection helps.
    Existing scars usually need separate treatment; evidence that isotretinoin improves them is limited.
    Long remission in most; about 1 in 5 need systemic treatment again within about 1 to 3 years.
    It does not remove scars or dark spots.
    It does not fade, lighten or remove dark spots.
    No cream removes scars.
    Does isotretinoin remove scars?
    Is isotretinoin safe for everybody?
    People ask: does it remove scars?
    The seller claims that it cures acne.
    It promises that the medicine is safe.
    New wounds heal slowly and can scar.
    Skin may heal badly and scar.
    Here 1 mg/kg was no better than 0.5.
    Scars look smoother on isotretinoin in one study.
    Nobody can guarantee clear skin.
    That is not a cure.
    Isotretinoin does not resurface the skin.
    Full ablative laser; full face ablative resurfacing
    Laser hair removal is planned.
    Never taken to be safe.
    No medicine is safe for everybody.
    Bilirubin alone is often harmless.
    Dermabrasion may be safe in well-trained hands.
    Redness is 20 % less than at the first visit, which is more than noise.
    The photographs do not show that it improved because of isotretinoin.
    Take the capsules with food, always.
    Hearing loss can be permanent.
    Because of an enzyme inducer, contraception has not been reliable.
    The last course was stopped because of an unwanted effect.
    No prescription of this course is on record.
    No prescriber has looked at it.
    Nobody has asked about side effects.
    Do not share capsules with anyone.
    If you missed a capsule, that happens; take the next one as usual.
    It is not your fault.
    You look well, and your next visit is due.
    Curacné 20 mg
    Remove the passkey
    The programme is fixed, for the clinic has patients.
    The cut has healed; the scar is 3 mm wide.
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


BAD = [(rule, text) for rule, texts in CLAIMS.items() for text in lines(texts)]


@pytest.fixture(scope="module")
def tool() -> Any:
    loader = importlib.machinery.SourceFileLoader("claims_tool", str(TOP / "tools" / "claims"))
    spec = importlib.util.spec_from_loader("claims_tool", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def everything(tool: Any) -> list[Any]:
    return [*tool.gather(), *tool.of_catalogue()]


# --- the rules
@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_claim_is_caught_in_both_spellings(rule: str, text: str) -> None:
    for spelled in (text, american(text), text.upper(), f"All is well. {text} Ask us."):
        found = violations(spelled)
        assert rule in {each.rule for each in found}, spelled
        assert all(spelled[each.start : each.end] == each.found for each in found)


@pytest.mark.parametrize("text", lines(FINE))
def test_what_is_allowed_passes_in_both_spellings(text: str) -> None:
    assert not violations(text)
    assert not violations(american(text))


def test_every_rule_has_claims_that_it_alone_is_there_for_and_says_what_to_say_instead() -> None:
    assert set(CLAIMS) == {rule.name for rule in RULES}
    for rule in RULES:
        alone = [text for text in lines(CLAIMS[rule.name]) if {each.rule for each in violations(text)} == {rule.name}]
        assert alone and rule.why and rule.instead


def test_what_the_rules_say_themselves_claims_nothing() -> None:
    for rule in RULES:
        assert not violations(rule.instead), rule.name


@pytest.mark.parametrize("field", sorted(QUOTED))
def test_a_quoted_question_is_excused_by_its_field_and_by_no_other(field: str) -> None:
    assert not violations("Isotretinoin removes scars", field)
    assert violations("Isotretinoin removes scars", "patient_says")
    assert violations("Isotretinoin removes scars", field.upper())


def test_what_is_made_of_quotations_quotes_them_and_nothing_more(tool: Any) -> None:
    asked = tool.Said("e.yaml:1", "asked_as", "Accutane removes scars; it is for anti-ageing")
    line = "People ask: {}. Nobody knows."
    for quoted in (asked.text, "it is for anti-ageing", "it is for anti-aging"):
        printed = tool.Said("docs/handbook/e.md:3", "", line.format(quoted), True)
        assert not list(tool.wrong([asked, printed])), quoted
        assert list(tool.wrong([printed])), "no quotation stands for it"
        assert list(tool.wrong([asked, printed._replace(repeats=False)])), "a page of ours says it"
    more = tool.Said("docs/handbook/e.md:4", "", f"{asked.text}. It cures acne.", True)
    assert [violation.rule for _, violation in tool.wrong([asked, more])] == ["cures"]


def test_titles_of_publications_are_their_authors(tool: Any, tmp_path: Path) -> None:
    for folder in ("knowledge/sources", "knowledge/evidence"):
        (tmp_path / "src/isocourse" / folder).mkdir(parents=True)
        (tmp_path / "src/isocourse" / folder / "x.yaml").write_text("- {title: Isotretinoin cures acne, at: a b}\n")
    found = [said.where for said, _ in tool.wrong(tool.gather(tmp_path))]
    assert found == ["src/isocourse/knowledge/evidence/x.yaml:1"]


@pytest.mark.parametrize(
    "text",
    [
        "It is no cream but it removes scars.",  # the denial belongs to the clause before
        "Not expensive: it cures acne.",
        "There is no doubt that it cures acne.",
        "Want to remove dark spots?",
        "Does your mirror please you? Our cream removes scars.",
        "Is that so? Yes, it cures acne.",
        "It never fails to remove dark spots.",
        "We have nothing against doctors of any kind and all the same this cures acne.",  # too far away
    ],
)
def test_a_denial_of_something_else_excuses_nothing(text: str) -> None:
    assert violations(text)


def test_an_allowance_holds_for_its_sentence_and_no_other() -> None:
    for rule, sentence in ALLOWED:
        assert rule in {each.name for each in RULES}
        assert sentence == plain(sentence) and not [each for each in violations(sentence) if each.rule == rule]
        assert [each for each in violations(f"{sentence} for you and yours") if each.rule == rule], sentence


def test_sentences_stand_where_they_are_said_to() -> None:
    text = "One. Two is 1.5 mg; three\n- four? (Five)"
    for start, sentence in sentences(text):
        assert text[start : start + len(sentence)] == sentence
    assert [sentence for _, sentence in sentences(text)] == ["One.", "Two is 1.5 mg;", "three", "- four?", "(Five)"]


# --- every sentence of the product
def test_no_sentence_of_the_product_makes_a_claim(tool: Any, everything: list[Any]) -> None:
    found = [(said.where, violation.rule, violation.sentence) for said, violation in tool.wrong(everything)]
    assert not found
    assert not tool.unused(everything)


def test_what_translators_are_given_is_among_what_is_read(tool: Any, everything: list[Any]) -> None:
    """Two ways to the same sentences: what the one gathers and the other does not was left out."""
    read = "".join(_bare(said.text) for said in everything if not said.where.startswith("catalogue"))
    missed = []
    for said in everything:
        if said.where.startswith("catalogue") and not _made(said) and _bare(said.text) not in read:
            missed.append(said.text)
    assert not missed


def _made(said: Any) -> bool:
    """Put together by the catalogue itself: the words of a code (bought_online), two strings of one call."""
    return "(src/isocourse/record/" in said.where or bool(re.search(r"[a-z][A-Z]|(?:allowed|passed)no", said.text))


def _bare(text: str) -> str:
    """Letters alone: a template writes {{ name }} for %(name)s."""
    return re.sub(r"[\W\d_]+", "", re.sub(r"%\(\w+\)s|\{[^{}]*\}", "", text))


def test_every_kind_of_file_of_the_package_has_a_reader_or_a_reason(tool: Any) -> None:
    kinds = {path.suffix for path in PACKAGE.rglob("*") if path.is_file()}
    assert kinds <= set(tool.READERS) | set(tool.WORDLESS)
    assert not set(tool.READERS) & set(tool.WORDLESS)
    for path in PACKAGE.rglob("*.css"):  # what a style writes on a page is no sentence
        assert not [text for text in re.findall(r'content:\s*"([^"]*)"', path.read_text()) if tool.speaks(text)], path


def test_a_file_of_a_new_kind_is_refused(tool: Any, tmp_path: Path) -> None:
    (tmp_path / "src" / "isocourse" / "words").mkdir(parents=True)
    (tmp_path / "src" / "isocourse" / "words" / "leaflet.rst").write_text("It cures acne.\n")
    with pytest.raises(ValueError, match=r"leaflet\.rst.*give it a reader"):
        list(tool.gather(tmp_path))


PLANTED = "This removes scars."
PLANTS = {
    "src/isocourse/protocol/advice/dose.yaml": f"\n- advice: planted\n  says: >-\n    Take care.\n    {PLANTED}\n",
    "src/isocourse/protocol/topics.yaml": f'\n- remark: "{PLANTED}"\n',
    "src/isocourse/protocol/rules/dose.yaml": f'\n- mend: {{says: "{PLANTED}"}}\n',
    "src/isocourse/protocol/reports/us.yaml": f'\n- title: "{PLANTED}"\n',
    "src/isocourse/knowledge/glossary/words.yaml": f'\n- plain: "{PLANTED}"\n',
    "src/isocourse/knowledge/sources/knowledge.yaml": f'\n- publisher: "{PLANTED}"\n',
    "src/isocourse/words/recall.py": f'\nPLANTED = "{PLANTED}"\n',
    "src/isocourse/words/headline.py": '\nPLANTED = f"This {len} removes" + " scars."\n',
    "src/isocourse/care/supplies.py": f'\ndef planted() -> None:\n    raise ValueError("{PLANTED}")\n',
    "src/isocourse/doors/cli/main.py": f'\ndef planted() -> None:\n    """{PLANTED}"""\n',
    "src/isocourse/doors/web/templates/home.html": f'\n<p>{{% translate "{PLANTED}" %}}</p>\n',
    "src/isocourse/doors/web/templates/base.html": "\n<p>This <b>removes</b>\n scars.</p>\n",
    "src/isocourse/doors/web/templates/design/design.html": f'\n<img alt="{PLANTED}">\n',
    "src/isocourse/doors/web/templates/prescription/prescription.typ": f"\n{PLANTED}\n",
    "src/isocourse/words/skin_report/paper.typ": f'\n#let planted = "{PLANTED}"\n',
    "src/isocourse/doors/web/static/clinic/clinic.js": f'\nconst planted = "{PLANTED}";\n',
    "src/isocourse/locale/en_US/LC_MESSAGES/django.po": f'\nmsgid "x y"\nmsgstr "{PLANTED}"\n',
    "docs/handbook/index.md": f"\n| a | {PLANTED} |\n",
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_claim_planted_in_any_kind_of_source_is_caught(name: str, tool: Any, tmp_path: Path) -> None:
    to = tmp_path / name
    to.parent.mkdir(parents=True)
    shutil.copy(TOP / name, to)
    assert not list(tool.wrong(tool.gather(tmp_path)))
    with to.open("a", encoding="utf-8") as file:
        file.write(PLANTS[name])
    found = [(said.where, violation.rule) for said, violation in tool.wrong(tool.gather(tmp_path))]
    assert found and {(where.rsplit(":", 1)[0], rule) for where, rule in found} == {(name, "removes")}


def test_the_plants_cover_every_reader(tool: Any) -> None:
    kinds = {Path(name).suffix for name in PLANTS}
    assert kinds | {".txt"} == set(tool.READERS)  # .txt and .md have one reader
    assert tool.READERS[".txt"] is tool.READERS[".md"]


def test_the_catalogue_is_looked_at_too(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Planted:
        id, locations = ("One scar", PLANTED), [("a.html", 1)]

    class Messages:
        @staticmethod
        def template() -> list[type[Planted]]:
            return [Planted]

    monkeypatch.setattr(tool, "beside", lambda _name: Messages)
    assert [violation.rule for _, violation in tool.wrong(tool.of_catalogue())] == ["removes"]


def test_an_allowance_that_nothing_needs_is_named(tool: Any) -> None:
    assert len(tool.unused([])) == len(ALLOWED)
