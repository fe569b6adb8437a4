"""Rules and boxes are taken off, and what is written on them stays."""

import cv2
import numpy as np
import pytest
from strokes import draw, write

from digits.lines import erase_lines

NUMBER = "35027"


def ink_of(picture):
    return 1 - picture / np.float32(255)


def boxed(picture):
    size = 60  # write's own step
    for place in range(len(NUMBER)):
        left = 20 + place * size
        cv2.rectangle(picture, (left + 10, 4), (left + size + 10, 95), 90, 2)
    return picture


def underlined(picture):
    cv2.line(picture, (5, 88), (picture.shape[1] - 5, 88), 60, 2)
    return picture


def close_below(picture):
    """Just where digits end: it touches most of them."""
    cv2.line(picture, (5, 81), (picture.shape[1] - 5, 79), 60, 3)
    return picture


def ruled(picture):
    for row in range(10, len(picture), 26):
        cv2.line(picture, (0, row), (picture.shape[1], row), 190, 1)
    return picture


def combed(picture):
    """A comb, whose teeth are a third as high as digits: one digit in each of its gaps."""
    size = 60  # write's own step
    left, right = 30, 30 + size * len(NUMBER)
    cv2.line(picture, (left, 92), (right, 92), 90, 2)
    for x in range(left, right + 1, size):
        cv2.line(picture, (x, 68), (x, 92), 90, 2)
    return picture


@pytest.mark.parametrize("lines", [boxed, underlined, close_below, ruled, combed])
def test_lines_go_and_digits_stay(lines):
    plain = write(NUMBER)
    printed = np.minimum(plain, lines(np.full_like(plain, 255)))
    erased = erase_lines(ink_of(printed))
    is_ink, is_line = plain < 100, (printed < 200) & (plain > 250)
    assert is_line.sum() > 400
    assert erased[is_line].mean() < 0.1
    assert erased[is_ink].mean() > 0.9 * ink_of(plain)[is_ink].mean()


@pytest.mark.parametrize("thick", [2, 6, 9])
def test_a_grid_s_lines_may_be_thick_and_hold_few_digits(thick):
    plain = np.full((610, 610), 255, np.uint8)
    for place, digit in enumerate("35027"):
        top, left = 37 + place * 110, 37 + (place * 3 % 5) * 110
        plain[top : top + 96, left : left + 96] = draw(int(digit), 96, pen=0.08)
    grid = np.full_like(plain, 255)
    for at in range(30, 581, 110):
        cv2.line(grid, (at, 30), (at, 580), 0, thick)
        cv2.line(grid, (30, at), (580, at), 0, thick)
    assert np.array_equal(erase_lines(ink_of(np.minimum(plain, grid))), ink_of(plain))


def test_bars_of_digits_that_all_but_touch_are_no_line():
    plain = cv2.GaussianBlur(write("555555", spacing=0.52, pen=0.07), (0, 0), 1)
    assert np.array_equal(erase_lines(ink_of(plain)), ink_of(plain))


def test_a_point_on_a_faint_rule_stays():
    rules = np.full((400, 500), 255, np.uint8)
    for y in range(50, 351, 50):
        cv2.line(rules, (30, y), (470, y), 170, 3)
    points = cv2.rectangle(np.full_like(rules, 255), (200, 195), (207, 203), 0, -1)
    points[150:250, 240:320] = draw(4, 100, pen=0.1)[:, 10:90]
    erased = erase_lines(ink_of(np.minimum(rules, points)))
    assert np.array_equal(erased >= 0.5, ink_of(points) >= 0.5)


def test_a_faint_table_s_lines_go_and_the_digits_keep_their_edges():
    plain = np.full((620, 500), 255, np.uint8)
    cells = [np.s_[y : y + 80, x : x + 150] for y in range(56, 387, 110) for x in (20, 260)]
    for cell in cells:
        plain[cell] = write("35", 60)
    table = np.full_like(plain, 255)
    for y in range(40, 481, 110):
        cv2.line(table, (5, y), (485, y), 120, 2)
    for x in (5, 245, 485):
        cv2.line(table, (x, 40), (x, 480), 120, 2)
    erased = erase_lines(ink_of(np.minimum(plain, table)))
    assert erased[(table < 200) & (plain > 250)].mean() < 0.05
    for cell in cells:
        assert np.array_equal(erased[cell], ink_of(plain)[cell])


def test_a_solid_that_is_higher_than_wide_is_no_line():
    picture = np.zeros((300, 200), np.float32)
    picture[20:280, 60:140] = 1
    assert np.array_equal(erase_lines(picture), picture)


def test_uprights_between_columns_go():
    plain = np.tile(write(NUMBER), (5, 1))
    printed = plain.copy()
    for column in (4, 410):
        cv2.line(printed, (column, 10), (column, len(plain) - 10), 90, 2)
    erased = erase_lines(ink_of(printed))
    is_line = (printed < 200) & (plain > 250)
    assert erased[is_line].mean() < 0.1
    assert erased[:, 20:390].sum() == ink_of(plain)[:, 20:390].sum()


def test_ones_on_a_line_are_no_comb():
    ink = np.zeros((120, 320), np.float32)
    for x in range(20, 300, 60):
        ink[20:98, x : x + 4] = 1
    ink[98:101, 20:264] = 1
    assert erase_lines(ink)[:90].sum() == ink[:90].sum()


def test_ones_beside_small_marks_are_no_uprights():
    for dot in ((1, 1), (12, 2), (1, 12)):
        picture = np.full((160, 160), 255, np.uint8)
        for x in (30, 110):
            cv2.line(picture, (x, 40), (x, 100), 0, 2)
        cv2.rectangle(picture, (70, 90), (70 + dot[0], 90 + dot[1]), 0, -1)
        ink = ink_of(picture)
        assert np.array_equal(erase_lines(ink), ink)


def test_of_a_ruled_page_that_is_blank_nothing_is_left():
    page = np.full((400, 600), 255, np.uint8)
    for row in range(50, 400, 60):
        cv2.line(page, (30, row), (570, row), 0, 2)
    assert not erase_lines(ink_of(page)).any()


@pytest.mark.parametrize("digit", [2, 4, 5, 7])
def test_a_digit_s_own_strokes_are_no_lines(digit):
    ink = ink_of(draw(digit, pen=0.03))
    assert np.array_equal(erase_lines(ink), ink)


def test_strokes_that_lie_in_line_are_no_rule():
    for how in ({}, {"pen": 0.15, "spacing": 0.5}):
        ink = ink_of(np.pad(write("77777", **how), ((300, 300), (200, 200)), constant_values=255))
        assert np.array_equal(erase_lines(ink), ink)


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (28, 28), (300, 300)])
def test_any_shape_and_any_amount_of_ink(shape):
    for level in (0, 0.3, 1):
        assert erase_lines(np.full(shape, level, np.float32)).shape == shape
