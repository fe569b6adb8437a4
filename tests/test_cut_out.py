"""Digits cut out of pairs that touch are those digits still."""

import numpy as np
import pytest
from strokes import DIGITS, digit_of

from train.cut_out import cut_out


@pytest.mark.parametrize("digit", DIGITS)
def test_the_frame_is_the_network_s(digit):
    rng = np.random.default_rng(0)
    for other in DIGITS:
        frame = cut_out(digit_of(digit), digit_of(other), rng)
        assert frame.shape == (28, 28, 1)
        assert frame.dtype == np.float32
        assert 0 <= frame.min() <= frame.max() <= 1
        assert frame.sum() > 15  # ink is left


def test_most_are_read_as_the_digit_they_were_cut_out_as(classifier):
    rng = np.random.default_rng(0)
    pairs = [(digit, other) for digit in DIGITS for other in DIGITS for _ in range(3)]
    frames = [cut_out(digit_of(digit), digit_of(other), rng) for digit, other in pairs]
    guesses = classifier(np.stack(frames))[:, :10].argmax(axis=1)
    assert np.mean(guesses == [digit for digit, _ in pairs]) >= 0.95


def test_the_same_seed_cuts_the_same():
    one, same, other = (
        cut_out(digit_of(3), digit_of(8), np.random.default_rng(seed)) for seed in (7, 7, 8)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
