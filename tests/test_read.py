"""From bytes to answer, with the network that is shipped."""

import numpy as np
import pytest
from conftest import encode
from strokes import DIGITS, draw

from digits.read import read

WAYS = {
    "plain": {},
    "hairline": {"pen": 0.008},
    "fat marker": {"pen": 0.14},
    "small in a corner": {"at": (0.75, 0.7), "size": 0.22},
    "white on black": {"ink": 255, "paper": 0},
    "faint": {"ink": 205, "paper": 235},
    "28 pixels": {"side": 28},
    "1500 pixels": {"side": 1500, "pen": 0.01},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("digit", DIGITS)
def test_every_way_of_drawing_is_read(classifier, digit, way):
    reading = read(encode(draw(digit, **WAYS[way])), classifier, 10_000_000)
    assert reading.number == str(digit)
    assert reading.verdict == "digit"
    assert reading.confidence > 0.8


@pytest.mark.parametrize("digit", DIGITS)
def test_ink_on_transparent_is_read(classifier, digit):
    alpha = 255 - draw(digit)
    for colour in (0, 255):
        picture = np.dstack([np.full((*alpha.shape, 3), colour, np.uint8), alpha])
        assert read(encode(picture), classifier, 10_000_000).number == str(digit)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_grey_photo_with_a_shadow_is_read(classifier, digit):
    y, x = np.mgrid[0:280, 0:280] / 279
    light = 0.8 - 0.35 / (1 + np.exp((x + 0.5 * y - 0.7) * 30))
    grain = np.random.default_rng(digit).normal(0, 3, x.shape)
    photo = (draw(digit) * 0.7 + 76) * light + grain
    picture = encode(photo.clip(0, 255).astype(np.uint8), format="JPEG")
    assert read(picture, classifier, 10_000_000).number == str(digit)


def test_probabilities_sum_to_one(classifier):
    (digit,) = read(encode(draw(4)), classifier, 10_000_000).digits
    assert digit.probabilities.shape == (10,)
    assert digit.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert digit.confidence == digit.probabilities[digit.value]


def test_blank_paper_is_blank(classifier):
    reading = read(encode(np.full((99, 99), 240, np.uint8)), classifier, 10_000_000)
    assert (reading.verdict, reading.number, reading.digits) == ("blank", "", [])


@pytest.mark.parametrize("scale", [1, 3])
def test_the_box_is_in_pixels_of_the_picture_as_sent(classifier, scale):
    picture = np.full((1000 * scale, 1000 * scale), 255, np.uint8)
    picture[200 * scale : 700 * scale, 400 * scale : 450 * scale] = 0
    (digit,) = read(encode(picture), classifier, 10_000_000).digits
    assert digit.box == pytest.approx(
        [400 * scale, 200 * scale, 50 * scale, 500 * scale], abs=scale
    )


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("height", [12, 16, 28, 300])
def test_a_line_of_any_size_is_a_one(classifier, width, height):
    picture = np.full((height + 20, height + 20), 255, np.uint8)
    picture[10:-10, height // 2 : height // 2 + width] = 0
    assert read(encode(picture), classifier, 10_000_000).number == "1"


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("pen", [0.06, 0.14, 0.2])
def test_ink_cropped_out_of_transparency_is_read(classifier, digit, pen):
    """However much of its crop a fat pen covers."""
    alpha = 255 - draw(digit, pen=pen)
    rows, columns = (np.flatnonzero(alpha.max(axis=axis)) for axis in (1, 0))
    alpha = alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = np.dstack([np.zeros((*alpha.shape, 3), np.uint8), alpha])
    assert read(encode(picture), classifier, 10_000_000).number == str(digit)


@pytest.mark.parametrize("seed", range(30))
def test_any_picture_is_answered(classifier, seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 40, 2)
    picture = rng.choice([0, 128, 255], (height, width), p=rng.dirichlet([1, 1, 1]))
    reading = read(encode(picture.astype(np.uint8)), classifier, 10_000_000)
    assert reading.verdict in ("digit", "blank")
