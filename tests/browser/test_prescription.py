"""From a decision to a paper; an override that two people sign; a regulation; a supply that came from elsewhere."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Open, Site

# A patient whose prescription of today would proceed, or be withheld by what may be departed from.
FIND = """
from datetime import UTC, datetime, timedelta
from isocourse.care.demonstration import _enter, renamed
from isocourse.care.editions import edition_for
from isocourse.care.judging import judge
from isocourse.engine.decide import decide
from isocourse.record.events import Prescription
from isocourse.record.record import Record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course
from isocourse.store.models import Clinic, User
from isocourse.words.prescription import Choice

clinic, doctor, now = Clinic.objects.get(), User.objects.get(username="doctor"), datetime.now(UTC)
edition, today = edition_for(clinic), now.date().toordinal()

def found():
    for weeks in range(6, 30):
        first = today - 7 * weeks
        for number in range(1, 60):
            events = course(clinic_of(edition, first), number, seed=7, first_day=first - 60).record.events
            events = [event for event in events if event.recorded_at <= now]
            # One who has a prescription of today already would be given a second one, and be supplied on the first.
            written = [event.happened_on.last for event in events if isinstance(event, Prescription)]
            if not events or today in written:
                continue
            supply = decide(edition, Record(subject="p", events=tuple(events)), today).supply
            if (supply == "proceed") != WANTED:
                continue
            who = {"number": f"rx{weeks}-{number}", "given_name": "Rosa", "family_name": "Paper"}
            patient = _enter(clinic, who, renamed(events, f"rx{weeks}-{number}"), now)
            judged = judge(patient, Choice(product="isotretinoin_uk", mg="40", intakes=1, days=30), by=doctor, now=now)
            if judged.may_proceed if WANTED else judged.may_be_overridden and len(judged.in_the_way) < 4:
                return patient.key

