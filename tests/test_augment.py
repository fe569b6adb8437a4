"""Distorted digits are digits still, and the same ones for the same seed."""

import cv2
import numpy as np
import pytest
from strokes import DIGITS, digit_of

from digits.normalise import normalise, stroke_width
from train.augment import (
    CHANGES,
    REFINING,
    SHARES,
    augment,
    change_pen,
    coarsen,
)
from train.forms import BY_HANDS
from train.glyphs import magnify
from train.handwriting import Handwriting


@pytest.mark.parametrize("label", DIGITS)
def test_the_frame_is_the_network_s(label):
    rng = np.random.default_rng(0)
    for _ in range(200):
        frame = augment(digit_of(label), label, rng)
        assert frame.shape == (28, 28, 1)
        assert frame.dtype == np.float32
        assert 0 <= frame.min() <= frame.max() <= 1
        assert frame.sum() > 15  # ink is left


def test_the_same_seed_gives_the_same_digit():
    one, same, other = (augment(digit_of(5), 5, np.random.default_rng(s)) for s in (7, 7, 8))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("shares", [SHARES, REFINING])
def test_a_share_of_the_digits_stays_as_they_are(shares):
    rng, plain = np.random.default_rng(0), normalise(digit_of(5))
    frames = [augment(digit_of(5), 5, rng, shares=shares) for _ in range(600)]
    share = np.mean([np.array_equal(frame, plain) for frame in frames])
    assert share == pytest.approx(shares[0], abs=0.05)


def test_some_digits_are_written_by_other_hands(fonts):
    handwriting = Watched(fonts)
    rng = np.random.default_rng(0)
    frames = [augment(digit_of(7), 7, rng, handwriting) for _ in range(500)]
    assert set(handwriting.drawn) == {7}
    share = len(handwriting.drawn) / len(frames)
    assert share == pytest.approx((1 - sum(SHARES)) * BY_HANDS, abs=0.025)
    assert all(frame.sum() > 15 for frame in frames)


class Watched(Handwriting):
    """Handwriting that remembers which digits it drew."""

    def __init__(self, folder):
        super().__init__(folder)
        self.drawn = []

    def digit(self, digit, rng):
        self.drawn.append(digit)
        return super().digit(digit, rng)


def test_the_digit_given_is_left_alone():
    digit = digit_of(4)
    before = digit.copy()
    for seed in range(50):
        augment(digit, 4, np.random.default_rng(seed))
    assert np.array_equal(digit, before)


def test_distortion_leaves_digits_readable(classifier):
    rng = np.random.default_rng(0)
    labels = [label for label in DIGITS for _ in range(50)]
    frames = np.stack([augment(digit_of(label), label, rng) for label in labels])
    assert (classifier(frames)[:, :10].argmax(axis=1) == labels).mean() > 0.95


def test_pens_differ():
    ink = cv2.resize(digit_of(3), (84, 84))
    rng = np.random.default_rng(0)
    widths = [stroke_width(change_pen(ink, rng)) for _ in range(100)]
    assert max(widths) > 2.5 * min(widths)


@pytest.mark.parametrize("change", [change for _, change in CHANGES])
def test_every_change_keeps_the_frame_and_leaves_its_input_alone(change):
    fine = magnify(digit_of(5)).clip(0, 1)
    before = fine.copy()
    changed = [change(fine, np.random.default_rng(seed)) for seed in range(30)]
    assert np.array_equal(fine, before)
    assert any(not np.array_equal(ink, fine) for ink in changed)
    for ink in changed:
        assert ink.shape == fine.shape or change is coarsen
        assert ink.dtype == np.float32
        assert -1e-6 <= ink.min() <= ink.max() <= 1 + 1e-6
