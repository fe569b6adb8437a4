"""Pictures that are brought to the page: pasted, dropped, photographed, large, tried."""

import csv
import json
import re
import urllib.request
from datetime import datetime

import cv2
import numpy as np
import pytest
from browser import (
    DESKTOP,
    DEVICES,
    OUTPUT,
    PHONE,
    as_png,
    button,
    cells,
    draw_on,
    entries,
    error,
    guess,
    nothing,
    on_pad,
    upload,
)
from conftest import encode
from playwright.sync_api import expect
from strokes import draw, write


def test_a_picture_is_pasted(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    page.evaluate(
        """async (bytes) => {
            const blob = new Blob([new Uint8Array(bytes)], { type: "image/png" });
            await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }""",
        list(as_png(6)),
    )
    page.keyboard.press("Control+v")
    expect(guess(page)).to_have_value("6")
    expect(page.locator("#pad img")).to_be_visible()


def expect_told(page, words):
    """That these words stand there, apart from the signs that keep each file's name together."""
    told = re.sub(r"([\w.]+\.(?:txt|png))", "\u2068\\1\u2069", words)
    expect(error(page)).to_have_text(told)


def test_several_pictures_are_read_one_after_the_other_into_a_table(page):
    pictures = [
        {"name": "-1+a.png", "mimeType": "image/png", "buffer": encode(draw(7))},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"12"},
        {"name": '=1+"b".png', "mimeType": "image/png", "buffer": encode(write("352"))},
    ]
    page.locator("#file").set_input_files(pictures)
    expect(page.locator("#record li")).to_have_count(2, timeout=10_000)
    told = "Not read: notes.txt: This is not a PNG, JPEG, WebP, GIF, BMP or TIFF picture."
    expect_told(page, told)
    page.get_by_text("How it got there").click()
    expect(page.locator("#way figure").first).to_be_visible()
    expect_told(page, told)
    expect(page.locator("#words")).to_have_text("This is 352.")
    with page.expect_download() as download:
        page.locator("#record").get_by_role("button", name="Download all as CSV").click()
    assert download.value.suggested_filename == "readings.csv"
    table = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert table[0] == ["time", "file", "number", "confidence", "verdict"]
    assert [[file, number, verdict] for _, file, number, _, verdict in table[1:]] == [
        ["'-1+a.png", "7", "digit"],  # no formula
        ['\'=1+"b".png', "352", "number"],
    ]
    assert all(0.8 < float(sure) <= 1 for *_, sure, _ in table[1:])
    assert all(datetime.fromisoformat(time) for time, *_ in table[1:])


def test_each_of_a_pile_is_seen_and_waited_for_no_longer(page):
    page.evaluate("""() => {
        window.times = [];
        const list = document.querySelector("#record ul");
        const look = () => times.push(performance.now());
        new MutationObserver(look).observe(list, { childList: true });
    }""")
    kind = {"mimeType": "image/png"}
    page.locator("#file").set_input_files(
        [{"name": f"{digit}.png", "buffer": as_png(digit), **kind} for digit in range(5)]
    )
    expect(entries(page)).to_have_count(5, timeout=10_000)
    gaps = np.diff(page.evaluate("times"))
    assert gaps.min() >= 400
    assert gaps[:-1].min() < 900


def test_a_pile_waits_for_who_corrects_and_then_loses_nothing(page):
    kind = {"mimeType": "image/png"}
    page.locator("#file").set_input_files(
        [{"name": f"{digit}.png", "buffer": as_png(digit), **kind} for digit in (3, 5, 7, 8)]
    )
    page.wait_for_function(  # in the page itself: the next one comes soon
        """() => {
            const cell = document.querySelector("#number input");
            cell?.focus();
            return Boolean(cell);
        }"""
    )
    for typed in "64":  # each is recorded, and looks whether it is the next one's turn
        page.keyboard.press(typed)
        page.wait_for_timeout(1_300)
    expect(page.locator("#progress")).to_contain_text("1/4 · The next picture comes when you leave")
    expect(page.locator("#progress progress")).to_be_hidden()
    page.locator("h1").click()
    expect(entries(page)).to_contain_text(["8 ·", "7 ·", "5 ·", "4 ·"], timeout=15_000)
    expect(error(page)).to_be_hidden()


