"""The visit, told as stories: a month by keyboard alone, a lost connection, a session that ended, two at once."""

from __future__ import annotations

import json
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Open, Site

KINDS = """
from isocourse.store.models import *
patient = Patient.objects.get(key='{key}')
print(json.dumps([[event.kind, event.body] for event in patient.events.filter(seq__gt={after}).order_by('seq')]))
"""


def written(site: Site, key: str, after: int) -> list[tuple[str, dict[str, object]]]:
    """What was written to a record after an event's number."""
    told = site.run("import json" + KINDS.format(key=key, after=after))
    return [(kind, json.loads(body)) for kind, body in json.loads(told)]


def last_seq(site: Site, key: str) -> int:
    return int(site.run(f"from isocourse.store.models import *\nprint(Patient.objects.get(key='{key}').last_seq)"))


def begin(site: Site, page: Page, key: str) -> None:
    page.goto(f"{site.url}/patients/{key}/visit")
    expect(page.get_by_role("heading", name="This visit")).to_be_visible()


def in_person(page: Page) -> None:
    page.locator("[name='visit.0.mode'][value=in_person]").check()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:4]}" for each in found]


def left_in_tab(page: Page) -> str:
    """What our pages keep in the tab."""
    script = "JSON.stringify(Object.entries(sessionStorage).filter(([key]) => key.startsWith('isocourse')))"
    return str(page.evaluate(script))


def test_a_month_by_keyboard_alone(site: Site, signed_in: Open) -> None:
    key = site.patient()
    seq = last_seq(site, key)
    page = signed_in("doctor")
    begin(site, page, key)
    assert violations(page) == []
    # None; little interest: not at all; low: not at all; then the mood, as it was asked about.
    page.keyboard.press("n")
    for _ in range(40):
        group = page.evaluate("document.activeElement.closest('[data-choices]')?.dataset.name || ''")
        if not group:
            break
        many = group.endswith((".covers", ".topics"))
        for digit in "12" if many else "0" if ".i" in group else "1":
            page.keyboard.press(digit)
        page.keyboard.press("n") if many else page.wait_for_timeout(30)
    expect(page.locator("#effect")).to_contain_text("5 of 5 answered")
    expect(page.locator("#changes")).to_contain_text("Nobody has asked about side effects")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/visits/"))
    expect(page.get_by_role("heading", name="For the patient")).to_be_visible()
    assert violations(page) == []
    saved = dict(written(site, key, seq))
    assert {"visit", "symptoms_asked", "questionnaire", "mood_assessment"} <= set(saved)
    assert saved["questionnaire"]["items"] == [0, 0]
    assert left_in_tab(page) == "[]"


def test_a_lost_connection_in_mid_visit_loses_nothing(site: Site, signed_in: Open) -> None:
    key = site.patient()
    seq = last_seq(site, key)
    page = signed_in("nurse")
    begin(site, page, key)
    in_person(page)
    page.locator("[name='symptoms_asked.0.found'][value=none]").check()
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    page.context.set_offline(True)
    page.locator("#more > summary").click()
    page.locator("[data-item=weight] > summary").click()
    page.get_by_label("Weight", exact=True).fill("62,5")
    expect(page.locator("#draft-state")).to_contain_text("Not kept yet")
    page.get_by_role("button", name="Save the visit").click()
    expect(page.locator("#draft-state")).to_contain_text("Not sent yet")
    expect(page.get_by_label("Weight", exact=True)).to_have_value("62,5")
    page.context.set_offline(False)
    # It goes by itself, once.
    page.wait_for_url(re.compile("/visits/"), timeout=20_000)
    saved = written(site, key, seq)
    assert sorted(kind for kind, _ in saved if kind in ("visit", "weight")) == ["visit", "weight"]
    assert dict(saved)["weight"]["value"] == "62.5"


