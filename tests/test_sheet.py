"""A sheet on a desk is found, and what is none is not taken for one."""

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import draw, write

from digits.ink import find_ink
from digits.number import find_numbers
from digits.read import Row, read
from digits.sheet import find_sheet, without_frame
from train.paper import light, on_desk

ROWS = ["42753", "74235", "30257"]
PAGE = np.pad(np.vstack([write(row) for row in ROWS]), 40, constant_values=255)


def desk(seed=0):
    return on_desk(PAGE, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_on_a_sheet_on_a_desk_is_read(classifier, seed):
    rows = find_numbers(find_ink(desk(seed)), classifier)
    assert [Row(row).text for row in rows] == ROWS


# How much of the picture's height and width is cut off: top, bottom, left, right.
CUT_OFF = {
    "above": (0.2, 0, 0, 0),
    "to the left": (0, 0, 0.2, 0),
    "but for a corner": (0.2, 0, 0.2, 0),
    "of nearly all the desk": (0.1, 0.1, 0.1, 0.1),
}


@pytest.mark.parametrize("where", CUT_OFF)
def test_the_picture_may_end_within_the_sheet(classifier, where):
    picture = desk()
    height, width = picture.shape
    shares = np.array(CUT_OFF[where]) * (height, height, width, width)
    top, bottom, left, right = shares.astype(int)
    picture = picture[top : height - bottom, left : width - right]
    rows = find_numbers(find_ink(picture), classifier)
    assert [Row(row).text for row in rows] == ROWS


@pytest.mark.parametrize("desk", [20, 90])
def test_a_desk_beside_the_page_is_not_taken_for_a_one(classifier, desk):
    picture = np.pad(PAGE, ((0, 0), (0, 100)), constant_values=desk)
    assert read(encode(picture), classifier, 10_000_000).number == "\n".join(ROWS)


def test_the_sheet_is_where_the_paper_is():
    blank = np.full((600, 400), 255, np.uint8)
    picture = on_desk(blank, np.random.default_rng(1))
    sheet = find_sheet(picture)
    assert sheet.shape == picture.shape
    assert sheet.sum() == pytest.approx(blank.size, rel=0.15)
    assert picture[sheet == 1].min() > picture[sheet == 0].mean()


def half_in_shadow():
    picture = PAGE * light(PAGE.shape, np.random.default_rng(0))
    picture[:, picture.shape[1] // 2 :] *= 0.6
    return picture.astype(np.uint8)


def shadow_that_a_digit_touches():
    """Where they meet, the bright side's outline has corners."""
    picture = np.pad(np.vstack([write(row) for row in ROWS]), 60, constant_values=255)
    picture[:, picture.shape[1] // 2 - 30 :] //= 2
    return picture


def bar(side):
    """A one of chalk, or a black one on white seen in negative."""
    ends = (side * 4 // 10, side // 18), (side * 6 // 10, side * 17 // 18)
    return cv2.rectangle(np.zeros((side, side), np.uint8), *ends, 255, -1)


def cross():
    """A page that two bars divide."""
    page = np.pad(np.vstack([write("35"), write("27")]), 200, constant_values=255)
    page[:, 300:320] = page[300:320] = 0
    return page


def strip():
    table = np.full((1600, 104), 30, np.uint8)
    table[100:800, 32:72] = 230
    return table


NONE = {
    "a page": PAGE,
    "a page half in a sharp shadow": half_in_shadow(),
    "a page half in a shadow that digits touch": shadow_that_a_digit_touches(),
    "a drawing": draw(5),
    "chalk": 255 - draw(0, pen=0.2),
    "a small bar": bar(90),
    "a bar": bar(280),
    "a page that two bars divide": cross(),
    "a strip as narrow as its rim": strip(),
    "two cards": np.pad(np.tile(np.pad(write("35"), 50, constant_values=60), 2), 60),
    "paper": np.full((300, 300), 200, np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (300, 300), np.uint8),
    "a dark book on white paper": np.pad(
        np.full((200, 150), 60, np.uint8), 80, constant_values=250
    ),
    "a ball": cv2.circle(np.full((300, 300), 40, np.uint8), (150, 150), 110, 220, -1),
    "one pixel": np.zeros((1, 1), np.uint8),
}


@pytest.mark.parametrize("name", NONE)
def test_no_sheet_is_seen_where_none_lies(name):
    assert find_sheet(NONE[name]) is None


def test_an_empty_card_is_no_reason_to_overlook_what_is_beside_it():
    table = np.full((400, 800), 70, np.uint8)
    table[40:360, 40:400] = 200
    table[150:250, 500:700] = np.maximum(70, 255 - write("11")[:, :200])
    assert find_ink(table)[150:250, 500:700].max() == 1


@pytest.mark.parametrize("frame", range(4, 40, 5))
def test_a_frame_printed_along_the_edge_is_no_ones(classifier, frame):
    plate = np.pad(write("6808"), 50, constant_values=255)
    height, width = plate.shape
    cv2.rectangle(plate, (frame, frame), (width - frame, height - frame), 20, 3)
    picture = np.pad(plate, 150, constant_values=60)
    assert read(encode(picture), classifier, 10_000_000).number == "6808"


def test_of_a_frame_nothing_is_left_and_short_strokes_along_the_edge_are():
    sheet = np.zeros((300, 500), np.uint8)
    sheet[10:290, 10:490] = 1
    plain = np.zeros(sheet.shape, np.float32)
    plain[100:160, 12:16] = 1  # a one in the margin
    plain[100:200, 200:210] = 1
    framed = plain.copy()
    framed[40:280, 480:484] = 1
    framed[:10] = 1  # beyond the sheet
    assert np.array_equal(without_frame(framed, sheet), plain)
