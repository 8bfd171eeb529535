"""The results inbox in a browser: an abnormal triglyceride from paste to the list of what to do; two people at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site

WHO = """
import json
from isocourse.store.models import Patient
one = Patient.objects.filter(state="treated", risk__gt=0).exclude(born=None).first()
print(json.dumps([one.key, one.number, one.family_name, one.given_name, str(one.born)]))
"""
WORK = """
from isocourse.store.models import Patient
print(list(Patient.objects.get(key={key!r}).work.filter(risk=0, kind="result").values_list("says", flat=True)))
"""


def clean(page: Page) -> None:
    """axe-core finds nothing (the frame of all pages, the demonstration's banner, is looked at elsewhere)."""
    found = Axe().run(page, options={"rules": {"region": {"enabled": False}}})
    assert found.violations_count == 0, found.generate_report()


def test_an_abnormal_triglyceride_from_paste_to_the_worklist(site: Site, signed_in: Open) -> None:
    key, number, family, given, born = json.loads(site.run(WHO))
    day = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y%m%d")
    report = "\n".join(
        (
            f"MSH|^~\\&|LIMS|LAB|||{day}1415||ORU^R01|1|P|2.5",
            f"PID|1||{number}||{family}^{given}||{born.replace('-', '')}",
            f"OBR|1|||LIPIDS^Lipids^L|||{day}0830||||||||SER^Serum",
            "OBX|1|NM|2571-8^Triglycerides^LN||9.4|mmol/L|<1.7|HH|||F",
            "NTE|1||Sample lipaemic",
            "OBX|2|NM|1742-6^ALT^LN||22|U/L|0-40||||F",
        )
    )
    nurse, doctor = signed_in("nurse"), signed_in("doctor")
    nurse.goto(site.url + "/inbox")
    clean(nurse)
    nurse.get_by_label("Paste the laboratory's report").fill(report)
    nurse.get_by_role("button", name="Read the report").click()

    expect(nurse.get_by_role("heading", level=1)).to_have_text("Whose results are these?")
    expect(nurse.locator(".compare .tag.good")).to_have_count(3)
    expect(nurse.get_by_role("group", name="Remarks of the laboratory").get_by_text("Sample lipaemic")).to_be_visible()
    clean(nurse)

    # Somebody else has the same report open.
    doctor.goto(site.url + "/inbox")
    expect(doctor.locator(".reports > li").first).to_contain_text("look now")
    doctor.locator(".reports a").first.focus()
    doctor.keyboard.press("Enter")
    expect(doctor.get_by_role("heading", level=1)).to_have_text("Whose results are these?")

    nurse.get_by_role("checkbox", name="ALT").uncheck()
    nurse.keyboard.press("Control+Enter")
    filed = nurse.locator(".filed")
    expect(filed).to_contain_text("triglycerides 9.4 mmol/L (grade 3)")
    expect(filed).to_contain_text("review: ask the prescriber before the next dose")
    expect(nurse.locator(".decision .tag.stop").filter(has_text="act now").first).to_be_visible()
    clean(nurse)
    assert "Look at the result" in site.run(WORK.format(key=key))

    doctor.get_by_role("button", name=f"File to {family}, {given}").click()
    expect(doctor.get_by_text("filed these results before you did")).to_be_visible()
    expect(doctor.get_by_role("heading", level=1)).to_contain_text(f"Filed to {family}, {given}")

    # It was the wrong patient after all.
    doctor.get_by_text("The wrong patient? Undo").click()
    doctor.get_by_label("What was wrong?").fill("The number belongs to her sister")
    doctor.get_by_role("button", name="Withdraw these results").click()
    expect(doctor.get_by_text("1 result was withdrawn")).to_be_visible()
    assert site.run(WORK.format(key=key)) == "[]"


def test_nobody_is_suggested_and_the_patient_is_found_by_hand(site: Site, signed_in: Open) -> None:
    _key, _number, family, given, _born = json.loads(site.run(WHO))
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    page = signed_in("nurse", viewport={"width": 768, "height": 1024}, color_scheme="dark")
    page.goto(site.url + "/inbox")
    table = f"mrn,surname,forename,test,result,units,collected\n,{family},Elsewhere,ALT,33,U/L,{day}\n"
    page.get_by_label("Paste the laboratory's report").fill(table)
    page.get_by_role("button", name="Read the report").click()
    page.get_by_label("Number, name, or birth date").press_sequentially(family[:5])
    page.get_by_role("link", name=f"{family}, {given}").first.click()
    expect(page.get_by_text("Something differs")).to_be_visible()
    clean(page)
    page.get_by_label("Something differs").fill("Known by her second name, asked by telephone")
    page.get_by_role("button", name=f"File to {family}, {given}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Filed to {family}, {given}")
    page.goto(site.url + "/inbox?show=filed")
    expect(page.locator(".reports > li")).to_have_count(1)
