"""Rings and boxes round what is written go, and what is written stays."""

import cv2
import numpy as np
import pytest
from strokes import draw, write
from test_lines import NUMBER, boxed, ink_of

from digits import rings
from digits.rings import erase_rings


def test_a_ring_round_a_number_goes():
    plain = np.pad(write(NUMBER), 60, constant_values=255)
    height, width = plain.shape
    middle, axes = (width // 2 - 10, height // 2), (width // 2 - 20, height // 2 - 15)
    printed = cv2.ellipse(plain.copy(), middle, axes, 4, 0, 360, 0, 4)
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(plain))


@pytest.mark.parametrize("turn", [340, 380])
def test_a_ring_may_have_a_gap_or_go_on_past_its_beginning(turn):
    plain = np.pad(write(NUMBER), 60, constant_values=255)
    height, width = plain.shape
    angles = np.radians(np.linspace(10, 10 + turn, 200))
    away = np.linspace(1, 0.9, 200)  # of the way out from the middle: it winds
    ring = [
        width / 2 - 10 + (width / 2 - 20) * away * np.cos(angles),
        height / 2 + (height / 2 - 10) * away * np.sin(angles),
    ]
    printed = cv2.polylines(plain.copy(), [np.transpose(ring).astype(int)], False, 0, 4)
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(plain))


@pytest.mark.parametrize("digit", range(10))
def test_a_ring_or_a_box_round_one_digit_goes(digit):
    plain = draw(digit, size=0.5, at=(0.25, 0.25))
    for enclose in (
        lambda picture: cv2.ellipse(picture, (140, 140), (110, 100), 20, 0, 360, 0, 5),
        lambda picture: cv2.circle(picture, (140, 140), 110, 0, 24),
        lambda picture: cv2.rectangle(picture, (40, 40), (240, 230), 0, 4),
    ):
        printed = enclose(plain.copy())
        assert np.array_equal(erase_rings(ink_of(printed)), ink_of(plain))


@pytest.mark.parametrize("digit", [2, 3, 4, 5, 6, 7, 8, 9])
def test_an_oval_round_a_digit_goes(digit):
    plain = draw(digit, size=0.45, at=(0.275, 0.275))
    printed = cv2.ellipse(plain.copy(), (140, 140), (90, 120), 0, 0, 360, 0, 6)
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(plain))


def test_the_thick_rim_of_a_sign_goes():
    plain = np.full((300, 300), 255, np.uint8)
    for place, digit in enumerate((6, 8)):
        left = 80 + 70 * place
        plain[110:190, left : left + 70] = draw(digit, 80, pen=0.1)[:, 5:75]
    printed = cv2.circle(plain.copy(), (150, 150), 125, 0, 24)
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(plain))


def outline_of(digit):
    fat = (draw(digit, pen=0.16) < 128).astype(np.uint8)
    return 255 * (1 - cv2.morphologyEx(fat, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)))


@pytest.mark.parametrize("digit", [0, 6, 8, 9])
@pytest.mark.parametrize("stretch", [1, 1.3])
def test_digits_in_outline_are_no_rings(digit, stretch):
    ink = ink_of(cv2.resize(outline_of(digit), None, fx=stretch, fy=1))
    assert np.array_equal(erase_rings(ink), ink)


def test_a_nought_with_a_slash_in_it_is_no_ring():
    slashed = cv2.line(draw(0, pen=0.05), (129, 168), (151, 112), 0, 14)
    ink = ink_of(cv2.resize(slashed, None, fx=1.3, fy=1))
    assert np.array_equal(erase_rings(ink), ink)


def circle_with(bar, *others):
    """A circle round a bar of (right, up) pixels, and other pictures of 160 pixels beside it."""
    picture = np.full((160, 160), 255, np.uint8)
    cv2.circle(picture, (80, 80), 45, 0, 5)
    end = np.array([bar[0], -bar[1]]) // 2
    cv2.line(picture, (80 - end).tolist(), (80 + end).tolist(), 0, 5)
    return ink_of(np.hstack([picture, *others]))


SLASH, UPRIGHT, SHORT = (38, 52), (10, 64), (18, 26)
AS_HIGH = draw(7, 160, size=0.85, at=(0.1, 0.08))
LOWER = draw(7, 160, size=0.35, at=(0.3, 0.3))


def test_a_circle_with_a_slash_is_a_nought_where_it_is_alone_or_digits_beside_it_are_as_high():
    for ink in (circle_with(SLASH), circle_with(SLASH, AS_HIGH)):
        assert np.array_equal(erase_rings(ink), ink)
    for bar, *others in ((SLASH, LOWER), (UPRIGHT, AS_HIGH), (SHORT, AS_HIGH), (UPRIGHT,)):
        ink = circle_with(bar, *others)
        assert erase_rings(ink)[:, :160].sum() < 0.5 * ink[:, :160].sum()


def test_digits_that_stand_on_a_rule_are_no_ring():
    plain = np.pad(write("35027"), ((30, 30), (0, 0)), constant_values=255)
    printed = cv2.line(plain.copy(), (5, 106), (200, 106), 0, 4)  # it touches some of them
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(printed))


def test_boxes_and_strokes_that_hold_no_more_than_others_boxes_are_no_rings():
    for change in (boxed, lambda p: cv2.line(p, (10, 95), (p.shape[1] - 10, 5), 0, 3)):
        printed = change(write(NUMBER))
        assert np.array_equal(erase_rings(ink_of(printed)), ink_of(printed))


def test_a_digit_on_a_rule_that_is_higher_than_others_is_no_part_of_a_ring():
    plain = np.pad(write("35027"), ((30, 30), (0, 0)), constant_values=255)
    printed = cv2.line(plain.copy(), (190, 30), (190, 108), 0, 5)
    cv2.line(printed, (5, 108), (plain.shape[1] - 5, 108), 0, 4)
    assert np.array_equal(erase_rings(ink_of(printed)), ink_of(printed))


def test_each_mark_of_nested_rings_is_followed_once(monkeypatch):
    picture = np.full((800, 800), 255, np.uint8)
    for distance in range(5, 390, 10):
        cv2.rectangle(picture, (distance, distance), (799 - distance, 799 - distance), 0, 4)
    followed = []
    outline_of = rings.outline_of
    monkeypatch.setattr(
        rings, "outline_of", lambda *given: followed.append(given[1]) or outline_of(*given)
    )
    erase_rings(ink_of(picture))
    assert 20 < len(followed) == len(set(followed))


def specks(picture):
    """As much ink as a ring may hold, in marks that are too small."""
    for place in range(30):
        y, x = divmod(place, 3)
        cv2.circle(picture, (124 + 16 * x, 75 + 14 * y), 5, 0, -1)


def scratches(picture):
    """Marks that are large enough, of too little ink."""
    for x in (125, 140, 155):
        cv2.line(picture, (x, 110), (x, 170), 0, 2)


@pytest.mark.parametrize("inside", [specks, scratches])
def test_a_nought_that_something_lies_in_is_no_ring(inside):
    picture = draw(0, pen=0.03)
    inside(picture)
    assert np.array_equal(erase_rings(ink_of(picture)), ink_of(picture))
