"""What is kept of a reading: the record, a link, a picture, JSON."""

import base64
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from browser import (
    DESKTOP,
    DEVICES,
    as_png,
    button,
    clipboard,
    draw_on,
    draw_strokes,
    entries,
    error,
    guess,
    pixels,
    similar,
    upload,
    write_on,
)
from conftest import encode
from playwright.sync_api import expect
from strokes import DIGITS, draw, write

PREDICT = re.compile(r"/predict\b")  # and not predictor.js, of a page that is loaded again


@pytest.mark.parametrize("device", DEVICES)
def test_readings_are_recorded_opened_again_and_deleted(open_page, device):
    page = open_page(**DEVICES[device])
    expect(page.locator("#record")).to_be_hidden()
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    button(page, "Clear").click()
    upload(page, as_png(5))
    expect(entries(page)).to_have_count(2)
    expect(entries(page).first).to_contain_text("5 · ")
    page.reload()
    expect(entries(page)).to_have_count(2)
    page.get_by_role("button", name="Open 3 again").click()
    expect(guess(page)).to_have_value("3")
    expect(page.locator("#pad img")).to_be_hidden()
    page.get_by_role("button", name="Open 5 (digit.png) again").click()
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad img")).to_be_visible()
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(2)  # the same readings, not new ones
    page.get_by_role("button", name="Delete 5 (digit.png)").click()
    expect(entries(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Delete 3")).to_be_focused()
    button(page, "Delete all").dblclick()  # by mistake
    expect(entries(page)).to_have_count(1)
    button(page, "Really delete all?").click()
    expect(page.locator("#record")).to_be_hidden()


def test_what_was_deleted_is_brought_back_in_its_place(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    for content, count in ((as_png(5), 2), (as_png(7), 3)):
        upload(page, content)
        expect(entries(page)).to_have_count(count)
    back = page.get_by_role("button", name="Bring back what was deleted")
    expect(back).to_be_hidden()
    for name in ("Delete 5 (digit.png)", "Delete 3", "Delete 7 (digit.png)"):
        page.get_by_role("button", name=name).click()
    expect(entries(page)).to_have_count(0)
    expect(back).to_be_focused()
    back.press("Enter")
    expect(entries(page)).to_contain_text(["7", "5", "3"])
    expect(page.get_by_role("button", name="Open 5 (digit.png) again")).to_be_focused()
    expect(back).to_be_hidden()
    page.get_by_role("button", name="Delete 5 (digit.png)").click()
    button(page, "Delete all").click()
    button(page, "Really delete all?").click()
    expect(page.locator("#record")).to_be_hidden()  # that is for good


def test_what_was_deleted_does_not_come_back_over_what_was_read_since(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    back = page.get_by_role("button", name="Bring back what was deleted")
    for typed in "89":
        page.locator(".record .delete").click()
        expect(back).to_be_visible()
        guess(page).press(typed)
        expect(entries(page)).to_contain_text([f"{typed} ·"])
        expect(back).to_be_hidden()
    expect(entries(page)).to_have_count(1)


def test_what_another_tab_deleted_for_good_is_not_brought_back(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    page.locator(".record .delete").click()
    back = page.get_by_role("button", name="Bring back what was deleted")
    expect(back).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    draw_on(other, 1)
    expect(back).to_be_hidden()


def test_a_drawing_that_grows_is_one_entry(page):
    draw_on(page, 1)
    expect(entries(page)).to_have_count(1)
    draw_on(page, 0)
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(1)


def test_what_another_tab_records_is_seen(page):
    other = page.context.new_page()
    other.goto(page.url)
    page.bring_to_front()
    draw_on(page, 3)
    expect(entries(other)).to_have_count(1)


def test_a_link_redraws_the_strokes_and_undo_brings_one_s_own_back(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    button(page, "Copy a link").click()
    expect(button(page, "Copied")).to_be_visible()
    link = clipboard(page)
    other = open_page()
    draw_on(other, 1)
    expect(entries(other)).to_have_count(1)
    own = pixels(other)
    requests = []
    other.on("request", lambda request: requests.append(request.url))
    other.goto("about:blank")
    other.goto(link)
    expect(guess(other)).to_have_value("3")
    assert not [url for url in requests if "#" in url]  # what is behind it is not sent
    for _ in range(2):  # a reload and another visit record nothing anew
        expect(entries(other)).to_have_count(2)
        other.reload()
        expect(guess(other)).to_have_value("3")
        other.wait_for_timeout(1_500)
    assert other.url == link
    button(other, "Undo").click()
    expect(guess(other)).to_have_value("1")
    assert similar(own, pixels(other))
    assert "#" not in other.url
    other.goto(link + ").")  # as a sentence may end
    expect(guess(other)).to_have_value("3")


def test_strokes_too_long_for_a_link_are_said_to_be(page):
    page.evaluate("""async () => {
      const { encode } = await import("/static/js/strokes.js");
      const points = Array.from({ length: 18_000 }, (_, i) => ({
        x: 0.5 + 0.3 * Math.sin(i), y: 0.5 + 0.3 * Math.cos(1.7 * i), weight: 1,
      }));
      location.hash = encode([{ points, width: 0.01 }]);
    }""")
    expect(button(page, "Copy a link")).to_be_enabled()
    button(page, "Copy a link").click()
    expect(button(page, "Too long for a link")).to_be_visible()
    expect(button(page, "Copy a link")).to_be_visible()


@pytest.mark.parametrize("broken", ["x", "AAAA", 70_000 * "A", "_____w", 70_000 * "!" + "a"])
def test_a_broken_link_is_said_to_be(open_page, server, broken):
    page = open_page(f"{server.url}/#{broken}")
    expect(error(page)).to_contain_text("This link is damaged")
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
    expect(error(page)).to_be_hidden()


def test_a_broken_link_leaves_what_lies_there(page, server):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    page.goto("about:blank")
    page.goto(f"{server.url}/#x")
    expect(error(page)).to_contain_text("This link is damaged")
    expect(guess(page)).to_have_value("3")


def test_a_broken_link_is_said_to_be_where_something_is_read(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    page.evaluate("location.hash = 'x'")
    expect(error(page)).to_contain_text("This link is damaged")


def link_of_a_drawn_3(page):
    """What stands behind its #, once it is recorded."""
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    return page.evaluate("JSON.parse(localStorage['digits.record'])[0].strokes")


def test_back_from_a_link_what_lay_there_lies_there_again(page):
    link = link_of_a_drawn_3(page)
    button(page, "Clear").click()
    draw_on(page, 1)
    expect(entries(page)).to_have_count(2)
    page.evaluate("link => { location.hash = link; }", link)
    expect(guess(page)).to_have_value("3")
    page.go_back()
    expect(guess(page)).to_have_value("1")
    page.go_forward()
    expect(guess(page)).to_have_value("3")
    other = page.evaluate("""async () => {
        const { encode } = await import("/static/js/strokes.js");
        const points = [{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }, { x: 1.1, y: 0.8 }];
        return encode([{ points, width: 0.06 }]);
    }""")
    page.evaluate("link => { location.hash = link; }", other)
    expect(guess(page)).not_to_have_value("3")
    page.go_back()
    expect(guess(page)).to_have_value("3")
    page.go_back()
    expect(guess(page)).to_have_value("1")


def test_what_was_deleted_stays_so_though_its_link_is_open(open_page, server):
    link = link_of_a_drawn_3(open_page())
    page = open_page(f"{server.url}/#{link}")
    expect(entries(page)).to_have_count(1)
    page.get_by_role("button", name="Delete 3").click()
    for _ in range(2):
        page.reload()
        expect(guess(page)).to_have_value("3")
        page.wait_for_timeout(1_500)
        expect(page.locator("#record")).to_be_hidden()


def test_a_held_key_does_not_delete_all(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    button(page, "Delete all").focus()
    for _ in range(5):
        page.keyboard.down("Enter")  # without letting go it repeats
    page.keyboard.up("Enter")
    expect(button(page, "Really delete all?")).to_be_visible()
    expect(entries(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_be_hidden()
    draw_on(page, 3)
    expect(button(page, "Delete all")).to_be_visible()


@pytest.mark.parametrize("empty", ["#", "#!!!"])
def test_an_address_with_no_link_in_it_is_the_page_s(open_page, server, empty):
    page = open_page(server.url + "/" + empty)
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
    expect(error(page)).to_be_hidden()


def test_a_picture_has_no_link(page):
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    expect(button(page, "Copy a link")).to_be_hidden()
    expect(page.get_by_text("The link holds the strokes")).to_be_hidden()


def test_a_picture_lies_there_again_after_a_reload(page):
    draw_on(page, 1)
    expect(entries(page)).to_have_count(1)
    upload(page, as_png(5))
    expect(entries(page)).to_have_count(2)
    page.reload()
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad img")).to_be_visible()
    page.add_init_script("setTimeout(() => sessionStorage.again ??= location.reload() || 1)")
    page.reload()  # and once more, before it lies there
    expect(guess(page)).to_have_value("5")
    button(page, "Undo").click()
    expect(guess(page)).to_have_value("1")
    page.reload()
    expect(guess(page)).to_have_value("1")


def test_a_picture_that_waits_for_the_server_lies_there_again_after_a_reload(page):
    draw_on(page, 1)
    expect(entries(page)).to_have_count(1)
    page.route(PREDICT, lambda route: route.abort())
    upload(page, as_png(5))
    expect(error(page)).to_contain_text("Nothing is lost")
    page.reload()
    expect(page.locator("#pad img")).to_be_visible()
    expect(error(page)).to_contain_text("Nothing is lost")
    page.unroute(PREDICT)
    page.reload()
    expect(guess(page)).to_have_value("5")
    page.reload()  # before that is recorded
    expect(guess(page)).to_have_value("5")
    expect(entries(page)).to_have_count(2)


def test_a_picture_that_is_still_sent_lies_there_again_after_a_reload(page):
    page.route(PREDICT, lambda _: None)  # no answer
    upload(page, as_png(5))
    expect(page.locator("#pad img")).to_be_visible()
    page.unroute(PREDICT)
    page.reload()
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad img")).to_be_visible()
    expect(entries(page)).to_have_count(1)


def test_a_picture_is_recorded_when_the_page_is_left_at_once(page):
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    page.reload()
    expect(entries(page)).to_have_count(1)
    expect(guess(page)).to_have_value("5")


def test_readings_that_are_left_at_once_are_recorded(page):
    for digit in (1, 7):
        draw_on(page, digit)
        expect(guess(page)).to_have_value(str(digit))
        page.wait_for_function("() => !document.querySelector('#link').disabled")  # the newest
        button(page, "Clear").click()
    for digit in (5, 3):
        upload(page, as_png(digit))
        expect(guess(page)).to_have_value(str(digit))
    page.get_by_role("button", name="Example: a three").click()
    expect(entries(page)).to_contain_text(["3 ·", "5 ·", "7 ·", "1 ·"])
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(4)


def test_a_drawing_that_was_opened_lies_there_again_after_a_reload(page):
    for count, digit in enumerate((3, 7), start=1):
        draw_on(page, digit)
        expect(entries(page)).to_have_count(count)
        button(page, "Clear").click()
    page.get_by_role("button", name="Open 3 again").click()
    expect(guess(page)).to_have_value("3")
    page.reload()
    expect(guess(page)).to_have_value("3")
    expect(entries(page)).to_have_count(2)


def test_each_tab_has_its_own_drawing_again_after_a_reload(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    other = page.context.new_page()
    other.goto(page.url)
    expect(guess(other)).to_have_value("3")
    button(other, "Clear").click()
    draw_on(other, 7)
    expect(entries(other)).to_have_count(2)
    for tab, digit in ((page, "3"), (other, "7")):
        tab.reload()
        expect(guess(tab)).to_have_value(digit)


def test_a_correction_is_recorded_at_once(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    guess(page).press("8")
    button(page, "Clear").click()
    expect(entries(page)).to_contain_text(["8 ·"])
    button(page, "Undo").click()
    expect(guess(page)).to_have_value("8")


def test_a_picture_s_correction_leaves_that_of_the_drawing_below_it(page):
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    guess(page).press("8")
    page.locator(".record .delete").click()
    upload(page, as_png(5))
    expect(entries(page)).to_have_count(1)
    guess(page).press("6")
    for told in (5, 8):
        button(page, "Undo").click()
        expect(guess(page)).to_have_value(str(told))


def test_a_picture_that_is_recorded_stays_as_it_was_corrected_without_a_server(page):
    upload(page, as_png(5))
    expect(entries(page)).to_have_count(1)
    guess(page).press("8")
    expect(entries(page)).to_contain_text(["8 ·"])
    page.route(PREDICT, lambda route: route.abort())
    page.reload()
    expect(error(page)).to_contain_text("Nothing is lost")
    page.unroute(PREDICT)
    page.reload()
    expect(guess(page)).to_have_value("8")
    expect(entries(page)).to_contain_text(["8 ·"])


def test_a_picture_that_waits_in_one_tab_leaves_another_tab_its_own(page):
    page.route(PREDICT, lambda route: route.abort())
    upload(page, as_png(5))
    expect(error(page)).to_contain_text("Nothing is lost")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#pad img")).to_be_visible()
    other.get_by_role("button", name="Put the picture away").click()
    draw_on(other, 3)
    expect(entries(other)).to_contain_text(["3 ·"])
    with page.expect_event("requestfailed"):  # asked again
        pass
    page.wait_for_timeout(500)  # in which that is told
    other.reload()
    other.wait_for_timeout(1_500)  # in which a picture would be laid there
    expect(guess(other)).to_have_value("3")


@pytest.mark.parametrize("kept", ["{", '{"photo": "data:,"}', "[]"])
def test_what_something_else_wrote_in_a_picture_s_place_does_no_harm(page, kept):
    page.evaluate("kept => localStorage.setItem('digits.picture', kept)", kept)
    page.reload()
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")


def test_a_reading_is_saved_as_a_picture_and_as_json(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    with page.expect_download() as download:
        button(page, "Save as picture").click()
    assert download.value.suggested_filename == "reading.png"
    card = cv2.imread(str(Path(download.value.path())), cv2.IMREAD_GRAYSCALE)
    paper, answer = np.split(card, [int(card.shape[1] * 0.6)], axis=1)
    assert (paper < 50).sum() > 5_000  # the strokes
    assert (answer < 150).sum() > 5_000  # words and a bar
    with page.expect_download() as download:
        button(page, "Save as JSON").click()
    reading = json.loads(Path(download.value.path()).read_text())
    assert (reading["number"], reading["verdict"]) == ("3", "digit")
    assert len(reading["probabilities"]) == 10
    assert "steps" not in reading


WRITE_DOWN = """() => {
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  globalThis.written = [];
  prototype.fillText = function (text, ...where) {
    written.push(text);
    fillText.call(this, text, ...where);
  };
}"""


def test_what_is_kept_of_a_corrected_digit_does_not_contradict_it(open_page):
    page = open_page(**DESKTOP)
    draw_on(page, 3)
    expect(entries(page)).to_have_count(1)
    guess(page).click()
    page.keyboard.type("8")
    with page.expect_download() as download:
        button(page, "Save as JSON").click()
    reading = json.loads(Path(download.value.path()).read_text())
    assert (reading["number"], reading["digit"], reading["verdict"]) == ("8", 8, "digit")
    assert (reading["probabilities"], reading["top"]) == (None, [])
    assert (reading["digits"][0]["digit"], reading["digits"][0]["corrected"]) == (3, "8")
    page.evaluate(WRITE_DOWN)
    with page.expect_download() as download:
        button(page, "Save as picture").click()
    assert page.evaluate("written") == ["This is an 8.", "corrected", "8"]  # and no share
    card = cv2.imread(str(Path(download.value.path())))
    blue = (card.astype(int) - card.min(axis=2, keepdims=True))[..., 0] > 80
    assert blue.sum() > 300  # the 8
    assert blue.sum(axis=1).max() < 60  # and no bar


def test_the_picture_holds_every_row_and_a_long_sentence(page):
    card = page.evaluate("""async () => {
      const { card } = await import("/static/js/card.js");
      const digits = Array(26).fill({});
      const number = digits.map((_, row) => 10 ** 17 + row).join("\\n");
      const parts = { digits, marks: digits, probabilities: null };
      const reading = { number, verdict: "unsure", confidence: 0.5, ...parts };
      return card(document.createElement("canvas"), reading).toDataURL().split(",")[1];
    }""")
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(card), np.uint8), cv2.IMREAD_COLOR)
    blue = (picture[..., 0] > 150) & (picture[..., 2] < 90)
    assert np.diff(blue.any(axis=1).astype(int), prepend=0).clip(0).sum() == 26
    assert (picture[:, -20:] == 255).all()  # nothing runs to the edge


def test_where_there_is_no_room_at_all_the_record_lasts_as_long_as_the_visit(page):
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    page.reload()
    for count, digit in enumerate((3, 7), 1):
        button(page, "Clear").click() if count > 1 else None
        draw_on(page, digit)
        expect(entries(page)).to_have_count(count)
    expect(page.locator("#record .quiet")).to_contain_text("gone when you leave")
    page.reload()
    expect(page.locator("#record")).to_be_hidden()


def test_when_the_browser_has_no_room_the_oldest_readings_go(page):
    page.evaluate("localStorage.setItem('other', 'x'.repeat(5_000_000))")
    rng = np.random.default_rng(0)
    for digit in (5, 6, 8):
        noisy = draw(digit, 800) * 0.7 + rng.normal(40, 12, (800, 800))
        upload(page, encode(noisy.clip(0, 255).astype(np.uint8), format="JPEG"), "x.jpg")
        expect(guess(page)).to_have_value(str(digit))
        page.wait_for_timeout(1_500)
    count = entries(page).count()
    assert count < 3
    button(page, "Clear").click()
    draw_on(page, 1)  # and nothing else is the worse for it
    expect(guess(page)).to_have_value("1")


def test_what_was_corrected_stays_so_when_it_is_opened_again(open_page):
    page = open_page(**DESKTOP)
    write_on(page, "48213")
    expect(entries(page).first).to_contain_text("48213")  # no answer is on its way any more
    page.get_by_label("Digit 2 of 5").press("6")
    expect(page.locator("#words")).to_contain_text("46213")
    expect(page.get_by_label("Digit 3 of 5")).to_be_focused()
    expect(entries(page).first).to_contain_text("46213")
    page.reload()
    expect(page.locator("#words")).to_contain_text("46213")
    button(page, "Clear").click()
    page.get_by_role("button", name="Open 46213").click()
    expect(page.locator("#words")).to_contain_text("46213")
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(1)
    expect(entries(page).first).to_contain_text("46213")


def test_a_correction_stays_when_the_page_is_left_at_once(page):
    write_48_corrected_to_46(page)
    page.get_by_label("Digit 1 of 2").press("7")
    page.reload()
    expect(page.locator("#words")).to_contain_text(" 76.")
    expect(entries(page)).to_have_count(1)


def test_a_correction_stays_through_undo_and_redo(open_page):
    page = open_page(**DESKTOP)
    write_on(page, "48213")
    expect(entries(page).first).to_contain_text("48213")
    page.get_by_label("Digit 2 of 5").press("6")
    expect(entries(page).first).to_contain_text("46213")
    draw_strokes(page, [[(1.2, 0.05), (1.2, 0.08)]])  # a stray dot
    page.wait_for_timeout(1_500)  # in which that is read, and recorded
    for name, told in (("Undo", "46213"), ("Redo", "46213"), ("Undo", "46213")):
        button(page, name).click()
        expect(page.locator("#words")).to_contain_text(told)
        page.wait_for_timeout(1_500)
        expect(entries(page).first).to_contain_text(told)
    expect(entries(page)).to_have_count(1)


def write_digits(page, number, first=0):
    """Write digits in places of the pad that hold five, from that one on."""
    for place, digit in enumerate(number, first):
        strokes = DIGITS[int(digit)]
        left = 0.33 * place - 0.3
        draw_strokes(page, [[(left + x / 3, y / 2 + 0.2) for x, y in s] for s in strokes])


def expect_recorded(page, number):
    expect(page.locator("#words")).to_contain_text(f" {number}.")
    expect(entries(page).first).to_contain_text(f"{number} ·")


def write_48_corrected_to_46(page):
    write_digits(page, "48")
    expect_recorded(page, "48")
    page.get_by_label("Digit 2 of 2").press("6")
    expect_recorded(page, "46")


def write_463_taken_back_to_483(page):
    write_48_corrected_to_46(page)
    write_digits(page, "3", first=2)
    expect_recorded(page, "463")
    page.get_by_label("Digit 2 of 3").press("Backspace")
    expect_recorded(page, "483")


@pytest.mark.parametrize("way", ["reload", "open"])
def test_a_correction_stays_when_one_draws_on_after(page, way):
    write_48_corrected_to_46(page)
    if way == "reload":
        page.reload()
    else:
        button(page, "Clear").click()
        page.get_by_role("button", name="Open 46").click()
    expect(page.locator("#words")).to_contain_text(" 46.")
    write_digits(page, "3", first=2)
    expect_recorded(page, "463")


def test_a_correction_is_not_another_digit_s_in_its_place(page):
    write_48_corrected_to_46(page)
    page.reload()
    expect(page.locator("#words")).to_contain_text(" 46.")
    for _ in DIGITS[8]:
        button(page, "Undo").click()
    expect(guess(page)).to_have_value("4")
    write_digits(page, "8", first=1)
    expect_recorded(page, "48")


def test_a_correction_that_was_taken_back_stays_so(page):
    write_463_taken_back_to_483(page)
    for name, told in (("Undo", "48"), ("Redo", "483")):
        for _ in DIGITS[3]:
            button(page, name).click()
        expect_recorded(page, told)


def test_a_correction_of_a_picture_stays_through_undo_and_redo(page):
    upload(page, encode(write("352")))
    expect(page.locator("#words")).to_contain_text("352")
    page.get_by_label("Digit 3 of 3").press("7")
    expect(page.locator("#words")).to_contain_text("357")
    page.locator("#steps summary").click()
    expect(page.locator("#way figure").first).to_be_visible()
    button(page, "Clear").click()
    expect(page.locator("#words")).to_contain_text("Nothing")
    button(page, "Undo").click()
    expect(page.locator("#words")).to_contain_text("357")
    button(page, "Redo").click()
    expect(page.locator("#words")).to_contain_text("Nothing")
    button(page, "Undo").click()
    expect(page.locator("#words")).to_contain_text("357")


def test_undo_takes_a_correction_back_before_what_was_drawn_before_it(page):
    write_digits(page, "48")
    expect_recorded(page, "48")
    page.get_by_label("Digit 2 of 2").press("6")
    page.get_by_label("Digit 1 of 2").press("7")
    page.locator("#steps summary").click()  # the answer comes again
    expect(page.locator("#way figure").first).to_be_visible()
    button(page, "Undo").click()
    expect_recorded(page, "46")
    write_digits(page, "3", first=2)
    expect_recorded(page, "463")
    button(page, "Undo").click()
    expect_recorded(page, "46")
    button(page, "Undo").click()
    expect_recorded(page, "48")
    button(page, "Undo").click()
    expect(guess(page)).to_have_value("4")
    for told in ("48", "46", "463"):  # as it was done
        button(page, "Redo").click()
        expect_recorded(page, told)
    expect(button(page, "Redo")).to_be_disabled()
    page.get_by_label("Digit 2 of 3").press("Control+z")
    expect_recorded(page, "483")
    page.get_by_label("Digit 2 of 3").press("Control+Shift+z")
    expect_recorded(page, "463")


def test_what_was_taken_back_in_its_cell_is_no_step_for_undo(page):
    write_463_taken_back_to_483(page)
    for told in (" 48.", " 4."):
        button(page, "Undo").click()
        expect(page.locator("#words")).to_contain_text(told)


def test_undo_takes_back_the_last_of_two_signs_that_are_alike(page):
    write_on(page, "3--5")
    expect_recorded(page, "3--5")
    cells = page.locator("#number input")
    cells.nth(1).press("+")
    cells.nth(2).press("/")
    expect(page.locator("#words")).to_contain_text("3+/5")
    for told in ("3+-5", "3--5"):
        button(page, "Undo").click()
        expect(page.locator("#words")).to_contain_text(told)


def test_after_a_reload_undo_leaves_corrections_of_what_stays(page):
    write_48_corrected_to_46(page)
    page.get_by_label("Digit 1 of 2").press("7")
    expect_recorded(page, "76")
    write_digits(page, "1", first=2)
    expect_recorded(page, "761")
    page.reload()
    expect_recorded(page, "761")
    button(page, "Undo").click()
    expect_recorded(page, "76")
    expect(entries(page)).to_have_count(1)


def test_a_correction_stays_when_one_more_digit_is_written(open_page):
    page = open_page(**DESKTOP)
    strokes = [[(x / 3 - 0.1, y / 2 + 0.2) for x, y in stroke] for stroke in DIGITS[3]]
    for place, told in enumerate(("3", "33", "353")):
        draw_strokes(page, [[(x + 0.4 * place, y) for x, y in stroke] for stroke in strokes])
        expect(page.locator("#words")).to_contain_text(told)
        expect(entries(page).first).to_contain_text(told)
        if place == 1:
            page.get_by_label("Digit 2 of 2").press("5")


def test_a_reload_records_nothing_anew(page):
    draw_on(page, 7)
    expect(entries(page)).to_have_count(1)
    page.reload()
    expect(guess(page)).to_have_value("7")
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(1)
    button(page, "Delete all").click()
    button(page, "Really delete all?").click()
    page.reload()
    expect(guess(page)).to_have_value("7")
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(0)


def test_undo_brings_a_corrected_number_back_as_it_was_corrected(open_page):
    page = open_page(**DESKTOP)
    write_on(page, "48213")
    expect(entries(page).first).to_contain_text("48213")  # no answer is on its way any more
    page.get_by_label("Digit 2 of 5").press("6")
    expect(entries(page).first).to_contain_text("46213")
    button(page, "Clear").click()
    button(page, "Undo").click()
    expect(page.locator("#words")).to_contain_text("46213")
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_have_count(1)
    expect(entries(page).first).to_contain_text("46213")


def test_what_was_not_recorded_before_the_page_was_left_is_recorded_later(page):
    draw_on(page, 7)
    page.reload()
    expect(entries(page)).to_have_count(1)