print(found())
"""


def find(site: Site, wanted: bool) -> str:
    return site.run(f"WANTED = {wanted}\n{FIND}")


def forty(page: Page) -> None:
    """Choose 40 mg once a day, of the capsules that have it."""
    page.get_by_label("Product").select_option("isotretinoin_uk")
    page.get_by_label("Another dose").check()
    page.get_by_role("textbox", name="mg a day").fill("40")
    page.get_by_label("Times a day").select_option("1")
    expect(page.locator(".sig-text")).to_contain_text("Take 1 capsule of 40 mg once daily")


def fine(page: Page) -> None:
    """No violation of accessibility, and nothing wider than the page."""
    found: Any = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_proceed_to_a_paper_and_its_supply(site: Site, signed_in: Open) -> None:
    key = find(site, True)
    page = signed_in("doctor")
    page.goto(f"{site.url}/patients/{key}/prescription")
    forty(page)
    page.get_by_label("Days").fill("28")
    expect(page.locator(".sig-text")).to_contain_text("Dispense 28 capsules. No refills.")
    fine(page)
    page.get_by_role("button", name="Write the prescription").click()
    expect(page.locator("#messages")).to_contain_text("The prescription is written")
    expect(page.get_by_text("28 (twenty-eight) capsules in all")).to_be_visible()
    fine(page)
    made = page.request.get(page.url + "/pdf")
    assert made.headers["content-type"] == "application/pdf" and made.body().startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Void it")).to_be_hidden()
    expect(page.get_by_text("DEMONSTRATION: not a prescription")).to_be_visible()

    nurse = signed_in("nurse")
    nurse.goto(f"{site.url}/patients/{key}/prescriptions")
    expect(nurse.get_by_role("link", name="Prescribe", exact=True)).to_have_count(0)
    expect(nurse.get_by_text("waiting").first).to_be_visible()
    fine(nurse)
    nurse.get_by_role("link", name="Record a supply").click()
    fine(nurse)
    nurse.get_by_role("button", name="Write it down").click()
    expect(nurse.locator("#messages")).to_contain_text("The supply is written down.")
    expect(nurse.get_by_text("waiting")).to_have_count(0)


def test_an_override_that_two_people_sign(site: Site, signed_in: Open) -> None:
    key = find(site, False)
    site.run("from isocourse.store.models import Clinic\nClinic.objects.update(second_signature=True)")
    page = signed_in("doctor")
    page.goto(f"{site.url}/patients/{key}/prescription")
    forty(page)
    for box in page.locator("input[name=marks]").all():
        box.check()
    page.get_by_label("Ground").select_option("specialist_advice")
    page.get_by_label("Reason").fill("Too short")
    page.get_by_role("button", name="Sign, and ask").click()
    expect(page.locator("#reason-wrong")).to_be_visible()
    assert page.get_by_label("Reason").input_value() == "Too short"
    fine(page)
    # The session ends while the reason is typed: the text is there again after signing in, and gone once it was taken.
    reason = "Seen together with the liver clinic, whose letter is in the record."
    page.get_by_label("Reason").fill(reason)
    site.run("from django.contrib.sessions.models import Session\nSession.objects.all().delete()")
    page.get_by_role("button", name="Sign, and ask").click()
    page.get_by_label("User name").fill("doctor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/prescription*")
    forty(page)
    expect(page.get_by_label("Reason")).to_have_value(reason)
    for box in page.locator("input[name=marks]").all():
        box.check()
    page.get_by_label("Ground").select_option("specialist_advice")
    page.get_by_role("button", name="Sign, and ask").click()
    expect(page.locator("#messages")).to_contain_text("Another prescriber has to sign")
    expect(page.get_by_role("button", name="Sign as the second prescriber")).to_have_count(0)
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('isocourse')).length") == 0

    second = signed_in("doctor2")
    second.goto(f"{site.url}/second-signatures")
    expect(second.get_by_text("whose letter is in the record")).to_be_visible()
    fine(second)
    second.get_by_role("button", name="Sign as the second prescriber").click()
    expect(second.locator("#messages")).to_contain_text("Signed.")
    expect(second.get_by_role("button", name="Write the prescription")).to_have_count(0)

    page.reload()
    page.get_by_role("button", name="Write the prescription").click()
    expect(page.get_by_text("signed by two prescribers")).to_be_visible()
    fine(page)


def test_a_regulation_is_named_and_what_came_from_elsewhere_is_told(site: Site, signed_in: Open) -> None:
    key = site.run(
        "from datetime import UTC, datetime\nfrom isocourse.care.patients import register\n"
        "from isocourse.store.models import User\n"
        "who = {'number': 'new1', 'given_name': 'Rosa', 'family_name': 'New'}\n"
        "print(register(by=User.objects.get(username='nurse'), now=datetime.now(UTC), who=who).key)"
    )
    page = signed_in("doctor")
    page.goto(f"{site.url}/patients/{key}/prescription")
    page.get_by_role("textbox", name="mg a day").fill("20")
    page.get_by_role("button", name="Work it out").click()
    refused = page.get_by_role("region", name="No prescription can be written")
    expect(refused.get_by_text("A regulation asks for this")).to_be_visible()
    expect(refused.get_by_text("It is not recorded whether this person can become pregnant.").first).to_be_visible()
    expect(page.get_by_role("button", name="Write the prescription")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign, and")).to_have_count(0)
    fine(page)

    nurse = signed_in("nurse", viewport={"width": 768, "height": 1024}, color_scheme="dark")
    nurse.goto(f"{site.url}/patients/{key}/supply")
    nurse.get_by_label("For how many days").fill("30")
    nurse.get_by_label("Where did the capsules come from?").select_option("online")
    nurse.get_by_label("What is known about it").fill("Came by post, no leaflet.")
    nurse.get_by_role("button", name="Write it down").click()
    expect(nurse.get_by_text("A prescriber has to look at this now.")).to_be_visible()
    fine(nurse)

    page.goto(f"{site.url}/patients/{key}/prescriptions")
    page.get_by_label("What was the patient told").fill("Told to take none of them; she brought them in.")
    page.get_by_role("button", name="Settled").click()
    expect(page.get_by_text("she brought them in")).to_be_visible()
    expect(page.get_by_text("from elsewhere").first).to_be_visible()
    fine(page)
