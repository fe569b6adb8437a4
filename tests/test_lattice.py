"""What a run of pieces is taken for, by both networks."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digits.judge import Digit
from digits.lattice import Lattice
from digits.rows import Piece
from digits.segment import Box, Character
from digits.strip import SIDE, Places, places_in

INK = np.ones((20, 40), np.float32)


def character(box):
    return Character(box, np.ones((box.height, box.width), np.float32), 0.0)


def digit(box, probabilities, is_digit=0.9):
    ink = np.ones((box.height, box.width), np.float32)
    return Digit(box, 0.0, ink, None, np.array(probabilities), is_digit)


def places(left, right):
    """A mark of two halves in which a strip shows one digit each."""
    count = places_in(40 + 2 * SIDE)
    answers = np.tile(np.eye(11)[10], (count, 1))
    answers[count // 4 + 2], answers[count - count // 4 - 3] = left, right
    return Places(INK, lambda rows: answers[np.newaxis].astype(np.float32))


def lattice(places_of_mark):
    """A row of one mark, which was cut in its middle."""
    whole = Box(0, 0, 40, 20)
    found = Lattice([Piece(character(whole), 1)], set(), {}, places_of_mark, 20)
    halves = [(Box(0, 0, 20, 20), (0, 20)), (Box(20, 0, 20, 20), (20, 40))]
    found.pieces = [Piece(character(box), 1, span) for box, span in halves]
    return found


def shares(**values):
    """(11,) probabilities of some digits; the rest is none's."""
    given = np.zeros(11)
    for name, value in values.items():
        given[int(name[1])] = value
    given[10] = 1 - given.sum()
    return given


EVEN = np.full(10, 0.1)
SURE = np.eye(10)[4]


def test_what_was_cut_out_is_what_both_networks_take_it_for():
    row = lattice({1: places(shares(d4=0.5, d9=0.5), shares(d7=1))})
    likely = np.zeros(10)
    likely[[4, 9]] = 0.8, 0.2
    row.take((0, 1), digit(Box(0, 0, 20, 20), likely))  # 0.8 ** 0.4 to 0.2 ** 0.4
    assert row.digits[0, 1].probabilities[[4, 9]] == pytest.approx([0.635, 0.365], abs=1e-3)
    row.take((1, 2), digit(Box(20, 0, 20, 20), EVEN))
    assert row.digits[1, 2].value == 7
    assert row.prices[1, 2] < row.prices[0, 1]


def test_a_digit_that_either_network_sees_is_one():
    row = lattice({1: places(shares(d4=1), shares(d4=0.5))})
    row.take((0, 1), digit(Box(0, 0, 20, 20), SURE, is_digit=0.1))
    assert row.digits[0, 1].is_digit > 0.99
    row.take((1, 2), digit(Box(20, 0, 20, 20), SURE, is_digit=0.5))
    assert row.digits[1, 2].is_digit == pytest.approx(0.75, abs=1e-3)


def test_two_digits_are_dear_as_one():
    row, other = lattice({1: places(shares(d4=1), shares(d7=1))}), lattice({})
    for each in (row, other):
        each.take((0, 2), digit(Box(0, 0, 40, 20), SURE, is_digit=0.999), is_whole=True)
    assert row.prices[0, 2] > 5 > 1 > other.prices[0, 2]
    assert row.digits[0, 2] is not None
    assert row.digits[0, 2].is_digit == 0.999


def test_a_whole_mark_is_what_the_network_for_single_digits_takes_it_for():
    row = lattice({1: places(shares(d7=1), shares())})
    seen = digit(Box(0, 0, 40, 20), SURE)
    row.take((0, 2), seen, is_whole=True)
    assert row.digits[0, 2] is seen


def test_what_no_strip_shows_is_left_as_it_was():
    alone = digit(Box(0, 0, 20, 20), SURE)
    for row in (lattice({}), lattice({1: places(shares(), shares(d7=1))})):
        row.take((0, 1), alone)
        assert row.digits[0, 1] is alone


def test_much_ink_beside_casts_no_doubt_on_what_a_strip_bears_out():
    row = lattice({1: places(shares(d4=1), shares(d4=0.8))})
    for run, left, beside in (((0, 1), 0, 0.0), ((1, 2), 20, 1.0)):
        row.take(run, replace(digit(Box(left, 0, 20, 20), SURE), beside=1.0))
        assert row.digits[run].beside == beside


