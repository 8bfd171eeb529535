"""The patient page as a clinician uses it: reasons opened, a day looked back on, an entry withdrawn, the flowsheet."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site

POSITIVE = """
from datetime import UTC, datetime
from isocourse.care.recording import record_events
from isocourse.store.models import Patient, User
patient = Patient.objects.get(key={key!r})
fields = {{"kind": "pregnancy_test", "happened_on": datetime.now(UTC).date().isoformat(), "result": "positive"}}
record_events(by=User.objects.get(username="nurse"), patient=patient, events=[fields], now=datetime.now(UTC))
"""
# Pairs of words in the picture whose boxes, as the browser draws them, lie on each other by more than a hair.
OVERLAPS = """() => {
  const texts = [...document.querySelectorAll("svg.picture text")].map((t) => [t.textContent, t.getBBox()]);
  const hits = [];
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const [a, b] = [texts[i][1], texts[j][1]];
    const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
    const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
    if (wide > 1 && high > 4) hits.push([texts[i][0], texts[j][0]]);
  }
  return hits;
}"""


def clean(page: Page) -> None:
    """axe finds nothing on the page as it stands."""
    found: Any = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_from_the_headline_to_the_entry_and_back(site: Site, signed_in: Open) -> None:
    key = site.patient()
    site.run(POSITIVE.format(key=key))
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Withhold, and stop the capsules now")
    expect(page.locator("svg.picture")).to_be_visible()
    assert page.evaluate(OVERLAPS) == []
    clean(page)

    reason = page.locator("details.because").first
    reason.locator("summary").first.press("Enter")
    expect(reason.get_by_text("What would change it")).to_be_visible()
    expect(reason.get_by_text("Where it comes from")).to_be_visible()
    clean(page)
    reason.get_by_role("link", name=re.compile("pregnancy test")).first.click()
    entry = page.locator(".looked-for")
    expect(entry).to_contain_text("Pregnancy test positive")
    clean(page)

    entry.get_by_role("link", name=re.compile("Withdraw")).click()
    clean(page)
    page.get_by_label("What is wrong with it?").fill("It was the test of another patient")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator("del", has_text="Pregnancy test positive")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Withhold, and stop the capsules now")

    page.get_by_role("link", name="Decisions over time").click()
    clean(page)
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="stop the capsules now")).to_have_count(1)
    rows.filter(has_text="stop the capsules now").get_by_role("link").click()
    expect(page.locator(".decision.stop")).to_have_count(2)  # as known then, and as stored then
    clean(page)


def test_flowsheet_amendment_and_details(site: Site, signed_in: Open) -> None:
    key = site.patient("state='treated', events__kind='lab_result'")
    page = signed_in("doctor", viewport={"width": 768, "height": 1024}, color_scheme="dark")
    page.goto(f"{site.url}/patients/{key}/flowsheet")
    flow = page.get_by_role("region", name="Flowsheet")
    newest = flow.locator("thead th").last
    expect(newest).to_be_in_viewport()
    clean(page)
    flow.get_by_role("row", name=re.compile("^Weight")).locator("a").last.click()
    page.locator(".looked-for").get_by_role("link", name=re.compile("Amend")).click()
    page.get_by_label("Value").fill("71.5")
    clean(page)
    page.get_by_role("button", name="Save the amendment").click()
    expect(page.get_by_text("Weight 71.5 kg.")).to_be_visible()
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("group", name="Who looked").locator("tbody tr").first).to_contain_text("Robin Hale")
    clean(page)
    page.get_by_label("Name, number or birth date").fill("400")
    page.get_by_role("button", name="Find").click()
    clean(page)
