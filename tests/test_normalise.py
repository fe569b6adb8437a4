"""The frame is MNIST's: its own digits are the oracle."""

import cv2
import numpy as np
import pytest
from strokes import DIGITS, draw

from digits.normalise import DIGIT, THINNEST, centre, crop_to_ink, fit, normalise, stroke_width


def ink_of(digit, **how):
    return 1 - draw(digit, **how) / np.float32(255)


def test_mnists_own_digits_come_out_as_they_went_in(mnist):
    """All but hairlines, and but for a pixel where MNIST rounded a centre of mass the other way."""
    left_alone = moved = 0
    for image in mnist.validation.images[:2000]:
        if stroke_width(crop_to_ink(image)) < THINNEST or max(crop_to_ink(image).shape) != DIGIT:
            continue
        frame, shift = aligned(normalise(image)[..., 0], image)
        assert np.abs(frame - image / image.max()).max() < 1e-6
        left_alone += shift == (0, 0)
        moved += shift != (0, 0)
    assert moved < 0.005 * left_alone


def aligned(frame, other):
    """The frame shifted by at most a pixel so that it fits best, and that shift."""
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    frames = [np.roll(frame, shift, (0, 1)) for shift in shifts]
    best = int(np.argmin([np.abs(shifted - other).sum() for shifted in frames]))
    return frames[best], shifts[best]


def test_almost_all_of_mnist_is_of_the_kind_that_is_left_alone(mnist):
    images = mnist.validation.images[:1000]
    thick = [stroke_width(crop_to_ink(image)) >= THINNEST for image in images]
    assert np.mean(thick) > 0.9


def test_paper_alone_gives_an_empty_frame():
    assert not normalise(np.zeros((50, 70), np.float32)).any()


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("side", [28, 100, 1000])
def test_the_frame_is_kept(digit, side):
    frame = normalise(ink_of(digit, side=side))
    assert frame.shape == (28, 28, 1)
    assert frame.dtype == np.float32
    assert frame.min() == 0
    assert frame.max() == 1
    assert max(crop_to_ink(frame[..., 0]).shape) in (DIGIT - 1, DIGIT)
    rows, columns = np.mgrid[0:28, 0:28]
    for axis in (rows, columns):
        assert abs((frame[..., 0] * axis).sum() / frame.sum() - 14) <= 0.51


@pytest.mark.parametrize("digit", DIGITS)
def test_size_and_place_do_not_matter(digit):
    whole = normalise(ink_of(digit, side=600))[..., 0]
    corner = normalise(ink_of(digit, side=1200, size=0.3, at=(0.68, 0.69)))[..., 0]
    # An edge may fall on another pixel; another digit would differ by more than all its ink.
    assert np.abs(aligned(whole, corner)[0] - corner).sum() < 0.4 * corner.sum()


@pytest.mark.parametrize("side", [28, 280, 1400])
def test_a_hairline_is_not_thinned_to_a_haze(side):
    frame = normalise(ink_of(7, side=side, pen=1 / side))
    strong = (frame > 0.5).sum()
    assert strong > 40  # the 7 is some 35 pixels long and THINNEST wide


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (30, 1), (1, 300), (900, 1), (2, 3000)])
@pytest.mark.parametrize("strength", [0.05, 1])
def test_marks_of_any_shape_are_framed(shape, strength):
    frame = normalise(np.full(shape, strength, np.float32))
    assert frame.shape == (28, 28, 1)
    assert frame.max() == 1


def test_stroke_width_is_that_of_the_pen():
    for width in (1, 3, 6, 12):
        canvas = np.zeros((200, 200), np.float32)
        cv2.line(canvas, (20, 100), (180, 100), 1.0, width)
        assert stroke_width(canvas) == pytest.approx(canvas[:, 100].sum(), rel=0.15)


@pytest.mark.parametrize(("shape", "fitted"), [((40, 20), (20, 10)), ((5, 10), (10, 20))])
def test_fit_keeps_the_proportions(shape, fitted):
    assert fit(np.ones(shape, np.float32), 20).shape == fitted


def test_fit_down_is_the_average_of_areas():
    ink = np.random.default_rng(0).random((80, 60), np.float32)
    averages = ink.reshape(20, 4, 15, 4).mean(axis=(1, 3))
    assert np.allclose(fit(ink, 20), averages, atol=1e-5)


def test_centre_never_cuts_a_digit_off():
    lopsided = np.zeros((20, 20), np.float32)
    lopsided[0] = lopsided[19, 0] = 1
    assert centre(lopsided).sum() == lopsided.sum()
