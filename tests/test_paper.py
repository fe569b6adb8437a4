"""Photographs of ink: the ink can be found in them again."""

import numpy as np
import pytest
from strokes import DIGITS, digit_of

from train.augment import look
from train.glyphs import magnify
from train.paper import on_desk, photograph


@pytest.mark.parametrize("seed", range(20))
def test_a_photograph_is_grey_and_square(seed):
    picture = photograph(magnify(digit_of(3)), np.random.default_rng(seed))
    assert picture.dtype == np.uint8
    assert picture.shape[0] == picture.shape[1]
    assert 48 <= len(picture) <= 112
    assert np.ptp(picture) > 10


def test_most_photographs_are_read(classifier):
    rng = np.random.default_rng(0)
    labels = [digit for digit in DIGITS for _ in range(40)]
    fine = {digit: magnify(digit_of(digit)) for digit in DIGITS}
    frames = np.stack([look(photograph(fine[label], rng), fine[label]) for label in labels])
    assert (classifier(frames)[:, :10].argmax(axis=1) == labels).mean() > 0.96


def test_a_page_on_a_desk_is_all_there_and_brighter_than_the_desk():
    page = np.full((300, 200), 255, np.uint8)
    picture = on_desk(page, np.random.default_rng(0))
    assert picture.dtype == np.uint8
    assert picture.shape == (450, 350)
    is_bright = picture > 100
    assert is_bright.sum() == pytest.approx(page.size, rel=0.1)
    assert not is_bright[[0, -1]].any()
    assert not is_bright[:, [0, -1]].any()
