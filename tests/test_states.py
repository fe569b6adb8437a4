"""Every state of the page: pictured, for people to look at, and audited by axe-core.

axe's rules are those of WCAG 2.2 AA and of best practice. The pictures lie in tests/output;
desktop-light-number.png is the README's.
"""

import numpy as np
import pytest
from browser import (
    CROSS,
    DEVICES,
    OUTPUT,
    button,
    cross,
    draw_on,
    draw_strokes,
    error,
    guess,
    upload,
    violations,
    write_on,
)
from conftest import encode
from playwright.sync_api import expect
from strokes import draw, write


def see_digit(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")


def see_number(page):
    write_on(page, "94301")
    expect(page.locator("#boxes .box")).to_have_count(5)


def see_doubt(page):
    upload(page, encode(np.hstack([draw(3), np.full((280, 280), 255, np.uint8), cross()])))
    expect(page.locator("#words")).to_contain_text("not sure")


def see_no_digit(page):
    draw_strokes(page, CROSS)
    expect(page.locator("#words")).to_contain_text("not look like")


def see_error(page):
    upload(page, b"no picture at all")
    expect(error(page)).to_be_visible()


def see_dialog(page):
    button(page, "Camera").click()
    expect(page.get_by_role("dialog").locator("output")).to_contain_text("5")


def see_all(page):
    """Everything that can be opened, and the record."""
    draw_on(page, 8)
    expect(guess(page)).to_have_value("8")
    page.locator("#steps summary").click()
    page.locator("#looked summary").click()
    expect(page.locator("#heat img")).to_be_visible()
    expect(page.locator("#way [data-step=digit] img")).to_be_visible()
    expect(page.locator("#record li")).to_have_count(1)


STATES = {
    "empty": lambda page: None,
    "digit": see_digit,
    "number": see_number,
    "unsure": see_doubt,
    "no-digit": see_no_digit,
    "error": see_error,
    "dialog": see_dialog,
    "all": see_all,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, device, scheme, state):
    page = open_page(**DEVICES[device], color_scheme=scheme, bypass_csp=True)
    STATES[state](page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)  # the bars ease to their length
    OUTPUT.mkdir(exist_ok=True)
    whole = device == "phone" and state != "dialog"
    page.screenshot(path=OUTPUT / f"{device}-{scheme}-{state}.png", full_page=whole)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(("width", "text"), [(1280, "200%"), (320, "100%"), (320, "200%")])
def test_large_text_and_narrow_windows_cut_nothing_off(open_page, width, text):
    """Text of 200 %, and 1280 pixels zoomed to 400 %: 320 of CSS (WCAG 1.4.4 and 1.4.10); both."""
    page = open_page(viewport={"width": width, "height": 800})
    page.evaluate("text => document.documentElement.style.fontSize = text", text)
    see_number(page)
    expect(page.locator("#record li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = page.evaluate("""() => {
        const { right } = document.querySelector(".answer").getBoundingClientRect();
        return [...document.querySelectorAll(".answer :is(p, button, li, figcaption, summary)")]
            .filter((each) => each.checkVisibility() && !each.matches(".visually-hidden"))
            .filter((each) => each.getBoundingClientRect().right > right)
            .map((each) => each.outerHTML);
    }""")
    assert outside == []
    small = page.evaluate("""() => [...document.querySelectorAll("button, select, summary, label")]
        .filter((each) => each.checkVisibility())
        .filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < 44)
        .map((each) => each.outerHTML)""")
    assert small == []


def test_on_a_short_phone_the_answer_is_seen_without_scrolling(open_page):
    page = open_page(viewport={"width": 375, "height": 553}, has_touch=True)
    see_digit(page)
    expect(page.locator("#words")).to_be_in_viewport(ratio=1)


def test_what_is_printed_is_the_picture_and_the_answer(open_page):
    page = open_page(viewport={"width": 700, "height": 900})
    see_digit(page)
    expect(page.locator("#looked")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#looked")).to_be_hidden()  # it is closed
    expect(page.locator("#words")).to_be_visible()
    expect(page.locator("#pad canvas")).to_be_visible()
    for each in page.get_by_role("button").all():
        expect(each).to_be_hidden()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_number_and_its_answer_are_printed_on_one_sheet(page, paper):
    write_on(page, "94301")
    expect(page.locator("#words")).to_have_text("This is 94301.")
    edge = dict.fromkeys(("top", "bottom", "left", "right"), "13mm")
    assert page.pdf(format=paper, margin=edge).count(b"/Type /Page\n") == 1


def test_a_page_of_numbers_is_printed_whole(open_page):
    page = open_page(viewport={"width": 1000, "height": 900})
    upload(page, encode(np.vstack([write(2 * "352417", 60)] * 12)))
    expect(page.locator("#boxes .box")).to_have_count(144)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 600, "height": 900})  # of the paper
    assert page.evaluate("""() => {
        const { scrollHeight, clientHeight } = document.querySelector(".rows");
        return scrollHeight <= clientHeight;
    }""")
    pad, boxes = page.locator("#pad").bounding_box(), page.locator("#boxes .box")
    for place, shares in ((0, (0, 0)), (143, (1, 1))):  # the corners of the writing
        box = boxes.nth(place).bounding_box()
        for side, length, share in zip("xy", ("width", "height"), shares, strict=True):
            at = (box[side] + share * box[length] - pad[side]) / pad[length]
            assert abs(at - share) < 0.15
    for words in ("You can also drop", "Type over what is wrong"):
        expect(page.get_by_text(words)).to_be_hidden()


def test_an_error_has_an_edge_where_colours_are_forced(open_page):
    page = open_page(**DEVICES["desktop"], forced_colors="active")
    see_error(page)
    page.screenshot(path=OUTPUT / "desktop-forced-error.png")
    edge = "each => getComputedStyle(each).border"
    assert error(page).evaluate(edge) == "1px solid rgb(0, 0, 0)"


@pytest.mark.parametrize("device", DEVICES)
def test_a_page_that_a_script_did_not_come_to_says_so_first(open_page, device):
    page = open_page(**DEVICES[device])
    top = page.locator("main").bounding_box()["y"]
    page.route("**/js/ease.js", lambda route: route.abort())
    page.reload()
    told = page.get_by_text("The page did not load completely. Reload it.")
    expect(told).to_be_hidden()
    assert page.locator("main").bounding_box()["y"] == top
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")  # 10 s
    expect(told).to_be_in_viewport()
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{device}-light-lost.png")
    page.unroute("**/js/ease.js")
    page.reload()
    expect(page.locator("#examples li")).to_have_count(5)
    expect(told).to_have_count(0)


def test_without_scripts_the_page_says_so_first_and_a_picture_is_still_read(open_page):
    page = open_page(**DEVICES["phone"], java_script_enabled=False)
    expect(page.get_by_text("Drawing needs JavaScript.")).to_be_in_viewport()
    expect(page.locator("main")).to_be_hidden()
    picture = {"name": "5.png", "mimeType": "image/png", "buffer": encode(draw(5))}
    page.get_by_label("Picture", exact=True).set_input_files(picture)
    button(page, "Read it").click()
    expect(page.locator("body")).to_contain_text('"number":"5"')
