"""A browser for the tests, and hands to use it with: a mouse, or a finger on a phone."""

import base64
import itertools
import math
import os
import shutil
from pathlib import Path

import axe_playwright_python
import cv2
import numpy as np
from conftest import encode
from strokes import DIGITS, draw, write

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "has_touch": True,
    "is_mobile": True,
}
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
OUTPUT = Path("tests/output")
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STEP = 40  # CSS pixels that a hand moves between two moments of a screen, at most
MOMENTS = 10  # of a screen that a small stroke takes, at least, where it has as many points
CROSS = [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]]


def launch(playwright, camera=None):
    """Debian's Chromium where it is installed, else Playwright's own; its camera shows a film."""
    film = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=[
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            *film,
        ],
    )


WRITTEN = {str(digit): strokes for digit, strokes in DIGITS.items()}
WRITTEN |= {" ": [], "-": [[(0.3, 0.5), (0.7, 0.5)]]}


def draw_on(page, digit):
    draw_strokes(page, DIGITS[digit])


def write_on(page, number):
    """Write digits and dashes side by side, over the whole width of the pad; nothing at a space."""
    box = page.locator("#pad canvas").bounding_box()
    size = box["width"] / len(number) / box["height"]
    for place, digit in enumerate(number):
        left = place * size - (box["width"] / box["height"] - 1) / 2
        top = (1 - 1.5 * size) / 2
        strokes = WRITTEN[digit]
        draw_strokes(
            page, [[(left + x * size, top + 1.5 * y * size) for x, y in s] for s in strokes]
        )


def draw_strokes(page, strokes):
    """Draw as a hand would, in a square in the middle of the pad."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    left, top, side = square_on_pad(page)
    for stroke in strokes:
        points = [(left + x * side, top + y * side) for x, y in stroke]
        (draw_by_finger if is_touched(page) else draw_by_mouse)(page, points)


def on_pad(page, x, y):
    """Where on the page a point of that square is."""
    left, top, side = square_on_pad(page)
    return left + x * side, top + y * side


def square_on_pad(page):
    box = page.locator("#pad canvas").bounding_box()
    return box["x"] + (box["width"] - box["height"]) / 2, box["y"], box["height"]


def is_touched(page):
    return page.viewport_size == PHONE["viewport"]


def draw_by_mouse(page, points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in way(points):
        page.mouse.move(*point)
    page.mouse.up()


def draw_by_finger(page, points):
    touch = page.context.new_cdp_session(page)
    send_touch(touch, "touchStart", points[0])
    for point in way(points):
        send_touch(touch, "touchMove", point)
    send_touch(touch, "touchEnd")


def way(points):
    """Where a hand is at each moment: at points of the stroke, and on the way between."""
    length = sum(math.dist(*pair) for pair in itertools.pairwise(points))
    near = min(STEP, length / MOMENTS)
    kept = points[:1]
    for point in points[1:-1]:
        if math.dist(kept[-1], point) >= near:
            kept.append(point)
    for (x, y), (right, down) in itertools.pairwise([*kept, points[-1]]):
        steps = max(1, math.ceil(math.dist((x, y), (right, down)) / STEP))
        for share in np.arange(1, steps + 1) / steps:
            yield float(x + share * (right - x)), float(y + share * (down - y))


def send_touch(session, kind, *points):
    """One moment of fingers at (x, y), or (x, y, radius)."""
    places = [
        {"x": x, "y": y, "id": i} | ({"radiusX": r[0], "radiusY": r[0]} if r else {})
        for i, (x, y, *r) in enumerate(points)
    ]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def upload(page, content, name="digit.png", kind="image/png"):
    page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def as_png(digit):
    return encode(draw(digit))


def cross():
    """A small one, on paper."""
    sheet = np.full((280, 280), 255, np.uint8)
    cv2.line(sheet, (110, 110), (170, 170), 0, 17)
    return cv2.line(sheet, (170, 110), (110, 170), 0, 17)


def photographed_page():
    """Three numbers on a sheet, in the light of a lamp: a JPEG."""
    rows = [write(number, 90) for number in ("3052", "741", "90275")]
    width = max(row.shape[1] for row in rows) + 80
    sheet = np.full((560, width), 255.0)
    for place, row in enumerate(rows):
        sheet[60 + 160 * place :][: len(row), 40 : 40 + row.shape[1]] = row
    y, x = np.mgrid[0 : sheet.shape[0], 0:width] / width
    light = 0.95 - 0.3 * np.hypot(x - 0.3, y - 0.3)
    grain = np.random.default_rng(0).normal(0, 3, sheet.shape)
    photo = (sheet * 0.8 + 40) * light + grain
    return encode(photo.clip(0, 255).astype(np.uint8), format="JPEG")


def guess(page):
    """The cell of one digit alone."""
    return page.locator("#number.one input")


def nothing(page):
    """What stands there while nothing is read."""
    return page.locator("#nothing")


def error(page):
    return page.get_by_role("alert")


def entries(page):
    """Those of the record."""
    return page.locator("#record li")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def cells(page):
    return page.locator("#number input")


def clipboard(page):
    """The text on the clipboard, as a paste shows it: the page itself may not read it."""
    page.evaluate("""() => {
        const field = document.createElement("textarea");
        field.id = "pasted";
        document.body.append(field);
        field.focus();
    }""")
    page.keyboard.press("Control+v")
    text = page.locator("#pasted").input_value()
    page.evaluate("document.querySelector('#pasted').remove()")
    return text


def shares(page):
    """The ten bars' percentages, once they have come to rest."""
    page.wait_for_timeout(300)
    return [float(text.rstrip("%")) for text in page.locator("#bars .share").all_inner_texts()]


def pixels(page):
    """What the canvas shows."""
    page.evaluate("window.canvasPixels = () => document.querySelector('#pad canvas').toDataURL()")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return page.evaluate("canvasPixels()")


def expect_pixels(page, expected):
    page.wait_for_function("expected => canvasPixels() === expected", arg=expected)


def similar(*pictures):
    """Whether two of `pixels` differ in few places: strokes are kept to a 500th of the pad."""
    one, other = (
        cv2.imdecode(np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8), -1)[..., 3]
        > 127
        for url in pictures
    )
    return one.sum() > 100 and (one != other).sum() < 0.03 * one.sum()


def violations(page):
    """What axe-core finds by its rules of WCAG 2.2 AA and of best practice."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert len(found["passes"]) > 10
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
