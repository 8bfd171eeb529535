"""Skin care in a browser: questions answered with the routine following, the sheet on one page, nothing for axe."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site

NEW = """
import json
from tests.browser.populate import new_patient, write
patient = new_patient("Lea", "Dryskin")
write(patient, {"kind": "dispensing", "days": 30}, {"kind": "course_start"}, days_ago=20)
print(json.dumps(patient.key))
"""
# The longest sheet there is, found by drawing twenty thousand people: every step with its longest words, and the box.
WORST = """
from tests.browser.populate import write
from isocourse.store.models import Patient
bad = {"cheilitis": "mild", "dry_skin": "severe", "dry_eye": "moderate", "epistaxis": "severe",
       "photosensitivity": "severe", "rash_with_blisters": "severe"}
patient = Patient.objects.get(key=KEY)
write(patient, *({"kind": "symptom", "text": term, "term": term, "severity": how} for term, how in bad.items()))
yes = dict.fromkeys(("contact_lenses", "make_up", "lanolin_allergy", "fragrance_allergy"), "yes")
write(patient, {"kind": "skin_profile", "outdoor_work": "no", "warmth": "cold", "shaving": "blade", **yes})
"""
KEPT = """
import json
from isocourse.store.models import Patient
found = Patient.objects.get(key=KEY).events.filter(kind="skin_profile")
print(json.dumps([json.loads(event.body) for event in found]))
"""


def clean(page: Page) -> None:
    found: Any = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.fixture
def key(site: Site) -> str:
    made: str = json.loads(site.run(NEW))
    return made


def test_the_routine_follows_the_answers_and_they_are_kept_once_saved(site: Site, signed_in: Open, key: str) -> None:
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}")
    page.get_by_role("link", name="Skin care", exact=True).click()
    expect(page.get_by_text("Nobody has asked yet")).to_be_visible()
    expect(page.locator("#routine")).to_contain_text("tinted, if marks stay dark on your skin")
    clean(page)

    # By keyboard: the routine follows each answer, and nothing is kept yet.
    marks = page.get_by_role("group", name="Marks stay dark for long")
    marks.get_by_label("not asked").focus()
    page.keyboard.press("ArrowRight")
    expect(marks.get_by_label("yes")).to_be_checked()
    expect(page.locator("#routine")).to_contain_text("tinted, with iron oxides")
    expect(page.get_by_text("not saved yet")).to_be_visible()
    page.get_by_role("group", name="Wears contact lenses").get_by_label("yes").check()
    expect(page.locator("#routine")).to_contain_text("Lenses", ignore_case=True)
    expect(page.locator("#routine")).to_contain_text("daily disposable lenses")
    assert json.loads(site.run(KEPT.replace("KEY", repr(key)))) == []
    clean(page)

    page.get_by_role("button", name="Save the answers").click()
    expect(page.get_by_text("The answers are on record")).to_be_visible()
    expect(page.locator("#routine")).to_contain_text("tinted, with iron oxides")
    (kept,) = json.loads(site.run(KEPT.replace("KEY", repr(key))))
    assert (kept["dark_spots"], kept["contact_lenses"]) == ("yes", "yes") and kept["air"] == "unknown"

    page.goto(f"{site.url}/patients/{key}/story")
    expect(page.get_by_text("Asked about skin care: contact lenses yes, marks stay dark yes.")).to_be_visible()


def test_the_sheet_is_one_page_also_at_its_longest(site: Site, signed_in: Open, key: str) -> None:
    page = signed_in("doctor")
    page.goto(f"{site.url}/patients/{key}/skin-care")
    page.get_by_role("link", name="Sheet for the patient").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your skin care")
    clean(page)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1

    site.run(WORST.replace("KEY", repr(key)))
    page.reload()
    expect(page.get_by_text("Call the clinic now")).to_be_visible()
    expect(page.get_by_text("STOP NOW")).to_be_visible()
    clean(page)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1

    page.goto(f"{site.url}/patients/{key}/skin-care")
    expect(page.get_by_text("This goes before skin care")).to_be_visible()
    clean(page)
