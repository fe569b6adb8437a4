"""Light digits on dark panels are read, and what is no panel is left as it is."""

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import DIGITS, draw, photographed, write

from digits.ink import find_ink
from digits.panel import on_panels
from digits.read import read

NUMBER = "35027"


def counter(paper=200, dark=30, gap=16):
    """A meter: each digit light on a panel of its own."""
    meter = np.full((200, 560), paper, np.uint8)
    for place, digit in enumerate(NUMBER):
        left = 30 + place * (84 + gap)
        meter[40:160, left : left + 84] = dark
        picture = draw(int(digit), 84, pen=0.08, ink=240, paper=dark)
        meter[58:142, left : left + 84] = picture
    return meter


def band(rows=(NUMBER,), paper=215, dark=40, ink=235):
    """A sign or a blackboard: rows on one panel."""
    board = np.vstack([write(row, ink=ink, paper=dark) for row in rows])
    return np.pad(np.pad(board, 20, constant_values=dark), 80, constant_values=paper)


def askew(picture):
    height, width = picture.shape
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners + np.float32([[18, 4], [-8, 14], [-16, -6], [4, -12]])
    turn = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)


PANELS = {
    "a meter": counter(),
    "a meter, its panels close": counter(gap=4),
    "a sign": band(),
    "a blackboard with rows": band(("35027", "94301", "18684")),
    "a blackboard with faint chalk": band(("35027", "94301", "18684"), ink=130),
    "a grey panel": band(dark=90),
}


@pytest.mark.parametrize("change", [lambda p: p, photographed, lambda p: photographed(askew(p))])
@pytest.mark.parametrize("name", PANELS)
def test_what_is_light_on_a_dark_panel_is_read(classifier, name, change):
    picture = change(PANELS[name])
    rows = "\n".join(("35027", "94301", "18684") if "rows" in name or "chalk" in name else [NUMBER])
    assert read(encode(picture), classifier, 10_000_000).number == rows


def test_a_panel_s_edge_is_no_ink_and_what_is_beside_it_stays():
    picture = np.pad(band(), ((0, 120), (0, 0)), constant_values=215)
    beside = write("46", ink=30, paper=215)
    picture[-100:, 120 : 120 + beside.shape[1]] = beside[:100]
    ink = on_panels(find_ink(photographed(picture)))
    is_ink = np.zeros(picture.shape, bool)
    is_ink[80:-200, 80:-80] = picture[80:-200, 80:-80] > 200
    is_ink[-100:] = picture[-100:] < 80
    assert ink[is_ink].mean() > 0.7
    assert ink[cv2.dilate(is_ink.view(np.uint8), np.ones((7, 7))) == 0].max() < 0.5


@pytest.mark.parametrize("mode", ["auto", "digit", "number"])
@pytest.mark.parametrize("digit", DIGITS)
def test_a_light_digit_on_a_dark_disc_is_read(classifier, digit, mode):
    disc = cv2.circle(np.zeros((280, 280), np.uint8), (140, 140), 110, 1, -1)
    light = draw(digit, size=0.5, at=(0.25, 0.25), ink=230, paper=60)
    reading = read(encode(np.where(disc, light, np.uint8(250))), classifier, 10_000_000, mode)
    assert reading.number == str(digit)


def boxed(*hole):
    box = np.zeros((200, 120), np.float32)
    box[20:180, 10:110] = 1
    for each in hole:
        box[each] = 0
    return box


NONE = {
    **{f"a {digit} of a fat pen": 1 - draw(digit, pen=0.2) / np.float32(255) for digit in DIGITS},
    "a nought of a display": boxed(np.s_[50:150, 45:75]),
    "a nought that is a ring": cv2.circle(np.zeros((200, 200), np.float32), (100, 100), 60, 1, 40),
    "a blot": cv2.circle(np.zeros((200, 200), np.float32), (100, 100), 60, 1, -1),
    "a nought with a slit": boxed(np.s_[55:145, 56:64]),
    "an eight of a display": boxed(np.s_[45:85, 45:75], np.s_[115:155, 45:75]),
    "a dark picture in a letter": boxed(),
    "a frame": boxed(np.s_[26:174, 16:104]),
    "paper": np.zeros((100, 100), np.float32),
    "all ink": np.ones((100, 100), np.float32),
    "one pixel": np.ones((1, 1), np.float32),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_panel_is_left_alone(name):
    assert on_panels(NONE[name]) is NONE[name]


def test_ones_on_panels_are_told_from_noughts():
    ones, noughts = boxed(np.s_[60:140, 56:64]), boxed(np.s_[50:150, 45:75])
    assert on_panels(np.hstack([ones, ones])).sum() == 2 * 80 * 8
    for several in (np.hstack([noughts, noughts]), ones):
        assert on_panels(several) is several


@pytest.mark.parametrize("turn", [0, 8, -12])
@pytest.mark.parametrize("digit", [0, 5, 8])
def test_heavy_digits_are_read_as_they_are(classifier, digit, turn):
    heavy = (draw(digit, 400, pen=0.2) < 128).astype(np.uint8)
    middle = cv2.getRotationMatrix2D((200, 200), turn, 1)
    picture = cv2.warpAffine(255 * (1 - heavy), middle, (400, 400), borderValue=255)
    assert read(encode(picture), classifier, 10_000_000).number == str(digit)
