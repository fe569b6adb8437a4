"""Numbers are composed of the digits that they say, touching where they should."""

import re

import cv2
import numpy as np
import pytest
from strokes import DIGITS, digit_of

from train import compose
from train.data import Digits

STROKES = Digits(np.stack([digit_of(d) for d in DIGITS]), np.array(list(DIGITS)))


def marks(picture):
    return cv2.connectedComponents((picture < 128).astype(np.uint8))[0] - 1


def test_a_number_has_three_to_eight_digits_and_says_which():
    lengths = set()
    for seed in range(60):
        picture, text = compose.number(STROKES, np.random.default_rng(seed))
        assert picture.dtype == np.uint8
        assert text.isdecimal()
        lengths.add(len(text))
    assert lengths == {3, 4, 5, 6, 7, 8}


def test_digits_touch_as_often_as_asked():
    rng = np.random.default_rng(0)
    apart = [compose.number(STROKES, rng, touching=0) for _ in range(40)]
    assert np.mean([marks(picture) == len(text) for picture, text in apart]) > 0.9
    joined = [compose.number(STROKES, rng, touching=1) for _ in range(40)]
    pairs = sum(len(text) - 1 for _, text in joined)
    assert sum(len(text) - marks(picture) for picture, text in joined) > 0.8 * pairs


def test_signs_are_written_among_digits_in_every_form():
    rng = np.random.default_rng(0)
    written = [compose.signed(STROKES, rng) for _ in range(60)]
    assert {re.sub("[0-9]", "d", text) for _, text in written} == set(compose.FORMS)
    of_two_marks = sum(text.count(sign) for _, text in written for sign in ":=")
    expected = sum(len(text) for _, text in written) + of_two_marks
    assert sum(marks(picture) for picture, _ in written) == pytest.approx(expected, rel=0.03)


def test_no_ink_is_cut_off_at_the_edge():
    for seed in range(30):
        picture, _ = compose.number(STROKES, np.random.default_rng(seed))
        edge = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
        assert min(side.min() for side in edge) == 255


def test_the_same_seed_writes_the_same():
    first, second = (compose.page(STROKES, np.random.default_rng(3)) for _ in range(2))
    assert first[1] == second[1]
    assert np.array_equal(first[0], second[0])


@pytest.mark.parametrize("rows", [1, 10])
def test_a_page_has_its_rows_one_below_the_other(rows):
    picture, text = compose.page(STROKES, np.random.default_rng(1), rows)
    assert len(text.split("\n")) == rows
    inked = (picture < 128).any(axis=1).astype(int)
    assert (np.diff(inked) == 1).sum() >= 0.6 * rows  # most rows have paper between them
