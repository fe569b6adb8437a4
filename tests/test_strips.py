"""What the network that reads digits that touch is trained with."""

import numpy as np
import pytest

from digits.strip import BEFORE, STEP, places_in
from train.data import Digits
from train.handwriting import Handwriting
from train.strips import LENGTHS, write_strip


@pytest.fixture(scope="module")
def bars():
    """Digits that tell where they are: each an upright of its own."""
    images = np.zeros((10, 28, 28), np.float32)
    images[:, 4:24, 11:17] = 1
    return Digits(images, np.arange(10, dtype=np.uint8))


def strips(digits, count=200, **options):
    rng = np.random.default_rng(0)
    return [write_strip(digits, rng, **options) for _ in range(count)]


def test_strips_are_as_high_as_the_frame_and_hold_each_digit_in_a_span_of_its_own(mnist):
    seen = strips(mnist.training)
    for strip, labels, ends in seen:
        assert strip.shape[0::2] == (28, 1)
        assert strip.dtype == np.float32
        assert (strip.min(), strip.max()) == (0, 1)
        assert len(ends) == max(0, len(labels) - 1)
        assert ends == sorted(ends)
        assert all(0 < end < places_in(strip.shape[1]) for end in ends)
    counts = np.bincount([len(labels) for _, labels, _ in seen])
    assert len(counts) == 1 + len(LENGTHS)
    assert counts.argmax() == 2
    assert {digit for _, labels, _ in seen for digit in labels} == set(range(10))


def test_spans_end_between_the_digits(bars, monkeypatch):
    monkeypatch.setattr("train.strips.TOUCHING", 0)
    checked = 0
    for strip, labels, ends in strips(bars):
        ink = (strip[..., 0] >= 0.5).max(axis=0)
        if strokes_in(ink) == len(labels) > 1:  # others are of letters, or ran into each other
            lefts = [strokes_in(ink[: BEFORE + STEP * (end - 1) + 1]) for end in ends]
            assert lefts == list(range(1, len(labels)))
            checked += 1
    assert checked > 50


def strokes_in(ink):
    return np.count_nonzero(np.diff(ink.astype(int), prepend=0) == 1)


def test_the_same_seed_writes_the_same(mnist, fonts):
    handwriting = Handwriting(fonts)
    one, other = (strips(mnist.training, 20, handwriting=handwriting) for _ in range(2))
    for (strip, *rest), (same, *others) in zip(one, other, strict=True):
        assert np.array_equal(strip, same)
        assert rest == others
