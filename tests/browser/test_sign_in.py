"""The way in: each role lands on its page; nothing is shown to whoever is not signed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Site


@pytest.mark.parametrize(
    ("name", "lands"), [("doctor", "/worklist"), ("nurse", "/worklist"), ("admin", "/administration")]
)
def test_each_role_lands_on_its_first_page(site: Site, signed_in: Open, name: str, lands: str) -> None:
    page = signed_in(name)
    expect(page).to_have_url(site.url + lands)
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(site.url + lands)
    expect(page.get_by_label("Password")).to_be_visible()
