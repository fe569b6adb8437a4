"""The pad and its tools, by mouse on a desktop and by finger on a phone."""

import pytest
from browser import (
    DESKTOP,
    DEVICES,
    PHONE,
    as_png,
    button,
    draw_by_mouse,
    draw_on,
    draw_strokes,
    entries,
    expect_pixels,
    guess,
    nothing,
    on_pad,
    pixels,
    send_touch,
    similar,
    upload,
    way,
)
from playwright.sync_api import expect
from strokes import DIGITS


@pytest.fixture(params=DEVICES)
def page(request, open_page):
    return open_page(**DEVICES[request.param])


def test_a_drawing_is_read(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    assert page.evaluate("scrollY") == 0


def test_undo_and_redo_go_step_by_step_and_clear_is_a_step(page):
    undo, redo, clear = (button(page, name) for name in ("Undo", "Redo", "Clear"))
    for each in (undo, redo, clear):
        expect(each).to_be_disabled()
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    one = pixels(page)
    draw_on(page, 0)
    both = pixels(page)
    clear.click()
    expect(nothing(page)).to_be_visible()
    undo.click()
    expect_pixels(page, both)
    undo.click()
    expect_pixels(page, one)
    expect(guess(page)).to_have_value("1")
    redo.click()
    expect_pixels(page, both)
    redo.click()
    expect(nothing(page)).to_be_visible()
    expect(redo).to_be_disabled()
    undo.click()
    draw_on(page, 1)  # what was undone is gone
    expect(redo).to_be_disabled()


def test_undo_and_redo_by_keyboard(page):
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    page.keyboard.press("Control+z")
    expect(nothing(page)).to_be_visible()
    page.keyboard.press("Control+Shift+Z")
    expect(guess(page)).to_have_value("1")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    expect(guess(page)).to_have_value("1")


def test_the_eraser_takes_ink_away_also_from_what_is_read(page):
    draw_strokes(page, [[(0.5, 0.15), (0.5, 0.85)], [(0.1, 0.5), (0.9, 0.5)]])
    page.locator("#size").fill("15")
    eraser = button(page, "Eraser")
    eraser.click()
    expect(eraser).to_have_attribute("aria-pressed", "true")
    draw_strokes(page, [[(0.1, 0.5), (0.4, 0.5)], [(0.6, 0.5), (0.9, 0.5)]])
    expect(guess(page)).to_have_value("1")
    eraser.click()
    expect(eraser).to_have_attribute("aria-pressed", "false")
    assert inked(page, 0.5, 0.3)
    assert not inked(page, 0.3, 0.5)


def test_a_pad_that_all_is_rubbed_out_of_is_as_if_cleared(page):
    draw_strokes(page, [[(0.5, 0.3), (0.5, 0.7)]])
    expect(guess(page)).to_have_value("1")
    page.locator("#size").fill("15")
    button(page, "Eraser").click()
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.8)]])
    expect(nothing(page)).to_be_visible()
    expect(page.locator("#pad .hint")).to_be_visible()
    expect(button(page, "Clear")).to_be_disabled()
    expect(button(page, "Eraser")).to_have_attribute("aria-pressed", "false")
    page.locator("#size").fill("6")
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
    for _ in DIGITS[7]:
        button(page, "Undo").click()
    expect(nothing(page)).to_be_visible()
    button(page, "Undo").click()
    expect(guess(page)).to_have_value("1")


def test_what_a_broad_pen_writes_at_the_edges_is_read_whole(page):
    page.locator("#size").fill("15")
    draw_strokes(page, [[(x * 0.6 - 0.49, 0.1 + y * 0.8) for x, y in DIGITS[3][0]]])
    for digit, left in ((7, 0.1), (4, 0.87)):
        draw_strokes(page, [[(left + x * 0.6, 0.1 + y * 0.8) for x, y in s] for s in DIGITS[digit]])
    expect(page.locator("#words")).to_contain_text("374")


