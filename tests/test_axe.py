"""Accessibility: axe-core's rules of WCAG 2.2 AA and best practice, in every state of the page."""

from pathlib import Path

import axe_playwright_python
import pytest
from browser import DEVICES, button, guess, upload
from conftest import encode
from playwright.sync_api import expect
from strokes import draw
from test_page import STATES

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def see_dialog(page):
    button(page, "Camera").click()
    expect(page.get_by_role("dialog").locator("output")).to_contain_text("5")


def see_all(page):
    """Everything that can be opened, and the record."""
    upload(page, encode(draw(8)))
    expect(guess(page)).to_have_text("8")
    page.locator("#steps summary").click()
    page.locator("#looked summary").click()
    expect(page.locator("#heat img")).to_be_visible()
    expect(page.locator("#way [data-step=digit] img")).to_be_visible()
    expect(page.locator("#record li")).to_have_count(1)


ALL = STATES | {"dialog": see_dialog, "all": see_all}


@pytest.mark.parametrize("state", ALL)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing(open_page, device, scheme, state):
    page = open_page(**DEVICES[device], color_scheme=scheme, bypass_csp=True)
    ALL[state](page)
    page.wait_for_timeout(300)  # the bars ease to their length
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert len(found["passes"]) > 10
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
