"""The ingredient checker in a browser: the answer comes while one types, questions are answered, a shelf is kept."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site

NEW = """
import json
from tests.browser.populate import new_patient
print(json.dumps(new_patient("Lea", "Shelfkeeper").key))
"""


def clean(page: Page) -> None:
    found: Any = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_pasted_list_is_answered_while_one_types_and_a_question_settles_it(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.goto(f"{site.url}/skincare/check")
    page.get_by_label("Ingredients", exact=True).fill("Aqua, Glycerin, Cetyl Alcohol, Glycollic Acid")
    expect(page.get_by_role("heading", name="Avoid during the course: Glycollic Acid")).to_be_visible()
    clean(page)
    page.get_by_label("Glycolic Acid", exact=True).check()
    expect(page.get_by_role("heading", name="Avoid during the course: Glycolic Acid")).to_be_visible()
    page.get_by_label("Ingredients", exact=True).fill("Aqua, Glycerin, Cetyl Alcohol")
    expect(page.get_by_role("heading", name="Nothing to avoid found; all 3 ingredients are known")).to_be_visible()
    assert "Cetyl" not in page.url
    clean(page)


def test_without_a_mouse_two_products_are_compared(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.goto(f"{site.url}/skincare/compare")
    page.get_by_label("The first product").focus()
    page.keyboard.type("Aqua, Retinol")
    page.keyboard.press("Tab")
    page.keyboard.type("Aqua, Glycerin")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.get_by_role("heading", name="The second product asks less of the skin")).to_be_visible()
    clean(page)


def test_a_product_is_put_on_the_shelf_and_away(site: Site, signed_in: Open) -> None:
    key = json.loads(site.run(NEW))
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}/skin-care")
    page.get_by_role("link", name="Products on the shelf").click()
    page.get_by_label("Name", exact=True).fill("Night serum")
    page.get_by_label("Kind of product").select_option("serum")
    page.get_by_label("Ingredients", exact=True).fill("Aqua, Glycerin, Retinol")
    page.get_by_role("button", name="Put on the shelf").click()
    expect(page.get_by_role("heading", name="Night serum")).to_be_visible()
    expect(page.get_by_text("Avoid during the course: Retinol")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("The shelf is empty")).to_be_visible()
