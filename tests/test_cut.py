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


def strokes(*lines):
    fine = np.zeros((400, 560), np.float32)
    for left, top, right, bottom in lines:
        cv2.line(fine, (left, top), (right, bottom), 1, 50)
    return cv2.resize(fine, (56, 40), interpolation=cv2.INTER_AREA)


def test_slanted_digits_that_touch_all_along_are_cut_apart():
    seven = strokes((120, 60, 300, 40), (300, 40, 110, 370))
    one = strokes((375, 30, 185, 370), (300, 40, 375, 40))
    ink = np.maximum(seven, one)
    columns = np.arange(ink.shape[1])
    kept = [
        min(
            np.average(columns < cut.columns[:, None], weights=seven),
            np.average(columns >= cut.columns[:, None], weights=one),
        )
        for cut in cuts(ink)
    ]
    assert max(kept, default=0) > 0.85


def test_cheap_cuts_are_not_bent_by_dear_ones():
    ink = ink_of("382", spacing=0.38)
    slant = np.array([[1, -0.5, 0.5 * len(ink)], [0, 1, 0]], np.float32)
    ink = cv2.warpAffine(ink, slant, (ink.shape[1] + len(ink) // 2, len(ink)))
    found = cuts(ink)
    assert len(found) > 1
    for left, right in pairwise(found):
        assert (left.columns <= right.columns).all()
        assert (right.columns - left.columns).mean() > 0.05 * len(ink)


def test_ink_is_cut_near_where_digits_change_whatever_that_costs():
    block = np.ones((40, 60), np.float32)
    assert cuts(block) == []
    (cut,) = cuts(block, [30.0])
    assert abs(cut.columns.mean() - 30) <= 2
    assert cut.cost == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 3), (400, 30), (30, 400)])
def test_ink_of_any_shape_is_looked_at(shape):
    for ink in (np.ones(shape, np.float32), np.zeros(shape, np.float32)):
        for cut in [*cuts(ink), *cuts(ink, [0.0, shape[1] / 2, float(shape[1])])]:
            assert cut.columns.shape == shape[:1]
            assert ((cut.columns >= 0) & (cut.columns <= shape[1])).all()
