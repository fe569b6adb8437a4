"""The page in a real browser, against the real server with the real network."""

import base64
import csv
import json
import re
import time
import urllib.request
from pathlib import Path

import cv2
import numpy as np
import pytest
from browser import (
    CROSS,
    DESKTOP,
    OUTPUT,
    PHONE,
    as_png,
    button,
    cells,
    clipboard,
    cross,
    draw_on,
    draw_strokes,
    error,
    expect_pixels,
    guess,
    nothing,
    photographed_page,
    pixels,
    shares,
    upload,
    write_on,
)
from conftest import encode
from playwright.sync_api import expect
from strokes import DIGITS, arc, draw, stacked, write

from train.server import running


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawn_digit_is_read(page, digit):
    draw_on(page, digit)
    expect(guess(page)).to_have_value(str(digit))
    expect(page.locator("#words")).to_contain_text(str(digit))


def test_ten_bars_and_the_top_three(page):
    draw_on(page, 7)
    bars = page.locator("#bars li")
    expect(bars).to_have_count(10)
    expect(bars.nth(7)).to_have_class("likeliest")
    assert 99 <= sum(shares(page)) <= 100
    expect(page.locator("#top li")).to_have_count(3)
    expect(page.locator("#top li").first).to_contain_text("7: ")
    seen = page.locator("#seen img")
    expect(seen).to_be_visible()
    assert seen.evaluate("image => image.decode().then(() => image.naturalWidth)") == 28


def test_what_is_no_digit_is_said_to_be_none(page):
    draw_strokes(page, CROSS)
    expect(page.locator("#words")).to_contain_text("That does not look like a digit.")
    expect(guess(page)).to_have_value("?")
    assert max(shares(page)) < 50  # however sure it is which digit it would be
    expect(page.locator("#bars .likeliest")).to_have_count(0)


def test_doubt_is_said_and_the_bars_say_the_same(page):
    """Of a digit with a cross some way off."""
    blank = np.full((280, 280), 255, np.uint8)
    picture = np.hstack([draw(3), blank, cross()])
    upload(page, encode(picture))
    expect(page.locator("#words")).to_contain_text("not sure")
    expect(guess(page)).to_have_class("doubtful")
    highest = max(shares(page))
    assert 25 < highest <= 50  # even odds at best, of one among two
    top = page.locator("#top li").first.inner_text()
    assert float(top.partition(": ")[2].rstrip("%")) == highest


def test_one_digit_is_corrected_in_place(page):
    draw_on(page, 3)
    expect(page.get_by_text("Wrong? Type over it.")).to_be_visible()
    guess(page).click()
    page.keyboard.type("8")
    expect(guess(page)).to_have_value("8")
    expect(page.locator("#words")).to_have_text("This is an 8.")
    expect(page.get_by_role("button", name="Open 8 again")).to_contain_text("8 · 100%")
    page.keyboard.press("Control+z")
    expect(guess(page)).to_have_value("3")
    page.keyboard.type("9")
    expect(page.locator("#words")).to_have_text("This is a 9.")
    page.keyboard.press("Backspace")  # takes that back as well
    expect(guess(page)).to_have_value("3")
    page.keyboard.press("Backspace")
    expect(guess(page)).to_have_value("3")  # the last one cannot be left out
    expect(page.locator("#words")).to_have_text("This is a 3.")


def test_one_types_on_in_the_last_cell(page):
    write_on(page, "472")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    cells(page).nth(0).click()
    page.keyboard.type("888888")
    assert number_of(page) == "888888"
    page.keyboard.type("8")  # no more than a cell takes
    assert number_of(page) == "888888"
    expect(page.locator("#correct-help")).to_have_text(
        "Only digits and signs go here, at most 4 in one box."
    )
    said = "Only digits and signs go here, at most 4 in one box. This is 888888."
    expect(page.locator("#announcement")).to_have_text(said)
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.type("99")
    assert number_of(page) == "88899"
    expect(page.locator("#correct-help")).to_contain_text("Type over what is wrong")
    cells(page).nth(0).click()
    page.keyboard.type("a")
    expect(page.locator("#correct-help")).to_have_text(
        "Only digits and signs go here, at most 4 in one box."
    )


def test_what_is_refused_moves_nothing_below(page):
    write_on(page, "472")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    copy = button(page, "Copy").bounding_box()
    cells(page).nth(2).click()
    page.keyboard.type("a")
    expect(page.locator("#correct-help")).to_contain_text("Only digits and signs go here")
    assert button(page, "Copy").bounding_box() == copy


