"""Every page that somebody can look at, opened in a populated demonstration: axe-core finds nothing, nothing runs out
of the window (also at twice the size, and on a tablet), Tab reaches every control and one sees where it is, the console
is quiet, no other host is asked.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import free_port, run_in, serve, stop
from tests.browser.pages import ELSEWHERE, PAGES

KEYS = "import json\nfrom tests.browser.populate import everything, session_of\n"
# A window of 1280 at twice the size is 640 wide.
LOOKS = (("light", 1280), ("dark", 768), ("light", 640))
# Notes each control that gets the focus, and whether one sees it: an outline or shadow of its own, or of its label.
WATCH = """
() => {
  const every = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]';
  const there = (each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0;
  const rung = (each) => { const s = getComputedStyle(each);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'; };
  window.wanted = () => [...document.querySelectorAll(every)].filter(there);
  window.reached = new Map();
  document.addEventListener('focusin', ({ target }) => window.reached.set(target,
    rung(target) || (target.closest('label') !== null && rung(target.closest('label')))));
  document.activeElement.blur();
  const dates = document.querySelectorAll('input[type=date], input[type=datetime-local]').length;
  return window.wanted().length + 4 * dates + 4;
}
"""
# A group of radio buttons is one stop; whoever is in it goes on with the arrows.
MISSED = """
() => {
  const radios = (each) => each.type === 'radio' ? `${each.form?.id} ${each.name}` : null;
  const groups = new Set([...window.reached.keys()].map(radios).filter(Boolean));
  const told = (each) => each.outerHTML.replace(/\\s+/g, ' ').slice(0, 110);
  const missed = window.wanted().filter((each) => !window.reached.has(each) && !groups.has(radios(each)));
  const unseen = [...window.reached].filter(([, seen]) => !seen).map(([each]) => each);
  return [...missed.slice(0, 3).map((each) => `Tab misses ${told(each)}`),
    ...unseen.slice(0, 3).map((each) => `no focus to be seen on ${told(each)}`)];
}
"""
# Several at a time in one test, so that one server is started for many pages.
SHARES = 2


@pytest.fixture(scope="module")
def populated(
    seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Address, keys and sessions of a server with something of everything."""
    home = tmp_path_factory.mktemp("populated") / "home"
    shutil.copytree(seeded, home)
    keys = json.loads(run_in(home, KEYS + "print(json.dumps(everything()))"))
    who = sorted({shown.who for shown in PAGES.values()} - {""})
    sessions = json.loads(run_in(home, KEYS + f"print(json.dumps({{name: session_of(name) for name in {who}}}))"))
    port = free_port()
    process, _ = serve(home, port)
    yield f"http://127.0.0.1:{port}", keys, sessions
    stop(process)


def faults(page: Any) -> list[str]:
    """What axe-core finds, and whether anything runs out of the window."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in Axe().run(page).response["violations"]]
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return found + ([f"{width[0]} px in a window of {width[1]}"] if width[0] > width[1] else [])


def by_keyboard(page: Any) -> list[str]:
    """Controls that Tab does not reach, and those on which one does not see the focus."""
    for _ in range(page.evaluate(WATCH)):
        page.keyboard.press("Tab")
    return list(page.evaluate(MISSED))


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_clean(
    populated: tuple[str, dict[str, str], dict[str, str]], browser: Browser, share: int
) -> None:
    url, keys, sessions = populated
    wrong: dict[str, list[str]] = {}
    for name, shown in list(PAGES.items())[share::SHARES]:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(30_000)
        if shown.who:
            context.add_cookies([{"name": "sessionid", "value": sessions[shown.who], "url": url}])
        page = context.new_page()
        told: list[str] = []
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.on("request", lambda asked, told=told: told.append(asked.url) if not asked.url.startswith(url) else None)
        page.goto(url + shown.address.format(**keys))
        if shown.steps is not None:
            shown.steps(page)
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            told += [f"{scheme} {width}: {each}" for each in faults(page)]
        told += by_keyboard(page)
        if told := [each for each in told if not each.startswith("data:")]:
            wrong[name] = told
        context.close()
    assert wrong == {}


def test_every_address_is_shown_or_has_a_reason_not_to_be() -> None:
    from isocourse.doors.web.urls import NEEDS
    from tests.clinic.test_access import names

    known = {shown.name for shown in PAGES.values()} | set(ELSEWHERE)
    # An address that is in no table is closed to everybody (doors/web/access.py): some of the sign-in package.
    assert {name for name in names() if name in NEEDS} - known == set()
