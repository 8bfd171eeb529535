"""What to expect in the browser: from the patient's page to the picture, its table, and the sheet to take home."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

MADE = "import json\nfrom tests.browser.populate import expecting\nprint(json.dumps(expecting()))"


def test_from_the_patient_to_the_sheet(site: Site, signed_in: Callable[..., Page]) -> None:
    keys = json.loads(site.run(MADE))
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{keys['WEEKS']}")
    page.get_by_role("link", name="What to expect").click()
    expect(page.get_by_text("Week 11 of treatment.", exact=True)).to_be_visible()
    # The picture: ranges as bars, today, own marks; the same as a table.
    expect(page.locator("svg.course-chart.picture .today")).to_have_count(1)
    assert page.locator("svg.course-chart.picture rect.range.now").count() > 3
    page.get_by_text("The same as a table").click()
    flare = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Acne can get worse at first"))
    expect(flare).to_contain_text("Within the range")
    expect(flare).to_contain_text("week 2")
    eyes = page.locator("details.expect-row").filter(has_text="Dry eyes").first
    eyes.locator("summary").first.click()
    expect(eyes.get_by_text("Unusual, and whom to tell")).to_be_visible()
    page.get_by_role("link", name="Sheet for the patient").click()
    expect(page.get_by_role("heading", name="Do not wait with these")).to_be_visible()
    expect(page.get_by_role("button", name="Print this sheet")).to_be_visible()

    page.goto(f"{site.url}/patients/{keys['AFTER_END']}/expectations")
    spots = page.locator("details.expect-row").filter(has_text="Dark spots fade").first
    expect(spots).to_contain_text("The range is not over")
    spots.locator("summary").first.click()
    expect(spots.get_by_text("Still on record 5 months after the last capsule.")).to_be_visible()
