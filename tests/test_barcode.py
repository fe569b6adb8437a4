"""Bars of a barcode are told from ones."""

import cv2
import numpy as np
import pytest
from conftest import text_of
from strokes import write

from digits.barcode import of_barcodes


def barcode(widths=(1, 2, 1, 3, 2, 1, 4, 1, 2, 3, 1, 1, 2, 4, 1, 3), pen=4):
    """Bars so wide, and as much apart as the next is wide."""
    code = np.full((110, 500), 255, np.uint8)
    left = 40
    for width, gap in zip(widths, np.roll(widths, 5), strict=True):
        cv2.rectangle(code, (left, 10), (left + pen * width - 1, 100), 0, -1)
        left += pen * int(width + gap)
    return code


def test_the_bars_of_a_barcode_are_no_ones(classifier):
    number = np.pad(write("30257"), ((0, 0), (0, 120)), constant_values=255)
    assert text_of(np.vstack([barcode(), number]), classifier) == "30257"


@pytest.mark.parametrize(("widths", "thicker"), [((9, 10, 11), 18), ((1, 2, 1), 4)])
def test_bars_by_one_pen_are_no_barcode(widths, thicker):
    """Be they as near; of a thin pen some are a pixel wider than others."""
    lefts = 20 * np.arange(14)
    ones = np.array([[left, 0, widths[left % 3], 80, 80 * widths[left % 3]] for left in lefts])
    paper = [[0, 0, 400, 100, 30_000]]
    assert of_barcodes(np.vstack([paper, ones])).size == 0
    ones[::3, 2], ones[::3, 4] = thicker, 80 * thicker
    assert of_barcodes(np.vstack([paper, ones])).size == 14


def test_digits_in_narrow_print_are_no_bars():
    """Their ink is as much as that of bars, but spread over their boxes."""
    lefts = 30 * np.arange(16)
    digits = np.array([[left, 0, 24, 50, 350 + left % 7 * 60] for left in lefts])
    assert of_barcodes(np.vstack([[[0, 0, 500, 100, 30_000]], digits])).size == 0
