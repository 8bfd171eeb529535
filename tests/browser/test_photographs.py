"""Photographs in the browser: consent, choosing files, what changed, taking with the camera, deleting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.populate import face

NEW = """
from tests.browser.populate import new_patient, write
patient = new_patient("Fay", "Pictured")
write(patient, {"kind": "birth", "happened_on": "2000-05-06"})
print(patient.key)
"""
CONSENT = """
from tests.browser.populate import now, user
from isocourse.care.photographs import sign_consent
sign_consent(by=user("nurse"), patient=patient, signers=["patient"], on=now().date(), now=now(), seen_seq=None)
"""


def test_from_consent_to_what_changed(site: Site, signed_in: Callable[..., Page], tmp_path: Path) -> None:
    key = site.run(NEW)
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}/photographs")
    expect(page.get_by_text("No consent to photographs is on record")).to_be_visible()
    expect(page.get_by_label("What it shows")).to_have_count(0)
    page.get_by_label("Patient", exact=True).check()
    page.get_by_role("button", name="Record the signed form").click()
    expect(page.get_by_text("The consent is on record.")).to_be_visible()

    first, later, bad = (tmp_path / name for name in ("first.jpg", "later.jpg", "notes.jpg"))
    first.write_bytes(face(0))
    later.write_bytes(face(3, 2))
    bad.write_text("no picture")
    page.get_by_label("What it shows").select_option("frontal")
    page.get_by_label("Taken on").fill("2026-09-01")
    page.locator("#files").set_input_files([first, bad])
    page.get_by_role("button", name="Keep them").click()
    # The good one is kept, the bad one says why, and nothing else is lost.
    expect(page.get_by_text("notes.jpg: this is not a photograph that can be read")).to_be_visible()
    expect(page.get_by_text("1 of 2 are kept")).to_be_visible()
    expect(page.locator(".thumb")).to_have_count(1)
    page.reload()
    # One that is larger than the clinic takes is not sent at all.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8" + bytes(19 * 1024 * 1024))
    page.get_by_label("What it shows").select_option("frontal")
    page.locator("#files").set_input_files([large])
    page.get_by_role("button", name="Keep them").click()
    expect(page.get_by_text("large.jpg: This file is larger than 18 MB.")).to_be_visible()
    assert "POST" not in asked
    page.get_by_label("What it shows").select_option("frontal")
    page.locator("#files").set_input_files([later])
    page.get_by_role("button", name="Keep them").click()
    expect(page.get_by_text("1 photograph is kept.")).to_be_visible()
    # Measured by the server's jobs while one looks on.
    expect(page.locator(".thumb-state.measured")).to_have_count(2, timeout=90_000)

    page.get_by_role("link", name="Compare with").click()
    expect(page.locator(".change-numbers").first).to_be_visible(timeout=90_000)
    assert page.locator("[data-pair] g.mark").count() > 4
    report = page.get_by_role("link", name="Report (PDF)").get_attribute("href")
    answer = page.request.get(f"{site.url}{report}")
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")
    page.get_by_label("Gone").uncheck()
    expect(page.locator("[data-pair] g.faded").first).to_be_hidden()
    page.get_by_label("Slider").check()
    page.locator("[data-slider]").fill("80")
    shown = "getComputedStyle(document.querySelector('.pair-after .photo-drawn')).clipPath"
    assert "80%" in page.evaluate(shown)  # where the handle is

    page.get_by_role("link", name="All photographs").click()
    page.locator("a.thumb").first.click()
    expect(page.locator("svg.photo-drawn g.mark").first).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Why is it deleted?").fill("the patient asked for it")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("1 photograph is deleted.")).to_be_visible()
    expect(page.locator(".thumb")).to_have_count(1)


def test_the_camera_takes_repeats_and_keeps_them(site: Site, signed_in: Callable[..., Page]) -> None:
    key = site.run(NEW)
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}/photographs/capture")
    expect(page.get_by_text("No consent to photographs is on record")).to_be_visible()
    page.get_by_role("link", name="Record it").click()
    page.get_by_label("Patient", exact=True).check()
    page.get_by_role("button", name="Record the signed form").click()
    page.get_by_role("link", name="Take with the camera").click()
    take = page.get_by_role("button", name="Take it")
    expect(take).to_be_enabled()
    # The test picture of a camera has no face, and nobody is told that it is good.
    expect(page.locator(".hints")).to_have_text("No face is seen: show the whole face.")
    take.click()
    expect(page.get_by_text("1 of 3 taken")).to_be_visible()
    page.get_by_role("heading", name="Take photographs").click()
    page.keyboard.press("Space")
    expect(page.get_by_text("2 of 3 taken")).to_be_visible()
    expect(take).to_be_enabled()
    take.click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    expect(page.get_by_label("Face, left side")).to_be_checked()
    # The test picture of a camera has no face: it is said while the patient is there.
    expect(page.locator(".thumb-why", has_text="No face was found")).to_have_count(3, timeout=90_000)
    page.get_by_role("link", name="All photographs").click()
    expect(page.locator(".thumb")).to_have_count(3)
    # The test picture of a camera has no face: it says so.
    expect(page.locator(".thumb-state.failed")).to_have_count(3, timeout=90_000)
    page.locator("a.thumb").first.click()
    expect(page.get_by_text("No face was found").first).to_be_visible()


def test_good_is_said_only_by_whoever_looked(site: Site, signed_in: Callable[..., Page], tmp_path: Path) -> None:
    """With the first photograph as a pale picture, and the clinic not asked or slow: nobody knows where the face is."""
    key = site.run(NEW + CONSENT)
    page = signed_in("nurse")
    page.goto(f"{site.url}/patients/{key}/photographs")
    (tmp_path / "first.jpg").write_bytes(face(0))
    page.get_by_label("What it shows").select_option("frontal")
    page.get_by_label("Taken on").fill("2026-09-01")
    page.locator("#files").set_input_files([tmp_path / "first.jpg"])
    page.get_by_role("button", name="Keep them").click()
    expect(page.get_by_text("1 photograph is kept.")).to_be_visible()
    asked: list[Route] = []
    page.route("**/capture/aim", lambda route: asked.append(route))  # answered when this test says so
    page.goto(f"{site.url}/patients/{key}/photographs/capture")
    expect(page.locator(".hints")).to_have_text("Lay eyes and mouth on the pale picture.")
    page.route("**/capture/aim", lambda route: route.fulfill(json={"aim": ""}))
    for route in asked:  # none where the camera was slower than the hint: the next question is answered then
        route.fulfill(json={"aim": ""})
    expect(page.locator(".hints")).to_have_text("Good. Take it. Lay eyes and mouth on the pale picture.")


def test_without_a_camera_files_are_offered(site: Site, signed_in: Callable[..., Page]) -> None:
    key = site.run(NEW + CONSENT)
    page = signed_in("nurse")
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.goto(f"{site.url}/patients/{key}/photographs/capture")
    expect(page.get_by_text("There is no camera here")).to_be_visible()
    expect(page.get_by_role("button", name="Take it")).to_be_disabled()
    page.get_by_role("link", name="Choose files instead").click()
    expect(page.get_by_label("What it shows")).to_be_visible()
