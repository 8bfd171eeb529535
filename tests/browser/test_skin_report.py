"""The page that `isocourse skin` writes, opened from its file: axe-core finds nothing, it asks for nothing, it fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_pages import faults
from tests.cli.test_cli import run
from tests.skin.generated_visits import visit


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of photographs, one of which is none, and a page of two visits."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "a.jpg").write_bytes(visit())
    (folder / "b.jpg").write_bytes(visit(5.0, seed=1))
    (folder / "c.jpg").write_text("no photograph")
    found = {name: folder / f"{name}.html" for name in ("measure", "compare")}
    assert run("skin", "measure", folder / "a.jpg", folder / "c.jpg", "--report", found["measure"]).exit_code == 1
    assert run("skin", "compare", folder / "a.jpg", folder / "b.jpg", "--report", found["compare"]).exit_code == 0
    return found


@pytest.mark.parametrize("name", ["measure", "compare"])
@pytest.mark.parametrize("width", [1280, 640, 375])
def test_the_page_is_clean(pages: dict[str, Path], browser: Browser, name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(pages[name].as_uri())
    pictures = page.locator("img")
    assert pictures.count() >= 4
    assert page.evaluate("[...document.images].every(each => each.complete && each.naturalWidth > 0)")
    assert [url for url in asked if not url.startswith("data:")] == [pages[name].as_uri()]
    assert said == []
    # axe-core is put in as a script, which the page's own policy forbids to everybody.
    bare = context.new_page()
    allowing = "default-src * 'unsafe-eval' 'unsafe-inline'"
    bare.set_content(pages[name].read_text().replace("default-src 'none'", allowing))
    assert faults(bare) == []
    context.close()
