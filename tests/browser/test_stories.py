"""Whole stories: from the first visit to the last dose, a window that closes, a pregnancy test that is positive.

The clock of the clinic is put on between visits (`Site.move_on`); everything else is as it is for a team.
"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site

Answers = dict[str, str | list[str]]
NO_SYMPTOMS: Answers = {"symptoms_asked.0.found": "none"}
IN_PERSON: Answers = {"visit.0.mode": "in_person"}
CALM: Answers = {
    **{f"phq9.0.i{number}": "0" for number in range(9)},
    **{f"gad7.0.i{number}": "0" for number in range(7)},
}
SHORT: Answers = {"phq2.0.i0": "0", "phq2.0.i1": "0"}
MOOD: Answers = {
    "mood_assessment.0.covers": ["mental_health", "psychiatric_history", "sexual_function", "self_harm_risk"],
    "mood_assessment.0.outcome": "no_concern",
}
BLOODS: Answers = {
    "lab_result.all._on": "today",
    "lab_result.all.fasting_hours": "12",
    **{f"lab_result.{name}.value": value for name, value in (("alt", "22"), ("ast", "20"), ("triglycerides", "1.1"))},
    **{f"lab_result.{name}.unit": "U/L" for name in ("alt", "ast")},
    "lab_result.triglycerides.unit": "mmol/L",
    **{
        f"lab_result.{name}.upper_limit": most
        for name, most in (("alt", "45"), ("ast", "40"), ("triglycerides", "1.7"))
    },
}
FIRST: Answers = {
    **IN_PERSON,
    "visit.0.purpose": "first",
    "weight.0.value": "72",
    "height.0.value": "178",
    "acne_assessed.0.severity": "severe",
    "acne_assessed.0.form": "nodular",
    "acne_assessed.0.scarring": "present",
    "acne_assessed.0.burden": "marked",
    "acne_assessed.0.skin": "healthy",
    "history_asked.0.found": "nothing",
    "medicines_asked.0.taken": "nothing_else",
    "circumstances_asked.0._done": "on",
    "pregnancy_potential.0.potential": "cannot",
    "pregnancy_potential.0.ground": "cisgender_male",
    "pregnancy_potential.0.confirmed": "yes",
    "counselling.0.topics": ["mental_health", "sexual_function", "general_risks", "blood_donation", "sharing"],
    "form_signed.0._done": "on",
    "prescriber.0.role": "consultant_dermatologist",
    **CALM,
    **MOOD,
    **BLOODS,
}


def register(site: Site, page: Page, number: str, family: str, given: str, born: str) -> str:
    """Somebody new, by the page; their key. The first visit is open then."""
    page.goto(f"{site.url}/new-patient")
    for field, value in (("number", number), ("family_name", family), ("given_name", given), ("born", born)):
        page.locator(f"#id_{field}").fill(value)
    page.get_by_role("button", name="Register, and begin the first visit").click()
    page.wait_for_url("**/visit*")
    found = re.search(r"/patients/(\w+)/visit", page.url)
    assert found
    ready(page)
    return found.group(1)


def answer(page: Page, answers: Answers) -> None:
    """Answer what is asked of these; a field of them that is not asked is left."""
    for name, given in answers.items():
        fields = page.locator(f"#asked [name='{name}']")
        if not fields.count():
            continue
        kind = fields.first.evaluate("each => each.type")
        if kind in ("radio", "checkbox"):
            for value in [given] if isinstance(given, str) else given:
                page.locator(f"#asked [name='{name}'][value='{value}']").check()
        elif kind.startswith("select"):
            fields.select_option(given)
        else:
            fields.fill(page.locator("[name='visit.0._on']").input_value() if given == "today" else str(given))


def ready(page: Page) -> None:
    """The visit with everything that can be recorded; before it has come, a preview finds no place for some rows."""
    page.locator("#more-body [data-item]").first.wait_for(state="attached")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the visit").click()
    page.wait_for_url(re.compile("/visits/"))


def prescribe(page: Page, dose: str, days: str) -> None:
    """Choose a dose that is offered, read the text, write the prescription."""
    page.wait_for_load_state()
    page.get_by_role("radio", name=f"{dose} a day").check()
    page.get_by_label("Days").fill(days)
    expect(page.locator(".sig-text")).to_contain_text(
        re.compile(rf"for {days} days. Dispense \d+ capsules. No refills.")
    )
    page.get_by_role("button", name="Write the prescription").click()
    expect(page.locator("#messages")).to_contain_text("The prescription is written")


def work_out(site: Site, page: Page, key: str) -> None:
    """What would be decided about 40 mg a day."""
    page.goto(f"{site.url}/patients/{key}/prescription")
    page.get_by_label("Another dose").check()
    page.get_by_role("textbox", name="mg a day").fill("40")
    page.get_by_role("button", name="Work it out").click()


def supplied(site: Site, page: Page, key: str) -> None:
    """The pharmacy hands over what was prescribed last."""
    page.goto(f"{site.url}/patients/{key}/supply")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#messages")).to_contain_text("The supply is written down.")


def headline(page: Page) -> str:
    return page.locator(".decision").first.inner_text()


def test_from_the_first_visit_to_the_last_dose(site: Site, signed_in: Open) -> None:
    doctor = signed_in("doctor")
    key = register(site, doctor, "900", "Story", "Sam", "1996-05-06")
    answer(doctor, {**FIRST, "prescriber.0.prescriber_id": site.user("doctor")})
    save(doctor)
    assert "Proceed" in headline(doctor)

    # Three supplies of four weeks, each after a visit that asks only what is due; the second raises the dose.
    asked = {0: set[str](), 27: set[str](), 54: set[str]()}
    for day, dose in ((0, "40 mg"), (27, "60 mg"), (54, "60 mg")):
        if day:
            doctor = signed_in("doctor")
            doctor.goto(f"{site.url}/patients/{key}/visit")
            ready(doctor)
            asked[day] = set(doctor.locator("#asked > section").evaluate_all("all => all.map(e => e.dataset.section)"))
            answer(doctor, {**IN_PERSON, **NO_SYMPTOMS, **SHORT, **MOOD, **BLOODS})
            save(doctor)
            assert "Proceed" in headline(doctor), day
        doctor.get_by_role("link", name="Prescribe", exact=True).click()
        prescribe(doctor, dose, "28")
        nurse = signed_in("nurse")
        supplied(site, nurse, key)
        site.move_on(27)
    assert "bloods" not in asked[27], "not due yet"
    assert asked[54] - asked[27] == {"bloods"}

    # The last visit: the course ends, and what comes after it has its dates.
    doctor = signed_in("doctor")
    doctor.goto(f"{site.url}/patients/{key}/visit")
    ready(doctor)
    doctor.locator("[name='visit.0.mode'][value=in_person]").check()
    doctor.locator("[name='visit.0.purpose'][value=end_of_course]").check()
    expect(doctor.locator("#section-end")).to_be_visible()
    answer(doctor, {**NO_SYMPTOMS, **SHORT, **MOOD})
    doctor.locator("[name='course_stop.0.reason']").first.wait_for()
    answer(
        doctor, {"course_stop.0.reason": "completed", "course_stop.0._on": "today", "capsules_returned.0.capsules": "2"}
    )
    save(doctor)
    assert "Proceed" not in headline(doctor)
    doctor.get_by_role("link", name="To the patient's page").click()
    expect(doctor.locator("main")).to_contain_text("Course ended")
    expect(doctor.locator("main")).to_contain_text("Have capsules that are left returned to the pharmacy.")
    expect(doctor.locator("main")).to_contain_text("Explain how often acne returns")
    told = site.run(
        "from isocourse.store.models import Patient\n"
        f"patient = Patient.objects.get(key='{key}')\nprint(patient.state, patient.decision.capsules_in_hand)"
    )
    assert told.split()[0] == "ended"
    # Nothing can be prescribed any more without beginning a course again.
    work_out(site, doctor, key)
    expect(doctor.locator("#judgement")).to_contain_text("Withhold until")
    expect(doctor.get_by_role("button", name="Write the prescription", exact=True)).to_have_count(0)
    # The whole of it stands in the story, and in one picture.
    doctor.goto(f"{site.url}/patients/{key}/story")
    expect(doctor.get_by_text(re.compile("Capsules handed over for 28 days"))).to_have_count(3)
    # A month later there is something to do after the course.
    site.move_on(30)
    nurse = signed_in("nurse")
    nurse.goto(f"{site.url}/worklist?state=ended&sort=name")
    expect(nurse.get_by_text("Story, Sam").first).to_be_visible()


def test_a_positive_test_stops_everything(site: Site, signed_in: Open) -> None:
    """Capsules are in hand and a paper is out when a test is positive."""
    key = site.run(
        "from tests.browser import populate\nprint(populate.prescribable(proceeds=True, potential='can').key)"
    )
    doctor = signed_in("doctor")
    doctor.goto(f"{site.url}/patients/{key}/prescription")
    doctor.get_by_label("Product").select_option("isotretinoin_uk")
    doctor.get_by_label("Another dose").check()
    doctor.get_by_role("textbox", name="mg a day").fill("40")
    doctor.get_by_label("Days").fill("28")
    doctor.get_by_role("button", name="Write the prescription").click()
    expect(doctor.locator("#messages")).to_contain_text("The prescription is written")
    paper = doctor.url

    nurse = signed_in("nurse")
    nurse.goto(f"{site.url}/patients/{key}/visit")
    ready(nurse)
    nurse.locator("[name='visit.0.mode'][value=in_person]").check()
    nurse.locator("#more > summary").click()
    test = nurse.locator("[name='pregnancy_test.0.result'][value=positive]")
    if not test.is_visible():
        nurse.locator("[data-item=test] > summary").click()
    test.check()
    expect(nurse.locator("#effect")).to_contain_text("STOP NOW")
    save(nurse)
    sheet = nurse.locator("main").inner_text()
    assert "stop" in headline(nurse).lower()
    assert "Call the clinic" in sheet

    # First on everybody's list; the paper that is out says that it must not be used.
    nurse.goto(f"{site.url}/worklist")
    expect(nurse.locator("tr.work").first).to_contain_text("Stop now")
    expect(nurse.locator("tr.work.stop").filter(has_text="Rosa")).to_have_count(1)
    doctor.goto(paper)
    expect(doctor.get_by_role("alert").first).to_contain_text("Do not hand it out")
    expect(doctor.locator(".void-mark")).to_contain_text("DO NOT DISPENSE")
    # No prescription, no signature that could bring one, and the regulation by name.
    work_out(site, doctor, key)
    refused = doctor.get_by_role("region", name="No prescription can be written")
    expect(refused).to_contain_text("positive test")
    expect(refused).to_contain_text("More of them cannot be prescribed until this is settled.")
    for name in ("Write the prescription", "Sign, and"):
        expect(doctor.get_by_role("button", name=name)).to_have_count(0)
    assert Axe().run(doctor).violations_count == 0


@pytest.mark.american
def test_a_window_that_closes_takes_the_prescription_with_it(site: Site, signed_in: Open) -> None:
    key = site.run(
        "from tests.browser import populate\n"
        "print(populate.prescribable(proceeds=True, potential='can', product='isotretinoin_us').key)"
    )
    doctor = signed_in("doctor")
    doctor.goto(f"{site.url}/patients/{key}")
    expect(doctor.locator("main")).to_contain_text("Supply within the window of the pregnancy test.")
    expect(doctor.locator("main")).to_contain_text("closes in")
    doctor.goto(f"{site.url}/patients/{key}/prescription")
    doctor.wait_for_load_state()
    doctor.get_by_label("Product").select_option("isotretinoin_us")
    doctor.get_by_label("Another dose").check()
    doctor.get_by_role("textbox", name="mg a day").fill("40")
    doctor.get_by_label("Days").fill("28")
    expect(doctor.locator(".sig-text")).to_contain_text("Take 1 capsule of 40 mg once daily")
    expect(doctor.locator(".sig-text")).to_contain_text("for 28 days")
    doctor.get_by_role("button", name="Write the prescription").click()
    expect(doctor.locator("#messages")).to_contain_text("The prescription is written")
    expect(doctor.locator(".valid")).to_contain_text("Not valid after")
    paper = doctor.url

    # Nobody collects it. Eight days later the window is closed, for everybody who looks, and the paper with it.
    site.move_on(8)
    nurse = signed_in("nurse")
    nurse.goto(f"{site.url}/worklist")
    expect(nurse.locator("tr.work").filter(has_text="Rosa")).to_contain_text(
        "window of this month's pregnancy test has closed"
    )
    nurse.goto(f"{site.url}/patients/{key}")
    expect(nurse.locator(".decision").first).to_contain_text("Withhold for now")
    expect(nurse.locator("main")).to_contain_text("Take a new pregnancy test; there is no waiting time.")
    doctor = signed_in("doctor")
    doctor.goto(paper)
    expect(doctor.locator(".void-mark")).to_be_visible()
    expect(doctor.get_by_role("alert").first).to_be_visible()
    # No signature opens it again; a test does.
    work_out(site, doctor, key)
    refused = doctor.get_by_role("region", name="No prescription can be written")
    expect(refused).to_contain_text("The window of this month's pregnancy test has closed.")
    expect(refused).to_contain_text("A regulation asks for this. No signature replaces it.")
    expect(doctor.get_by_role("button", name="Sign, and")).to_have_count(0)
    nurse.goto(f"{site.url}/patients/{key}/visit")
    ready(nurse)
    expect(nurse.locator("#section-test")).to_be_visible()
    nurse.locator("[name='visit.0.mode'][value=in_person]").check()
    answer(
        nurse,
        {
            "pregnancy_test.0.result": "negative",
            "pregnancy_test.0.method": "serum",
            "pregnancy_test.0.setting": "medical",
        },
    )
    expect(nurse.locator("#changes")).to_contain_text("The window of this month's pregnancy test has closed.")
    save(nurse)
