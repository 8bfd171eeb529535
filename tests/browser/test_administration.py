"""The administrator's day: a nurse is taken on, a setting is changed and signed, the audit holds. And the pages of it
are accessible, in light and dark, at a desk and on a tablet."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, Open, Site

OWN = "lantern orbit walnut"
CODE = """
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
counters = list(yield_hotp_counters_from_time())
print(format_hotp_value(hotp_value({secret!r}, counters[len(counters) // 2])))
"""
WHO = "from isocourse.store.models import User\nprint(User.objects.get(username={name!r}).code)"
# Screenshots to look at: ISOCOURSE_SHOTS=folder.
SHOTS = os.environ.get("ISOCOURSE_SHOTS")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it is."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def leave(page: Page) -> None:
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()


def fill_sign_in(page: Page, site: Site, name: str, password: str) -> None:
    page.goto(f"{site.url}/account/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_nurse_is_taken_on_and_signs_in_with_a_second_factor(site: Site, signed_in: Open) -> None:
    page = signed_in("admin")
    page.goto(f"{site.url}/settings/house/sign-in")
    page.get_by_label("Nurse").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Needs a second factor: Nurse.")).to_be_visible()
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="New account").click()
    page.get_by_label("User name").fill("ola.berg")
    page.get_by_label("Given name").fill("Ola")
    page.get_by_label("Family name").fill("Berg")
    page.get_by_label("Nurse").check()
    page.get_by_role("button", name="Open the account").click()
    one_time = page.locator("#one-time").inner_text()
    shot(page, "one-time")
    accessible(page)
    leave(page)

    fill_sign_in(page, site, "ola.berg", one_time)
    expect(page.get_by_role("heading", name="Choose a password of your own")).to_be_visible()
    shot(page, "own-password")
    accessible(page)
    page.get_by_label("One-time password").fill(one_time)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.get_by_role("button", name="Change password").click()
    page.goto(f"{site.url}/worklist")
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()
    shot(page, "second-factor")
    accessible(page)
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code").inner_text()
    shot(page, "app")
    accessible(page)
    page.get_by_label("Code that the app shows").fill(site.run(CODE.format(secret=secret)))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".codes code").first.inner_text()
    shot(page, "recovery-codes")
    accessible(page)
    page.get_by_role("link", name="I have kept them: go on").click()
    expect(page).to_have_url(f"{site.url}/worklist")
    leave(page)

    fill_sign_in(page, site, "ola.berg", OWN)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    shot(page, "second-step")
    accessible(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{site.url}/worklist")


def test_a_passkey_is_added_and_signs_in(site: Site, browser: Browser) -> None:
    """With Chromium's own virtual authenticator, under the strict Content-Security-Policy."""
    page = browser.new_context().new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    home = site.url.replace("127.0.0.1", "localhost")  # passkeys need a name, not an address
    tool = page.context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tool.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{home}/account/login/")
    page.get_by_label("User name").fill("nurse")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{home}/account/second-factor/webauthn/add/")
    page.get_by_label("What you call it").fill("my telephone")
    page.get_by_label("Sign in with it alone").check()
    shot(page, "passkey")
    accessible(page)
    page.get_by_role("button", name="Add it now").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{home}/account/second-factor/webauthn/")
    accessible(page)
    leave(page)
    page.goto(f"{home}/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{home}/worklist")
    page.context.close()
    assert wrong == []


def test_a_schedule_is_proposed_signed_and_everybody_decided_anew(site: Site, signed_in: Open) -> None:
    page = signed_in("admin")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Change: The schedule of a patient without risk").click()
    page.get_by_label("Delphi consensus 2022").check()
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("alert")).to_contain_text("the reason is missing")
    expect(page.get_by_label("Delphi consensus 2022")).to_be_checked()
    page.get_by_label("Reason").fill("Healthy young patients; audited every year.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("A prescriber of the clinic signs it")).to_be_visible()
    accessible(page)

    doctor = signed_in("doctor")
    doctor.goto(f"{site.url}/settings")
    doctor.get_by_role("link", name="Look and sign").click()
    shot(doctor, "proposal")
    accessible(doctor)
    doctor.get_by_label("Your password").fill("not this one")
    doctor.get_by_role("button", name="Sign it").click()
    expect(doctor.get_by_role("alert")).to_contain_text("The password is wrong")
    doctor.get_by_label("Your password").fill(PASSWORD)
    doctor.get_by_role("button", name="Sign it").click()
    expect(doctor.get_by_text("Signed and in force.")).to_be_visible()
    expect(doctor.get_by_text("Delphi consensus 2022")).to_be_visible()
    shot(doctor, "settings-signed")
    accessible(doctor)
    # The job of the server decides anew about everybody; the page says how far it is, until it is done.
    expect(doctor.locator("#progress progress")).to_have_count(0, timeout=60_000)
    left = site.run(
        "from isocourse.care.deciding import outdated\nfrom isocourse.store.models import Clinic, StoredDecision\n"
        "clinic = Clinic.objects.get()\n"
        "print(outdated(clinic).count(), StoredDecision.objects.filter(trigger='edition').exists())"
    )
    assert left == "0 True"
    doctor.goto(f"{site.url}/settings/history")
    expect(doctor.get_by_role("row").filter(has_text="The schedule of a patient without risk")).to_contain_text(
        "Robin Hale"
    )
    accessible(doctor)

    page.goto(f"{site.url}/administration/audit")
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_text(re.compile("Verified at .* none changed or missing"))).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="signed a setting")).to_contain_text("Robin Hale")
    shot(page, "audit-verified")
    accessible(page)
    page.get_by_label("Act").select_option(label="proposed a setting")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    assert "propose_setting" in Path(download.value.path()).read_text()


PAGES: dict[str, Callable[[Site], str]] = {
    "people": lambda site: "/administration",
    "person": lambda site: f"/administration/people/{site.run(WHO.format(name='nurse'))}",
    "person-new": lambda site: "/administration/people/new",
    "audit": lambda site: "/administration/audit",
    "looks": lambda site: "/administration/looks",
    "settings": lambda site: "/settings",
    "limits": lambda site: "/settings/limits",
    "rules": lambda site: "/settings/rules",
    "limit": lambda site: "/settings/change/value/watched_analytes",
    "letters": lambda site: "/settings/house/letters",
    "products": lambda site: "/settings/house/products",
    "units": lambda site: "/settings/house/units",
    "sign-in": lambda site: "/settings/house/sign-in",
    "password": lambda site: "/account/password/change/",
    "second-factors": lambda site: "/account/second-factor/",
    "reauthenticate": lambda site: "/account/reauthenticate/",
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 768)])
def test_the_pages_are_accessible(site: Site, signed_in: Open, scheme: str, width: int) -> None:
    page = signed_in("admin", color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, address in PAGES.items():
        page.goto(site.url + address(site))
        shot(page, f"{name}-{scheme}-{width}")
        accessible(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} is wider than the window"
    page.goto(site.url + "/settings/limits")
    page.get_by_label("Find").fill("triglycerides")
    expect(page.locator("#found")).to_contain_text("shown")
    expect(page.get_by_text("The form that has to be signed.")).to_be_hidden()
    page.goto(site.url + "/settings/house/letters")
    page.get_by_label("Telephone").fill("555 0199")
    expect(page.locator("#letter")).to_contain_text("Telephone 555 0199")