@pytest.mark.parametrize("device", [DESKTOP, PHONE])
@pytest.mark.parametrize("number", ["5", "50"])
def test_no_sign_is_cut_off_in_its_cell(open_page, device, number):
    page = open_page(**device)
    percent = [arc(0.28, 0.32, 0.1, 0.1, 0, 360), [(0.8, 0.1), (0.2, 0.9)]]
    percent.append(arc(0.72, 0.7, 0.1, 0.1, 0, 360))
    sheet = np.pad(write(number, 160), ((20, 20), (0, 140)), constant_values=255)
    for stroke in percent:
        points = np.array(stroke) * (120, 160) + (sheet.shape[1] - 170, 25)
        cv2.polylines(sheet, [points.round().astype(int)], False, 0, 9)
    upload(page, encode(sheet))
    expect(page.locator("#words")).to_contain_text(f"{number}%")
    cut_off = page.evaluate("""() => [...document.querySelectorAll("#number input")]
        .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.value)""")
    assert cut_off == []


def test_an_answer_to_what_lay_there_a_while_ago_is_shown_to_be_one(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    answer = page.locator("#answer")
    page.route("**/predict*", lambda _: None)  # no answer
    draw_strokes(page, [[(1.3, 0.2), (1.3, 0.8)]])
    expect(answer).to_have_class("answer old")
    page.unroute("**/predict*")
    expect(page.locator("#words")).to_contain_text("31")
    expect(answer).to_have_class("answer")


def test_an_answer_that_is_late_itself_does_not_make_the_page_blink(page):
    page.evaluate("""() => {
        const answer = document.querySelector("#answer");
        window.seen = [answer.className];
        new MutationObserver(() => {
            if (answer.className !== seen.at(-1)) seen.push(answer.className);
        }).observe(answer, { attributeFilter: ["class"] });
    }""")
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 2500, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    for x in (-0.2, 0.1, 0.4, 0.7, 1.0):
        draw_strokes(page, [[(x, 0.2), (x, 0.8)]])
        page.wait_for_timeout(300)
    expect(page.locator("#words")).to_contain_text("11111", timeout=20_000)
    expect(page.locator("#answer")).to_have_class("answer")
    assert page.evaluate("seen") == ["answer", "answer old", "answer"]


def test_of_what_was_corrected_only_the_bars_tell_what_was_read(page):
    draw_on(page, 7)
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    expect(page.locator("#top li")).to_have_count(3)
    guess(page).press("1")
    expect(page.locator("#words")).to_have_text("This is a 1.")
    expect(page.locator("#top")).to_be_hidden()
    expect(page.locator("#which")).to_have_text("As the network read it")
    expect(page.locator("#bars .likeliest b")).to_have_text("7")
    guess(page).press("Backspace")
    expect(page.locator("#top li")).to_have_count(3)
    expect(page.locator("#which")).to_have_text("")


def test_one_digit_of_a_photo_is_corrected_by_mouse(page):
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#number li")).to_have_text("")  # nothing but the cell
    guess(page).click()
    page.keyboard.type("6")
    expect(page.locator("#words")).to_have_text("This is a 6.")


def test_what_seems_no_digit_can_be_said_to_be_one_or_several(page):
    draw_strokes(page, CROSS)
    guess(page).click()
    page.keyboard.type("4")
    expect(page.locator("#words")).to_have_text("This is a 4.")
    page.keyboard.press("End")
    page.keyboard.type(".5")
    expect(guess(page)).to_have_value("4.5")
    expect(page.locator("#words")).to_have_text("This is 4.5.")


def number_of(page):
    return "".join(cell.input_value() for cell in cells(page).all())


def test_a_number_is_written_corrected_and_copied(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    write_on(page, "94301")
    expect(page.locator("#record li")).to_contain_text(["94301"])  # the last answer has come
    expect(page.locator("#words")).to_have_text("This is 94301.")
    expect(cells(page)).to_have_count(5)
    assert number_of(page) == "94301"
    boxes = page.locator("#boxes .box")
    expect(boxes).to_have_count(5)
    cells(page).nth(1).focus()
    expect(page.locator("#which")).to_have_text("Digit 2 of 5")
    expect(page.locator("#bars li").nth(4)).to_have_class("likeliest")
    box = boxes.nth(2).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#which")).to_have_text("Digit 3 of 5")
    expect(page.locator("#bars li").nth(3)).to_have_class("likeliest")
    cells(page).nth(1).focus()
    page.keyboard.press("ArrowRight")
    expect(cells(page).nth(2)).to_be_focused()
    page.keyboard.press("8")
    expect(cells(page).nth(2)).to_have_value("8")
    expect(boxes.nth(2)).to_have_text("8")
    cells(page).nth(3).focus()
    page.keyboard.press("a")
    expect(cells(page).nth(3)).to_have_value("0")
    page.keyboard.press("Control+Shift+Z")
    expect(cells(page).nth(2)).to_have_value("8")
    page.keyboard.press("Control+z")  # wherever the focus went, and takes no stroke away
    expect(cells(page).nth(2)).to_have_value("3")
    expect(cells(page).nth(2)).to_be_focused()
    page.keyboard.press("8")
    page.locator("#steps summary").click()  # asks again, for the steps
    expect(page.locator("#way [data-step=digit] img")).to_be_visible()
    expect(cells(page).nth(2)).to_have_value("8")
    copy = page.locator("#copy")
    for _ in range(2):
        copy.click()
        expect(copy).to_have_text("Copied")
    assert clipboard(page) == "94801"
    expect(copy).to_have_text("Copy")


def test_one_draws_on_through_the_boxes(page):
    write_on(page, "35")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    box = page.locator("#boxes .box").first
    before = pixels(page)
    found = box.bounding_box()
    page.mouse.move(found["x"] + 3, found["y"] - 6)
    page.mouse.down()
    page.mouse.move(found["x"] + 60, found["y"] - 6, steps=4)
    page.mouse.up()
    page.wait_for_function("before => canvasPixels() !== before", arg=before)


def test_a_box_over_a_picture_leads_to_its_cell(page):
    upload(page, photographed_page(), "page.jpg", "image/jpeg")
    expect(page.locator("#boxes .box")).to_have_count(12)
    page.locator("#boxes .box").nth(4).click()
    expect(cells(page).nth(4)).to_be_focused()
    expect(page.locator("#pad img")).to_be_visible()


def test_the_number_is_copied_where_the_browser_has_no_clipboard_for_it(open_page):
    """As on a page that came without https."""
    page = open_page(**DESKTOP)
    write_on(page, "35")
    expect(cells(page)).to_have_count(2)
    page.evaluate("""() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
    }""")
    button(page, "Copy").click()
    expect(button(page, "Copied")).to_be_visible()
    assert clipboard(page) == "35"


def rectangles(elements):
    """Where they are, all at one moment: a new answer lays them anew."""
    return elements.evaluate_all("all => all.map((each) => each.getBoundingClientRect().toJSON())")


def test_the_boxes_lie_over_their_digits(page):
    write_on(page, "94301")
    expect(page.locator("#record li")).to_contain_text(["94301"])  # the last answer has come
    pad = page.locator("#pad canvas").bounding_box()
    for place, found in enumerate(rectangles(page.locator("#boxes .box"))):
        middle = found["x"] + found["width"] / 2 - pad["x"]
        assert abs(middle - (place + 0.5) * pad["width"] / 5) < 0.06 * pad["width"]
        assert 0.2 < found["height"] / pad["height"] < 0.9


def sure_of_rows(page):
    """What stands beside each row, in percent."""
    texts = page.locator("#number li").evaluate_all(
        "rows => rows.map((row) => getComputedStyle(row, '::after').content)"
    )
    return [float(text.strip('"').removesuffix("%")) for text in texts]


def picture_with_a_wave():
    """37?5: what stands between its digits is none."""
    wave = np.full((280, 280), 255, np.uint8)
    cv2.polylines(wave, [np.array([(90, 150), (120, 120), (160, 170), (190, 140)])], False, 0, 17)
    return encode(np.hstack([draw(3), draw(7), wave, draw(5)]))


def test_a_row_tells_how_sure_it_is_and_what_was_corrected_is(page):
    upload(page, picture_with_a_wave())
    expect(cells(page)).to_have_count(4)
    (before,) = sure_of_rows(page)
    assert before < 50
    cells(page).nth(2).focus()
    page.keyboard.press("0")
    (after,) = sure_of_rows(page)
    assert after > 90


def test_a_mark_that_is_no_digit_is_left_out_and_taken_back(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    upload(page, picture_with_a_wave())
    expect(cells(page)).to_have_count(4)
    words, wave = page.locator("#words"), cells(page).nth(2)
    expect(words).to_contain_text("37?5")
    wave.press("Backspace")
    expect(words).to_have_text("This is 375.")
    expect(wave).to_have_attribute("aria-label", "Digit 3 of 4, row 1, left out")
    expect(page.locator("#boxes .box").nth(2)).to_have_class(re.compile("left-out"))
    (sure,) = sure_of_rows(page)
    assert sure > 90
    expect(page.locator("#record li")).to_contain_text([f"375 · {sure:.0f}%"])
    button(page, "Copy").click()
    expect(button(page, "Copied")).to_be_visible()
    assert clipboard(page) == "375"
    wave.press("Delete")
    expect(words).to_contain_text("37?5")
    for cell in cells(page).all():
        cell.press("Backspace")
    expect(words).to_have_text("This is a 5.")  # the last is not left out


def test_a_row_that_is_left_out_is_as_sure_as_nothing(page):
    upload(page, encode(np.vstack([write("71"), write("35")])))
    expect(cells(page)).to_have_count(4)
    for cell in cells(page).all()[:2]:
        cell.press("Backspace")
    expect(page.locator("#words")).to_have_text("This is 35.")
    first, second = page.locator("#number li").all()
    expect(first).to_have_attribute("data-sure", "")
    expect(second).to_have_attribute("data-sure", re.compile(r"\d+%"))


def amount():
    """12.50"""
    sheet = write("1250", 160, spacing=0.9)
    return encode(cv2.circle(sheet, (348, 140), 7, 0, -1))


def test_a_sign_is_corrected_left_out_and_typed_past(open_page):
    page = open_page(**DESKTOP)
    upload(page, amount())
    words, point = page.locator("#words"), cells(page).nth(2)
    expect(words).to_have_text("This is 12.50.")
    expect(point).to_have_attribute("aria-label", "Sign ., row 1")
    expect(page.locator("#boxes .box")).to_have_count(4)
    cells(page).nth(3).focus()
    expect(page.locator("#which")).to_have_text("Digit 3 of 4")
    point.press(",")
    expect(words).to_have_text("This is 12,50.")
    expect(point).to_have_attribute("aria-label", "Sign ., row 1, corrected")
    expect(page.locator("#record li")).to_contain_text(["12,50"])
    page.reload()
    expect(words).to_have_text("This is 12,50.")
    point.press("Backspace")
    expect(words).to_have_text("This is 12.50.")
    point.press("Backspace")
    expect(words).to_have_text("This is 1250.")
    cells(page).nth(0).focus()
    page.keyboard.type("1375")
    expect(words).to_have_text("This is 1375.")
    cells(page).nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(words).to_have_text("This is 13.75.")
    for typed, shown in {"20.48": "20.48", "31,59": "31,59", "46.07": "46.07"}.items():
        cells(page).nth(0).focus()
        page.keyboard.type(typed)  # the point or comma stands there already
        expect(words).to_have_text(f"This is {shown}.")
    point.press("Backspace")
    expect(words).to_have_text("This is 4607.")
    cells(page).nth(0).focus()
    page.keyboard.type("46.07")
    expect(words).to_have_text("This is 46.07.")


def test_a_correction_is_not_another_sign_s(page):
    write_on(page, "  3-5")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    expect(page.locator("#words")).to_have_text("This is 3-5.")
    cells(page).nth(1).press("+")
    expect(page.locator("#words")).to_have_text("This is 3+5.")
    write_on(page, "2-   ")
    expect(page.locator("#words")).to_have_text("This is 2-3+5.")


def test_where_a_sign_is_chosen_the_nearest_digit_is_shown(page):
    write_on(page, "-12")
    expect(page.locator("#words")).to_have_text("This is -12.")
    expect(page.locator("#which")).to_have_text("Digit 1 of 2")
    expect(page.locator("#boxes .box").first).to_have_class("box chosen")
    expect(page.locator("#bars li").nth(1)).to_have_class("likeliest")
    cells(page).nth(2).focus()
    expect(page.locator("#which")).to_have_text("Digit 2 of 2")
    cells(page).nth(0).focus()
    page.locator("#steps summary").click()  # asks again, for the steps
    expect(page.locator("#way [data-step=digit] img")).to_be_visible()
    expect(page.locator("#which")).to_have_text("Digit 1 of 2")


def unsure_share():
    """7%, the 7 so much aslant that it looks like a 1."""
    turn = cv2.getRotationMatrix2D((100, 100), 30, 0.9)
    seven = cv2.warpAffine(draw(7, 200), turn, (200, 200), borderValue=255)
    sheet = cv2.copyMakeBorder(seven, 20, 20, 20, 160, cv2.BORDER_CONSTANT, value=255)
    height, width = sheet.shape
    cv2.line(sheet, (width - 60, 60), (width - 115, height - 60), 0, 10)
    cv2.circle(sheet, (width - 110, 75), 14, 0, 8)
    return encode(cv2.circle(sheet, (width - 62, height - 75), 14, 0, 8))


def test_a_sign_beside_one_doubtful_digit_is_left_out(page):
    upload(page, unsure_share())
    expect(page.locator("#words")).to_have_text("This may be 1%, but I am not sure.")
    cells(page).nth(1).press("Backspace")
    expect(page.locator("#words")).to_have_text("This may be 1, but I am not sure.")
    expect(page.locator("#record li")).to_contain_text(["1 · "])
    said, row = page.locator(".said").bounding_box(), page.locator("#number").bounding_box()
    assert row["x"] + row["width"] <= said["x"]
    for cell in cells(page).all():
        assert cell.bounding_box()["x"] + cell.bounding_box()["width"] <= said["x"]


def test_a_missing_digit_or_sign_is_put_beside_another(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    write_on(page, "350")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    expect(cells(page)).to_have_count(3)
    first, second, third = cells(page).all()
    second.click()
    page.keyboard.type("7")  # all of it is chosen at first
    expect(second).to_have_value("7")
    width = second.bounding_box()["width"]
    first.dblclick(position={"x": 2, "y": 20})
    page.keyboard.type("-4")
    expect(first).to_have_value("-43")
    second.click()
    second.click(position={"x": width - 3, "y": 20})
    page.keyboard.type("a1.234")  # no more than it holds, and no letters
    expect(second).to_have_value("71.2")
    assert second.bounding_box()["width"] > 1.5 * width
    third.press("End")
    page.keyboard.type("%")
    expect(page.locator("#words")).to_have_text("This is -4371.20%.")
    expect(page.locator("#boxes .box").nth(0)).to_have_text("-43")
    button(page, "Copy").click()
    expect(button(page, "Copied")).to_be_visible()
    assert clipboard(page) == "-4371.20%"
    third.press("End")
    page.keyboard.press("Backspace")
    expect(third).to_have_value("0")
    second.focus()
    page.keyboard.press("Backspace")
    expect(second).to_have_value("5")
    expect(page.locator("#record li")).to_contain_text(["-4350"])
    page.reload()
    expect(page.locator("#words")).to_have_text("This is -4350.")


def test_what_is_typed_takes_the_place_of_what_is_chosen_and_else_goes_to_the_caret(page):
    write_on(page, "352")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    first, second, third = cells(page).all()
    first.click()
    page.keyboard.type("8")  # and the next one is chosen
    second.click()
    page.keyboard.type("9")
    assert number_of(page) == "892"
    page.keyboard.press("ArrowRight")  # there is no other
    page.keyboard.type("4")
    assert number_of(page) == "894"
    second.press("Home")
    page.keyboard.press("Backspace")
    expect(second).to_have_value("5")  # taken back
    page.keyboard.press("Home")
    page.keyboard.type("ax1")
    expect(second).to_have_value("×15")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(third).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("6")
    assert number_of(page) == "864"


def test_a_click_chooses_what_is_in_a_cell_also_where_the_mouse_puts_the_caret_late(page):
    # As WebKit does when the mouse is let go of what is chosen: after the click.
    page.evaluate("""() => addEventListener("mouseup", ({ target, defaultPrevented }) => {
        const late = () => target.setSelectionRange(1, 1);
        if (target.matches("input") && !defaultPrevented) setTimeout(late);
    })""")
    write_on(page, "352")
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    cells(page).nth(1).click()
    page.wait_for_timeout(50)
    page.keyboard.type("8")
    assert number_of(page) == "382"


def test_who_corrects_goes_on_where_they_were_when_an_answer_comes(page):
    write_on(page, "352")
    expect(page.locator("#record li")).to_have_count(1)
    cells(page).nth(1).click()
    page.keyboard.type("8")
    page.locator("#steps").evaluate("(steps) => (steps.open = true)")  # which are asked for
    expect(page.locator("#steps img").nth(3)).to_be_visible()
    page.keyboard.type("9")
    assert number_of(page) == "389"


def test_rows_are_crossed_by_keyboard_and_what_is_corrected_in_one_is_read_out(page):
    upload(page, photographed_page(), "page.jpg", "image/jpeg")
    expect(page.locator("#number li")).to_have_count(3)
    rows = page.locator("#number li")
    rows.nth(0).locator("input").nth(2).focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator("input").nth(2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # there is no other
    expect(rows.nth(2).locator("input").nth(2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("9")
    expect(page.locator("#announcement")).to_have_text("Row 2: 749")
    for place in (2, 2, 1, 0):  # the correction first
        rows.nth(1).locator("input").nth(place).press("Backspace")
    expect(page.locator("#announcement")).to_have_text("Row 2: left out")


def test_one_digit_that_became_a_number_may_be_copied(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    draw_on(page, 7)
    expect(page.locator("#record li")).to_have_count(1)
    expect(page.locator("#copy")).to_be_hidden()
    guess(page).press("End")
    page.keyboard.type("51")
    expect(page.locator("#words")).to_have_text("This is 751.")
    page.locator("#answer").screenshot(path=OUTPUT / "one-became-three.png")
    button(page, "Copy").click()
    expect(page.locator("#copy")).to_have_text("Copied")
    assert clipboard(page) == "751"


def test_a_page_of_numbers_is_downloaded_as_a_table(page):
    upload(page, photographed_page(), "page.jpg", "image/jpeg")
    expect(page.locator("#words")).to_have_text("These are 3 numbers.")
    expect(page.locator("#number li")).to_have_count(3)
    page.locator("#number li").nth(1).locator("input").first.press("8")
    with page.expect_download() as download:
        page.locator("#csv").click()
    assert download.value.suggested_filename == "numbers.csv"
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "\ufeffrow,number,confidence"  # Excel reads UTF-8 by that mark alone
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["1", "3052"],
        ["2", "841"],
        ["3", "90275"],
    ]
    sure = [float(line.split(",")[2]) for line in lines[1:]]
    assert sure_of_rows(page) == pytest.approx([100 * share for share in sure], abs=1.01)
    picture = page.locator("#pad img").bounding_box()
    for found in rectangles(page.locator("#boxes .box")):
        assert picture["x"] <= found["x"] < picture["x"] + picture["width"]
        assert picture["y"] <= found["y"] < picture["y"] + picture["height"]


def test_small_rows_of_a_picture_are_shown_again_and_say_the_same(page, server):
    dash = cv2.line(np.full((80, 36), 255, np.uint8), (8, 42), (36, 42), 0, 6)
    rows = {
        "352417": write("352417", 60),
        "-943": np.hstack([dash, write("943", 60)]),
        "7": write("7", 60),
        "28-15": np.hstack([write("28", 60), dash, write("15", 60)]),
    }
    numbers = list(rows) * 3
    upload(page, encode(stacked(*(np.pad(rows[n], 9, constant_values=255) for n in numbers))))
    expect(page.locator("#number canvas")).to_have_count(12)
    rows = page.locator("#number ol")
    assert rows.evaluate("rows => rows.scrollHeight > rows.clientHeight")
    assert "gradient" in rows.evaluate("rows => getComputedStyle(rows).maskImage")  # it goes on
    for place in range(4):
        url = page.locator("#number canvas").nth(place).evaluate("each => each.toDataURL()")
        row = np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8)
        row = cv2.imdecode(row, cv2.IMREAD_GRAYSCALE)
        row = np.pad(row, 20, constant_values=255)  # as one more looks at it: not cut out close
        with urllib.request.urlopen(f"{server.url}/predict", encode(row)) as response:
            assert json.load(response)["number"] == numbers[place]
    with page.expect_download() as download:
        button(page, "Download as CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()[1:]
    assert [number for _, number, _ in csv.reader(lines)] == numbers
    upload(page, photographed_page())  # whose writing is large
    expect(cells(page)).to_have_count(12)
    expect(page.locator("#number canvas")).to_have_count(0)


def test_a_phone_scrolls_the_page_and_no_list_in_it(open_page):
    page = open_page(**PHONE)
    rows = [np.pad(write("71", 60), ((9, 9), (0, 0)), constant_values=255)] * 12
    upload(page, encode(np.vstack(rows)))
    expect(page.locator("#number li")).to_have_count(12)
    assert page.locator("#number ol").evaluate("rows => rows.scrollHeight <= rows.clientHeight")


def test_a_long_number_stays_on_one_line_of_a_phone(open_page):
    page = open_page(**PHONE)
    number = np.pad(write("25370294"), 20, constant_values=255)
    upload(page, encode(number), "number.png", "image/png")
    expect(cells(page)).to_have_count(8)
    assert len({cell.bounding_box()["y"] for cell in cells(page).all()}) == 1


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_whatever_the_answer_the_pad_keeps_its_size(open_page, size):
    page = open_page(**PHONE)
    page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
    width = page.locator("#pad").bounding_box()["width"]
    upload(page, encode(write(36 * "3", 60)))
    expect(cells(page)).to_have_count(36)
    assert page.locator("#pad").bounding_box()["width"] == width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_box_s_label_is_seen_at_the_pad_s_edge_and_hides_no_small_writing(page):
    draw_strokes(page, [[(x - 0.5, y - 0.15) for x, y in stroke] for stroke in DIGITS[4]])
    draw_strokes(page, [[(x + 0.5, y - 0.15) for x, y in stroke] for stroke in DIGITS[7]])
    expect(page.locator("#record li")).to_have_count(1)  # the last answer has come
    top = page.locator("#pad").bounding_box()["y"]
    for label in rectangles(page.locator("#boxes b")):
        assert label["top"] >= top
        assert label["height"] > 12
    button(page, "Clear").click()
    upload(page, encode(np.vstack([write("352417", 24)] * 30)))
    expect(page.locator("#boxes .box")).to_have_count(180)
    expect(page.locator("#record li")).to_have_count(2)
    shown = [label["height"] > 9 for label in rectangles(page.locator("#boxes b"))]
    assert sum(shown) == 1  # of the chosen one


def test_boxes_and_cells_go_with_the_number(page):
    write_on(page, "35")
    expect(cells(page)).to_have_count(2)
    button(page, "Clear").click()
    expect(page.locator("#number")).to_be_hidden()
    expect(page.locator("#boxes .box")).to_have_count(0)
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    expect(page.locator("#boxes .box")).to_have_count(0)
    expect(button(page, "Copy")).to_be_hidden()


def test_the_way_to_the_answer_is_shown_on_request(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    way = page.locator("#way figure")
    expect(way.first).to_be_hidden()
    page.locator("#steps summary").click()
    for step in ("grey", "even", "ink", "digit"):
        picture = page.locator(f"#way [data-step={step}] img")
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 20
    page.locator("#clear").click()
    expect(way.first).to_be_hidden()


def test_the_answer_follows_the_drawing_before_the_pen_is_lifted(page):
    box = page.locator("#pad canvas").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=20)
    expect(guess(page)).to_have_value("1")


def test_undo_and_clear(page):
    undo, clear = (button(page, name) for name in ("Undo", "Clear"))
    expect(undo).to_be_disabled()
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    alone = pixels(page)
    draw_on(page, 0)
    undo.click()
    expect(guess(page)).to_have_value("1")
    expect_pixels(page, alone)
    clear.click()
    expect(nothing(page)).to_be_visible()
    expect(page.locator("#bars .share").first).to_have_text("")
    expect(clear).to_be_disabled()


def test_the_answer_changes_while_the_pen_moves(page):
    """Answers to a growing drawing are shown, though a newer one waits already."""
    page.evaluate("""() => {
        window.guesses = new Set();
        const number = document.querySelector("#number");
        const look = () => guesses.add(number.querySelector("input").value);
        new MutationObserver(look).observe(number, { childList: true, subtree: true });
    }""")
    page.evaluate("""async () => {
        const canvas = document.querySelector("#pad canvas");
        const { left, top, width, height } = canvas.getBoundingClientRect();
        canvas.setPointerCapture = () => {};
        const send = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {
            pointerId: 1,
            clientX: left + width / 2 + (x - 0.5) * height,
            clientY: top + y * height,
        }));
        send("pointerdown", 0.3, 0.2);
        for (let i = 0; i < 120; i++) {
            const across = Math.min(1, i / 40), down = Math.max(0, i - 40) / 80;
            send("pointermove", 0.3 + 0.4 * across, 0.2 + 0.6 * down);
            await new Promise(requestAnimationFrame);
        }
        window.guessesWhileDrawing = guesses.size;
        send("pointerup", 0.7, 0.8);
    }""")
    assert page.evaluate("guessesWhileDrawing") >= 1
    expect(guess(page)).to_have_value("7")


@pytest.mark.parametrize("gesture", ["Control+z", "Delete"])
def test_undo_and_clear_while_a_stroke_is_drawn_take_it_whole(page, gesture):
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    before = pixels(page)
    box = page.locator("#pad canvas").bounding_box()
    page.locator("#pad canvas").focus()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 200, steps=4)
    page.keyboard.press(gesture)
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=4)  # the pen is down still
    page.mouse.up()
    if gesture == "Delete":
        expect(nothing(page)).to_be_visible()
    else:
        expect_pixels(page, before)
        expect(guess(page)).to_have_value("1")


def test_undo_by_keyboard(page):
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    page.keyboard.press("Control+z")
    expect(nothing(page)).to_be_visible()


LISTEN = """() => {
  const spoken = document.querySelector("#announcement");
  window.heard = [];
  new MutationObserver(() => heard.push(spoken.textContent)).observe(spoken, { childList: true });
}"""


def test_what_is_clicked_after_the_keyboard_drew_is_hit(page):
    canvas = page.locator("#pad canvas")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(canvas).to_be_focused()
    expect(page.locator("#pad-help")).to_be_in_viewport()
    for key in ("Space", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(button(page, "Undo")).to_be_enabled()
    button(page, "Undo").click()
    expect(button(page, "Redo")).to_be_enabled()


def test_an_error_is_seen_while_the_keyboard_draws(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    upload(page, b"no picture at all")
    page.locator("#pad canvas").focus()
    expect(error(page)).to_be_visible()
    box = error(page).bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.evaluate("document.querySelector('#pad-help').style.pointerEvents = 'auto'")
    seen = page.evaluate("([x, y]) => document.elementFromPoint(x, y).id", middle)
    assert seen == "error"


def test_drawing_by_keyboard_alone(page):
    page.keyboard.press("Tab")
    expect(page.get_by_label("Language")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#pad canvas")).to_be_focused()
    expect(page.locator("#pad .cursor")).to_be_visible()
    expect(page.get_by_text("the arrow keys move the pen")).to_be_in_viewport()
    page.evaluate(LISTEN)
    page.keyboard.press("Space")
    page.wait_for_function("() => heard.includes('Pen down.')")
    for _ in range(15):
        page.keyboard.press("ArrowDown")
    expect(guess(page)).to_have_value("1")
    page.keyboard.press("Delete")
    expect(nothing(page)).to_be_visible()


def test_an_uploaded_picture_is_read_and_the_drawing_is_kept_under_it(page):
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad img")).to_be_visible()
    button(page, "Undo").click()
    expect(page.locator("#pad img")).to_be_hidden()
    expect(guess(page)).to_have_value("1")


def test_the_server_s_refusal_is_shown_in_words(page):
    upload(page, b"no picture at all")
    expect(error(page)).to_contain_text("not a PNG, JPEG, WebP, GIF, BMP or TIFF")
    expect(nothing(page)).to_be_visible()
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    expect(error(page)).to_be_hidden()


@pytest.mark.parametrize("content", [b"", b'{"image": "nothing"}'])
def test_words_are_for_people_not_for_scripts(page, content):
    upload(page, content, "digit.json", "application/json")
    expect(error(page)).to_be_visible()
    assert "JSON" not in error(page).inner_text()


def test_a_picture_that_the_browser_cannot_show_is_read_and_named(page):
    upload(page, encode(draw(5), format="TIFF"), "five.tif", "image/tiff")
    expect(guess(page)).to_have_value("5")
    expect(page.get_by_text("five.tif")).to_be_visible()
    expect(page.locator("#pad img")).to_be_hidden()


def test_a_refusal_in_no_words_is_told_and_not_repeated(page):
    """A proxy in front may answer with a page of its own."""
    asked = []

    def refuse(route):
        asked.append(route)
        route.fulfill(status=413, content_type="text/html", body="<h1>Too large</h1>")

    page.route("**/predict*", refuse)
    upload(page, as_png(5))
    expect(error(page)).to_have_text("This picture is too large. Choose a smaller one.")
    page.wait_for_timeout(2500)
    assert len(asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 413])
def test_a_drawing_that_is_refused_is_not_told_to_be_a_picture(page, status):
    page.route("**/predict*", lambda route: route.fulfill(status=status, body="<h1>No</h1>"))
    draw_on(page, 3)
    expect(error(page)).to_have_text("The server refused to read this.")


@pytest.mark.parametrize(("status", "body"), [(200, {"ok": True}), (408, {}), (425, {})])
def test_what_is_no_answer_to_a_picture_is_told_and_asked_again(page, status, body):
    """A proxy's answer, or another app's that has come in the server's place."""
    page.route("**/predict*", lambda route: route.fulfill(status=status, json=body))
    draw_on(page, 3)
    expect(error(page)).to_contain_text("The server does not answer. Nothing is lost")
    page.unroute("**/predict*")
    expect(guess(page)).to_have_value("3")
    expect(error(page)).to_be_hidden()


def test_a_server_is_left_alone_for_as_long_as_it_wants_to_be(page):
    asked = []

    def rest(route):
        asked.append(time.monotonic())
        route.fulfill(status=503, headers={"Retry-After": "3"}, body="{}")

    page.route("**/predict*", rest, times=1)
    page.on("request", lambda request: asked.append(time.monotonic()))
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    assert asked[-1] - asked[0] >= 3


def test_who_asks_too_often_is_told_and_read_later(page):
    answers = iter([429, 429])

    def hold(route):
        status = next(answers, None)
        route.fulfill(status=status, body="{}") if status else route.continue_()

    page.route("**/predict*", hold)
    upload(page, as_png(5))
    expect(error(page)).to_contain_text("takes no more for the moment")
    expect(guess(page)).to_have_value("5")
    expect(error(page)).to_be_hidden()


def test_a_drawing_does_not_wait_for_an_upload_that_was_put_away(page):
    slow = []

    def hold_files(route):
        if route.request.headers["content-type"] == "application/json":
            route.continue_()
        else:
            slow.append(route)  # never answered

    page.route("**/predict*", hold_files)
    upload(page, as_png(5))
    expect(page.locator("#words")).to_have_text("Reading…")
    button(page, "Clear").click()
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
    assert slow


def test_a_file_over_the_limit_is_refused_before_it_is_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    upload(page, bytes(300_001))
    expect(error(page)).to_contain_text("larger than 0.3 MB")
    assert not [url for url in sent if "predict" in url]


def test_blank_picture(page):
    upload(page, encode(draw(1, ink=255)))
    expect(page.locator("#words")).to_have_text("I see no ink in this picture.")


def test_a_server_that_went_away_is_told_and_the_drawing_is_sent_when_it_is_back(open_page):
    with running(WEB_CONCURRENCY="1") as server:
        page = open_page(server.url)
        port = server.port
        draw_on(page, 7)
        expect(guess(page)).to_have_value("7")
    button(page, "Clear").click()
    draw_on(page, 3)
    expect(error(page)).to_contain_text("Nothing is lost")
    with running(WEB_CONCURRENCY="1", PORT=str(port)):
        expect(guess(page)).to_have_value("3", timeout=30_000)
        expect(error(page)).to_be_hidden()


def test_the_answer_is_announced_once_the_pen_rests(page):
    draw_on(page, 7)
    expect(page.get_by_role("status").filter(has_text="This is a 7.")).to_be_attached()
