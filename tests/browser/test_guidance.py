"""Guidance in a browser: from a question that a patient brings to the sentence for that patient, by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import read_claims
from tests.browser.conftest import Open, Site
from tests.shipped import LIBRARY

CLAIMS = read_claims(open_shelf(), rules=LIBRARY.rules, topics=LIBRARY.topics)


def test_from_a_question_to_the_words_for_the_patient(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.goto(site.url + "/worklist")
    page.get_by_role("link", name="Guidance").click()
    page.get_by_label("What do people ask?").fill("does it remove scars")
    page.keyboard.press("Enter")
    first = page.locator("table.claims tbody tr").first
    expect(first).to_contain_text("Does isotretinoin improve scars that are already there?")
    expect(first).to_contain_text("scars (the question)")
    assert "scars" not in page.url

    # The list follows as one types, without leaving the field; a choice narrows it down.
    page.get_by_label("Search", exact=True).fill("collagen")
    expect(first).to_contain_text("Does isotretinoin build collagen?")
    page.get_by_label("Search", exact=True).fill("")
    expect(page.locator("#count")).to_have_text(f"{len(CLAIMS)} claims")
    page.get_by_label("promised by popular articles").check()
    expect(page.locator("#count")).to_have_text(f"{sum(claim.popular for claim in CLAIMS.values())} claims")
    page.get_by_label("Answer").select_option("not_shown")
    expect(first).to_contain_text("Does isotretinoin improve scars that are already there?")
    first.get_by_role("link").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Does isotretinoin improve scars that are already there?")
    expect(page.get_by_role("region", name="For the patient")).to_contain_text("It has not been shown")
    expect(page.get_by_role("region", name="What this does not show")).to_contain_text("that a change lasts")
    expect(page.locator(".figures li").first).to_contain_text("p 0.029")

    # On paper for the patient: the question and the patient's sentence alone.
    page.evaluate("window.print = () => { window.printed = document.body.className; }")
    page.get_by_role("button", name="Print for the patient").click()
    assert page.evaluate("window.printed") == "print-patient"
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="For the patient")).to_be_visible()
    expect(page.get_by_role("region", name="For the clinician")).to_be_hidden()
    expect(page.locator("table.studies")).to_be_hidden()


def test_somebody_with_capsules_from_elsewhere_is_told_what_to_do(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.goto(site.url + "/guidance/")
    page.get_by_role("link", name="Where isotretinoin comes from").click()
    part = page.get_by_role("region", name="If you already have such capsules")
    expect(part).to_contain_text("Nobody at the clinic will blame you.")
    expect(part.get_by_role("listitem").first).to_contain_text(
        "Ask your clinic or a pharmacist before the next capsule"
    )
    part.get_by_text("Where this comes from").click()
    expect(part).to_contain_text("General Pharmaceutical Council")