def test_who_leaves_while_others_of_a_pile_wait_is_asked(page):
    page.locator("h1").click()  # browsers ask none who did nothing
    page.route("**/predict*", lambda _: None)  # no answer
    name = {"mimeType": "image/png", "buffer": as_png(7)}
    page.locator("#file").set_input_files([{"name": f"{i}.png", **name} for i in range(3)])
    expect(page.locator("#progress")).to_contain_text("1/3")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.unroute("**/predict*")
    page.reload()
    assert asked == ["beforeunload"]
    expect(entries(page)).to_have_count(1)  # of what lay there
    page.locator("h1").click()
    page.reload()
    assert len(asked) == 1


def test_what_was_not_read_is_told_until_something_else_is_brought(page):
    pictures = [("7.png", as_png(7)), ("blank.png", encode(np.full((90, 90), 255, np.uint8)))]
    page.locator("#file").set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": buffer} for name, buffer in pictures]
    )
    told = "Not read: blank.png: I see no ink in this picture."
    expect(error(page)).to_be_visible(timeout=10_000)
    expect_told(page, told)
    page.get_by_role("button", name="Open 7 (7.png) again").click()
    expect(guess(page)).to_have_value("7")
    expect_told(page, told)
    upload(page, as_png(3))
    expect(guess(page)).to_have_value("3")
    expect(error(page)).to_be_hidden()


def test_a_picture_on_the_pad_is_told_in_place_of_how_to_draw(page):
    canvas = page.locator("#pad canvas")
    expect(canvas).to_have_accessible_description(re.compile("the arrow keys move the pen"))
    upload(page, as_png(4))
    expect(guess(page)).to_have_value("4")
    expect(canvas).to_have_accessible_name("The picture you chose: digit.png")
    expect(canvas).to_have_accessible_description("")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#pad .cursor")).to_be_hidden()
    button(page, "Put the picture away").click()
    expect(canvas).to_have_accessible_name("Drawing surface")


def test_of_too_many_pictures_the_last_are_left_out_and_what_is_put_away_stops_the_others(page):
    name = {"mimeType": "image/png", "buffer": encode(draw(7))}
    answered = iter(range(2))
    page.route("**/predict*", lambda r: None if next(answered, None) is None else r.continue_())
    page.locator("#file").set_input_files([{"name": f"{i}.png", **name} for i in range(22)])
    expect(page.locator("#record li")).to_have_count(2, timeout=10_000)
    page.get_by_role("button", name="Put the picture away").click()
    expect(page.locator("#words")).to_have_text("Nothing to read yet.")
    left_out = "20.png, 21.png: At most 20 pictures are read at once."
    expect_told(page, f"Not read: {left_out} {', '.join(f'{i}.png' for i in range(2, 20))}")
    page.wait_for_timeout(2_500)
    expect(page.locator("#record li")).to_have_count(2)
    expect(page.locator("#pad img")).to_be_hidden()


def test_a_picture_is_dropped_anywhere_and_the_target_is_seen(page, tmp_path):
    path = tmp_path / "four.png"
    path.write_bytes(as_png(4))
    target = page.locator("#drop")
    expect(target).to_be_hidden()
    drag(page, path, moments=("dragEnter", "dragOver"))
    expect(target).to_be_visible()
    drag(page, path, moments=("drop",))
    expect(target).to_be_hidden()
    expect(guess(page)).to_have_value("4")


def drag(page, *paths, moments=("dragEnter", "dragOver", "drop")):
    files = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in moments:
        what = {"type": kind, "x": 900, "y": 700, "data": files}
        session.send("Input.dispatchDragEvent", what)


UNREADABLE = "This file could not be read. Choose it again."


def test_a_folder_is_told_and_left_out_of_what_was_dropped_with_it(page, tmp_path):
    folder = tmp_path / "folder.png"
    folder.mkdir()
    for digit in (4, 7):
        (tmp_path / f"{digit}.png").write_bytes(as_png(digit))
    drag(page, folder)
    expect(error(page)).to_have_text(UNREADABLE)
    drag(page, tmp_path / "4.png", folder, tmp_path / "7.png")
    expect(entries(page)).to_contain_text(["7 ·", "4 ·"], timeout=10_000)
    expect_told(page, f"Not read: folder.png: {UNREADABLE}")


def test_a_file_that_changes_while_it_waits_is_read_as_it_was(page, tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes(as_png(5))
    page.route("**/predict*", lambda route: route.abort())
    page.locator("#file").set_input_files(path)
    expect(error(page)).to_contain_text("Nothing is lost")
    path.write_bytes(as_png(7) + bytes(100))
    page.unroute("**/predict*")
    expect(guess(page)).to_have_value("5")
    expect(error(page)).to_be_hidden()


def test_the_camera_is_read_as_it_runs_and_then_taken(page):
    button(page, "Camera").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("output")).to_have_text("This is a 5.")
    button(page, "Take this picture").click()
    expect(dialog).to_be_hidden()
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad img")).to_be_visible()
    assert page.evaluate("document.querySelector('video').srcObject") is None


