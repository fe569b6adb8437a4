"""What is drawn as no digit is none, and is alike for the same seed."""

import numpy as np
import pytest
from strokes import DIGITS, digit_of

from train.data import Digits
from train.handwriting import Handwriting
from train.negatives import (
    CALIBRATION_FONTS,
    FONTS,
    UNSEEN_FONTS,
    negative,
    several,
    strokes_of,
)

ALL = FONTS | CALIBRATION_FONTS | UNSEEN_FONTS

DIGITS_DRAWN = Digits(np.stack([digit_of(d) for d in DIGITS]), np.array(list(DIGITS), np.uint8))


@pytest.mark.parametrize("fonts", [FONTS, CALIBRATION_FONTS, UNSEEN_FONTS])
def test_the_frame_is_the_network_s(fonts):
    rng = np.random.default_rng(0)
    for _ in range(300):
        frame = negative(DIGITS_DRAWN, rng, fonts)
        assert frame.shape == (28, 28, 1)
        assert frame.dtype == np.float32
        assert 0 <= frame.min() <= frame.max() <= 1
        assert frame.sum() > 2  # ink is left


def test_letters_and_words_come_from_hands_too(fonts):
    handwriting = WatchedHandwriting(fonts)
    rng = np.random.default_rng(0)
    for _ in range(400):
        assert negative(DIGITS_DRAWN, rng, handwriting=handwriting).sum() > 2
    words = [count for count in handwriting.counts if count > 1]
    assert len(handwriting.counts) / 400 == pytest.approx(0.28, abs=0.07)
    assert set(words) <= {2, 3, 4}
    assert 0 < len(words) < len(handwriting.counts) / 4


class WatchedHandwriting(Handwriting):
    """Handwriting that remembers how many letters it wrote in a row."""

    def __init__(self, folder):
        super().__init__(folder)
        self.counts = []

    def letter(self, rng, count=1):
        self.counts.append(count)
        return super().letter(rng, count)


def test_several_digits_have_a_one_among_them_often():
    digits = DIGITS_DRAWN._replace(images=WatchedImages(DIGITS_DRAWN.images))
    rng = np.random.default_rng(0)
    for _ in range(300):
        several(digits, rng)
    with_one = [(digits.labels[places] == 1).any() for places in digits.images.chosen]
    assert 0.38 < np.mean(with_one) < 0.58  # by chance alone, 0.2


class WatchedImages:
    """Images that remember which were asked for."""

    def __init__(self, images):
        self.images, self.chosen = images, []

    def __getitem__(self, places):
        self.chosen.append(places)
        return self.images[places]


def test_the_same_seed_draws_the_same():
    one, same, other = (negative(DIGITS_DRAWN, np.random.default_rng(s)) for s in (7, 7, 8))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("font", ALL)
def test_every_letter_has_strokes_in_its_box(font):
    for character in ALL[font]:
        points = np.concatenate(strokes_of(font, character))
        assert points.min() >= 0
        assert np.ptp(points, axis=0).max() == pytest.approx(1)


def test_letters_to_measure_on_are_of_other_fonts():
    assert len(ALL) == len(FONTS) + len(CALIBRATION_FONTS) + len(UNSEEN_FONTS)


@pytest.mark.parametrize("font", ["futural", "scripts", "timesi"])
def test_what_people_write_like_a_digit_is_left_out(font):
    assert not set(ALL[font]) & set("0123456789Ool|I")