def two_marks(*boxes):
    """A row of marks that are each taken for a digit with confidence."""
    row = [Piece(character(Box(*box)), mark) for mark, box in enumerate(boxes, 1)]
    whole = {piece.mark: digit(piece.box, SURE, is_digit=0.999) for piece in row}
    return Lattice(row, set(), whole, {}, 40)


def test_confident_marks_may_be_strokes_of_one_digit_where_one_stands_above_the_other():
    assert list(two_marks((0, 0, 17, 40), (6, 4, 20, 40)).runs()) == [(0, 2)]
    for left in (14, 18):
        assert list(two_marks((0, 0, 17, 40), (left, 4, 20, 40)).runs()) == []


def test_what_lies_within_another_digit_is_a_part_of_it():
    ring = cv2.ellipse(np.zeros((40, 30), np.float32), (15, 20), (13, 18), 0, 0, 360, 1, 2)
    nought = Piece(Character(Box(0, 0, 30, 40), ring, 0.0), 1)
    slash = Piece(character(Box(12, 8, 6, 24)), 2)
    beside = Piece(character(Box(40, 0, 6, 40)), 3)
    row = [nought, slash, beside]
    whole = {piece.mark: digit(piece.box, SURE, is_digit=0.999) for piece in row}
    found = Lattice(row, set(), whole, {}, 40)
    assert list(found.runs()) == [(0, 2), (0, 3)]
    found.take((0, 2), digit(Box(0, 0, 30, 40), SURE, is_digit=0.9))
    assert [each.box for each in found.best()] == [nought.box, beside.box]


def around(shape, *boxes):
    """A digit of that shape's ink, and marks within its box."""
    ink = np.array(shape, np.float32)
    row = [Piece(Character(Box(0, 0, *ink.shape[::-1]), ink, 0.0), 0)]
    row += [Piece(character(Box(*box)), mark) for mark, box in enumerate(boxes, 1)]
    whole = {piece.mark: digit(piece.box, SURE, is_digit=0.999) for piece in row}
    return Lattice(row, set(), whole, {}, 40).best()


def test_what_lies_in_an_open_stroke_or_a_wide_box_is_a_digit_of_its_own():
    hook = np.ones((40, 40))
    hook[2:-2, 2:] = 0
    assert len(around(hook, (26, 8, 6, 24))) == 2
    frame = np.ones((40, 70))
    frame[2:-2, 2:-2] = 0
    assert len(around(frame, (16, 8, 6, 24), (46, 8, 6, 24))) == 3
    assert len(around(frame[:, 30:], (16, 8, 6, 24))) == 2
    frame[:, 40] = 1
    assert len(around(frame[:, :41], (16, 8, 6, 24))) == 1


def low_half(places_of_mark):
    """A row of a digit, and a mark whose right half is low."""
    found = lattice(places_of_mark)
    found.pieces = [
        Piece(character(Box(0, 0, 20, 20)), 1, (0, 20)),
        Piece(character(Box(20, 12, 20, 8)), 1, (20, 40)),
    ]
    found.cut = {0, 1}
    return found


def test_what_is_low_is_a_digit_only_where_a_strip_bears_it_out():
    borne_out = low_half({1: places(shares(d1=1), shares(d6=1))})
    assert (1, 2) in borne_out.runs()
    assert not borne_out.may_be_left_out(1)
    for other in (low_half({}), low_half({1: places(shares(d1=1), shares(d6=0.6))})):
        assert (1, 2) not in other.runs()
        assert other.may_be_left_out(1)


def test_a_run_over_two_marks_is_no_strips():
    row = lattice({1: places(shares(d7=1), shares(d7=1))})
    row.pieces[1] = row.pieces[1]._replace(mark=2)
    alone = digit(Box(0, 0, 40, 20), SURE)
    row.take((0, 2), alone)
    assert row.digits[0, 2] is alone


@pytest.mark.parametrize(
    ("sure", "verdict"),
    [(0.9995, "digit"), (0.96, "unsure"), (0.52, "unsure"), (0.4, "not_a_digit")],
)
def test_what_was_cut_out_and_no_strip_shows_is_doubted_and_never_none_for_that(sure, verdict):
    row = lattice({1: places(shares(d1=1), shares(d1=1))})
    row.whole, row.cut, row.places = set(), {0, 1}, {}
    for run in ((0, 1), (1, 2)):
        row.take(run, digit(row.pieces[run[0]].box, SURE, is_digit=sure))
    assert [replace(each, is_among=True).verdict for each in row.best()] == [verdict] * 2
    row.shown, row.places = {}, {1: places(shares(d4=1), shares(d4=1))}
    assert all(each.is_digit == pytest.approx(sure) for each in row.best())