def test_a_camera_that_is_not_held_still_is_told(page):
    """Of which each frame says something else."""
    answers = [
        json.load(urllib.request.urlopen(urllib.request.Request(f"{page.url}predict", as_png(n))))
        for n in range(10)
    ]
    page.route("**/predict*", lambda route: route.fulfill(json=answers[len(asked) % 10]))
    asked = []
    page.on("request", lambda request: asked.append(request))
    button(page, "Camera").click()
    words = page.get_by_role("dialog").locator("output")
    expect(words).to_have_text("Hold it still…")
    page.unroute("**/predict*")
    expect(words).to_have_text("This is a 5.")


def test_a_server_that_fails_is_told_before_the_camera(page):
    page.route("**/predict*", lambda route: route.fulfill(status=500, body="{}"))
    button(page, "Camera").click()
    words = page.get_by_role("dialog").locator("output")
    expect(words).to_have_text("Something went wrong on the server.")
    page.unroute("**/predict*")
    expect(words).to_have_text("This is a 5.")


def test_the_camera_s_picture_and_words_are_seen_on_a_phone_that_lies_on_its_side(open_page):
    page = open_page(**PHONE | {"viewport": {"width": 844, "height": 390}})
    button(page, "Camera").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("output")).to_have_text("This is a 5.")
    page.screenshot(path=OUTPUT / "phone-on-its-side-camera.png")
    for width, height in ((844, 390), (640, 360), (600, 500)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("video", "output", ".still", ".close"):
            found = dialog.locator(part).bounding_box()
            assert 0 <= found["x"] <= found["x"] + found["width"] <= width
            assert 0 <= found["y"] <= found["y"] + found["height"] <= height
    page.set_viewport_size({"width": 390, "height": 844})
    still = dialog.locator(".still").bounding_box()
    assert still["y"] + still["height"] <= 844


def test_a_camera_that_is_refused_is_told(open_page):
    page = open_page(**DESKTOP)
    page.evaluate("""() => {
        navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException("no", "NotAllowedError");
        };
    }""")
    button(page, "Camera").click()
    expect(page.get_by_role("dialog").locator("output")).to_contain_text("does not let the page")
    expect(button(page, "Take this picture")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button(page, "Camera")).to_be_focused()


@pytest.mark.parametrize("device", DEVICES)
def test_examples_are_read_at_one_tap_and_the_drawing_is_not_lost(open_page, device):
    page = open_page(**DEVICES[device])
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    for name, words in {
        "a three": "This is a 3.",
        "a crossed seven": "This is a 7.",
        "a small eight": "This is an 8.",
        "a number": "This is 94301.",
        "a cross, which": "That does not look like a digit.",
    }.items():
        page.get_by_role("button", name=f"Example: {name}").click()
        expect(page.locator("#words")).to_contain_text(words)
    page.wait_for_timeout(1_500)
    expect(entries(page)).to_contain_text(["1 ·"])  # the record is for one's own
    for _ in range(5):
        button(page, "Undo").click()
    expect(guess(page)).to_have_value("1")


def photo_of(number, side):
    """A photo of that many pixels along its longer side, of grain that hardly compresses."""
    sheet = np.full((side * 3 // 4, side), 230, np.uint8)
    row = write(number, side // 12, ink=20, paper=230)
    sheet[side // 4 :, side // 4 :][: row.shape[0], : row.shape[1]] = row
    grain = np.random.default_rng(0).normal(0, 6, sheet.shape)
    return encode((sheet + grain).clip(0, 255).astype(np.uint8), format="JPEG", quality=95)


def listen(page):
    """Remember what the page sends from now on."""
    page.evaluate("""() => {
        const { send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.send = function (body) {
            window.sent = body;
            send.call(this, body);
        };
    }""")


def sent_by(page):
    return bytes(page.evaluate("async () => [...new Uint8Array(await sent.arrayBuffer())]"))


def test_a_large_photo_is_reduced_before_it_is_sent(page):
    photo = photo_of("2074", 4000)
    assert len(photo) > 3_000_000  # ten times what the server takes
    listen(page)
    upload(page, photo, "photo.jpg", "image/jpeg")
    expect(cells(page)).to_have_count(4)
    sent = sent_by(page)
    assert len(sent) <= 300_000
    picture = cv2.imdecode(np.frombuffer(sent, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert max(picture.shape) == 1600
    expect(page.locator("#words")).to_have_text("This is 2074.")
    box = page.locator("#boxes .box").first.bounding_box()
    pad = page.locator("#pad").bounding_box()
    assert 0.2 < (box["x"] - pad["x"]) / pad["width"] < 0.35  # it lies where the 2 is shown


def test_a_picture_in_a_format_that_the_server_does_not_read_is_sent_as_another(page):
    """As browsers that can read iPhones' HEIC do it; here with AVIF."""
    listen(page)
    upload(page, encode(draw(8), "RGB", "AVIF"), "eight.avif", "image/avif")
    expect(guess(page)).to_have_value("8")
    assert sent_by(page)[:2] == b"\xff\xd8"


def test_an_svg_is_read_as_it_is_seen(page):
    line = b'<path d="M140 60V220" stroke="#000" stroke-width="20"/>'
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="280" height="280">' + line + b"</svg>"
    upload(page, svg, "one.svg", "image/svg+xml")
    expect(guess(page)).to_have_value("1")
    expect(page.locator("#pad img")).to_be_visible()
    upload(page, svg[:90], "half.svg", "image/svg+xml")
    expect(error(page)).to_contain_text("not a PNG")
    expect(page.locator("#pad img")).to_be_hidden()


def test_an_upload_shows_its_progress_and_can_be_cancelled(page):
    held = []
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")
    page.route("**/predict*", lambda r: held.append(r) if is_file(r) else r.continue_())
    upload(page, as_png(5))
    expect(page.get_by_role("progressbar")).to_be_visible()
    button(page, "Cancel").click()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.locator("#pad img")).to_be_hidden()
    assert held
    expect(guess(page)).to_have_value("1")


def is_file(route):
    return route.request.headers["content-type"] != "application/json"


def test_text_that_is_pasted_or_dragged_does_nothing(open_page):
    page = open_page(**DESKTOP, permissions=["clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('5')")
    page.keyboard.press("Control+v")
    session = page.context.new_cdp_session(page)
    text = {"items": [{"mimeType": "text/plain", "data": "5"}], "dragOperationsMask": 1}
    session.send("Input.dispatchDragEvent", {"type": "dragEnter", "x": 9, "y": 9, "data": text})
    expect(page.locator("#drop")).to_be_hidden()
    expect(error(page)).to_be_hidden()
    expect(nothing(page)).to_be_visible()


@pytest.mark.parametrize("way", ["Put the picture away", "Undo", "Clear"])
def test_a_picture_is_put_away_and_may_be_brought_back(page, way):
    before = page.locator("#pad").bounding_box()
    upload(page, as_png(5))
    expect(guess(page)).to_have_value("5")
    assert page.locator("#pad").bounding_box() != before
    page.mouse.move(*on_pad(page, 0.5, 0.2))  # nobody draws over it
    page.mouse.down()
    page.mouse.move(*on_pad(page, 0.5, 0.8), steps=5)
    page.mouse.up()
    expect(guess(page)).to_have_value("5")
    button(page, way).click()
    expect(nothing(page)).to_be_visible()
    assert page.locator("#pad").bounding_box() == before
    button(page, "Redo" if way == "Undo" else "Undo").click()
    expect(guess(page)).to_have_value("5")
    expect(page.locator("#pad > img")).to_be_visible()
    button(page, way).click()
    expect(nothing(page)).to_be_visible()
    draw_on(page, 1)
    expect(guess(page)).to_have_value("1")


@pytest.mark.parametrize("light", [0, 255])
def test_a_transparent_picture_lies_on_what_it_is_seen_on(open_page, light):
    page = open_page(**DESKTOP, color_scheme="dark")
    ink = np.full((280, 280, 4), light, np.uint8)
    ink[..., 3] = 255 - draw(6)
    upload(page, encode(ink))
    expect(guess(page)).to_have_value("6")
    paper = "rgb(0, 0, 0)" if light else "rgb(255, 255, 255)"
    expect(page.locator("#pad > img")).to_have_css("background-color", paper)
    entry = page.get_by_role("button", name="Open 6 (digit.png) again")
    expect(entry).to_be_visible()
    button(page, "Clear").click()
    entry.click()
    expect(guess(page)).to_have_value("6")
