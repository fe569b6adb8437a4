"""Corruptions change a digit, within bounds, alike for the same seed."""

import numpy as np
import pytest
from strokes import digit_of

from train.corrupt import CORRUPTIONS


def test_there_are_fifteen_kinds():
    assert len({corruption.__name__ for corruption in CORRUPTIONS}) == 15


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_each_changes_the_picture_within_bounds(corruption):
    digit = digit_of(5)
    before = digit.copy()
    pictures = [corruption(digit, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert np.array_equal(digit, before)
    assert np.array_equal(pictures[0], pictures[1])
    for picture in pictures:
        assert picture.shape == (28, 28)
        assert picture.dtype == np.float32
        assert 0 <= picture.min() <= picture.max() <= 1
        assert np.abs(picture - digit).mean() > 0.003
