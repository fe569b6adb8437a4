"""Touching digits are cut where they touch."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from strokes import write

from digits.cut import cuts


def ink_of(number, **how):
    ink = 1 - write(number, **how) / np.float32(255)
    columns = np.flatnonzero(ink.max(axis=0))
    rows = np.flatnonzero(ink.max(axis=1))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


TOUCHING = {"00": 0.44, "37": 0.36, "53": 0.38, "88": 0.4, "09": 0.4}  # spacing


@pytest.mark.parametrize("number", TOUCHING)
def test_a_cut_goes_between_two_digits_that_touch(number):
    ink = ink_of(number, spacing=TOUCHING[number])
    assert cv2.connectedComponents((ink >= 0.3).astype(np.uint8))[0] == 2  # paper, and both
    middle = ink.shape[1] / 2
    near = [cut for cut in cuts(ink) if abs(cut.columns.mean() - middle) < 0.15 * len(ink)]
    assert near
    assert min(cut.cost for cut in near) < 0.4


def test_cuts_go_from_left_to_right_and_none_crosses_another():
    found = cuts(ink_of("2854", spacing=0.42))
    assert len(found) >= 3
    for left, right in pairwise(found):
        assert (left.columns <= right.columns).all()
    for cut in found:
        assert ((cut.columns >= 0) & (cut.columns <= ink_of("2854", spacing=0.42).shape[1])).all()


def test_a_cut_through_paper_costs_little_and_through_ink_much():
    ink = np.zeros((40, 60), np.float32)
    ink[:, :20] = ink[:, 40:] = 1
    ink[18:22] = 1
    (cheapest,) = sorted(cuts(ink), key=lambda cut: cut.cost)[:1]
    assert 20 <= cheapest.columns.mean() <= 40
    assert cheapest.cost == pytest.approx(4 / 40 + 0.02, abs=0.02)
    assert cuts(np.ones((40, 60), np.float32)) == []


def slanted():
    """A 7 and a 1 along its stem, in the ink's own window."""
    fine = np.zeros((400, 560), np.float32)
    for left, top, right, bottom in ((110, 370, 300, 30), (195, 370, 385, 30), (120, 60, 385, 40)):
        cv2.line(fine, (left, bottom), (right, top), 1, 50)
    small = cv2.resize(np.flipud(fine), (56, 40), interpolation=cv2.INTER_AREA)
    x, y, width, height = cv2.boundingRect((small > 0).astype(np.uint8))
    return small[y : y + height, x : x + width]


def test_slanted_digits_are_cut_along_their_slant():
    ink = slanted()
    between = [cut for cut in cuts(ink) if 0.4 < np.ptp(cut.columns) / len(ink) < 0.9]
    assert between
    assert min(cut.cost for cut in between) < 0.4


def test_ink_is_cut_near_where_digits_change_whatever_that_costs():
    block = np.ones((40, 60), np.float32)
    assert cuts(block) == []
    (cut,) = cuts(block, [30.0])
    assert abs(cut.columns.mean() - 30) <= 8
    assert cut.cost == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 3), (400, 30), (30, 400)])
def test_ink_of_any_shape_is_looked_at(shape):
    for ink in (np.ones(shape, np.float32), np.zeros(shape, np.float32)):
        for cut in [*cuts(ink), *cuts(ink, [0.0, shape[1] / 2, float(shape[1])])]:
            assert cut.columns.shape == shape[:1]
            assert ((cut.columns >= 0) & (cut.columns <= shape[1])).all()
