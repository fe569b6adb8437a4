"""Whether a number is struck out, by its ink alone."""

import cv2
import numpy as np
import pytest

from digits.strike import is_struck_out

HEIGHT, WIDTH = 40, 150


def drawn(*strokes):
    """(HEIGHT, WIDTH) of uprights, as close as digits, and of strokes given by their points."""
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    for left in range(10, WIDTH, 25):
        cv2.line(ink, (left, 2), (left, HEIGHT - 3), 1, 4)
    for points in strokes:
        cv2.polylines(ink, [np.array(points)], False, 1, 3)
    return ink


THROUGH = {
    "level": [(0, 20), (149, 20)],
    "rising": [(0, 30), (149, 12)],
    "a little bent": [(0, 20), (50, 19), (100, 21), (149, 20)],
}
NOT = {
    "above": [(0, 5), (149, 5)],
    "below": [(0, 35), (149, 35)],
    "short of the end": [(0, 20), (140, 20)],
    "with a gap": [(0, 20), (60, 20)],
    "a wave, as digits that touch": [(0, 10), (40, 30), (75, 10), (110, 30), (149, 10)],
    "steep": [(0, 38), (149, 2)],
}


@pytest.mark.parametrize("name", THROUGH)
def test_a_straight_stroke_through_all_strikes_out(name):
    assert is_struck_out(drawn(THROUGH[name]))


@pytest.mark.parametrize("name", NOT)
def test_others_do_not(name):
    assert not is_struck_out(drawn(NOT[name]))


def test_digits_apart_are_not_struck_out():
    assert not is_struck_out(drawn())