def inked(page, x, y):
    """Whether the canvas holds ink at a point of the square in its middle."""
    return page.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector("#pad canvas");
            const { width, height } = canvas;
            const at = [(width - height) / 2 + x * height, y * height];
            return canvas.getContext("2d").getImageData(...at, 1, 1).data[3] > 127;
        }""",
        [x, y],
    )


@pytest.mark.parametrize(("size", "width"), [("1", 0.01), ("6", 0.06), ("15", 0.15)])
def test_the_pen_is_as_wide_as_chosen(page, size, width):
    page.locator("#size").fill(size)
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.8)]])
    assert inked(page, 0.5 - 0.3 * width, 0.5)
    assert not inked(page, 0.5 - 0.7 * width, 0.5)


def test_the_drawing_survives_a_reload(page):
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    before = pixels(page)
    page.reload()
    expect(guess(page)).to_have_value("3")
    assert similar(before, pixels(page))
    button(page, "Clear").click()
    page.reload()
    expect(nothing(page)).to_be_visible()


def test_after_a_reload_strokes_are_undone_one_by_one(page):
    draw_on(page, 4)
    expect(guess(page)).to_have_value("4")
    whole = pixels(page)
    button(page, "Undo").click()
    part = pixels(page)
    button(page, "Redo").click()
    page.reload()
    expect(guess(page)).to_have_value("4")
    button(page, "Undo").click()
    assert similar(part, pixels(page))
    button(page, "Redo").click()
    assert similar(whole, pixels(page))
    for _ in DIGITS[4]:
        button(page, "Undo").click()
    expect(nothing(page)).to_be_visible()


def test_the_canvas_is_sharp_and_keeps_its_strokes_in_any_size(open_page):
    page = open_page(**PHONE)
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    for width, height in ((844, 390), (320, 700), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("""() => {
            const canvas = document.querySelector("#pad canvas");
            return canvas.width === Math.round(canvas.clientWidth * devicePixelRatio);
        }""")
        pixels(page)
        assert inked(page, 0.48 - 0.18 * 0.94, 0.34 - 0.16 * 0.34)  # where the 3 begins
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_pen_draws_wider_the_harder_it_presses_and_the_more_it_leans(open_page):
    page = open_page(**DESKTOP)
    session = page.context.new_cdp_session(page)
    for x, pen in (
        (0.2, {"force": 0.1}),
        (0.5, {"force": 0.9}),
        (0.8, {"force": 0.5, "tiltX": 60}),
    ):
        for kind, y in (("mousePressed", 0.2), *(("mouseMoved", 0.2 + i / 20) for i in range(12))):
            send_pen(session, page, kind, (x, y), pen)
        send_pen(session, page, "mouseReleased", (x, 0.8), pen)
    pixels(page)
    light, hard, leaning = (
        sum(inked(page, x + i / 400, 0.5) for i in range(-40, 41)) for x in (0.2, 0.5, 0.8)
    )
    assert hard > 2 * light
    assert leaning > 1.3 * 0.06 * 400


def send_pen(session, page, kind, point, pen):
    x, y = on_pad(page, *point)
    what = {"type": kind, "x": x, "y": y, "pointerType": "pen", "button": "left", "buttons": 1}
    session.send("Input.dispatchMouseEvent", what | {"clickCount": 1} | pen)


def test_two_fingers_are_a_pinch_and_leave_no_ink(open_page):
    page = open_page(**PHONE)
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    before = pixels(page)
    touch = page.context.new_cdp_session(page)
    one, other = on_pad(page, 0.3, 0.3), on_pad(page, 0.7, 0.7)
    send_touch(touch, "touchStart", one)
    send_touch(touch, "touchStart", one, other)
    for i in range(1, 10):
        apart = (one[0] - 4 * i, one[1] - 4 * i), (other[0] + 4 * i, other[1] + 4 * i)
        send_touch(touch, "touchMove", *apart)
    send_touch(touch, "touchEnd")
    page.wait_for_function("() => visualViewport.scale > 1.05")
    expect_pixels(page, before)
    expect(guess(page)).to_have_value("1")


HANDS = {  # where in the pad's square, and how wide in CSS pixels
    "a palm on the pad": (1.1, 0.85, 45),
    "a palm below the pad": (0.6, 1.25, 45),
    "a thumb at its edge": (-0.28, 0.6, 10),
}


@pytest.mark.parametrize("hand", HANDS)
def test_one_draws_beside_a_hand_that_rests(open_page, hand):
    page = open_page(**PHONE)
    touch = page.context.new_cdp_session(page)
    x, y, radius = HANDS[hand]
    rest = (*on_pad(page, x, y), radius)
    send_touch(touch, "touchStart", rest)
    page.wait_for_timeout(400)
    for stroke in DIGITS[4]:
        points = [on_pad(page, *point) for point in stroke]
        send_touch(touch, "touchStart", rest, points[0])
        for point in way(points):
            send_touch(touch, "touchMove", rest, point)
        send_touch(touch, "touchMove", rest)
    expect(guess(page)).to_have_value("4")
    send_touch(touch, "touchEnd")
    expect(entries(page)).to_contain_text(["4 ·"])
    assert page.evaluate("[visualViewport.scale, scrollY]") == [1, 0]


def test_another_button_of_the_mouse_does_not_draw(open_page):
    page = open_page(**DESKTOP)
    page.mouse.move(*on_pad(page, 0.5, 0.5))
    page.mouse.down(button="right")
    page.mouse.move(*on_pad(page, 0.5, 0.8))
    page.mouse.up(button="right")
    expect(button(page, "Undo")).to_be_disabled()


def test_ink_follows_the_pointer_in_the_same_frame(open_page):
    page = open_page(**DESKTOP)
    page.evaluate("""() => {
        window.late = 0;
        const canvas = document.querySelector("#pad canvas");
        canvas.addEventListener("pointermove", ({ buttons, clientX, clientY }) => {
            const { left, top } = canvas.getBoundingClientRect();
            const at = [(clientX - left) * devicePixelRatio, (clientY - top) * devicePixelRatio];
            const { data } = canvas.getContext("2d").getImageData(...at, 1, 1);
            if (buttons && data[3] < 128) window.late++;
        });
    }""")
    draw_by_mouse(page, [on_pad(page, x, 0.5) for x in (0.1, 0.3, 0.5, 0.9)])
    assert inked(page, 0.5, 0.5)
    assert page.evaluate("late") <= 1  # the first move may find the frame of the first dot pending


def test_a_tap_is_a_dot(open_page):
    page = open_page(**DESKTOP)
    for digit, left in ((3, -0.2), (1, 0.3), (4, 0.6)):
        draw_strokes(page, [[(left + x / 2, 0.2 + y / 2) for x, y in s] for s in DIGITS[digit]])
    page.mouse.click(*on_pad(page, 0.3, 0.62))
    expect(page.locator("#words")).to_contain_text("3.14")


def test_the_eraser_is_put_away_over_a_picture(page):
    draw_on(page, 3)
    button(page, "Eraser").click()
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    expect(button(page, "Eraser")).to_be_disabled()
    expect(button(page, "Eraser")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#size")).to_be_disabled()
    page.get_by_role("button", name="Put the picture away").click()
    expect(page.locator("#size")).to_be_enabled()


def test_the_eraser_is_put_away_where_there_is_nothing_to_erase(page):
    draw_on(page, 3)
    button(page, "Eraser").click()
    button(page, "Clear").click()
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