def test_a_session_that_ended_loses_nothing_and_a_draft_goes_on_after_signing_in_again(
    site: Site, signed_in: Open
) -> None:
    key = site.patient()
    page = signed_in("nurse")
    begin(site, page, key)
    in_person(page)
    page.locator("[name='symptoms_asked.0.found'][value=none]").check()
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    site.run("from django.contrib.sessions.models import Session\nSession.objects.all().delete()")
    page.locator("#more > summary").click()
    page.locator("[data-item=weight] > summary").click()
    page.get_by_label("Weight", exact=True).fill("61")
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.get_by_label("Weight", exact=True)).to_have_value("61")
    # In the same window: what the clinic did not have yet is still in this tab, for this person.
    page.goto(f"{site.url}/patients/{key}/visit")
    page.get_by_label("User name").fill("nurse")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/patients/{key}/visit")
    expect(page.get_by_text(re.compile("Your draft of"))).to_be_visible()
    # What is not asked comes a moment after the page.
    expect(page.locator("[name='weight.0.value']")).to_have_value("61", timeout=20_000)
    expect(page.locator("[name='symptoms_asked.0.found'][value=none]")).to_be_checked()
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    # Whoever signs out, on whatever page, leaves nothing of it in this tab.
    page.goto(f"{site.url}/worklist")
    assert left_in_tab(page) != "[]"
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert left_in_tab(page) == "[]"


def test_two_people_at_once_and_a_flag_of_mood(site: Site, signed_in: Open) -> None:
    key = site.patient()
    nurse, doctor = signed_in("nurse"), signed_in("doctor")
    begin(site, nurse, key)
    in_person(nurse)
    begin(site, doctor, key)
    in_person(doctor)
    seq = last_seq(site, key)
    # The nurse asks the nine items, and the last one is answered.
    nurse.locator("#more > summary").click()
    item = nurse.locator("[data-item=phq9]")
    item.locator("summary").first.click()
    for number in range(9):
        nurse.locator(f"[name='phq9.0.i{number}'][value='{2 if number == 8 else 0}']").check()
    expect(nurse.locator("#effect")).to_contain_text("This withholds")
    expect(nurse.locator("#changes")).to_contain_text("thoughts of death or self-harm")
    nurse.get_by_role("button", name="Save the visit").dblclick()
    nurse.wait_for_url(re.compile("/visits/"))
    assert [kind for kind, _ in written(site, key, seq)].count("questionnaire") == 1
    # The doctor had the page open: is shown what came in between, keeps what was typed, and saves on top.
    doctor.locator("[name='symptoms_asked.0.found'][value=none]").check()
    doctor.get_by_role("button", name="Save the visit").click()
    expect(doctor.locator("#trouble")).to_contain_text("Somebody wrote to this record")
    expect(doctor.locator("#trouble")).to_contain_text("PHQ-9")
    expect(doctor.locator("[name='symptoms_asked.0.found'][value=none]")).to_be_checked()
    assert violations(doctor) == []
    doctor.get_by_role("button", name="Save the visit").click()
    doctor.wait_for_url(re.compile("/visits/"))
    told = site.run(
        f"from isocourse.store.models import *\np = Patient.objects.get(key='{key}')\n"
        "print(p.risk, p.work.filter(risk=0, kind='mood').exists())"
    )
    assert told == "0 True"


def test_errors_stand_beside_their_fields_and_nothing_is_written_twice(site: Site, signed_in: Open) -> None:
    key = site.patient()
    seq = last_seq(site, key)
    page = signed_in("nurse")
    begin(site, page, key)
    in_person(page)
    page.locator("#more > summary").click()
    page.locator("[data-item=weight] > summary").click()
    weight = page.get_by_label("Weight", exact=True)
    weight.fill("625")
    weight.blur()
    expect(page.locator("[data-name='weight.0.value'] .wrong")).to_contain_text("decimal point")
    page.get_by_role("button", name="Save the visit").click()
    expect(page.locator("#trouble")).to_contain_text("Not saved yet")
    assert violations(page) == []
    page.locator("[data-name='weight.0.value']").get_by_text("It is right").click()
    # Sent twice in the same moment, it is written once.
    send = "fetch(form.action, {method: 'POST', body: new FormData(form)}).then((answer) => answer.url)"
    script = f"const form = document.getElementById('visit'); return Promise.all([{send}, {send}]);"
    sheets = page.evaluate(f"(() => {{ {script} }})()")
    assert len(set(sheets)) == 1
    assert "/visits/" in sheets[0]
    assert [kind for kind, _ in written(site, key, seq)].count("weight") == 1
