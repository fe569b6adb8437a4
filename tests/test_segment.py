"""One digit is found among marks, whole and alone."""

import cv2
import numpy as np
import pytest
from strokes import draw

from digits.segment import find_marks, segment


def ink_of(digit, **how):
    return 1 - draw(digit, **how) / np.float32(255)


def only(ink):
    (character,) = segment(ink)
    return character


def test_paper_has_no_characters():
    assert segment(np.zeros((30, 40), np.float32)) == []


def test_faint_ink_alone_is_no_character():
    assert segment(np.full((30, 40), 0.4, np.float32)) == []


def test_the_box_is_that_of_the_ink():
    ink = np.zeros((50, 60), np.float32)
    ink[10:31, 20:26] = 1
    box, own, *_ = only(ink)
    assert box == (20, 10, 6, 21)
    assert own.min() == 1


def test_strokes_that_do_not_touch_stay_together():
    ink = np.zeros((100, 100), np.float32)
    ink[20:26, 40:70] = 1  # the flag of a five
    ink[34:80, 40:48] = 1
    assert only(ink).box == (40, 20, 30, 60)


def test_faint_ends_of_a_stroke_are_kept():
    ink = np.zeros((60, 60), np.float32)
    ink[10:30, 30:33] = 1
    ink[30:50, 30:33] = 0.3
    box, own, *_ = only(ink)
    assert box == (30, 10, 3, 40)
    assert np.isclose(own[-1, 0], 0.3)


def two_pens(fainter, top=20):
    """Two uprights, one of them of a fainter pen."""
    ink = np.zeros((100, 200), np.float32)
    ink[20:80, 40:45] = 1
    ink[top:80, 140:145] = fainter
    return ink


def test_a_stroke_of_a_fainter_pen_is_made_as_strong():
    *_, marks, ink = find_marks(two_pens(0.4))
    assert marks[1:, cv2.CC_STAT_AREA].tolist() == [300, 300]
    assert np.allclose(ink, two_pens(1))


@pytest.mark.parametrize(("fainter", "top"), [(0.26, 20), (0.4, 60)], ids=["haze", "a low smudge"])
def test_what_no_other_pen_wrote_stays_faint(fainter, top):
    *_, marks, ink = find_marks(two_pens(fainter, top))
    assert marks[1:, cv2.CC_STAT_AREA].tolist() == [300, 0]
    assert np.array_equal(ink, two_pens(fainter, top))


def test_specks_and_far_marks_are_dropped():
    ink = ink_of(3, size=0.5)
    alone = only(ink)
    ink[70, 4] = 1  # a speck near by
    ink[250:270, 250:270] = 1  # a blot far away
    assert only(ink).box == alone.box
    assert np.array_equal(only(ink).ink, alone.ink)


def test_an_edge_of_the_paper_is_no_stroke():
    ink = ink_of(1, size=0.8, at=(0.1, 0.1))
    alone = only(ink)
    ink[:8] = 1
    ink[:, 276:] = 1
    assert only(ink).box == alone.box


def test_a_digit_that_runs_off_the_picture_is_still_found():
    ink = np.zeros((40, 40), np.float32)
    ink[0:40, 18:22] = 1
    assert only(ink).box == (18, 0, 4, 40)


def test_a_mark_inside_the_box_that_is_not_joined_is_cleared():
    ink = np.zeros((100, 100), np.float32)
    ink[10:90, 10:16] = ink[84:90, 10:90] = 1  # an L
    ink[30, 60] = 1  # a speck in its bend
    assert only(ink).ink[20, 50] == 0


def test_ten_thousand_specks_are_answered():
    ink = np.zeros((1000, 1000), np.float32)
    ink[5::10, 5::10] = 1
    assert len(segment(ink)) == 1


def test_pieces_of_a_broken_stroke_stay_together():
    ink = np.zeros((60, 60), np.float32)
    for top in range(10, 50, 6):
        ink[top : top + 3, 30:32] = 1
    assert only(ink).box == (30, 10, 2, 39)


def test_ink_beside_the_digit_is_told():
    ink = np.zeros((100, 300), np.float32)
    ink[20:80, 40:50] = 1
    assert only(ink).beside == 0
    ink[20:50, 240:250] = 1
    assert only(ink).beside == 0.5


def test_specks_cast_no_doubt():
    ink = np.zeros((100, 300), np.float32)
    ink[20:80, 40:50] = 1
    ink[10:13, 200:203] = 1
    assert only(ink).beside == 0


def test_what_is_cut_out_close_may_be_cut_in_two():
    ink = np.zeros((60, 100), np.float32)
    ink[:, 90:96] = 1  # the stem of a d
    ink[20:50, :6] = 1  # and a piece of its bowl
    assert only(ink).beside == 0.5
    inside = np.pad(ink, ((5, 5), (0, 0)))
    assert only(inside).beside == 0  # a stem that ends: what lies at the edge is something else


def test_a_desk_is_no_digit_however_large():
    ink = ink_of(7)
    alone = only(ink)
    ink[:, -60:] = 1
    assert only(ink).box == alone.box
