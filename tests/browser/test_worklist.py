"""The worklist as it is worked with: keys, filters, a kept view, finding, letters, and a list that renews itself."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site


def clean(page: Page) -> None:
    """No violation that axe-core knows of."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_morning_by_keyboard(site: Site, signed_in: Open, scheme: str) -> None:
    page = signed_in("nurse", color_scheme=scheme)
    expect(page.get_by_role("heading", name="Today", exact=False).first).to_be_visible()
    clean(page)
    # Down two rows, up one: the focus is on the link that Enter follows.
    rows = page.locator("tr.work")
    for key in ("j", "j", "k", "ArrowDown", "k"):
        page.keyboard.press(key)
    expect(rows.nth(0).get_by_role("link", name="Open")).to_be_focused()
    page.keyboard.press("e")
    expect(rows.nth(0).locator("details.more")).to_have_attribute("open", "")
    page.keyboard.press("x")
    expect(page.get_by_text("1 patient is chosen")).to_be_visible()
    # The list renews itself: the tick, the opened row and the focus stay.
    with page.expect_response(lambda response: response.url.endswith("/worklist")):
        page.evaluate("htmx.ajax('GET', '/worklist', {target: '#list', swap: 'outerHTML', select: '#list'})")
    expect(rows.nth(0).get_by_role("checkbox")).to_be_checked()
    expect(rows.nth(0).locator("details.more")).to_have_attribute("open", "")
    expect(rows.nth(0).get_by_role("link", name="Open")).to_be_focused()
    # Help, and no key where somebody types.
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#sought")).to_be_focused()
    page.keyboard.type("jxk?/")
    expect(page.locator("#sought")).to_have_value("jxk?/")
    expect(page.get_by_text("1 patient is chosen")).to_be_visible()
    page.keyboard.press("Escape")
    # Turned off, the keys do nothing.
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(page.locator("#sought")).not_to_be_focused()
    # And Enter opens the patient.
    rows.nth(0).get_by_role("link", name="Open").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/*")


def test_a_view_is_made_kept_and_opened_again(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Course", exact=True).select_option("ended")
    page.wait_for_url("**/worklist?state=ended")
    expect(page.get_by_role("heading", name="Ended")).to_be_visible()
    clean(page)
    page.get_by_label("Keep this view as").fill("Finished")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept as “Finished”.")).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).click()
    page.get_by_role("link", name="Finished").click()
    expect(page).to_have_url(site.url + "/worklist?state=ended")
    page.get_by_role("button", name="Delete the view").click()
    expect(page.get_by_role("link", name="Finished")).to_have_count(0)


def test_somebody_is_found_and_somebody_new_is_registered(site: Site, signed_in: Open) -> None:
    page = signed_in("doctor")
    sought = page.locator("#sought")
    sought.press_sequentially("400")
    expect(page.get_by_text("Nobody is found.")).to_be_visible()
    name = site.run("from isocourse.store.models import Patient\nprint(Patient.objects.get(number='4003').list_name)")
    sought.fill(name.split(",")[0][:3])
    expect(page.locator("#found").get_by_role("link", name="4003")).to_be_visible()
    clean(page)
    assert name.split(",")[0] not in page.url
    sought.press("ArrowDown")
    expect(page.locator("#found a").first).to_be_focused()
    sought.fill("4003")
    sought.press("Enter")
    page.wait_for_url("**/patients/*")
    page.goto(site.url + "/new-patient")
    clean(page)
    page.get_by_label("Number", exact=True).fill("4003")
    page.get_by_label("Family name").fill("New")
    page.get_by_label("Given name").fill("Nora")
    page.get_by_label("Address").fill("1 Example Road")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("The clinic has a patient of this number already.")).to_be_visible()
    expect(page.get_by_label("Address")).to_have_value("1 Example Road")
    clean(page)
    page.get_by_label("Number", exact=True).fill("9001")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/visit")
    expect(page.get_by_text("New, Nora")).to_be_visible()


def test_letters_to_two_patients(site: Site, signed_in: Open) -> None:
    page = signed_in("nurse")
    page.goto(site.url + "/worklist?state=ended")
    for place in (0, 1):
        page.locator("tr.work").nth(place).get_by_role("checkbox").check()
    expect(page.get_by_text("2 patients are chosen")).to_be_visible()
    page.get_by_role("button", name="Recall letters").click()
    expect(page.get_by_role("heading", name="Recall letters")).to_be_visible()
    clean(page)
    page.get_by_label("Reason").first.select_option("visit")
    for box in page.locator("input[name=patient]").all():
        box.check()
    page.get_by_role("button", name="Make the letters").click()
    expect(page.get_by_text("2 letters are ready")).to_be_visible()
    clean(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Open the letters").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    kept = site.run(
        "from isocourse.store.models import Document\nprint(Document.objects.filter(kind='recall').count())"
    )
    assert kept == "2"
    page.get_by_role("link", name="Back to the worklist").click()
    page.goto(site.url + "/worklist?state=ended")
    expect(page.get_by_text("Letter sent").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_nothing_is_wider_than_the_screen(site: Site, signed_in: Open, width: int) -> None:
    page = signed_in("nurse", viewport={"width": width, "height": 800})
    for address in ("/worklist", "/worklist?state=treated", "/new-patient"):
        page.goto(site.url + address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    clean(page)
